/**
 * Runs a training command once in rewind's environment and keeps its log, the command and its surroundings, so
 * that a later replay can tell what has changed since.
 *
 * @module
 */

import { ArgumentTypeError } from "../../errors.ts";
import { splitCommand } from "../command/command_words.ts";
import {
  checkFingerprintRequest,
  type FingerprintRequest,
} from "../command/fingerprint_request.ts";
import type { Device, OwnChange } from "../command/replay_environment.ts";
import { type CommandRun, runCommand } from "../command/replay_command.ts";
import { variablesWithoutSecrets, withoutSecrets } from "../command/secrets.ts";
import { injectSeed, type SeedInjection } from "../command/seed_injection.ts";
import { readCode, readSurroundings } from "../command/surroundings.ts";
import { readBaseline, writeBaseline } from "../files/baseline_files.ts";
import type { Baseline, BaselineReport } from "../findings/baseline_report.ts";
import { logWarnings } from "../findings/log_warnings.ts";
import type { LogReading } from "../log/read_run.ts";
import { seedsInArguments } from "../log/seeds.ts";

/** Options of {@linkcode baseline}. */
export interface BaselineOptions extends Pick<LogReading, "format" | "preset" | "fieldMap"> {
  /** Command to run, as a shell would take it; no shell is run. */
  command: string;
  /** Folder that gets the log and `baseline.json` (default "baseline"). */
  outputDir?: string;
  /** Replaces a baseline that the folder holds (default false: it is refused). */
  force?: boolean;
  /** Seed to put into the command (default: the one that it names; else it is left as it is). */
  seed?: number | bigint;
  /** Words that take the seed, such as `--train.seed {seed}`. */
  seedArg?: string | readonly string[];
  /** Environment variable that takes the seed. */
  seedEnv?: string;
  /** Steps after which the command is stopped (default: none). */
  maxSteps?: number;
  /** Device that the command may use (default "auto"). */
  device?: Device;
  /** Wall time after which it is killed, in milliseconds (default: none). */
  timeoutMs?: number;
  /** Directory to run it in (default: this process's). */
  cwd?: string;
  /** Log that the command writes itself, in place of RLDK_METRICS_PATH; `{output}` is the folder. */
  metricsFile?: string;
  /** Seeds libraries in Python processes of the command (default true). */
  inject?: boolean;
  /** Records fingerprints of PyTorch's steps, for replays to compare with (default: none). */
  fingerprint?: FingerprintRequest | undefined;
  /** What of the command's surroundings is left as it is (default: nothing). */
  without?: readonly OwnChange[];
  /** Interrupts it; the command is killed. */
  signal?: AbortSignal;
  /** Called as rows are written. */
  onProgress?: (step: number) => void;
}

/** Seed of libraries where neither the command nor the user names one. */
const SEED_DEFAULT = 42n;

/**
 * Makes a baseline. What looks like a secret in the command and in variables is not kept; the report names it.
 *
 * @throws {TrainingCommandError} if the command cannot be started.
 * @throws {TypeError} if an option is malformed, or the folder holds a baseline.
 *
 * @example Usage
 * ```ts
 * import { baseline, replay } from "@rewind/cli/training";
 * import { assertEquals } from "@std/assert";
 *
 * const folder = await Deno.makeTempDir();
 * const command = `sh -c 'echo "{\\"step\\": 0, \\"loss\\": 0.{seed}}" > "$RLDK_METRICS_PATH"'`;
 * const kept = await baseline({ command, seed: 7, outputDir: `${folder}/base` });
 * assertEquals(kept.verdict, "kept");
 *
 * const report = await replay({ run: `${folder}/base`, outputDir: `${folder}/out` });
 * await Deno.remove(folder, { recursive: true });
 * assertEquals(report.verdict, "passed");
 * assertEquals(report.changes, []);
 * ```
 */
