/**
 * Values of a series that stand apart even for a distribution with tails as heavy as those of the series.
 * This module is browser compatible.
 *
 * @module
 */

import { log, log1p, pow } from "../../math/mod.ts";
import type { DriftEvent } from "./drift_event.ts";
import { localScales, neighborMedian, thinned } from "./local_scale.ts";
import { logGamma, normalEquivalent, normalTwoSided } from "../../math/special_functions.ts";
import { quantileOfSorted } from "./summary.ts";

/** Deviations from the neighbors' median count up to this many standard deviations. */
const TAIL_SCALES = 4;
/** More values than this that stand apart are a property of the series, not outliers. */
const OUTLIERS_MAX = 5;

/**
 * Values that stand apart even for a distribution with tails as heavy as those of the series, by two
 * signs: Student's distribution whose tail fits the bulk, and the gap between them and the next value.
 * Either may be weak where the other is strong.
 */
export function takeOutliers(
  values: Float64Array,
  alphaPerTest: number,
): { outliers: DriftEvent[]; cleaned: Float64Array } {
  const n = values.length;
  const smooth = neighborMedian(values);
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
const OUTLIER_SHARE = 0.5;
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
  [1, 1],
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
  // Of the largest it is but known that they are no smaller than the largest of the rest.
  const beyond = Math.min(OUTLIERS_MAX, Math.ceil(sorted.length / 100));
  const kept = sorted.subarray(0, sorted.length - beyond);
  const likelihoods = TAILS.map(([df, quartile]) => {
    const scale = middle / quartile;
    let sum = 0;
    for (const score of kept) sum += log1p((score / scale) ** 2 / df);
    const constant = logGamma((df + 1) / 2) - logGamma(df / 2) - 0.5 * log(df) - log(scale);
    const tail = normalTwoSided(normalEquivalent(kept.at(-1)! / scale, df));
    return kept.length * constant - (df + 1) / 2 * sum + beyond * log(tail);
  });
  const best = Math.max(...likelihoods);
  return TAILS[likelihoods.findIndex((value) => value >= best - 0.1)]![0];
}
