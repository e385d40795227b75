/**
 * Two-sample tests, effect sizes and bootstrap intervals for metric series, which are as a rule
 * correlated from step to step: every test takes that into account and says its n.
 * This module is browser compatible.
 *
 * @module
 */

import { ArgumentRangeError } from "../../errors.ts";
import { cbrt } from "../../math/mod.ts";
import { selectMedian } from "./select_median.ts";
import { kolmogorovTail, studentTwoSided } from "../../math/special_functions.ts";

/** Uniform numbers in [0, 1): the source of randomness is always passed in. */
export type UniformSource = () => number;

/** Mean and spread of a sample. */
export interface SampleSummary {
  /** Number of values. */
  readonly n: number;
  /** Arithmetic mean; NaN for an empty sample. */
  readonly mean: number;
  /** Sample variance (divisor n-1); NaN below two values. */
  readonly variance: number;
}

/** Result of Welch's t test. */
export interface WelchResult {
  /** The statistic; its sign is that of mean(b) - mean(a). */
  readonly t: number;
  /** Welch-Satterthwaite degrees of freedom. */
  readonly df: number;
  /** Two-sided p-value; NaN where it cannot be computed. */
  readonly p: number;
  /** Values in each sample. */
  readonly n: readonly [number, number];
  /** Independent values that each sample is worth, given its autocorrelation; what t and df use. */
  readonly nEffective: readonly [number, number];
  /** Means of both samples. */
  readonly means: readonly [number, number];
  /** Hedges' g: the difference of means in pooled standard deviations, corrected for small samples. */
  readonly effectSize: number;
}

/** Result of the two-sample Kolmogorov-Smirnov test. */
export interface KolmogorovSmirnovResult {
  /** Largest distance of the two empirical distribution functions, in [0, 1]. */
  readonly d: number;
  /** p-value: exact for small independent samples, by the limit distribution otherwise. */
  readonly p: number;
  /** Values in each sample. */
  readonly n: readonly [number, number];
  /** Independent values that each sample is worth. */
  readonly nEffective: readonly [number, number];
}

/** Options of {@linkcode welchTest} and {@linkcode ksTest}. */
export interface TwoSampleOptions {
  /** Whether the values of a sample are consecutive steps of a run (default false: independent). */
  serial?: boolean;
}

/** Mean and variance by Welford's update, which does not cancel. */
export function summarize(values: ArrayLike<number>): SampleSummary {
  let mean = 0;
  let m2 = 0;
  for (let i = 0; i < values.length; i++) {
    const delta = values[i]! - mean;
    mean += delta / (i + 1);
    m2 += delta * (values[i]! - mean);
  }
  const n = values.length;
  return { n, mean: n > 0 ? mean : NaN, variance: n > 1 ? m2 / (n - 1) : NaN };
}

/** Mean of the values that are neither NaN nor infinite, which does not overflow; NaN if there are none. */
export function finiteMean(values: Float64Array): number {
  let mean = 0;
  let n = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (value - value !== 0) continue;
    mean += (value - mean) / ++n;
  }
  return n > 0 ? mean : NaN;
}

/**
 * Welch's t test for equal means, with the exact p-value of Student's distribution.
 *
 * @example Usage
 * ```ts
 * import { welchTest } from "@rewind/cli/training";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const { t, df, p } = welchTest([3, 4, 1, 2.1], [490, 498, 500, 496]);
 * assertAlmostEquals(t, 219.04, 0.01);
 * assertAlmostEquals(df, 3.52, 0.01);
 * assertAlmostEquals(p, 2.08e-8, 1e-10);
 * ```
 */
export function welchTest(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  options: TwoSampleOptions = {},
): WelchResult {
  const x = summarize(a);
  const y = summarize(b);
  const nEffective = effectiveCounts(a, b, options);
  const squaredX = x.variance / nEffective[0];
  const squaredY = y.variance / nEffective[1];
  const error = squaredX + squaredY;
  const difference = y.mean - x.mean;
  // Constant samples: equal ones do not differ, unequal ones differ beyond doubt.
  const t = error > 0
    ? difference / Math.sqrt(error)
    : difference === 0
    ? 0
    : difference * Infinity;
  const df = error > 0
    ? error * error /
      (squaredX * squaredX / Math.max(nEffective[0] - 1, 1e-3) +
        squaredY * squaredY / Math.max(nEffective[1] - 1, 1e-3))
    : x.n + y.n - 2;
  const pooled = ((x.n - 1) * x.variance + (y.n - 1) * y.variance) / (x.n + y.n - 2);
  const small = 1 - 3 / (4 * (x.n + y.n) - 9);
  return {
    t,
    df,
    p: x.n > 1 && y.n > 1 ? studentTwoSided(t, df) : NaN,
    n: [x.n, y.n],
    nEffective,
    means: [x.mean, y.mean],
    effectSize: difference === 0 ? 0 : difference / Math.sqrt(pooled) * small,
  };
}

