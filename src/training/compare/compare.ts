/**
 * Compares two logs metric by metric and step by step. A comparison passes only if every requested
 * metric was compared and nothing that one side has is missing on the other.
 * This module is browser compatible.
 *
 * @module
 */

import { MISMATCHES_LISTED_MAX } from "../../limits.ts";
import { type AlignedSteps, alignSteps, type StepsOnOneSide } from "./align_steps.ts";
import { type MetricPair, type MetricSelection, resolveMetrics } from "./metric_selection.ts";
import { type RunLog, suggestNames } from "../log/run_log.ts";
import { formatTolerance, relativeDifference, type Tolerance, violates } from "./tolerance.ts";

/** In which way two values disagree. */
export type MismatchKind =
  /** Two finite values, further apart than allowed. */
  | "value"
  /** NaN or an infinity against something else. */
  | "non_finite"
  /** The step has a value in the first log only. */
  | "missing_replay"
  /** The step has a value in the second log only. */
  | "missing_original";

/** One disagreement. */
export interface Mismatch {
  /** Step at which it is. */
  readonly step: number;
  /** Metric as it was asked for. */
  readonly metric: string;
  /** In which way. */
  readonly kind: MismatchKind;
  /** Value in the first log; undefined if it has none there. */
  readonly original: number | undefined;
  /** Value in the second log; undefined if it has none there. */
  readonly replay: number | undefined;
  /** |replay - original|; NaN where one is missing or NaN. */
  readonly absoluteDiff: number;
  /** rldk's relative difference; NaN where one is missing or NaN. */
  readonly relativeDiff: number;
  /** The bounds that it broke. */
  readonly tolerance: Tolerance;
}

/** How far one metric agrees. */
export interface MetricComparison {
  /** Metric as it was asked for. */
  readonly metric: string;
  /** Its raw name in the first log. */
  readonly originalName: string;
  /** Its raw name in the second log. */
  readonly replayName: string;
  /** The bounds in force. */
  readonly tolerance: Tolerance;
  /** Steps at which both have a value. */
  readonly compared: number;
  /** Disagreements of any kind. */
  readonly violations: number;
  /** Those among them where one side has no value, which are not among the compared. */
  readonly oneSided: number;
  /** Largest difference among finite values (relative, absolute near zero); 0 if there is none. */
  readonly maxDiff: number;
  /** Step of `maxDiff`; undefined if no two finite values were compared. */
  readonly maxDiffStep: number | undefined;
  /** Mean of the differences of finite values. */
  readonly meanDiff: number;
  /** Standard deviation (divisor n) of the differences of finite values. */
  readonly stdDiff: number;
  /** Largest absolute difference among finite values. */
  readonly maxAbsDiff: number;
  /** First step at which the two values are not the same bits, within tolerance or not. */
  readonly firstUnequalStep: number | undefined;
  /** The first disagreement. */
  readonly firstMismatch: Mismatch | undefined;
  /** Indices into `RunComparison.aligned.steps` of all disagreements, ascending. */
  readonly violationRows: Uint32Array;
}

/** What was not compared. */
export interface SkippedMetric {
  /** Metric as it was asked for, or the column that `all` left out. */
  readonly metric: string;
  /** Why. */
  readonly reason: string;
}

/** Outcome of a comparison. */
export type ComparisonVerdict = "match" | "differs" | "nothing_compared";

/** Two logs compared. */
export interface RunComparison {
  /** The outcome; "match" is never vacuous. */
  readonly verdict: ComparisonVerdict;
  /** Why it is not a match, in order of weight; what was waived by `allowMissing` is in `notes`. */
  readonly reasons: readonly string[];
  /** What was seen and does not count against a match. */
  readonly notes: readonly string[];
  /** Each metric that both logs have. */
  readonly metrics: readonly MetricComparison[];
  /** Requested metrics that one side lacks, and columns that `all` left out. */
  readonly skipped: readonly SkippedMetric[];
  /** Values compared, over all metrics. */
  readonly compared: number;
  /** The first disagreements of each metric (at most `MISMATCHES_LISTED_MAX` each), by step. */
  readonly mismatches: readonly Mismatch[];
  /** Disagreements in all, listed or not. */
  readonly violations: number;
  /** Step and metric of the first disagreement of all. */
  readonly firstMismatch: Mismatch | undefined;
  /** How the steps of both logs match. */
  readonly aligned: AlignedSteps;
}

