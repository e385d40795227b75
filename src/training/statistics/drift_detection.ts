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

import { log, log1p, pow } from "../../math/mod.ts";
import { findChangePoint, testMeanIsZero } from "./change_point.ts";
import { SortedWindow } from "./sorted_window.ts";
import { logGamma, normalEquivalent, normalTwoSided } from "./special_functions.ts";
import { autocorrelationTime, median, quantileOfSorted, summarize } from "./statistics.ts";

/** In which way two runs part. */
export type DriftKind =
  /** The runs differ by about the same amount from their first step on. */
  | "offset"
  /** From a step on they differ by about the same amount. */
  | "level_shift"
  /** From a step on they part more and more. */
  | "drift"
  /** From a step on one is noisier than the other. */
  | "variance_change"
  /** One value stands apart. */
  | "outlier"
  /** From a step on one has NaN or an infinity where the other has something else. */
  | "non_finite";

/** One finding. */
export interface DriftEvent {
  /** In which way. */
  readonly kind: DriftKind;
  /** Index of its first value. */
  readonly index: number;
  /** How many values in a row it covers. */
  readonly count: number;
  /** Its statistic, in standard deviations; infinite where no test is needed. */
  readonly zScore: number;
  /** Its p-value, to be compared with `alphaPerTest`; 0 where no test is needed. */
  readonly p: number;
  /** The difference before it: a mean, or for a variance change the ratio of the deviations. */
  readonly before: number;
  /** The same from it on; for a drift its change per step, for an outlier its own difference. */
  readonly after: number;
}

/** What {@linkcode detectDrift} found. */
export interface DriftResult {
  /** Findings by index. */
  readonly events: readonly DriftEvent[];
  /** Values that were tested. */
  readonly n: number;
  /** Independent values that the difference is worth. */
  readonly nEffective: number;
  /** Level that each p was compared with. */
  readonly alphaPerTest: number;
  /** Why nothing could be tested, if so. */
  readonly notComputable: string | undefined;
}

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
/** Width of the window whose median local deviations are taken from. */
const MEDIAN_WIDTH = 11;

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

/** Deviations from the neighbors' median count up to this many standard deviations. */
const TAIL_SCALES = 4;
/** More values than this that stand apart are a property of the series, not outliers. */
const OUTLIERS_MAX = 5;

/**
 * Values that stand apart even for a distribution with tails as heavy as those of the series, by two
 * signs: Student's distribution whose tail fits the bulk, and the gap between them and the next value.
 * Either may be weak where the other is strong.
 */
function takeOutliers(
  values: Float64Array,
  alphaPerTest: number,
): { outliers: DriftEvent[]; cleaned: Float64Array } {
  const n = values.length;
  const smooth = neighborMedian(values, MEDIAN_WIDTH);
  const deviations = values.map((value, k) => Math.abs(value - smooth[k]!));
  // 1.4826 makes a median absolute deviation a normal standard deviation.
  const scales = localScales(deviations).map((scale) => 1.4826 * scale);
  const scores = deviations.map((deviation, k) => deviation / scales[k]!);
  const apart = largestApart(scores);
  const outliers: DriftEvent[] = [];
  for (let k = 0; k < n && apart.p < alphaPerTest * OUTLIER_SHARE; k++) {
    if (scores[k]! < apart.least) continue;
    outliers.push({
      kind: "outlier",
      index: k,
      count: 1,
      zScore: (values[k]! - smooth[k]!) / scales[k]!,
      p: apart.p,
      before: smooth[k]!,
      after: values[k]!,
    });
  }
  // What a heavy tail does is cut back too: a mean must not hang on a few values.
  const cleaned = values.map((value, k) => {
    const room = TAIL_SCALES * scales[k]!;
    return Math.min(smooth[k]! + room, Math.max(smooth[k]! - room, value));
  });
  for (const { index } of outliers) cleaned[index] = smooth[index]!;
  return { outliers, cleaned };
}

/** The two signs are not independent: together they must be this much more unlikely than if they were. */
const OUTLIER_SHARE = 0.1;
/** Neither sign alone convinces: beyond these a value is not apart, whatever the other says. */
const TAIL_P_MAX = 0.05;
const GAP_P_MAX = 0.2;

/** The largest few scores that stand apart most: the least of them, and how likely that is by chance. */
function largestApart(scores: Float64Array): { least: number; p: number } {
  const n = scores.length;
  const sorted = scores.slice().sort().reverse();
  const df = tailDegrees(scores);
  let best = { least: Infinity, p: 1 };
  for (let count = 1; count <= Math.min(OUTLIERS_MAX, Math.floor(n / 20)); count++) {
    const least = sorted[count - 1]!;
    if (least < TAIL_SCALES) break;
    const tail = n * normalTwoSided(normalEquivalent(least, df));
    const gap = gapTail(sorted, count);
    if (tail > TAIL_P_MAX || gap > GAP_P_MAX) continue;
    // Fisher's method for two p-values.
    const product = tail * gap;
    const p = product === 0 ? 0 : product * (1 - log(product));
    if (p < best.p) best = { least, p };
  }
  return best;
}

