/**
 * Judges one run by its log: only statistics that the log bears, each with its n and its threshold.
 *
 * @module
 */

import { LOG_CELLS_MAX } from "../../limits.ts";
import type { EvaluationResult, EvaluationStatus } from "../findings/evaluation_rule.ts";
import { EVALUATION_SUITES } from "../findings/evaluation_rules.ts";
import { toJsonText } from "../files/json_text.ts";
import { isTimingName } from "../log/canonical_names.ts";
import type { ReadRunOptions } from "../log/read_run.ts";
import { readRuns } from "../log/read_runs.ts";
import { type Column, column, type RunLog } from "../log/run_log.ts";
import {
  blockBootstrap,
  createUniformSource,
  type KolmogorovSmirnovResult,
  ksTest,
  type MeanInterval,
  type UniformSource,
  type WelchResult,
  welchTest,
} from "../statistics/statistics.ts";
import { writeTextFile } from "../files/write_file.ts";

/** Options of {@linkcode evaluate}. */
export interface EvaluateOptions {
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
  /** Format of the logs (default: detected). */
  format?: ReadRunOptions["format"];
  /** Preset of field names. */
  preset?: ReadRunOptions["preset"];
  /** Own field names. */
  fieldMap?: ReadRunOptions["fieldMap"];
  /** Folder for the reports (default: none are written). */
  outputDir?: string;
  /** Time to note in the reports, ISO 8601 (default: now). */
  timestamp?: string;
  /** Stops the reading. */
  signal?: AbortSignal;
}

/** One metric of the run beside that of the baseline, over the last half of each. */
export interface BaselineComparison {
  /** The metric. */
  readonly metric: string;
  /** Welch's t test by independent values. */
  readonly welch: WelchResult;
  /** Kolmogorov-Smirnov test by independent values. */
  readonly ks: KolmogorovSmirnovResult;
}

/** Report of {@linkcode evaluate}. */
export interface EvaluationReport {
  /** Whether no rule failed, and at least one could be computed. */
  readonly passed: boolean;
  /** "warned" if nothing failed but a rule raised a warning. */
  readonly verdict: "passed" | "warned" | "failed" | "not_computable";
  /** Rules that failed or warned, in one line each. */
  readonly reasons: readonly string[];
  /** The suite. */
  readonly suite: string;
  /** Each rule. */
  readonly results: readonly EvaluationResult[];
  /** Mean of the last half of each metric, with its 95% interval, where there are 16 values or more. */
  readonly intervals: Readonly<Record<string, MeanInterval>>;
  /** Comparison with the baseline; empty without one. */
  readonly comparisons: readonly BaselineComparison[];
  /** Rows that were looked at. */
  readonly sampleSize: number;
  /** Seed of the bootstrap. */
  readonly seed: number;
  /** The log. */
  readonly log: RunLog;
  /** Time of the evaluation, ISO 8601. */
  readonly timestamp: string;
  /** Files that were written, by name. */
  readonly files: Readonly<Record<string, string>>;
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
    throw new RangeError(
      `Cannot evaluate with suite "${suite}" as it is not known; choose one of ` +
        [...EVALUATION_SUITES.keys()].join(", "),
    );
  }
  if (!Number.isInteger(sampleSize) || sampleSize < 1) {
    throw new RangeError(
      `Cannot evaluate as 'sampleSize' must be at least 1: current value is ${sampleSize}`,
    );
  }
  const read: ReadRunOptions = {
    format: options.format,
    preset: options.preset,
    fieldMap: options.fieldMap,
    signal: options.signal,
  };
  const paths = options.baseline === undefined ? [options.run] : [options.run, options.baseline];
  const logs = await readRuns(paths, read);
  const [log, baseline] = logs.map((read) => lastRows(read, sampleSize)) as [RunLog, RunLog?];
  const results = rules.map((rule): EvaluationResult => ({
    evaluation: rule.name,
    rule: rule.rule,
    ...rule.evaluate(log),
  }));
  const has = (status: EvaluationStatus): boolean =>
    results.some((result) => result.status === status);
  const verdict = has("fail")
    ? "failed"
    : has("warn")
    ? "warned"
    : has("pass")
    ? "passed"
    : "not_computable";
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
    comparisons: baseline === undefined ? [] : compareWithBaseline(log, baseline),
    sampleSize: log.steps.length,
    seed,
    log,
    timestamp: options.timestamp ?? new Date().toISOString(),
    files: {},
  };
  return options.outputDir === undefined
    ? report
    : await writeEvaluation(report, options.outputDir);
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

