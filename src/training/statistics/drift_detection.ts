/**
 * Finds where one metric of two runs with different seeds stops behaving the same: level shifts, slow
 * drifts, changes of spread and single outliers, with bounded false alarms.
 *
 * Two series are tested: the difference b - a, in which what both runs share (a trend, a falling noise)
 * cancels, and the log ratio of their local deviations. The baseline of a point is all that lies before it.
 * This module is browser compatible.
 *
 * @module
 */

import { log, pow } from "../../math/mod.ts";
import { findChangePoint, testMeanIsZero } from "./change_point.ts";
import type { DriftEvent, DriftKind, DriftResult } from "./drift_event.ts";
import { localDeviations, localScales } from "./local_scale.ts";
import { takeOutliers } from "./outliers.ts";
import { autocorrelationTime, summarize } from "./statistics.ts";

/** Options of {@linkcode detectDrift}. */
export interface DriftOptions {
  /** Chance of a false alarm in a pair that behaves the same, over all tests (default 0.01). */
  alpha?: number;
}

/** Fewer values than this say nothing about noise. */
const VALUES_MIN = 24;
/** From so many values on the limit distributions hold well enough. */
const VALUES_FOR_LIMITS = 400;
/** Tests per pair of series: mean and its change, spread and its change, outliers. */
const TESTS = 5;
/** Changes told per series; after so many, the list says nothing more. */
const CHANGES_MAX = 8;

/** Compares two series of equal length, step by step. */
export function detectDrift(
  a: Float64Array,
  b: Float64Array,
  { alpha = 0.01 }: DriftOptions = {},
): DriftResult {
  const { rows, events } = splitNonFinite(a, b);
  const n = rows.length;
  // The limit distributions raise a few times too many alarms in short series.
  const alphaPerTest = alpha / TESTS * Math.min(1, n / VALUES_FOR_LIMITS);
  const valuesA = gather(a, rows);
  const valuesB = gather(b, rows);
  const difference = valuesB.map((value, k) => value - valuesA[k]!);
  if (difference.every((value) => value === difference[0])) {
    // Without noise a test has nothing to measure by, and is not needed.
    if (n > 0 && difference[0] !== 0) {
      const after = difference[0]!;
      events.push({
        kind: "offset",
        index: rows[0]!,
        count: n,
        zScore: Infinity,
        p: 0,
        before: 0,
        after,
      });
    }
    return {
      events,
      n,
      nEffective: n,
      alphaPerTest,
      notComputable: n > 0 ? undefined : "no step has a value in both",
    };
  }
  if (n < VALUES_MIN) {
    const notComputable =
      `${n} steps have a number in both, and telling noise from change takes ${VALUES_MIN}`;
    return { events, n, nEffective: NaN, alphaPerTest, notComputable };
  }
  const deviationsA = localDeviations(valuesA);
  const deviationsB = localDeviations(valuesB);
  // Noise may fall while training goes on: differences are measured by the noise that both have there.
  const noise = localScales(deviationsA.map((deviation, k) => deviation + deviationsB[k]!));
  const { outliers, cleaned } = takeOutliers(difference, alpha / TESTS);
  const changes = meanChanges(
    cleaned.map((value, k) => value / noise[k]!),
    cleaned,
    alphaPerTest,
    MEAN_KINDS,
  );
  const spreads = spreadRatios(deviationsA, deviationsB, outliers);
  const spreadChanges = meanChanges(spreads, spreads, alphaPerTest, SPREAD_KINDS)
    .map((event) => ({ ...event, before: ratioOf(event.before), after: ratioOf(event.after) }));
  for (const event of [...outliers, ...changes, ...spreadChanges]) {
    events.push({ ...event, index: rows[event.index]! });
  }
  events.sort((x, y) => x.index - y.index);
  return {
    events,
    n,
    nEffective: n / autocorrelationTime(cleaned),
    alphaPerTest,
    notComputable: undefined,
  };
}