/** Options of {@linkcode compareRuns}. */
export interface CompareOptions {
  /** Which metrics, and how closely. */
  metrics: MetricSelection;
  /** Steps above this are left out of both logs. */
  maxSteps?: number;
  /** Metrics and steps that one side lacks are reported, but do not fail the comparison. */
  allowMissing?: boolean;
  /** The second log was cut off on purpose: that it ends early says nothing. */
  replayCutShort?: boolean;
}

/** Compares `replay` with `original`. */
export function compareRuns(
  original: RunLog,
  replay: RunLog,
  options: CompareOptions,
): RunComparison {
  const { allowMissing = false } = options;
  const cut = options.replayCutShort ? replay.steps.at(-1) ?? -Infinity : Infinity;
  const stepMax = Math.min(options.maxSteps ?? Infinity, cut);
  const aligned = alignSteps(original.steps, replay.steps, { stepMax });
  const { pairs, leftOut } = resolveMetrics(options.metrics, original, replay);
  const metrics: MetricComparison[] = [];
  const skipped: SkippedMetric[] = [...leftOut];
  const failures: string[] = [];
  const waivable: string[] = [];

  for (const pair of pairs) {
    const missing = missingReason(pair, original, replay);
    if (missing !== undefined) {
      skipped.push({ metric: pair.name, reason: missing });
      waivable.push(`${pair.name} was not compared: ${missing}`);
      continue;
    }
    const comparison = compareMetric(pair, aligned, {
      allowMissing,
      lastMayLack: options.replayCutShort ?? false,
    });
    metrics.push(comparison);
    if (comparison.compared === 0) {
      const reason = "no step has a value of it in both logs";
      skipped.push({ metric: pair.name, reason });
      waivable.push(`${pair.name} was not compared: ${reason}`);
    } else if (comparison.violations > 0) {
      failures.push(describeViolations(comparison));
    }
  }
  const compared = metrics.reduce((sum, metric) => sum + metric.compared, 0);
  waivable.push(...describeSteps(original, replay, aligned));
  const mismatches = metrics.flatMap((metric) => listMismatches(metric, pairs, aligned));
  mismatches.sort((a, b) => a.step - b.step);
  const nothing = compared === 0;
  const reasons = nothing
    ? ["no value of any requested metric could be compared", ...waivable]
    : [...failures, ...(allowMissing ? [] : waivable)];
  return {
    verdict: nothing ? "nothing_compared" : reasons.length > 0 ? "differs" : "match",
    reasons,
    notes: allowMissing && !nothing ? waivable : [],
    metrics,
    skipped,
    compared,
    mismatches,
    violations: metrics.reduce((sum, metric) => sum + metric.violations, 0),
    firstMismatch: mismatches[0],
    aligned,
  };
}

function missingReason(pair: MetricPair, original: RunLog, replay: RunLog): string | undefined {
  const lacking = [
    ...(pair.original === undefined ? [original] : []),
    ...(pair.replay === undefined ? [replay] : []),
  ];
  if (lacking.length === 0) return undefined;
  const close = suggestNames(lacking[0]!, pair.name);
  const hint = close.length > 0 ? ` (did you mean ${close.join(" or ")}?)` : "";
  return `not in ${lacking.map((log) => log.source).join(" nor in ")}${hint}`;
}

function describeViolations(metric: MetricComparison): string {
  const first = metric.firstMismatch!;
  return `${metric.metric} differs from step ${first.step} on (${
    formatValue(first.original)
  } against ` +
    `${formatValue(first.replay)}): ${outsideText(metric, "values")} ${
      formatTolerance(metric.tolerance)
    }`;
}