function lastHalf(item: Column): Float64Array {
  const values = item.values.filter((value, row) =>
    item.present[row] === 1 && Number.isFinite(value)
  );
  return values.subarray(values.length >> 1);
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

function compareWithBaseline(log: RunLog, baseline: RunLog): BaselineComparison[] {
  return [...log.columns.values()].flatMap((item): BaselineComparison[] => {
    const other = column(baseline, item.name) ??
      (item.canonical === undefined ? undefined : column(baseline, item.canonical));
    if (other === undefined || isTimingName(item.name)) return [];
    const own = lastHalf(item);
    const theirs = lastHalf(other);
    if (own.length < 8 || theirs.length < 8) return [];
    return [{
      metric: item.name,
      welch: welchTest(theirs, own, { serial: true }),
      ks: ksTest(theirs, own, { serial: true }),
    }];
  });
}

const SCORES: ReadonlyMap<EvaluationStatus, number> = new Map([["pass", 1], ["warn", 0.5], [
  "fail",
  0,
]]);

/** The report as `eval_summary.json` holds it: rldk's fields, and ours. */
export function evaluationJson(report: EvaluationReport): Record<string, unknown> {
  return {
    suite_name: report.suite,
    // 1 passed, 0.5 warned, 0 failed, null not computable.
    scores: Object.fromEntries(
      report.results.map((result) => [result.evaluation, SCORES.get(result.status) ?? null]),
    ),
    confidence_intervals: Object.fromEntries(
      Object.entries(report.intervals).map(([metric, item]) => [metric, item.interval]),
    ),
    effect_sizes: Object.fromEntries(
      report.comparisons.map((item) => [item.metric, item.welch.effectSize]),
    ),
    sample_size: report.sampleSize,
    seed: report.seed,
    metadata: {
      source: report.log.source,
      format: report.log.format,
      metrics: [...report.log.columns.keys()],
      timestamp: report.timestamp,
    },
    verdict: report.verdict,
    passed: report.passed,
    reasons: report.reasons,
    results: report.results,
    means: report.intervals,
    baseline: report.comparisons,
  };
}

async function writeEvaluation(
  report: EvaluationReport,
  outputDir: string,
): Promise<EvaluationReport> {
  const [fs, path] = await Promise.all([import("node:fs/promises"), import("node:path")]);
  const folder = path.resolve(outputDir);
  await fs.mkdir(folder, { recursive: true });
  const files = {
    card: path.join(folder, "eval_card.md"),
    results: path.join(folder, "eval_results.jsonl"),
    summary: path.join(folder, "eval_summary.json"),
  };
  const lines = report.results.map(({ evaluation, ...result }) =>
    toJsonText({ evaluation, result, timestamp: report.timestamp }, 0)
  );
  await writeTextFile(files.card, evaluationMarkdown(report));
  await writeTextFile(files.results, lines.join("\n"));
  await writeTextFile(files.summary, toJsonText(evaluationJson(report)));
  return { ...report, files };
}

/** The report as Markdown. */
export function evaluationMarkdown(report: EvaluationReport): string {
  const cell = (text: string): string => text.replaceAll("|", "\\|").replaceAll("\n", " ");
  const rows = report.results.map((result) =>
    `| ${result.evaluation} | ${result.status.replace("_", " ")} | ${cell(result.detail)} | ` +
    `${result.firstStep ?? ""} | ${result.n} | ${cell(result.rule)} |`
  );
  const means = Object.entries(report.intervals).map(([metric, item]) =>
    `| ${cell(metric)} | ${item.mean.toPrecision(5)} | ` +
    `${item.interval.map((end) => end.toPrecision(5)).join(" to ")} | ${item.n} |`
  );
  const comparisons = report.comparisons.map((item) =>
    `| ${cell(item.metric)} | ${
      item.welch.means.map((mean) => mean.toPrecision(5)).join(" | ")
    } | ` +
    `${item.welch.p.toPrecision(3)} | ${item.ks.p.toPrecision(3)} | ${
      item.welch.effectSize.toFixed(2)
    } | ` +
    `${item.welch.n.join(", ")} (worth ${
      item.welch.nEffective.map((n) => n.toFixed(1)).join(", ")
    }) |`
  );
  return [
    `# Evaluation: ${report.verdict.replace("_", " ")}`,
    "",
    `Suite \`${report.suite}\`, ${report.sampleSize} rows of \`${report.log.source}\` (${report.log.format}), ` +
    `${report.timestamp}.`,
    "",
    "| rule | outcome | found | first step | n | threshold |",
    "| --- | --- | --- | --- | --- | --- |",
    ...rows,
    ...(means.length === 0 ? [] : [
      "",
      "## Means of the last half",
      "",
      "| metric | mean | 95% interval (block bootstrap) | n |",
      "| --- | --- | --- | --- |",
      ...means,
    ]),
    ...(comparisons.length === 0 ? [] : [
      "",
      "## Against the baseline, last half of each",
      "",
      "| metric | baseline | this run | Welch p | KS p | effect size | n |",
      "| --- | --- | --- | --- | --- | --- | --- |",
      ...comparisons,
    ]),
    "",
  ].join("\n");
}
