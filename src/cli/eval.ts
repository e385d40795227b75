/**
 * `rewind eval`: what a training log bears out: statistics that can be computed from it, and no others.
 *
 * @module
 */

import { evaluate } from "../training/verbs/evaluate.ts";
import { evaluationJson } from "../training/files/evaluation_files.ts";
import { EVALUATION_SUITES } from "../training/findings/evaluation_rules.ts";
import { exitCodeOf } from "./exit_codes.ts";
import { evaluationLines } from "./training_text.ts";
import { optionInteger, optionSwitch, optionText } from "./args.ts";
import { type Command, type CommandContext, JSON_OPTION } from "./command.ts";
import { EXIT_OK } from "./exit_codes.ts";
import { LOG_OPTIONS, logOptions } from "./log_info.ts";
import { printReport } from "./print_report.ts";
import { suggestion } from "../text/suggestion.ts";
import { UsageError } from "./usage_error.ts";

const SUITES = [...EVALUATION_SUITES.keys()];

/** The verb. */
export const evalCommand: Command = {
  name: "eval",
  summary: "what a training log bears out: NaN, spikes, plateaus, drift, stability",
  usage: "[<log>]",
  positionals: [0, 1],
  options: [
    { name: "run", short: "r", value: "LOG", summary: "the log, in place of <log>" },
    { name: "suite", short: "s", value: "NAME", summary: `${SUITES.join(", ")} (default quick)` },
    {
      name: "baseline",
      value: "LOG",
      summary: "another run to compare the last half of each metric with",
    },
    { name: "seed", value: "N", summary: "seed of the bootstrap (default 42)" },
    {
      name: "sample-size",
      value: "N",
      summary: "look at so many of the last rows only (default: all)",
    },
    {
      name: "output-dir",
      short: "o",
      value: "DIR",
      summary: "folder for the reports (default eval_results)",
    },
    { name: "list-suites", summary: "print the suites and their rules" },
    ...LOG_OPTIONS,
    JSON_OPTION,
  ],
  details: ["Exit codes: 0 no rule failed, 1 one did, 2 wrong input, 3 nothing could be computed."],
  examples: [
    { command: "rewind eval run.jsonl", note: "the quick suite" },
    {
      command: "rewind eval run.jsonl --suite comprehensive --baseline other.jsonl --json",
      note: "all of it",
    },
  ],
  run,
};

async function run(context: CommandContext): Promise<number> {
  const { args, output, signal } = context;
  if (optionSwitch(args, "list-suites")) {
    const suites = [...EVALUATION_SUITES].map(([name, rules]) =>
      [name, rules.map((rule) => rule.name)] as const
    );
    if (optionSwitch(args, "json")) output.json(Object.fromEntries(suites));
    else for (const [name, rules] of suites) output.line(`${name}: ${rules.join(", ")}`);
    return EXIT_OK;
  }
  const log = optionText(args, "run") ?? args.positionals[0];
  if (log === undefined) throw new UsageError("eval needs a log", "eval");
  const suite = optionText(args, "suite");
  if (suite !== undefined && !SUITES.includes(suite)) {
    throw new UsageError(
      `--suite must be one of ${SUITES.join(", ")}, not '${suite}'${suggestion(suite, SUITES)}`,
    );
  }
  const { strict: _, ...reading } = logOptions(args);
  const report = await evaluate({
    ...reading,
    run: log,
    suite,
    baseline: optionText(args, "baseline"),
    seed: optionInteger(args, "seed", { min: 0 }),
    sampleSize: optionInteger(args, "sample-size", { min: 1 }),
    outputDir: optionText(args, "output-dir") ?? "eval_results",
    signal,
  });
  printReport(context, { json: evaluationJson(report), lines: evaluationLines(report) });
  return exitCodeOf(report);
}