/** The two-sample Kolmogorov-Smirnov test for equal distributions; ties are handled. */
export function ksTest(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  options: TwoSampleOptions = {},
): KolmogorovSmirnovResult {
  const x = Float64Array.from(a).sort();
  const y = Float64Array.from(b).sort();
  const n = x.length;
  const m = y.length;
  if (n === 0 || m === 0) return { d: NaN, p: NaN, n: [n, m], nEffective: [n, m] };
  let i = 0;
  let j = 0;
  // In units of 1/(n m), so that the exact count below compares integers.
  let largest = 0;
  while (i < n && j < m) {
    const value = Math.min(x[i]!, y[j]!);
    while (i < n && x[i]! === value) i++;
    while (j < m && y[j]! === value) j++;
    largest = Math.max(largest, Math.abs(i * m - j * n));
  }
  const nEffective = effectiveCounts(a, b, options);
  const independent = nEffective[0] === n && nEffective[1] === m;
  const d = largest / (n * m);
  let p: number;
  if (independent && n * m <= 250_000) {
    p = ksExactTail(n, m, largest);
  } else {
    const root = Math.sqrt(nEffective[0] * nEffective[1] / (nEffective[0] + nEffective[1]));
    // Stephens' correction makes the limit good from about four values on.
    p = kolmogorovTail((root + 0.12 + 0.11 / root) * d);
  }
  return { d, p, n: [n, m], nEffective };
}

/**
 * P(D >= largest/(n m)) over all orders of n + m distinct values: the share of lattice paths from (0,0)
 * to (n,m) that leave the band |i m - j n| < largest (Hodges 1957), as probabilities to avoid overflow.
 */
function ksExactTail(n: number, m: number, largest: number): number {
  if (largest === 0) return 1;
  // row[j]: share of the paths to (i, j) that have stayed inside the band.
  let row = new Float64Array(m + 1);
  for (let i = 0; i <= n; i++) {
    const next = new Float64Array(m + 1);
    for (let j = 0; j <= m; j++) {
      if (Math.abs(i * m - j * n) >= largest) continue;
      if (i === 0 && j === 0) next[j] = 1;
      else {
        const fromLeft = i > 0 ? row[j]! * i : 0;
        const fromBelow = j > 0 ? next[j - 1]! * j : 0;
        next[j] = (fromLeft + fromBelow) / (i + j);
      }
    }
    row = next;
  }
  return Math.min(1, Math.max(0, 1 - row[m]!));
}

function effectiveCounts(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  { serial = false }: TwoSampleOptions,
): [number, number] {
  return serial
    ? [a.length / autocorrelationTime(a), b.length / autocorrelationTime(b)]
    : [a.length, b.length];
}

/** Lags that are summed for a long series before it is made coarser. */
const LAGS_OF_LONG = 200;
/** Values of a long series that are averaged for the coarser one. */
const COARSE_WIDTH = 8;

/**
 * Integrated autocorrelation time (at least 1): n divided by it is the number of independent values
 * that a serial sample is worth. Sokal's automatic window with c = 5. A long series that stays correlated
 * over many steps is first averaged in groups, whose mean has the same error (Flyvbjerg and Petersen
 * 1989): the time taken is linear in its length.
 */
export function autocorrelationTime(values: ArrayLike<number>): number {
  const { n, mean, variance } = summarize(values);
  if (n < 4 || !(variance > 0)) return 1;
  let tau = 1;
  let lags = 0;
  const isLong = n > 10 * COARSE_WIDTH * LAGS_OF_LONG;
  const lagMax = isLong ? LAGS_OF_LONG : n - 1;
  for (let lag = 1; lag <= lagMax; lag++) {
    let sum = 0;
    for (let i = lag; i < n; i++) sum += (values[i]! - mean) * (values[i - lag]! - mean);
    tau += 2 * sum / ((n - 1) * variance);
    lags = lag;
    if (lag >= 5 * tau) break;
  }
  if (isLong && lags < 5 * tau) {
    const coarse = groupMeans(values, COARSE_WIDTH);
    const share = summarize(coarse).variance / variance;
    return Math.max(1, COARSE_WIDTH * share * autocorrelationTime(coarse));
  }
  // The mean is itself estimated, which lowers every term a little (Wolff 2004, eq. 49).
  return Math.min(Math.max(1, tau * (1 + (2 * lags + 1) / n)), n / 2);
}

