/**
 * `rewind replay`: runs a training command again with its original seed and compares the metrics.
 *
 * @module
 */

import { TOOL } from "../artifact/tool_version.ts";
import { replay } from "../training/verbs/replay.ts";
import { readBaseline } from "../training/files/baseline_files.ts";
import { comparisonJson } from "../training/files/replay_files.ts";
import { writeTextFile } from "../training/files/write_results.ts";
import { renderReplayPage, renderReplaySummary } from "../training/report/mod.ts";
import { defineCommand } from "./command.ts";
import { exitCodeOf } from "./exit_codes.ts";
import { LOG_OPTIONS, logOptions } from "./log_info.ts";
import {
  choices,
  flag,
  grouped,
  integer,
  JSON_OPTION,
  missing,
  number,
  path,
  seed,
  text,
  texts,
} from "./options.ts";
import { OWN_CHANGES } from "../training/command/replay_environment.ts";
import { printReport } from "./print_report.ts";
import { replayAnnotation, replayLines } from "./training_text.ts";
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
    run: path("LOG", "Log of the original run, a file or a folder, or a baseline", {
      short: "r",
      required: true,
    }),
    command: text("CMD", "Command that produced it; a baseline knows its own", {
      short: "c",
      alias: "cmd",
    }),
    metrics: texts("NAMES", "Metrics to compare: a,b or all; loss:rtol=1e-5 sets bounds for one", {
      short: "m",
      fallback: "all of a baseline",
    }),
    outputDir: path("DIR", "Folder for the results", { short: "o", fallback: "replay_results" }),
    dryRun: flag("Print the command and its environment; run nothing"),
    noPage: flag("Skip the report page"),
    summary: path("FILE", "File for a summary in Markdown"),
    annotate: flag("Print the verdict as an annotation of GitHub Actions, too"),
    noDiagnose: flag("Do not run the command again to find out why it does not reproduce"),
    noWandb: flag("Ignored; accepted for compatibility with rldk"),
    json: JSON_OPTION,
    ...toleranceOptions("0.01"),
    ...grouped("Comparison", {
      maxSteps: integer("N", "Last step to compare", { short: "s", min: 0 }),
      allowMissing: flag("Ignore metrics and steps that one side lacks"),
      failFast: flag("Stop at the first value outside the tolerance"),
      replicas: integer("N", "Number of times to run the command", { min: 1, fallback: "1" }),
      varySeeds: flag(
        "Run replica i with seed + i and test whether the original is consistent with the replicas",
      ),
      alpha: number("P", "Level of these tests together", { above: 0, below: 1, fallback: "0.05" }),
    }),
    ...grouped("Seed", {
      seed: seed("Seed, where the log has none"),
      noInject: flag("Leave libraries of Python processes unseeded"),
    }),
    ...grouped("Command", {
      without: choices(OWN_CHANGES, "What of the command's surroundings to leave as it is"),
    }),
    ...RUN_OPTIONS,
    ...JOBS_OPTIONS,
    ...FINGERPRINT_OPTIONS,
    ...LOG_OPTIONS,
  },
  details: [
    "The command is split as a shell would split it, but no shell is run. It finds the file for its " +
    "metrics in RLDK_METRICS_PATH (and REWIND_METRICS_PATH), one JSON object per step. Exit codes: 0 it " +
    "reproduces, 1 it does not, 2 wrong input, 3 nothing could be compared.",
  ],
  examples: [
    {
      command:
        "rewind replay --run run.jsonl --command 'python3 train.py' --metrics loss,reward_mean",
      note: "Check that the run reproduces within 1%",
    },
    {
      command:
        "rewind replay --run run.jsonl --command 'python3 train.py' --metrics all --tolerance 0 --fail-fast",
      note: "Check it bit for bit and stop at the first difference",
    },
  ],
  async run(values, { output, signal }) {
    if (await readBaseline(values.run) === undefined) {
      if (values.command === undefined) throw missing("--command", "CMD");
      if (values.metrics.length === 0) throw missing("--metrics", "NAMES");
    }
    const report = await replay({
      ...logOptions(values),
      ...toleranceValues(values),
      ...runValues(values),
      jobs: values.jobs,
      fingerprint: fingerprintValues(values),
      run: values.run,
      command: values.command,
      metrics: namesOf(values.metrics),
      seed: values.seed,
      maxSteps: values.maxSteps,
      outputDir: values.outputDir,
      replicas: values.replicas,
      replicaSeeds: values.varySeeds ? "vary" : "same",
      alpha: values.alpha,
      failFast: values.failFast,
      dryRun: values.dryRun,
      inject: values.noInject ? false : undefined,
      without: namesOf(values.without),
      diagnose: !values.noDiagnose,
      allowMissing: values.allowMissing,
      signal,
      onProgress: ({ replica, step, stepLast }) =>
        output.progress(`replica ${replica}: step ${step} of ${stepLast}`),
      renderPage: values.noPage ? false : (report) => renderReplayPage(report, { tool: TOOL }),
    });
    if (values.summary !== undefined) {
      await writeTextFile(values.summary, renderReplaySummary(report));
    }
    printReport(output, {
      isJson: values.json,
      json: comparisonJson(report),
      lines: replayLines(report),
    });
    if (values.annotate) output.note(replayAnnotation(report));
    return exitCodeOf(report);
  },
});