/** Rows at which both are finite, and one event per run of rows at which they disagree otherwise. */
function splitNonFinite(
  a: Float64Array,
  b: Float64Array,
): { rows: Uint32Array; events: DriftEvent[] } {
  const rows = new Uint32Array(a.length);
  let count = 0;
  const events: DriftEvent[] = [];
  let open: { index: number; count: number } | undefined;
  for (let k = 0; k <= a.length; k++) {
    const differs = k < a.length && !(Number.isFinite(a[k]!) && Number.isFinite(b[k]!)) &&
      !Object.is(a[k]!, b[k]!);
    if (k < a.length && Number.isFinite(a[k]!) && Number.isFinite(b[k]!)) rows[count++] = k;
    if (differs) {
      if (open === undefined) open = { index: k, count: 0 };
      open.count++;
    } else if (open !== undefined) {
      events.push({ kind: "non_finite", ...open, zScore: Infinity, p: 0, before: 0, after: NaN });
      open = undefined;
    }
  }
  return { rows: rows.subarray(0, count), events };
}

function gather(values: Float64Array, rows: Uint32Array): Float64Array {
  const out = new Float64Array(rows.length);
  for (let k = 0; k < rows.length; k++) out[k] = values[rows[k]!]!;
  return out;
}

/** What an offset from the start, a change of level and a ramp are called. */
type ChangeKinds = readonly [DriftKind, DriftKind, DriftKind];

const MEAN_KINDS: ChangeKinds = ["offset", "level_shift", "drift"];
const SPREAD_KINDS: ChangeKinds = ["variance_change", "variance_change", "variance_change"];

/**
 * Offset of the first part and every significant change of the mean of `values`, by binary
 * segmentation; levels and slopes are told in the units of `raw`.
 */
function meanChanges(
  values: Float64Array,
  raw: Float64Array,
  alphaPerTest: number,
  kinds: ChangeKinds,
): DriftEvent[] {
  const events: DriftEvent[] = [];
  const visit = (from: number, to: number): void => {
    if (to - from < VALUES_MIN || events.length >= CHANGES_MAX) return;
    const change = findChangePoint(values, from, to);
    if (!(change.p < alphaPerTest)) return;
    const ramp = change.shape === "ramp";
    events.push({
      kind: kinds[ramp ? 2 : 1],
      index: change.index,
      count: to - change.index,
      zScore: change.zScore,
      p: change.p,
      before: meanOf(raw, from, change.index),
      after: ramp ? slopeOf(raw, change.index, to) : meanOf(raw, change.index, to),
    });
    visit(from, change.index);
    // What follows a knee moves by itself: another change in it would be told of the ramp again.
    if (!ramp) visit(change.index, to);
  };
  visit(0, values.length);
  events.sort((x, y) => x.index - y.index);
  const firstEnd = events[0]?.index ?? values.length;
  if (firstEnd >= VALUES_MIN / 2) {
    // A change is not always found at its very step: the last tenth before it is left out.
    const end = events.length > 0 ? Math.floor(0.9 * firstEnd) : firstEnd;
    const { p, zScore } = testMeanIsZero(values, 0, end);
    if (p < alphaPerTest) {
      const after = meanOf(raw, 0, end);
      events.unshift({ kind: kinds[0], index: 0, count: firstEnd, zScore, p, before: 0, after });
    }
  }
  return events;
}

function meanOf(values: Float64Array, from: number, to: number): number {
  return summarize(values.subarray(from, to)).mean;
}

/** Least-squares slope per value of `values[from .. to)`. */
function slopeOf(values: Float64Array, from: number, to: number): number {
  const n = to - from;
  const mean = meanOf(values, from, to);
  let sum = 0;
  for (let k = 0; k < n; k++) sum += (k - (n - 1) / 2) * (values[from + k]! - mean);
  return sum / (n * (n * n - 1) / 12);
}

/** A difference of logarithms as a ratio. */
function ratioOf(logRatio: number): number {
  return pow(Math.E, logRatio);
}

/** log of (deviation of b) / (deviation of a), tamed where both are small. */
function spreadRatios(
  deviationsA: Float64Array,
  deviationsB: Float64Array,
  outliers: readonly DriftEvent[],
): Float64Array {
  const pooled = deviationsA.map((deviation, k) => deviation + deviationsB[k]!);
  const floors = localScales(pooled);
  const ratios = deviationsA.map((deviation, k) => {
    const floor = 0.15 * floors[k]!;
    return log((deviationsB[k]! + floor) / (deviation + floor));
  });
  for (const outlier of outliers) ratios[outlier.index] = 0;
  return ratios;
}
