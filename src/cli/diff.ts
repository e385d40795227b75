/**
 * `rewind diff`: where two training logs, or two recorded runs, part.
 *
 * @module
 */

import { isFingerprintFile } from "../training/fingerprints/read_stream.ts";
import { folderDiffJson } from "../training/findings/folder_diff_report.ts";
import { pathKind } from "../training/log/file_source.ts";
import { diffFolder } from "../training/verbs/diff_folder.ts";
import { diffJson } from "../training/files/diff_files.ts";
import { diff } from "../training/verbs/diff_runs.ts";
import { defineCommand, optionName } from "./command.ts";
import { COMPARE_OPTIONS } from "./compare_options.ts";
import { diffFingerprints } from "./diff_fingerprints.ts";
import { diffArtifacts } from "./diff_artifacts.ts";
import { exitCodeOf } from "./exit_codes.ts";
import { isReplayFile } from "./file_kind.ts";
import { LOG_OPTIONS, logOptions } from "./log_info.ts";
import {
  choice,
  flag,
  grouped,
  integer,
  JSON_OPTION,
  number,
  operands,
  path,
  texts,
} from "./options.ts";
import { printReport } from "./print_report.ts";
import { LIMIT_OPTIONS } from "./sandbox_options.ts";
import { namesOf, toleranceOptions, toleranceValues } from "./training_options.ts";
import { diffLines, folderDiffLines } from "./training_text.ts";
import { UsageError } from "./usage_error.ts";
import { logInput } from "./pipe_input.ts";

/** Options that say how logs are compared. */
const LOG_ONLY = [
  "signals",
  "mode",
  "alpha",
  "maxSteps",
  "allowMissing",
  "outputDir",
  "tolerance",
  "atol",
  "rtol",
  "ulp",
  "format",
  "preset",
  "fieldMap",
  "strict",
] as const;

/** Refuses options of other files: they would change nothing, and say nothing. @throws {UsageError} If one is given. */
function refuseGiven(
  values: Readonly<Record<string, unknown>>,
  names: readonly string[],
  what: string,
): void {
  const given = names.find((name) => {
    const value = values[name];
    return Array.isArray(value)
      ? value.length > 0
      : ![undefined, false, "exact"].includes(value as never);
  });
  if (given === undefined) return;
  throw new UsageError(
    `Invalid option ${optionName(given)} with a comparison ${what}: it is of no use there`,
  );
}

/** The verb. */
export const command = defineCommand({
  operands: { files: operands("file", { min: 0, max: 2, usage: "<a> <b> | <folder>" }) },
  options: {
    a: path("FILE", "First file, in place of <a>"),
    b: path("FILE", "Second file, in place of <b>"),
    signals: texts("NAMES", "Metrics to compare: a,b or all", { short: "s", fallback: "all" }),
    mode: choice(["exact", "drift"], "Comparison; drift is for runs with different seeds", {
      default: "exact",
    }),
    alpha: number("P", "Probability of a false alarm in drift mode", {
      above: 0,
      below: 1,
      fallback: "0.01",
    }),
    ...toleranceOptions("0"),
    maxSteps: integer("N", "Last step to compare", { min: 0 }),
    allowMissing: flag("Ignore metrics and steps that one side lacks"),
    outputDir: path("DIR", "Folder for the reports", { short: "o", fallback: "none" }),
    ...LOG_OPTIONS,
    ...grouped("Recorded runs", { ignore: COMPARE_OPTIONS.ignore }),
    ...LIMIT_OPTIONS,
    json: JSON_OPTION,
  },
  details: [
    "Two .replay files are compared as 'rewind diverge' does it: the first step at which they differ, and how; a run " +
    "and its branch from where it left the run. " +
    "Exit codes: 0 the same, 1 they differ, 2 wrong input, 3 nothing could be compared.",
  ],
  examples: [
    {
      command: "rewind diff run_a.jsonl run_b.jsonl --signals loss --tolerance 1e-6",
      note: "Compare two logs",
    },
    { command: "rewind diff walk.replay fork.replay", note: "Compare two runs" },
    { command: "rewind diff runs/", note: "Compare every two TensorBoard runs of a folder" },
  ],
  async run(values, context) {
    const files = [values.a, values.b, ...values.files].filter((file) => file !== undefined);
    const how = {
      ...logOptions(values),
      ...toleranceValues(values),
      signals: namesOf(values.signals),
      mode: values.mode,
      alpha: values.alpha,
      maxSteps: values.maxSteps,
      allowMissing: values.allowMissing,
      signal: context.signal,
    };
    if (files.length === 1 && await pathKind(files[0]!) === "directory") {
      if (values.outputDir !== undefined) {
        throw new UsageError("Invalid option --output-dir with a folder: reports are of two files");
      }
      const report = await diffFolder({ ...how, folder: files[0]! });
      printReport(context.output, {
        isJson: values.json,
        json: folderDiffJson(report),
        lines: folderDiffLines(report),
      });
      return exitCodeOf(report);
    }
    if (files.length !== 2) {
      throw new UsageError(
        "Missing argument <a> <b>: diff compares two files, or all runs of a folder",
      );
    }
    const [a, b] = files as [string, string];
    const kinds = await Promise.all([a, b].map((file) => isReplayFile(file, context.signal)));
    if (kinds[0] && kinds[1]) {
      refuseGiven(values, LOG_ONLY, "of two .replay files");
      return await diffArtifacts({ a, b }, { ...values, ...context });
    }
    refuseGiven(values, ["ignore"], "of two logs");
    if (await isFingerprintFile(a) && await isFingerprintFile(b)) {
      return await diffFingerprints({ a, b }, { ...values, ...context });
    }
    if (kinds[0] || kinds[1]) {
      throw new UsageError(
        "Invalid arguments: a .replay file cannot be compared with a training log",
      );
    }
    using logA = await logInput(a, context.signal);
    using logB = await logInput(b, context.signal);
    const { outputDir } = values;
    const report = await diff({ ...how, a: logA.path, b: logB.path, outputDir });
    printReport(context.output, {
      isJson: values.json,
      json: diffJson(report),
      lines: diffLines(report),
    });
    return exitCodeOf(report);
  },
});
