/**
 * Compares two logs: exactly (where do they first differ beyond a tolerance) and, for runs with different
 * seeds, statistically (where do they stop behaving the same).
 *
 * @module
 */

import { ArgumentRangeError } from "../../errors.ts";
import { alignedSeries, sharedRows } from "../compare/aligned_series.ts";
import { compareRuns } from "../compare/compare.ts";
import { missingRows } from "../compare/missing_rows.ts";
import type { RunComparison } from "../compare/run_comparison.ts";
import { writeDiffFiles } from "../files/diff_files.ts";
import { logWarnings } from "../findings/log_warnings.ts";
import {
  describeDrift,
  type DiffReport,
  type DriftFinding,
  type SignalDiff,
} from "../findings/diff_report.ts";
import { detectDrift } from "../statistics/drift_detection.ts";
import type { DriftResult } from "../statistics/drift_event.ts";
import { type MetricSelection, parseMetrics } from "../compare/metric_selection.ts";
import { type LogReading, readingOf } from "../log/read_run.ts";
import { oneAndTheSame } from "../log/file_source.ts";
import { readRuns } from "../log/read_runs.ts";
import { column, requireColumn, type RunLog } from "../log/run_log.ts";
import { selectMedian } from "../statistics/select_median.ts";
import { finiteMean } from "../statistics/summary.ts";
import { findFingerprints, judgeFingerprints } from "./judge_fingerprints.ts";
import type { ToleranceOptions } from "../compare/tolerance.ts";

/** Options of {@linkcode diff}. */
export interface DiffOptions extends ToleranceOptions, LogReading {
  /** The first log. */
  a: string;
  /** The second log. */
  b: string;
  /** Metrics to compare: names, `a,b`, `loss:rtol=1e-5`, or `all` (default). */
  signals?: string | readonly string[];
  /** "exact" judges by the tolerance, "drift" by the statistics; both are reported (default "exact"). */
  mode?: "exact" | "drift";
  /** Chance of a false alarm in drift mode, over all signals (default 0.01). */
  alpha?: number;
  /** Steps above this are left out of both. */
  maxSteps?: number;
  /** Metrics and steps that one side lacks do not count as a difference (default false). */
  allowMissing?: boolean;
  /** Folder for the reports (default: none are written). */
  outputDir?: string;
}

/**
 * Compares two training logs of any known formats.
 *
 * @throws {TrainingLogError} if a log cannot be read, or a named signal is in neither log.
 * @throws {RangeError} if alpha or a bound is out of range.
 *
 * @example Usage
 * ```ts
 * import { diff } from "@rewind/cli/training";
 * import { assertEquals } from "@std/assert";
 *
 * const folder = await Deno.makeTempDir();
 * const rows = [0.5, 0.4, 0.3].map((loss, step) => JSON.stringify({ step, loss }));
 * await Deno.writeTextFile(`${folder}/a.jsonl`, rows.join("\n"));
 * await Deno.writeTextFile(`${folder}/b.jsonl`, rows.join("\n").replace("0.3", "0.35"));
 * const report = await diff({ a: `${folder}/a.jsonl`, b: `${folder}/b.jsonl` });
 * await Deno.remove(folder, { recursive: true });
 *
 * assertEquals(report.verdict, "differs");
 * assertEquals(report.firstDivergence, { step: 2, signal: "loss" });
 * ```
 */
export async function diff(options: DiffOptions): Promise<DiffReport> {
  const { alpha } = options;
  if (alpha !== undefined && !(alpha > 0 && alpha < 1)) {
    throw new ArgumentRangeError(
      `Cannot compare as 'alpha' must be above 0 and below 1: current value is ${alpha}`,
    );
  }
  const selection = diffSelection(options);
  const [a, b] = await readRuns([options.a, options.b], readingOf(options)) as [RunLog, RunLog];
  requireSignals(selection, a, b);
  const found = diffLogs(a, b, selection, options);
  const warnings = [...found.warnings, ...await oneAndTheSame(options.a, options.b)];
  const report = await withFingerprints({ ...found, warnings }, options);
  if (options.outputDir === undefined) return report;
  const { renderDiffPage } = await import("../report/mod.ts");
  return await writeDiffFiles(report, options.outputDir, renderDiffPage);
}

