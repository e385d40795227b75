/**
 * `rewind check-determinism`: runs a training command several times and reports where the runs diverge.
 *
 * @module
 */

import { checkDeterminism } from "../training/verbs/check_determinism.ts";
import { determinismCard } from "../training/files/determinism_files.ts";
import { PERTURBATIONS } from "../training/findings/perturbation.ts";
import { defineCommand } from "./command.ts";
import { exitCodeOf } from "./exit_codes.ts";
import {
  choices,
  flag,
  integer,
  integers,
  JSON_OPTION,
  path,
  seed,
  text,
  texts,
} from "./options.ts";
import { determinismLines } from "./training_text.ts";
import { printReport } from "./print_report.ts";
import {
  FINGERPRINT_OPTIONS,
  fingerprintValues,
  JOBS_OPTIONS,
  namesOf,
  RUN_OPTIONS,
  runValues,
  toleranceOptions,
  toleranceValues,
} from "./training_options.ts";

/** The verb. */
export const command = defineCommand({
  operands: {},
  options: {
    cmd: text("CMD", "Training command", { short: "c", alias: "command", required: true }),
    compare: texts("NAMES", "Metrics to compare: a,b or all", { short: "m", fallback: "all" }),
    steps: integers(
      "N",
      "Step after which each run is stopped; N,N,...: the only steps to compare",
      {
        short: "s",
        min: 0,
      },
    ),
    replicas: integer("N", "Number of runs", {
      short: "r",
      alias: "runs",
      min: 2,
      fallback: "5",
    }),
    perturb: choices(PERTURBATIONS, "What to change, one at a time"),
    seed: seed("Seed to put into the command", { fallback: "the command stays as it is" }),
    outputDir: path("DIR", "Folder for the results", {
      short: "o",
      fallback: "determinism_analysis",
    }),
    stride: integer("N", "Ignored; accepted for compatibility with rldk"),
    noDiagnose: flag("Do not run the command again to find the culprit"),
    gate: flag("Ignored; accepted for compatibility with rldk"),
    json: JSON_OPTION,
    ...toleranceOptions("0"),
    ...RUN_OPTIONS,
    ...JOBS_OPTIONS,
    ...FINGERPRINT_OPTIONS,
  },
  details: [
    "Exit codes: 0 deterministic, 1 not, or a run of the command failed, 2 wrong input, 3 nothing could be compared.",
  ],
  examples: [
    {
      command: "rewind check-determinism --cmd 'python3 train.py --seed 1'",
      note: "Compare five runs in all metrics",
    },
    {
      command:
        "rewind check-determinism --cmd 'python3 train.py' --replicas 2 --perturb threads,hashseed,cwd",
      note: "Find what the runs depend on",
    },
  ],
  async run(values, { output, signal }) {
    const report = await checkDeterminism({
      ...toleranceValues(values),
      ...runValues(values),
      jobs: values.jobs,
      fingerprint: fingerprintValues(values),
      command: values.cmd,
      metrics: namesOf(values.compare),
      replicas: values.replicas,
      perturb: values.perturb,
      seed: values.seed,
      steps: values.steps.length === 1
        ? values.steps[0]
        : values.steps.length > 0
        ? values.steps
        : undefined,
      diagnose: !values.noDiagnose,
      outputDir: values.outputDir,
      signal,
    });
    printReport(output, {
      isJson: values.json,
      json: determinismCard(report),
      lines: determinismLines(report),
    });
    return exitCodeOf(report);
  },
});