/** Spacings below the gap that it is measured by: a twentieth of all, within these. */
const GAP_REFERENCES_MIN = 8;
const GAP_REFERENCES_MAX = 40;

/**
 * Probability of as wide a gap below the `count` largest scores, given in falling order, in the
 * logarithm, where normalized spacings are exponential for every tail that falls like a power or
 * faster (Hill 1975). Deeper in the bulk the spacings are wider than that, hence only a few are taken.
 */
function gapTail(sorted: Float64Array, count: number): number {
  const references = Math.max(
    GAP_REFERENCES_MIN,
    Math.min(GAP_REFERENCES_MAX, Math.floor(sorted.length / 20)),
  );
  let mean = 0;
  for (let rank = count + 1; rank <= count + references; rank++) {
    mean += rank * log(sorted[rank - 1]! / sorted[rank]!) / references;
  }
  // Without any spread below, every gap is too wide.
  if (!(mean > 0)) return 0;
  const gap = count * log(sorted[count - 1]! / sorted[count]!);
  return pow(1 + gap / (references * mean), -references);
}

/** Degrees of freedom that are tried, with the 75% quantile of Student's distribution. */
const TAILS: readonly (readonly [df: number, quartile: number])[] = [
  [2, 0.8165],
  [3, 0.7649],
  [4, 0.7407],
  [5, 0.7267],
  [7, 0.7111],
  [10, 0.6998],
  [15, 0.6912],
  [30, 0.6828],
  [1000, 0.6747],
];

/**
 * The smallest degrees of freedom with which Student's distribution still explains the scores: its log
 * likelihood lies at most 1 below the best one's. The largest scores, which are in question, are left out.
 */
function tailDegrees(scores: Float64Array): number {
  const sorted = thinned(scores).slice().sort();
  const middle = quantileOfSorted(sorted, 0.5);
  if (middle === 0) return TAILS[0]![0];
  const kept = sorted.subarray(
    0,
    sorted.length - Math.min(OUTLIERS_MAX, Math.ceil(sorted.length / 100)),
  );
  const likelihoods = TAILS.map(([df, quartile]) => {
    const scale = middle / quartile;
    let sum = 0;
    for (const score of kept) sum += log1p((score / scale) ** 2 / df);
    const constant = logGamma((df + 1) / 2) - logGamma(df / 2) - 0.5 * log(df) - log(scale);
    return kept.length * constant - (df + 1) / 2 * sum;
  });
  const best = Math.max(...likelihoods);
  return TAILS[likelihoods.findIndex((value) => value >= best - 1)]![0];
}

/** Every k-th value, so that about this many are left: a quantile of a million needs no more. */
const THINNED = 8192;

function thinned(values: Float64Array): Float64Array {
  const stride = Math.floor(values.length / THINNED);
  if (stride < 2) return values;
  const out = new Float64Array(Math.ceil(values.length / stride));
  for (let k = 0; k < out.length; k++) out[k] = values[k * stride]!;
  return out;
}

/** Typical size of positive values around each of them: medians of overlapping pieces, joined by lines. */
function localScales(sizes: Float64Array): Float64Array {
  const n = sizes.length;
  const overall = median(thinned(sizes)) || summarize(sizes).mean || 1;
  const width = Math.max(60, Math.ceil(n / 25));
  const centers: number[] = [];
  const levels: number[] = [];
  for (let center = 0; center < n + width; center += width) {
    const low = Math.max(0, Math.min(center, n) - width);
    const high = Math.min(n, center + width);
    centers.push(center);
    levels.push(
      high - low < width / 2 ? overall : median(thinned(sizes.subarray(low, high))) || overall,
    );
  }
  return sizes.map((_, k) => {
    const piece = Math.floor(k / width);
    const share = (k - centers[piece]!) / width;
    return levels[piece]! * (1 - share) + levels[piece + 1]! * share;
  });
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

function localDeviations(values: Float64Array): Float64Array {
  const smooth = neighborMedian(values, MEDIAN_WIDTH);
  return values.map((value, k) => Math.abs(value - smooth[k]!));
}

/** Median of the `width - 1` neighbors of each value (without itself); at the ends, of those there are. */
function neighborMedian(values: Float64Array, width: number): Float64Array {
  const n = values.length;
  const half = width >> 1;
  const out = new Float64Array(n);
  const window = new SortedWindow(2 * half);
  for (let k = 1; k <= Math.min(half, n - 1); k++) window.add(values[k]!);
  for (let k = 0; k < n; k++) {
    const { count } = window;
    out[k] = (window.at((count - 1) >> 1) + window.at(count >> 1)) / 2;
    if (k + 1 === n) break;
    window.remove(values[k + 1]!);
    if (k - half >= 0) window.remove(values[k - half]!);
    window.add(values[k]!);
    if (k + 1 + half < n) window.add(values[k + 1 + half]!);
  }
  return out;
}
