/**
 * `rewind diff`: where two training logs, or two recorded runs, part.
 *
 * @module
 */

import { diffJson } from "../training/files/diff_files.ts";
import { diff } from "../training/verbs/diff_runs.ts";
import { exitCodeOf } from "./exit_codes.ts";
import { diffLines } from "./training_text.ts";
import { optionInteger, optionNumber, optionSwitch, optionText, optionTexts } from "./args.ts";
import { type Command, type CommandContext, JSON_OPTION } from "./command.ts";
import { diffArtifacts } from "./diff_artifacts.ts";
import { isReplayFile } from "./file_kind.ts";
import { LOG_OPTIONS, logOptions } from "./log_info.ts";
import { LIMIT_OPTIONS } from "./sandbox_options.ts";
import { TOLERANCE_OPTIONS, toleranceOptions } from "./training_options.ts";
import { printReport } from "./print_report.ts";
import { UsageError } from "./usage_error.ts";

const MODES = ["exact", "drift"];

/** The verb. */
export const diffCommand: Command = {
  name: "diff",
  summary: "where two training logs, or two recorded runs, part",
  usage: "<a> <b>",
  positionals: [0, 2],
  options: [
    { name: "a", value: "FILE", summary: "the first one, in place of <a>" },
    { name: "b", value: "FILE", summary: "the second one, in place of <b>" },
    {
      name: "signals",
      short: "s",
      value: "NAMES",
      summary: "metrics to compare: a,b or all (default all)",
      repeat: true,
    },
    {
      name: "mode",
      value: "NAME",
      summary: "exact, or drift for runs with different seeds (default exact)",
    },
    { name: "alpha", value: "P", summary: "chance of a false alarm in drift mode (default 0.01)" },
    ...TOLERANCE_OPTIONS.map((option) =>
      option.name === "tolerance"
        ? { ...option, summary: option.summary.replace("0.01", "0") }
        : option
    ),
    { name: "max-steps", value: "N", summary: "compare up to this step only" },
    { name: "allow-missing", summary: "metrics and steps that one side lacks are no difference" },
    {
      name: "output-dir",
      short: "o",
      value: "DIR",
      summary: "folder for the reports (default: none are written)",
    },
    ...LOG_OPTIONS,
    ...LIMIT_OPTIONS,
    JSON_OPTION,
  ],
  details: [
    "Two .replay files are compared state by state: the first step at which they differ, and how. " +
    "Exit codes: 0 the same, 1 they differ, 2 wrong input, 3 nothing could be compared.",
  ],
  examples: [
    {
      command: "rewind diff run_a.jsonl run_b.jsonl --signals loss --tolerance 1e-6",
      note: "two logs",
    },
    { command: "rewind diff walk.replay fork.replay", note: "two recorded runs" },
  ],
  run,
};

async function run(context: CommandContext): Promise<number> {
  const { args, signal } = context;
  const files = [optionText(args, "a"), optionText(args, "b"), ...args.positionals].filter((file) =>
    file !== undefined
  );
  if (files.length !== 2) throw new UsageError("diff needs two files: <a> <b>", "diff");
  const [a, b] = files as [string, string];
  const kinds = await Promise.all([isReplayFile(a), isReplayFile(b)]);
  if (kinds[0] && kinds[1]) return await diffArtifacts(context, { a, b });
  if (kinds[0] || kinds[1]) {
    throw new UsageError("Cannot compare a .replay file with a training log: give two of a kind");
  }
  const mode = optionText(args, "mode") ?? "exact";
  if (!MODES.includes(mode)) {
    throw new UsageError(`--mode must be one of ${MODES.join(", ")}, not '${mode}'`);
  }
  const signals = optionTexts(args, "signals");
  const report = await diff({
    ...logOptions(args),
    ...toleranceOptions(args),
    a,
    b,
    signals: signals.length === 0 ? undefined : signals,
    mode: mode as "exact" | "drift",
    alpha: optionNumber(args, "alpha", { min: 0 }),
    maxSteps: optionInteger(args, "max-steps", { min: 0 }),
    allowMissing: optionSwitch(args, "allow-missing"),
    outputDir: optionText(args, "output-dir"),
    signal,
  });
  printReport(context, { json: diffJson(report), lines: diffLines(report) });
  return exitCodeOf(report);
}