function groupMeans(values: ArrayLike<number>, width: number): Float64Array {
  const means = new Float64Array(Math.floor(values.length / width));
  for (let group = 0; group < means.length; group++) {
    let sum = 0;
    for (let i = group * width; i < (group + 1) * width; i++) sum += values[i]!;
    means[group] = sum / width;
  }
  return means;
}

/** An interval for a mean. */
export interface MeanInterval {
  /** The estimate itself. */
  readonly mean: number;
  /** Lower and upper end. */
  readonly interval: readonly [number, number];
  /** Confidence level, in (0, 1). */
  readonly level: number;
  /** Values in the sample. */
  readonly n: number;
  /** Length of the resampled blocks. */
  readonly blockLength: number;
}

/** Options of {@linkcode blockBootstrap}. */
export interface BlockBootstrapOptions {
  /** Source of randomness. */
  random: UniformSource;
  /** Number of resamples (default 1000). */
  resamples?: number;
  /** Confidence level in (0, 1) (default 0.95). */
  level?: number;
}

/**
 * Percentile interval for the mean of a serial sample by the circular block bootstrap (Politis and
 * Romano 1992); the block length follows the sample's autocorrelation time.
 *
 * @throws {RangeError} if the sample has fewer than 8 values.
 */
export function blockBootstrap(
  values: ArrayLike<number>,
  { random, resamples = 1000, level = 0.95 }: BlockBootstrapOptions,
): MeanInterval {
  const n = values.length;
  if (n < 8) {
    throw new ArgumentRangeError(
      `Cannot bootstrap a mean as it takes at least 8 values: current value is ${n}`,
    );
  }
  const tau = autocorrelationTime(values);
  const blockLength = Math.min(
    Math.max(1, Math.ceil(n / 4)),
    Math.max(1, Math.ceil(cbrt(n * tau * tau))),
  );
  // Prefix sums make each resample cost its number of blocks, not of values.
  const { mean } = summarize(values);
  const prefix = new Float64Array(2 * n + 1);
  for (let i = 0; i < 2 * n; i++) prefix[i + 1] = prefix[i]! + (values[i % n]! - mean);
  const blocks = Math.ceil(n / blockLength);
  const lastLength = n - (blocks - 1) * blockLength;
  const means = new Float64Array(resamples);
  for (let r = 0; r < resamples; r++) {
    let sum = 0;
    for (let k = 0; k < blocks; k++) {
      const start = Math.floor(random() * n);
      sum += prefix[start + (k + 1 < blocks ? blockLength : lastLength)]! - prefix[start]!;
    }
    means[r] = mean + sum / n;
  }
  means.sort();
  const tail = (1 - level) / 2;
  return {
    mean,
    interval: [quantileOfSorted(means, tail), quantileOfSorted(means, 1 - tail)],
    level,
    n,
    blockLength,
  };
}

/** The q-quantile of an ascending array, by linear interpolation; NaN if it is empty. */
export function quantileOfSorted(sorted: ArrayLike<number>, q: number): number {
  if (sorted.length === 0) return NaN;
  const at = q * (sorted.length - 1);
  const low = Math.floor(at);
  const high = Math.min(low + 1, sorted.length - 1);
  return sorted[low]! + (at - low) * (sorted[high]! - sorted[low]!);
}

/** The median of a sample, which is left as it is; NaN if it is empty. */
export function median(values: ArrayLike<number>): number {
  return medianOf(new Float64Array(values));
}

/** The median of a sample that may be put in another order; NaN counts as larger than any number. */
function medianOf(values: Float64Array): number {
  for (let i = 0; i < values.length; i++) {
    if (Number.isNaN(values[i])) return quantileOfSorted(values.sort(), 0.5);
  }
  return selectMedian(values);
}

/** 1.4826 times the median absolute deviation: the standard deviation of a normal sample, robustly. */
export function robustDeviation(values: ArrayLike<number>): number {
  const middle = median(values);
  const distances = new Float64Array(values.length);
  for (let i = 0; i < distances.length; i++) distances[i] = Math.abs(values[i]! - middle);
  return 1.4826 * medianOf(distances);
}

/**
 * Spread of a sample: its robust deviation, or its standard deviation where more than half of its values are
 * one and the same, of which the median deviation says nothing.
 */
export function spreadOf(values: ArrayLike<number>): number {
  return robustDeviation(values) || Math.sqrt(summarize(values).variance) || 0;
}

/**
 * A small seeded source of uniform numbers for bootstraps (SplitMix32; 32 bits of state). Not one of
 * the generators of runs: nothing that it makes is ever stored as a draw.
 */
export function createUniformSource(seed: number): UniformSource {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x9e3779b9) >>> 0;
    let z = state;
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return ((z ^ (z >>> 15)) >>> 0) / 2 ** 32;
  };
}
