/**
 * Where the mean of a serial sample changes: abruptly or by a ramp, with a p-value that takes the
 * sample's autocorrelation into account.
 * This module is browser compatible.
 *
 * @module
 */

import { exp, log, pow } from "../../math/mod.ts";
import { normalEquivalent, normalTwoSided } from "../../math/special_functions.ts";

/** The most likely change of the mean, and how unlikely it is by chance. */
export interface ChangePoint {
  /** "level": another mean from `index` on; "ramp": the mean moves from `index` on. */
  readonly shape: "level" | "ramp";
  /** First index of the changed part. */
  readonly index: number;
  /** Largest weighted CUSUM, in long-run standard deviations. */
  readonly zScore: number;
  /** Probability of as large a one without any change. */
  readonly p: number;
  /** Mean before `index`; for a ramp the level that it leaves. */
  readonly before: number;
  /** Mean from `index` on; for a ramp the change per value. */
  readonly after: number;
  /** Sum of squares that it leaves. */
  readonly cost: number;
}

/**
 * The best single change of the mean of `values[from .. to)`. The statistic is the maximum over k of
 * the difference of the means before and from k on, in its standard errors (weighted CUSUM); its p-value
 * is the approximation of Csorgo and Horvath (Limit Theorems in Change-Point Analysis, 1997, 1.3.26).
 */
export function findChangePoint(values: Float64Array, from: number, to: number): ChangePoint {
  const n = to - from;
  const prefix = prefixSums(values, from, to);
  const total = prefix[n]!;
  // Means of very short parts follow the noise; they are left to the test for outliers.
  const margin = Math.max(6, Math.ceil(0.02 * n));
  let best = 0;
  let at = -1;
  for (let k = margin; k <= n - margin; k++) {
    const gap = Math.abs(prefix[k]! / k - (total - prefix[k]!) / (n - k));
    const weighted = gap * Math.sqrt(k * (n - k) / n);
    if (weighted > best) {
      best = weighted;
      at = k;
    }
  }
  if (at < 0) {
    const none = { shape: "level", index: from, zScore: 0, p: 1, before: NaN, after: NaN } as const;
    return { ...none, cost: Infinity };
  }
  const level = {
    index: at,
    before: prefix[at]! / at,
    after: (total - prefix[at]!) / (n - at),
  };
  const residuals = new Float64Array(n);
  for (let k = 0; k < n; k++) {
    residuals[k] = values[from + k]! - (k < at ? level.before : level.after);
  }
  let levelCost = 0;
  for (let k = 0; k < n; k++) levelCost += residuals[k]! * residuals[k]!;
  const ramp = fitRamp(values, from, to, prefix, margin);
  const isRamp = ramp.cost < levelCost;
  if (isRamp) {
    for (let k = 0; k < n; k++) {
      residuals[k] = values[from + k]! - ramp.before - ramp.slope * Math.max(0, k - ramp.knee);
    }
  }
  const { variance, df } = longRunVariance(residuals);
  const zScore = variance > 0 ? normalEquivalent(best / Math.sqrt(variance), df) : Infinity;
  return {
    shape: isRamp ? "ramp" : "level",
    index: from + (isRamp ? ramp.knee + 1 : level.index),
    zScore,
    p: changePointTail(zScore, n, margin),
    before: isRamp ? ramp.before : level.before,
    after: isRamp ? ramp.slope : level.after,
    cost: isRamp ? ramp.cost : levelCost,
  };
}

/** Two-sided p-value for the mean of `values[from .. to)` being 0, and its z. */
export function testMeanIsZero(
  values: Float64Array,
  from: number,
  to: number,
): { p: number; zScore: number } {
  const n = to - from;
  const mean = prefixSums(values, from, to)[n]! / n;
  const { variance, df } = longRunVariance(
    values.slice(from, to).map((value) => value - mean),
  );
  const zScore = variance > 0
    ? normalEquivalent(mean / Math.sqrt(variance / n), df)
    : mean === 0
    ? 0
    : mean * Infinity;
  return { p: normalTwoSided(zScore), zScore };
}

/** A linear trend. */
export interface Trend {
  /** Two-sided p-value for there being none. */
  readonly p: number;
  /** Its statistic, in standard deviations. */
  readonly zScore: number;
  /** Change per value. */
  readonly slope: number;
  /** Standard error of the slope, which takes the sample's autocorrelation into account. */
  readonly error: number;
}