/** Two runs of one seed that were recorded with fingerprints: what differs first inside of a step. */
async function withFingerprints(report: DiffReport, options: DiffOptions): Promise<DiffReport> {
  if (report.mode !== "exact") return report;
  const [one, other] = [await findFingerprints(options.a), await findFingerprints(options.b)];
  if (one.length === 0 || other.length === 0 || one[0] === other[0]) return report;
  const fingerprints = await judgeFingerprints(
    [{ name: "the first run", files: one }, { name: "the second run", files: other }],
    { maxSteps: options.maxSteps },
  );
  return { ...report, fingerprints };
}

/** The metrics that are compared, and their bounds: equal bits where none are given. */
export function diffSelection(
  options: ToleranceOptions & Pick<DiffOptions, "signals">,
): MetricSelection {
  const bounds = { ...options, tolerance: options.tolerance ?? 0 };
  return parseMetrics([options.signals ?? "all"].flat(), bounds);
}

/** A name that neither log knows is a slip of the pen, not a difference. */
function requireSignals(selection: MetricSelection, a: RunLog, b: RunLog): void {
  for (const { name } of selection.requests) {
    if (column(b, name) === undefined) requireColumn(a, name);
  }
}

/** In exact mode drift is only told beside it: for longer logs it would take longer than all the rest. */
const DRIFT_BESIDE_EXACT_STEPS_MAX = 50_000;

const DRIFT_LEFT_OUT: DriftResult = {
  events: [],
  n: 0,
  nEffective: NaN,
  alphaPerTest: NaN,
  notComputable: "the log is long and exact mode was asked for",
};

/** Compares two logs that are read already. */
export function diffLogs(
  a: RunLog,
  b: RunLog,
  selection: MetricSelection,
  options: Pick<DiffOptions, "mode" | "alpha" | "maxSteps" | "allowMissing"> = {},
): DiffReport {
  const { mode = "exact", alpha = 0.01 } = options;
  const comparison = compareRuns(a, b, {
    metrics: selection,
    maxSteps: options.maxSteps,
    allowMissing: options.allowMissing ?? false,
    names: ["first log", "second log"],
  });
  const alphaPerSignal = alpha / Math.max(1, comparison.metrics.length);
  const signals = comparison.metrics.map((metric): SignalDiff => {
    const { steps, original, replay } = alignedSeries(a, b, metric, comparison.aligned);
    const isTested = mode === "drift" || steps.length <= DRIFT_BESIDE_EXACT_STEPS_MAX;
    const { both, oneSided } = isTested
      ? sharedRows(a, b, metric, comparison.aligned)
      : { both: undefined, oneSided: [] };
    const of = (values: Float64Array) =>
      both === undefined ? values : Float64Array.from(both, (row) => values[row]!);
    const drift = isTested
      ? detectDrift(of(original), of(replay), { alpha: alphaPerSignal })
      : DRIFT_LEFT_OUT;
    const events = drift.events.map(({ index, ...event }) => ({
      step: steps[both?.[index] ?? index]!,
      ...event,
    }));
    if (oneSided.length > 0 && !options.allowMissing) {
      events.push({ step: steps[oneSided[0]!]!, ...missing(oneSided) });
    }
    return {
      signal: metric.metric,
      status: metric.compared === 0 ? "no_overlap" : metric.violations > 0 ? "differs" : "ok",
      stepsCompared: metric.compared,
      firstStep: metric.firstMismatch?.step,
      firstUnequalStep: metric.firstUnequalStep,
      violations: metric.violations,
      oneSided: metric.oneSided,
      ...describeDeltas(original, replay),
      events: events.sort((x, y) => x.step - y.step),
      n: drift.n,
      nEffective: drift.nEffective,
      notComputable: drift.notComputable,
    };
  });
  const drifts = signals.flatMap((signal) =>
    signal.events.map((event) => ({ signal: signal.signal, event }))
  ).sort((x, y) => x.event.step - y.event.step);
  const judged = mode === "exact"
    ? { verdict: comparison.verdict, reasons: comparison.reasons }
    : judgeDrift(comparison, signals, drifts);
  const first = comparison.firstMismatch;
  return {
    passed: judged.verdict === "match",
    verdict: judged.verdict,
    mode,
    reasons: judged.reasons,
    warnings: [
      ...logWarnings(a, "the first log"),
      ...logWarnings(b, "the second log"),
      ...comparison.waived,
      ...comparison.weaknesses,
    ],
    notes: [
      ...signals.flatMap((signal) =>
        signal.notComputable === undefined || mode === "exact"
          ? []
          : [`${signal.signal}: drift is not computable, as ${signal.notComputable}`]
      ),
      ...[a, b].flatMap((log) =>
        log.issues.map((issue) =>
          `${issue.count} x ${issue.kind} in ${log.source}: ${issue.examples[0]?.detail ?? ""}`
        )
      ),
    ],
    signals,
    comparison,
    firstDivergence: mode === "exact"
      ? first && { step: first.step, signal: first.metric }
      : drifts[0] && { step: drifts[0].event.step, signal: drifts[0].signal },
    alphaPerSignal,
    causes: judged.verdict === "match" ? [] : [
      missingRows(a, b, comparison.metrics.map(({ metric }) => metric)) ?? [],
      findCauses(a, b),
    ].flat(),
    a,
    b,
    files: {},
  };
}

