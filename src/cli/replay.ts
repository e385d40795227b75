/**
 * `rewind replay`: runs a training command again with its original seed and compares the metrics.
 *
 * @module
 */

import { TOOL } from "../artifact/tool.ts";
import { replay } from "../training/verbs/replay.ts";
import { comparisonJson } from "../training/files/replay_files.ts";
import { renderReplayPage } from "../training/report/mod.ts";
import { exitCodeOf } from "./exit_codes.ts";
import { replayLines } from "./training_text.ts";
import {
  optionInteger,
  optionNumber,
  optionSwitch,
  optionText,
  optionTexts,
  readSeed,
} from "./args.ts";
import { type Command, type CommandContext, JSON_OPTION } from "./command.ts";
import { LOG_OPTIONS, logOptions } from "./log_info.ts";
import {
  CHILD_OPTIONS,
  childOptions,
  requiredText,
  TOLERANCE_OPTIONS,
  toleranceOptions,
} from "./training_options.ts";
import { printReport } from "./print_report.ts";
import { UsageError } from "./usage_error.ts";

/** The verb. */
export const replayCommand: Command = {
  name: "replay",
  summary: "run a training command again with its seed and compare the metrics",
  usage: "",
  positionals: [0, 0],
  options: [
    {
      name: "run",
      short: "r",
      value: "LOG",
      summary: "log of the original run, a file or a folder (required)",
    },
    {
      name: "command",
      short: "c",
      alias: "cmd",
      value: "CMD",
      summary: "the command that made it (required); also --cmd",
    },
    {
      name: "metrics",
      short: "m",
      value: "NAMES",
      summary: "metrics to compare: a,b or all; loss:rtol=1e-5 sets bounds for one (required)",
      repeat: true,
    },
    ...TOLERANCE_OPTIONS,
    { name: "max-steps", short: "s", value: "N", summary: "compare up to this step only" },
    {
      name: "output-dir",
      short: "o",
      value: "DIR",
      summary: "folder for the results (default replay_results)",
    },
    ...CHILD_OPTIONS,
    { name: "seed", value: "N", summary: "the seed, where the log has none" },
    { name: "replicas", value: "N", summary: "run the command this often (default 1)" },
    {
      name: "vary-seeds",
      summary: "give replica i the seed + i, and test whether the original fits in",
    },
    { name: "alpha", value: "P", summary: "level of these tests together (default 0.05)" },
    { name: "fail-fast", summary: "stop at the first value outside the tolerance" },
    { name: "dry-run", summary: "print the command and its environment, run nothing" },
    { name: "no-inject", summary: "do not seed random, NumPy and PyTorch in Python processes" },
    {
      name: "allow-missing",
      summary: "metrics and steps that one side lacks do not fail the replay",
    },
    { name: "no-wandb", summary: "accepted as by rldk; nothing is uploaded either way" },
    { name: "no-page", summary: "do not write the report page" },
    ...LOG_OPTIONS,
    JSON_OPTION,
  ],
  details: [
    "The command is split as a shell would split it, but no shell is run. It finds the file for its " +
    "metrics in RLDK_METRICS_PATH (and REWIND_METRICS_PATH), one JSON object per step. Exit codes: 0 it " +
    "reproduces, 1 it does not, 2 wrong input, 3 nothing could be compared.",
  ],
  examples: [
    {
      command:
        "rewind replay --run run.jsonl --command 'python3 train.py' --metrics loss,reward_mean",
      note: "does the run reproduce within 1%?",
    },
    {
      command:
        "rewind replay --run run.jsonl --command 'python3 train.py' --metrics all --tolerance 0 --fail-fast",
      note: "bit for bit, stopping where it parts",
    },
  ],
  run,
};

async function run(context: CommandContext): Promise<number> {
  const { args, output, signal } = context;
  const metrics = optionTexts(args, "metrics");
  if (metrics.length === 0) throw new UsageError("replay needs --metrics", "replay");
  const seed = optionText(args, "seed");
  const isDry = optionSwitch(args, "dry-run");
  const report = await replay({
    ...logOptions(args),
    ...toleranceOptions(args),
    ...childOptions(args),
    run: requiredText(args, "run", "replay"),
    command: requiredText(args, "command", "replay"),
    metrics,
    seed: seed === undefined ? undefined : readSeed(seed),
    maxSteps: optionInteger(args, "max-steps", { min: 0 }),
    outputDir: optionText(args, "output-dir"),
    replicas: optionInteger(args, "replicas", { min: 1 }),
    replicaSeeds: optionSwitch(args, "vary-seeds") ? "vary" : "same",
    alpha: optionNumber(args, "alpha", { min: 0 }),
    failFast: optionSwitch(args, "fail-fast"),
    dryRun: isDry,
    inject: !optionSwitch(args, "no-inject"),
    allowMissing: optionSwitch(args, "allow-missing"),
    signal,
    onProgress: ({ replica, step, stepLast }) =>
      output.progress(`replica ${replica}: step ${step} of ${stepLast}`),
    renderPage: optionSwitch(args, "no-page")
      ? false
      : (report) => renderReplayPage(report, { tool: TOOL }),
  });
  printReport(context, { json: comparisonJson(report), lines: replayLines(report) });
  return exitCodeOf(report);
}
