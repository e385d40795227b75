/**
 * `rewind baseline`: runs a training command once and keeps its log, the command and its surroundings.
 *
 * @module
 */

import { counted, grouped as quantity } from "../text/quantity.ts";
import { OWN_CHANGES } from "../training/command/replay_environment.ts";
import type { BaselineReport } from "../training/findings/baseline_report.ts";
import { baseline } from "../training/verbs/baseline.ts";
import { defineCommand } from "./command.ts";
import { exitCodeOf } from "./exit_codes.ts";
import { logOptions, READ_OPTIONS } from "./log_info.ts";
import {
  choices,
  flag,
  grouped,
  integer,
  JSON_OPTION,
  optionalOperand,
  path,
  seed,
  text,
} from "./options.ts";
import { printReport } from "./print_report.ts";
import {
  FINGERPRINT_OPTIONS,
  fingerprintValues,
  namesOf,
  RUN_OPTIONS,
  runValues,
} from "./training_options.ts";
import { UsageError } from "./usage_error.ts";

/** The verb. */
export const command = defineCommand({
  operands: { cmd: optionalOperand("command") },
  options: {
    command: text("CMD", "Command to run, in place of <command>", { short: "c", alias: "cmd" }),
    outputDir: path("DIR", "Folder of the baseline", { short: "o", default: "baseline" }),
    force: flag("Replace a baseline that the folder holds"),
    json: JSON_OPTION,
    ...grouped("Seed", {
      seed: seed("Seed to put into the command", { fallback: "the one that it names" }),
      noInject: flag("Leave libraries of Python processes unseeded"),
    }),
    ...grouped("Command", {
      maxSteps: integer("N", "Step after which the command is stopped", { short: "s", min: 0 }),
      without: choices(OWN_CHANGES, "What of the command's surroundings to leave as it is"),
    }),
    ...RUN_OPTIONS,
    ...FINGERPRINT_OPTIONS,
    ...READ_OPTIONS,
  },
  details: [
    "The folder gets the log, what the command printed, and baseline.json: the command, the commit and " +
    "what differs from it, the files that the command names, packages and their versions, threads, CUDA, " +
    "processor, variables that matter. What looks like a secret is left out, and told. " +
    "'rewind replay --run DIR' runs it again and names what has changed since.",
  ],
  examples: [
    {
      command: "rewind baseline 'python3 train.py --steps 200' --seed 7 -o baseline",
      note: "Keep a run with its surroundings",
    },
    { command: "rewind replay --run baseline --tolerance 0", note: "Run it again, months later" },
  ],
  async run(values, { output, signal }) {
    const given = values.command ?? values.cmd;
    if (given === undefined) throw new UsageError("Missing argument <command>");
    const report = await baseline({
      ...logOptions(values),
      ...runValues(values),
      fingerprint: fingerprintValues(values),
      command: given,
      outputDir: values.outputDir,
      force: values.force,
      seed: values.seed,
      maxSteps: values.maxSteps,
      inject: values.noInject ? false : undefined,
      without: namesOf(values.without),
      signal,
      onProgress: (step) => output.progress(`step ${step}`),
    });
    printReport(output, { isJson: values.json, json: baselineJson(report), lines: lines(report) });
    return exitCodeOf(report);
  },
});

function baselineJson(report: BaselineReport): Record<string, unknown> {
  return {
    verdict: report.verdict,
    passed: report.passed,
    reasons: report.reasons,
    warnings: report.warnings,
    steps: report.steps,
    metrics: report.metrics,
    duration: report.durationSeconds,
    folder: report.folder,
    left_out: report.baseline?.leftOut ?? [],
    baseline: report.baseline,
  };
}

const HEADS: Readonly<Record<BaselineReport["verdict"], string>> = {
  kept: "KEPT",
  ["command_failed"]: "THE COMMAND FAILED",
  ["nothing_compared"]: "NO METRICS",
  interrupted: "INTERRUPTED",
};

function lines(report: BaselineReport): string[] {
  const { baseline: kept, folder } = report;
  const head = `${HEADS[report.verdict]}: ${counted(report.steps, "step")} of ${
    report.metrics.join(", ") || "no metric"
  }, ${report.durationSeconds.toFixed(1)} s`;
  const warnings = report.warnings.map((warning) => `  warning: ${warning}`);
  if (kept === undefined) {
    return [head, ...warnings, ...report.reasons.flatMap((reason) => `  ${reason}`.split("\n"))];
  }
  const { facts } = kept.surroundings;
  const packages = Object.keys(facts).filter((name) => name.startsWith("package ")).length;
  const uncommitted = Object.keys(facts).filter((name) => name.startsWith("uncommitted ")).length;
  return [
    head,
    ...warnings,
    `  seed ${kept.seed}: ${kept.seedPlacement}`,
    ...(facts.commit === undefined ? [] : [
      `  commit ${facts.commit.slice(0, 10)}` +
      (uncommitted === 0 ? "" : `, and ${counted(uncommitted, "file")} that differ from it`),
    ]),
    ...(facts.python === undefined
      ? []
      : [`  Python ${facts.python}, ${quantity(packages)} packages`]),
    ...kept.leftOut.map((what) => `  left out, as it looks like a secret: ${what}`),
    `  wrote ${folder}/baseline.json`,
    `  next: rewind replay --run ${folder}`,
  ];
}