/** "3 of 40 values outside", and how many steps more have a value on one side only. */
export function outsideText(
  { violations, oneSided, compared }: Pick<
    MetricComparison,
    "violations" | "oneSided" | "compared"
  >,
  unit?: "values",
): string {
  const what = unit === undefined ? "" : compared === 1 ? " value" : " values";
  const more = oneSided === 0 ? "" : `${oneSided} without a value on one side, `;
  return `${more}${violations - oneSided} of ${compared}${what} outside`;
}

function formatValue(value: number | undefined): string {
  return value === undefined ? "no value" : Object.is(value, -0) ? "-0" : String(value);
}

function describeSteps(original: RunLog, replay: RunLog, aligned: AlignedSteps): string[] {
  const lines: string[] = [];
  if (aligned.onlyA.count > 0) {
    lines.push(describeSide(aligned.onlyA, original, replay, "original"));
  }
  if (aligned.onlyB.count > 0) lines.push(describeSide(aligned.onlyB, replay, original, "replay"));
  return lines;
}

function describeSide(
  side: StepsOnOneSide,
  has: RunLog,
  lacks: RunLog,
  which: "original" | "replay",
): string {
  const steps = side.count === 1
    ? `step ${side.first}`
    : `${side.count} steps (${side.first} to ${side.last})`;
  const end = lacks.steps.at(-1);
  const early = end !== undefined && side.first! > end ? `; the other ends at step ${end}` : "";
  return `${steps} only in the ${which} (${has.source})${early}`;
}

/** The columnar loop: no allocation per value, one pass over the common steps. */
function compareMetric(
  pair: MetricPair,
  { steps, rowsA, rowsB }: AlignedSteps,
  // The last step of a log that was cut off may hold only some of its metrics yet.
  { allowMissing, lastMayLack }: { allowMissing: boolean; lastMayLack: boolean },
): MetricComparison {
  const { tolerance } = pair;
  const a = pair.original!;
  const b = pair.replay!;
  const valuesA = a.values;
  const valuesB = b.values;
  const presentA = a.present;
  const presentB = b.present;
  // Where just one side is stored as float32, the other is rounded to it, and one unit is allowed.
  const mixed = a.float32 !== b.float32;
  const single = a.float32 || b.float32;
  const bounds = mixed && tolerance.ulp < 1 ? { ...tolerance, ulp: 1 } : tolerance;

  const count = steps.length;
  const bad = new RowCollector();
  let compared = 0;
  let oneSided = 0;
  let finite = 0;
  let maxDiff = 0;
  let maxRow = -1;
  let maxAbs = 0;
  let mean = 0;
  let m2 = 0;
  let firstUnequal = -1;
  for (let k = 0; k < count; k++) {
    const rowA = rowsA[k]!;
    const rowB = rowsB[k]!;
    const hasA = presentA[rowA]!;
    const hasB = presentB[rowB]!;
    if ((hasA & hasB) === 0) {
      if (hasA !== hasB && !allowMissing && !(lastMayLack && k === count - 1)) {
        bad.add(k);
        oneSided++;
      }
      continue;
    }
    compared++;
    const x = mixed ? Math.fround(valuesA[rowA]!) : valuesA[rowA]!;
    const y = mixed ? Math.fround(valuesB[rowB]!) : valuesB[rowB]!;
    let difference = 0;
    if (!Object.is(x, y)) {
      if (firstUnequal < 0) firstUnequal = k;
      if (violates(x, y, bounds, single)) bad.add(k);
      difference = relativeDifference(x, y);
      const absolute = Math.abs(y - x);
      if (absolute > maxAbs && absolute !== Infinity) maxAbs = absolute;
    } else if (x - x !== 0) {
      continue;
    }
    if (difference - difference !== 0) continue;
    finite++;
    if (maxRow < 0 || difference > maxDiff) {
      maxDiff = difference;
      maxRow = k;
    }
    // As long as all are equal nothing moves, and the division would take most of the loop's time.
    if (difference === mean) continue;
    const delta = difference - mean;
    mean += delta / finite;
    m2 += delta * (difference - mean);
  }
  const violationRows = bad.result();
  const partial = {
    metric: pair.name,
    originalName: a.name,
    replayName: b.name,
    tolerance,
    compared,
    violations: violationRows.length,
    oneSided,
    maxDiff,
    maxDiffStep: maxRow < 0 ? undefined : steps[maxRow]!,
    meanDiff: mean,
    stdDiff: finite > 0 ? Math.sqrt(m2 / finite) : 0,
    maxAbsDiff: maxAbs,
    firstUnequalStep: firstUnequal < 0 ? undefined : steps[firstUnequal]!,
    violationRows,
  };
  const firstRow = violationRows[0];
  return {
    ...partial,
    firstMismatch: firstRow === undefined
      ? undefined
      : makeMismatch(pair, { steps, rowsA, rowsB }, firstRow),
  };
}