/** The linear trend of a serial sample. */
export function testTrend(values: Float64Array): Trend {
  const n = values.length;
  const middle = (n - 1) / 2;
  const mean = prefixSums(values, 0, n)[n]! / n;
  const squares = n * (n * n - 1) / 12;
  let products = 0;
  for (let k = 0; k < n; k++) products += (k - middle) * (values[k]! - mean);
  const slope = products / squares;
  const { variance, df } = longRunVariance(
    values.map((value, k) => value - mean - slope * (k - middle)),
  );
  const zScore = variance > 0
    ? normalEquivalent(slope * Math.sqrt(squares / variance), df)
    : slope === 0
    ? 0
    : slope * Infinity;
  return { p: normalTwoSided(zScore), zScore, slope, error: Math.sqrt(variance / squares) };
}

/** A variance and how well it is known. */
export interface LongRunVariance {
  /** n times the variance of the mean of n values, in the limit. */
  readonly variance: number;
  /** Degrees of freedom: independent values that went into it, less those that were fitted. */
  readonly df: number;
}

/** A series that is more strongly correlated is taken for one that wanders off without an end. */
const PHI_MAX = 0.999;

/**
 * Long-run variance of residuals of mean 0: prewhitened by an AR(1) whose coefficient is corrected for
 * its bias, then Newey and West's estimate.
 */
export function longRunVariance(residuals: Float64Array): LongRunVariance {
  const n = residuals.length;
  let squares = 0;
  let lagged = 0;
  for (let k = 0; k < n; k++) squares += residuals[k]! * residuals[k]!;
  if (squares === 0) return { variance: 0, df: n };
  for (let k = 1; k < n; k++) lagged += residuals[k]! * residuals[k - 1]!;
  const raw = lagged / squares;
  // Two means were taken off, each of which lowers the estimate (Kendall 1954).
  const phi = Math.min(PHI_MAX, Math.max(-0.5, raw + (2 + 4 * Math.max(0, raw)) / n));
  const innovations = new Float64Array(n - 1);
  for (let k = 1; k < n; k++) innovations[k - 1] = residuals[k]! - phi * residuals[k - 1]!;
  const bandwidth = Math.floor(4 * pow(n / 100, 2 / 9));
  let sum = 0;
  for (let lag = 0; lag <= bandwidth; lag++) {
    let covariance = 0;
    for (let k = lag; k < n - 1; k++) covariance += innovations[k]! * innovations[k - lag]!;
    sum += (lag === 0 ? 1 : 2 * (1 - lag / (bandwidth + 1))) * covariance;
  }
  const white = Math.max(sum, 0.2 * squares * (1 - phi * phi)) / (n - 4);
  return {
    variance: white / ((1 - phi) * (1 - phi)),
    df: Math.max(1, n * (1 - Math.max(0, phi)) / (1 + Math.max(0, phi)) - 3),
  };
}

function prefixSums(values: Float64Array, from: number, to: number): Float64Array {
  const prefix = new Float64Array(to - from + 1);
  for (let k = from; k < to; k++) prefix[k - from + 1] = prefix[k - from]! + values[k]!;
  return prefix;
}

function changePointTail(z: number, n: number, margin: number): number {
  if (z < 1.5) return 1;
  if (!Number.isFinite(z)) return 0;
  const share = margin / n;
  const width = 2 * log((1 - share) / share);
  const tail = z * exp(-z * z / 2) / Math.sqrt(Math.PI / 2) *
    (width - width / (z * z) + 4 / (z * z)) / 2;
  return Math.min(1, tail);
}

/** The least-squares hinge c + slope * max(0, k - knee), over all knees, in one pass. */
function fitRamp(
  values: Float64Array,
  from: number,
  to: number,
  prefix: Float64Array,
  margin: number,
): { knee: number; before: number; slope: number; cost: number } {
  const n = to - from;
  const mean = prefix[n]! / n;
  let spread = 0;
  for (let k = from; k < to; k++) spread += (values[k]! - mean) * (values[k]! - mean);
  // products: sum over k > knee of (k - knee) * (value - mean), by recurrence as the knee moves left.
  let products = 0;
  let beyond = 0;
  let best = { knee: 0, before: mean, slope: 0, cost: spread };
  for (let knee = n - 2; knee >= 0; knee--) {
    beyond += values[from + knee + 1]! - mean;
    products += beyond;
    const m = n - 1 - knee;
    if (m < margin) continue;
    const sum = m * (m + 1) / 2;
    const square = m * (m + 1) * (2 * m + 1) / 6;
    const variance = square - sum * sum / n;
    const cost = spread - products * products / variance;
    if (cost < best.cost) {
      const slope = products / variance;
      best = { knee, before: mean - slope * sum / n, slope, cost };
    }
  }
  return best;
}
