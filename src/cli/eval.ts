/**
 * `rewind eval`: what a training log bears out: statistics that can be computed from it, and no others.
 *
 * @module
 */

import { evaluationJson } from "../training/files/evaluation_files.ts";
import { EVALUATION_SUITES } from "../training/findings/evaluation_rules.ts";
import { evaluate } from "../training/verbs/evaluate.ts";
import { defineCommand } from "./command.ts";
import { EXIT_OK, exitCodeOf } from "./exit_codes.ts";
import { LOG_OPTIONS, logOptions } from "./log_info.ts";
import { choice, flag, integer, JSON_OPTION, optionalOperand, path } from "./options.ts";
import { printReport } from "./print_report.ts";
import { evaluationLines } from "./training_text.ts";
import { UsageError } from "./usage_error.ts";

const SUITES = [...EVALUATION_SUITES.keys()];

/** The verb. */
export const command = defineCommand({
  operands: { log: optionalOperand("log") },
  options: {
    run: path("LOG", "Log to check, in place of <log>", { short: "r" }),
    suite: choice(SUITES, "Rules to apply", { short: "s", fallback: "quick" }),
    baseline: path("LOG", "Other run to compare the last half of each metric with"),
    seed: integer("N", "Seed of the bootstrap", { min: 0, fallback: "42" }),
    sampleSize: integer("N", "Number of most recent rows to check", { min: 1, fallback: "all" }),
    outputDir: path("DIR", "Folder for the reports", { short: "o", default: "eval_results" }),
    listSuites: flag("Print the suites and their rules"),
    ...LOG_OPTIONS,
    json: JSON_OPTION,
  },
  details: [
    "Exit codes: 0 no rule failed, 1 one did, 2 wrong input, 3 too little could be computed.",
  ],
  examples: [
    { command: "rewind eval run.jsonl", note: "Apply the quick suite" },
    {
      command: "rewind eval run.jsonl --suite comprehensive --baseline other.jsonl --json",
      note: "Apply all rules and compare with another run",
    },
  ],
  async run(values, { output, signal }) {
    if (values.listSuites) {
      const suites = [...EVALUATION_SUITES].map(([name, rules]) =>
        [name, rules.map((rule) => rule.name)] as const
      );
      if (values.json) output.json(Object.fromEntries(suites));
      else for (const [name, rules] of suites) output.line(`${name}: ${rules.join(", ")}`);
      return EXIT_OK;
    }
    const log = values.run ?? values.log;
    if (log === undefined) throw new UsageError("Missing argument <log>");
    const report = await evaluate({
      ...logOptions(values),
      run: log,
      suite: values.suite,
      baseline: values.baseline,
      seed: values.seed,
      sampleSize: values.sampleSize,
      outputDir: values.outputDir,
      signal,
    });
    printReport(output, {
      isJson: values.json,
      json: evaluationJson(report),
      lines: evaluationLines(report),
    });
    return exitCodeOf(report);
  },
});
