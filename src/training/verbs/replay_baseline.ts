/**
 * A replay of a baseline: its command and options where none are given, and what has changed since.
 *
 * @module
 */

import { ArgumentTypeError } from "../../errors.ts";
import type { CommandWords } from "../command/command_words.ts";
import { splitCommand } from "../command/command_words.ts";
import type { CommandRun } from "../command/replay_command.ts";
import { injectSeed, type SeedInjection } from "../command/seed_injection.ts";
import { type CodeFacts, readCode, readSurroundings } from "../command/surroundings.ts";
import { readBaseline } from "../files/baseline_files.ts";
import type { Baseline } from "../findings/baseline_report.ts";
import { type SurroundingsChange, surroundingsChanges } from "../findings/surroundings_changes.ts";
import type { ReadRunOptions } from "../log/read_run.ts";
import type { ReplayOptions } from "./replay_options.ts";

/** Options of a replay that is ready to be planned. */
export interface ReplayRequest {
  /** What was asked for, filled up from the baseline. */
  readonly options: ReplayOptions & { metrics: string | readonly string[] };
  /** The words of the command. */
  readonly words: CommandWords;
  /** The baseline; undefined where the original is none. */
  readonly baseline: Baseline | undefined;
  /** What else there is to know. */
  readonly notes: readonly string[];
}

/**
 * Fills up the options from the baseline, if the original is one.
 *
 * @throws {TypeError} if there is no command, no metric, or the baseline's command cannot run as it was kept.
 */
export async function completeOptions(given: ReplayOptions): Promise<ReplayRequest> {
  const baseline = await readBaseline(given.run);
  if (baseline === undefined) {
    const { command, metrics } = given;
    if (command === undefined || metrics === undefined) {
      throw new ArgumentTypeError(
        `Cannot replay ${given.run} as no ${command === undefined ? "command" : "metric"} is given`,
        { hint: "only a folder that 'rewind baseline' made knows its own" },
      );
    }
    return { options: { ...given, metrics }, words: splitCommand(command), baseline, notes: [] };
  }
  const [fs, path, { default: process }] = await Promise.all([
    import("node:fs/promises"),
    import("node:path"),
    import("node:process"),
  ]);
  const absent = baseline.envLeftOut.filter((name) => process.env[name] === undefined);
  if (given.command === undefined && (baseline.isCut || absent.length > 0)) {
    const what = baseline.isCut ? baseline.leftOut : absent.map((name) => `the variable ${name}`);
    throw new ArgumentTypeError(
      `Cannot run the command of ${given.run} as it was kept without its secrets: ${
        what.join(", ")
      }`,
      {
        hint: `${
          baseline.isCut ? "" : `set ${absent.join(", ")}, or `
        }give the command with --command`,
      },
    );
  }
  const isThere = (await fs.stat(baseline.cwd).catch(() => undefined))?.isDirectory() === true;
  const here = path.resolve(".");
  const cwd = given.cwd ?? (isThere ? baseline.cwd : here);
  const { format, ...kept } = baseline.options;
  const own = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  return {
    options: {
      ...kept,
      ...(format === undefined ? {} : { format: format as ReadRunOptions["format"] }),
      metrics: "all",
      seed: baseline.seed,
      ...own,
      cwd,
      run: path.join(given.run, baseline.log),
    },
    words: given.command === undefined
      ? { argv: baseline.argv, env: baseline.env, warnings: [] }
      : splitCommand(given.command),
    baseline,
    notes: path.resolve(cwd) === here || given.cwd !== undefined
      ? []
      : [`the command runs in ${cwd}, as for the baseline`],
  };
}

/** The words with a seed: those of the baseline stand as they are for its own seed. */
export function placeSeed(
  { options, words, baseline }: Pick<ReplayRequest, "options" | "words" | "baseline">,
  seed: bigint,
): SeedInjection {
  if (baseline === undefined || options.command !== undefined || seed !== baseline.seed) {
    return injectSeed(words.argv, seed, options);
  }
  return { argv: words.argv, env: {}, how: baseline.seedPlacement, warnings: [] };
}

/** The code as it is before the command runs; undefined without a baseline. */
export async function codeBefore(
  baseline: Baseline | undefined,
  { argv, cwd }: { argv: readonly string[]; cwd: string },
): Promise<CodeFacts | undefined> {
  return baseline === undefined ? undefined : await readCode(argv, cwd);
}

/** What has changed since the baseline, by one of the runs. */
export async function changesSince(
  baseline: Baseline,
  { argv, cwd, before, run }: {
    argv: readonly string[];
    cwd: string;
    before: CodeFacts;
    run: Pick<CommandRun, "environment" | "python">;
  },
): Promise<readonly SurroundingsChange[]> {
  const { surroundings } = await readSurroundings({
    before,
    after: await readCode(argv, cwd),
    environment: run.environment,
    python: run.python,
  });
  return surroundingsChanges(baseline.surroundings, surroundings);
}