function listMismatches(
  metric: MetricComparison,
  pairs: readonly MetricPair[],
  aligned: AlignedSteps,
): Mismatch[] {
  const pair = pairs.find((candidate) => candidate.name === metric.metric)!;
  return Array.from(
    metric.violationRows.subarray(0, MISMATCHES_LISTED_MAX),
    (row) => makeMismatch(pair, aligned, row),
  );
}

function makeMismatch(
  pair: MetricPair,
  { steps, rowsA, rowsB }: Pick<AlignedSteps, "steps" | "rowsA" | "rowsB">,
  row: number,
): Mismatch {
  const a = pair.original!;
  const b = pair.replay!;
  const original = a.present[rowsA[row]!] === 1 ? a.values[rowsA[row]!]! : undefined;
  const replay = b.present[rowsB[row]!] === 1 ? b.values[rowsB[row]!]! : undefined;
  const kind = original === undefined
    ? "missing_original"
    : replay === undefined
    ? "missing_replay"
    : Number.isFinite(original) && Number.isFinite(replay)
    ? "value"
    : "non_finite";
  return {
    step: steps[row]!,
    metric: pair.name,
    kind,
    original,
    replay,
    absoluteDiff: Math.abs((replay ?? NaN) - (original ?? NaN)),
    relativeDiff: relativeDifference(original ?? NaN, replay ?? NaN),
    tolerance: pair.tolerance,
  };
}

/** Grows without boxing: a run that does not reproduce may violate at every step. */
class RowCollector {
  #rows = new Uint32Array(16);
  #count = 0;

  add(row: number): void {
    if (this.#count === this.#rows.length) {
      const grown = new Uint32Array(this.#count * 2);
      grown.set(this.#rows);
      this.#rows = grown;
    }
    this.#rows[this.#count++] = row;
  }

  result(): Uint32Array {
    return this.#rows.slice(0, this.#count);
  }
}

/** One metric of two logs on their common steps, for plots and statistics; NaN where a side has none. */
export interface AlignedSeries {
  /** Common steps, ascending. */
  readonly steps: Float64Array;
  /** Values of the first log. */
  readonly original: Float64Array;
  /** Values of the second log. */
  readonly replay: Float64Array;
}

/**
 * The two columns of a compared metric on the common steps; a column that needs no change is not copied,
 * so that nobody may write to it.
 */
export function alignedSeries(
  original: RunLog,
  replay: RunLog,
  metric: MetricComparison,
  { steps, rowsA, rowsB }: AlignedSteps,
): AlignedSeries {
  return {
    steps,
    original: gather(original, metric.originalName, rowsA),
    replay: gather(replay, metric.replayName, rowsB),
  };
}

function gather(log: RunLog, name: string, rows: Uint32Array): Float64Array {
  const { values, present, count } = log.columns.get(name)!;
  // Rows ascend: if the last one is in its place, all are.
  const isWhole = rows.length === 0 || rows[rows.length - 1] === rows.length - 1;
  if (isWhole && count === log.steps.length) return values.subarray(0, rows.length);
  const out = new Float64Array(rows.length);
  for (let k = 0; k < rows.length; k++) {
    out[k] = present[rows[k]!] === 1 ? values[rows[k]!]! : NaN;
  }
  return out;
}