export async function baseline(options: BaselineOptions): Promise<BaselineReport> {
  const path = await import("node:path");
  const folder = path.resolve(options.outputDir ?? "baseline");
  const cwd = path.resolve(options.cwd ?? ".");
  if (options.force !== true && await readBaseline(folder) !== undefined) {
    throw new ArgumentTypeError(`Cannot make a baseline in ${folder} as it holds one`, {
      hint: "choose another folder with --output-dir, or replace it with --force",
    });
  }
  checkFingerprintRequest(options.fingerprint);
  const words = splitCommand(options.command);
  const { seed, injection } = placeSeed(words.argv, options);
  const before = await readCode(injection.argv, cwd);
  const run = await runCommand({
    argv: injection.argv,
    env: { ...words.env, ...injection.env },
    seed,
    inject: options.inject ?? true,
    without: options.without ?? [],
    device: options.device ?? "auto",
    cwd,
    folder,
    ...(options.metricsFile === undefined ? {} : { metricsFile: options.metricsFile }),
    read: { format: options.format, preset: options.preset, fieldMap: options.fieldMap },
    maxSteps: options.maxSteps,
    timeoutMs: options.timeoutMs,
    signal: options.signal,
    onRow: ({ step }) => options.onProgress?.(step),
    surroundings: true,
    fingerprint: options.fingerprint,
  });
  const warnings = [...words.warnings, ...injection.warnings, ...warningsOf(run, seed)];
  const report = {
    warnings,
    steps: run.log?.steps.length ?? 0,
    metrics: [...run.log?.columns.keys() ?? []],
    durationSeconds: run.child.durationMs / 1000,
    folder,
  };
  const verdict = run.child.end === "interrupted"
    ? "interrupted"
    : !run.completed
    ? "command_failed"
    : run.log === undefined
    ? "nothing_compared"
    : "kept";
  if (verdict !== "kept") {
    const reasons = [run.problem ?? run.metricsProblem ?? "the command wrote no metrics"];
    return { ...report, passed: false, verdict, reasons, baseline: undefined };
  }
  const { surroundings, leftOut } = await readSurroundings({
    before,
    after: await readCode(injection.argv, cwd),
    environment: run.environment,
    python: run.python,
  });
  const clean = withoutSecrets(injection.argv);
  const env = variablesWithoutSecrets({ ...words.env, ...injection.env });
  const kept: Baseline = {
    version: 1,
    argv: clean.words,
    env: env.variables,
    cwd,
    seed,
    seedPlacement: injection.how,
    log: path.relative(folder, run.metricsPath),
    options: {
      metricsFile: options.metricsFile,
      seedArg: options.seedArg,
      seedEnv: options.seedEnv,
      device: options.device,
      maxSteps: options.maxSteps,
      inject: options.inject,
      without: options.without,
      format: options.format,
      preset: options.preset,
      fieldMap: options.fieldMap,
    },
    surroundings,
    leftOut: [
      ...clean.leftOut,
      ...new Set([...env.leftOut, ...leftOut].map((name) => `the variable ${name}`)),
    ],
    isCut: clean.leftOut.length > 0,
    envLeftOut: env.leftOut,
  };
  await writeBaseline(folder, kept);
  return { ...report, passed: true, verdict, reasons: [], baseline: kept };
}

/** A seed that was given goes into the command; else the command stays as it is. */
function placeSeed(
  argv: readonly string[],
  options: BaselineOptions,
): { seed: bigint; injection: SeedInjection } {
  const { seed: given, seedArg, seedEnv } = options;
  const own = seedsInArguments(argv.slice(1))[0]?.value;
  const seed = given === undefined ? own ?? SEED_DEFAULT : BigInt(given);
  const isPlaced = given !== undefined || seedArg !== undefined || seedEnv !== undefined ||
    argv.some((word) => word.includes("{seed}"));
  if (isPlaced) return { seed, injection: injectSeed(argv, seed, options) };
  const how = own === undefined
    ? "not put into the command; libraries of Python are seeded with it"
    : `as the command names it, ${own}`;
  return { seed, injection: { argv, env: {}, how, warnings: [] } };
}

function warningsOf(
  { log, metricsNote, cutShort, problem, outputNotes }: CommandRun,
  seed: bigint,
): string[] {
  const own = log?.seeds.filter(({ line }) => line !== undefined).map(({ value }) => value) ?? [];
  return [
    ...(log === undefined ? [] : logWarnings(log, "the log")),
    ...(metricsNote === undefined ? [] : [metricsNote]),
    ...(cutShort && problem !== undefined ? [problem] : []),
    ...outputNotes,
    ...(own.length === 0 || own.includes(seed)
      ? []
      : [`the log says seed ${own[0]}, and rewind took ${seed}: name the seed with --seed`]),
  ];
}
