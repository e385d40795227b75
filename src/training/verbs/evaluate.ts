/**
 * Judges one run by its log: only statistics that the log bears, each with its n and its threshold.
 *
 * @module
 */

import { ArgumentRangeError } from "../../errors.ts";
import { LOG_CELLS_MAX } from "../limits.ts";
import { writeEvaluation } from "../files/evaluation_files.ts";
import { compareWithBaseline, judgeBaseline, lastHalf } from "../findings/baseline_rule.ts";
import type { EvaluationReport } from "../findings/evaluation_report.ts";
import type { EvaluationResult, EvaluationStatus } from "../findings/evaluation_rule.ts";
import { EVALUATION_SUITES } from "../findings/evaluation_rules.ts";
import { isTimingName } from "../log/timing_names.ts";
import { type LogReading, readingOf } from "../log/read_run.ts";
import { readRuns } from "../log/read_runs.ts";
import type { Column, RunLog } from "../log/run_log.ts";
import { blockBootstrap, type MeanInterval } from "../statistics/block_bootstrap.ts";
import { createUniformSource, type UniformSource } from "../statistics/uniform_source.ts";

/** Options of {@linkcode evaluate}. */
export interface EvaluateOptions extends LogReading {
  /** Log of the run. */
  run: string;
  /** Suite of rules: `quick` (default), `comprehensive`, `safety`, `integrity`, `performance`, `trust`, `training_metrics`. */
  suite?: string;
  /** Another run to compare the last half of each metric with. */
  baseline?: string;
  /** Seed of the bootstrap (default 42). */
  seed?: number;
  /** Source of randomness of the bootstrap (default: one made from `seed`). */
  random?: UniformSource;
  /** Only so many of the last rows are looked at (default: all). */
  sampleSize?: number;
  /** Folder for the reports (default: none are written). */
  outputDir?: string;
  /** Time to note in the reports, ISO 8601 (default: now). */
  timestamp?: string;
}

/**
 * Applies a suite of rules to a run.
 *
 * @throws {TrainingLogError} if the log cannot be read.
 * @throws {RangeError} if the suite is not known or `sampleSize` is no positive whole number.
 *
 * @example Usage
 * ```ts
 * import { evaluate } from "@rewind/cli/training";
 * import { assertEquals } from "@std/assert";
 *
 * const path = await Deno.makeTempFile({ suffix: ".jsonl" });
 * await Deno.writeTextFile(path, '{"step": 0, "loss": 0.5}\n{"step": 1, "loss": NaN}\n');
 * const report = await evaluate({ run: path });
 * await Deno.remove(path);
 *
 * assertEquals(report.verdict, "failed");
 * assertEquals(report.results[0]?.firstStep, 1);
 * assertEquals(report.results.at(-1)?.status, "not_computable");
 * ```
 */
export async function evaluate(options: EvaluateOptions): Promise<EvaluationReport> {
  const { suite = "quick", seed = 42, sampleSize = LOG_CELLS_MAX } = options;
  const rules = EVALUATION_SUITES.get(suite);
  if (rules === undefined) {
    throw new ArgumentRangeError(
      `Cannot evaluate with suite "${suite}" as it is not known; choose one of ` +
        [...EVALUATION_SUITES.keys()].join(", "),
    );
  }
  if (!Number.isInteger(sampleSize) || sampleSize < 1) {
    throw new ArgumentRangeError(
      `Cannot evaluate as 'sampleSize' must be at least 1: current value is ${sampleSize}`,
    );
  }
  const paths = options.baseline === undefined ? [options.run] : [options.run, options.baseline];
  const logs = await readRuns(paths, readingOf(options));
  const [log, baseline] = logs.map((read) => lastRows(read, sampleSize)) as [RunLog, RunLog?];
  const comparisons = baseline === undefined ? [] : compareWithBaseline(log, baseline);
  const results = rules.map((rule): EvaluationResult => ({
    evaluation: rule.name,
    rule: rule.rule,
    ...rule.evaluate(log),
  }));
  if (baseline !== undefined) results.push(judgeBaseline(log, comparisons));
  const verdict = verdictOf(results);
  const report: EvaluationReport = {
    passed: verdict === "passed" || verdict === "warned",
    verdict,
    reasons: results.filter((result) => result.status === "fail" || result.status === "warn")
      .map((result) =>
        `${result.evaluation} ${result.status === "fail" ? "failed" : "warns"}: ${result.detail}` +
        (result.firstStep === undefined ? "" : ` (first at step ${result.firstStep})`)
      ),
    suite,
    results,
    intervals: intervalsOf(log, options.random ?? createUniformSource(seed)),
    comparisons,
    sampleSize: log.steps.length,
    seed,
    log,
    timestamp: options.timestamp ?? new Date().toISOString(),
    files: {},
  };
  return options.outputDir === undefined ? report : await writeEvaluation(
    report,
    options.outputDir,
    (await import("../report/evaluation_markdown.ts")).evaluationMarkdown,
  );
}

function verdictOf(results: readonly EvaluationResult[]): EvaluationReport["verdict"] {
  const count = (status: EvaluationStatus): number =>
    results.filter((result) => result.status === status).length;
  if (count("fail") > 0) return "failed";
  const untold = count("not_computable");
  if (untold === results.length) return "not_computable";
  if (2 * untold >= results.length) return "incomplete";
  return count("warn") > 0 ? "warned" : "passed";
}

/** The log's last rows as a view; what is odd about the file stays. */
function lastRows(log: RunLog, count: number): RunLog {
  const from = log.steps.length - count;
  if (from <= 0) return log;
  const columns = [...log.columns].map(([name, item]): [string, Column] => {
    const present = item.present.subarray(from);
    return [name, {
      ...item,
      values: item.values.subarray(from),
      present,
      count: present.reduce((sum, has) => sum + has, 0),
    }];
  });
  return {
    ...log,
    steps: log.steps.subarray(from),
    lines: log.lines.subarray(from),
    columns: new Map(columns),
  };
}

function intervalsOf(log: RunLog, random: UniformSource): Record<string, MeanInterval> {
  const intervals: Record<string, MeanInterval> = {};
  for (const item of log.columns.values()) {
    const half = lastHalf(item);
    if (half.length >= 8 && !isTimingName(item.name)) {
      intervals[item.name] = blockBootstrap(half, { random });
    }
  }
  return intervals;
}