/** The finding of a signal that only one log has at these rows. */
function missing({ length }: Uint32Array | readonly number[]): Omit<DriftFinding, "step"> {
  return { kind: "missing", count: length, zScore: Infinity, p: 0, before: NaN, after: NaN };
}

function judgeDrift(
  comparison: RunComparison,
  signals: readonly SignalDiff[],
  drifts: readonly { signal: string; event: DriftFinding }[],
): Pick<DiffReport, "verdict" | "reasons"> {
  const doubts = comparison.compared === 0 ? [] : comparison.missing;
  if (drifts.length > 0 || doubts.length > 0) {
    return {
      verdict: "differs",
      reasons: [...doubts, ...drifts.map(({ signal, event }) => describeDrift(signal, event))],
    };
  }
  // A signal too short to be tested was not found to be the same.
  const tested = signals.filter((signal) => signal.notComputable === undefined);
  const isUnderstood = comparison.verdict !== "nothing_compared";
  return tested.length > 0 && isUnderstood ? { verdict: "match", reasons: [] } : {
    verdict: "nothing_compared",
    reasons: comparison.compared === 0 || !isUnderstood
      ? comparison.reasons
      : signals.map((signal) => `${signal.signal}: ${signal.notComputable}`),
  };
}

type Deltas = Pick<
  SignalDiff,
  "meanA" | "meanB" | "deltaMean" | "medianDelta" | "maxDelta" | "minDelta" | "maxAbsDelta"
>;

/** An infinite delta stays one; where both are NaN, or the same infinity, there is none. */
function describeDeltas(a: Float64Array, b: Float64Array): Deltas {
  const deltas = new Float64Array(a.length);
  let count = 0;
  let min = Infinity;
  let max = -Infinity;
  for (let k = 0; k < a.length; k++) {
    const delta = b[k]! - a[k]!;
    // The difference of equal infinities is NaN too.
    if (Number.isNaN(delta)) continue;
    deltas[count++] = delta;
    if (delta < min) min = delta;
    if (delta > max) max = delta;
  }
  const found = deltas.subarray(0, count);
  const finite = Number.isFinite(min) && Number.isFinite(max);
  return {
    meanA: finiteMean(a),
    meanB: finiteMean(b),
    deltaMean: finite ? finiteMean(found) : NaN,
    medianDelta: min === max ? min : selectMedian(found),
    maxDelta: count === 0 ? NaN : max,
    minDelta: count === 0 ? NaN : min,
    maxAbsDelta: count === 0 ? NaN : Math.max(-min, max),
  };
}

function findCauses(a: RunLog, b: RunLog): string[] {
  const causes: string[] = [];
  const seeds = [a, b].map((log) => log.seeds[0]?.value);
  if (seeds[0] !== undefined && seeds[1] !== undefined && seeds[0] !== seeds[1]) {
    causes.push(`the seeds differ: ${seeds[0]} and ${seeds[1]}`);
  }
  const commits = [a.metadata.gitSha, b.metadata.gitSha];
  if (commits[0] !== undefined && commits[1] !== undefined && commits[0] !== commits[1]) {
    causes.push(`the commits differ: ${commits[0]} and ${commits[1]}`);
  }
  const commands = [a.metadata.command?.join(" "), b.metadata.command?.join(" ")];
  if (commands[0] !== undefined && commands[1] !== undefined && commands[0] !== commands[1]) {
    causes.push(`the commands differ: ${commands[0]} and ${commands[1]}`);
  }
  const rateA = column(a, "lr");
  const rateB = column(b, "lr");
  if (rateA !== undefined && rateB !== undefined) {
    const rates = parseMetrics([rateA.name], { tolerance: 0, atol: 1e-12 });
    const first = compareRuns(a, b, { metrics: rates, allowMissing: true }).firstMismatch;
    if (first !== undefined) causes.push(`the learning rates differ from step ${first.step} on`);
  }
  return causes;
}
