/**
 * Statistics over seeds: one value for each run, few of them, independent. Intervals are those whose
 * coverage holds at such sizes; a test simulates it.
 * This module is browser compatible.
 *
 * @module
 */

import { exp, log } from "../../math/mod.ts";
import { ArgumentRangeError } from "../../errors.ts";
import {
  incompleteBeta,
  logGamma,
  normalTwoSided,
  studentTwoSided,
} from "../../math/special_functions.ts";
import { crossing } from "./crossing.ts";
import type { Interval } from "./rank_intervals.ts";
import { quantileOfSorted, summarize } from "./summary.ts";
import type { UniformSource } from "./uniform_source.ts";

/** An estimate with an interval. */
export interface Estimate {
  /** The estimate. */
  readonly value: number;
  /** Lower and upper end. */
  readonly interval: Interval;
}

/** Seeds from which on the interquartile mean gets an interval; with fewer, none that is known covers enough. */
export const IQM_SEEDS_MIN = 10;

/** Mean of the middle half: a quarter of the values, rounded down, is left out at either end. */
export function interquartileMean(values: ArrayLike<number>): number {
  return trimmedMean(Float64Array.from(values).sort());
}

function trimmedMean(sorted: Float64Array): number {
  const cut = Math.floor(sorted.length / 4);
  return summarize(sorted.subarray(cut, sorted.length - cut)).mean;
}

/** Student's t that is exceeded, on both sides together, with probability `p` in (0, 1). */
export function studentQuantile(p: number, df: number): number {
  return crossing((t) => studentTwoSided(t, df), p);
}

/**
 * Interquartile mean with a bootstrap interval. The plain percentile interval is too short for few values (89%
 * at n = 5): its tails here are as far out as those of Student's t with n - 1 degrees of freedom, as for the
 * expanded percentile interval of Hesterberg (2015).
 *
 * @throws {RangeError} for fewer than {@linkcode IQM_SEEDS_MIN} values.
 */
export function iqmEstimate(
  values: ArrayLike<number>,
  { random, level, resamples = 2000 }: { random: UniformSource; level: number; resamples?: number },
): Estimate {
  const n = values.length;
  if (n < IQM_SEEDS_MIN) {
    throw new ArgumentRangeError(
      `Cannot give an interval for an interquartile mean as it takes ${IQM_SEEDS_MIN} values: current value is ${n}`,
    );
  }
  const tail = normalTwoSided(Math.sqrt(n / (n - 1)) * studentQuantile(1 - level, n - 1)) / 2;
  const sample = new Float64Array(n);
  const found = Float64Array.from({ length: resamples }, () => {
    for (let i = 0; i < n; i++) sample[i] = values[Math.floor(random() * n)]!;
    return trimmedMean(sample.sort());
  }).sort();
  return {
    value: interquartileMean(values),
    interval: [quantileOfSorted(found, tail), quantileOfSorted(found, 1 - tail)],
  };
}

/** Difference of two means. */
export interface Difference {
  /** The difference. */
  readonly value: number;
  /** Two-sided p-value of no difference. */
  readonly p: number;
  /** Standard deviation of one difference: of the pairs, or of a value of A and one of B together. */
  readonly deviation: number;
  /** Degrees of freedom. */
  readonly df: number;
}

/** Mean of `b - a` over pairs, by Student's t. */
export function pairedDifference(a: readonly number[], b: readonly number[]): Difference {
  const differences = a.map((value, i) => b[i]! - value);
  const { n, mean, variance } = summarize(differences);
  return difference(mean, { variance, error: variance / n, df: n - 1 });
}

/** Difference of the means of independent samples, by Welch's t. */
export function welchDifference(a: readonly number[], b: readonly number[]): Difference {
  const [x, y] = [summarize(a), summarize(b)];
  const [ex, ey] = [x.variance / x.n, y.variance / y.n];
  const error = ex + ey;
  const df = error > 0
    ? error * error / (ex * ex / (x.n - 1) + ey * ey / (y.n - 1))
    : x.n + y.n - 2;
  return difference(y.mean - x.mean, { variance: x.variance + y.variance, error, df });
}

function difference(
  value: number,
  { variance, error, df }: { variance: number; error: number; df: number },
): Difference {
  return {
    value,
    p: error > 0 ? studentTwoSided(value / Math.sqrt(error), df) : NaN,
    deviation: Math.sqrt(variance),
    df,
  };
}

/**
 * Smallest two-sided p-value that a rearrangement of the values can give: what remains to be said where the
 * values of a side do not differ among themselves, so that no t can be formed. `pairs` of the same sign, or
 * two samples that do not overlap.
 */
export function separationP(a: number, b: number, paired: boolean): number {
  if (paired) return Math.min(1, 2 * exp(-a * Math.LN2));
  return Math.min(1, 2 * exp(logGamma(a + 1) + logGamma(b + 1) - logGamma(a + b + 1)));
}

/** P(a value of B exceeds one of A), ties by half. */
export function improvementShare(a: readonly number[], b: readonly number[]): number {
  let wins = 0;
  for (const x of a) for (const y of b) wins += y > x ? 1 : y === x ? 0.5 : 0;
  return wins / (a.length * b.length);
}

/**
 * Interval for the chance of which `wins` were seen in `n` pairs, ties by half (Clopper and Pearson 1934). For
 * {@linkcode improvementShare} of independent samples `n` is the size of the smaller one: the variance of the share
 * is at most that of so many pairs (van Dantzig 1951).
 */
export function winInterval(wins: number, n: number, level: number): [number, number] {
  const tail = (1 - level) / 2;
  const solve = (rising: (p: number) => number, target: number): number => {
    let [low, high] = [0, 1];
    for (let round = 0; round < 60; round++) {
      const middle = (low + high) / 2;
      if (rising(middle) < target) low = middle;
      else high = middle;
    }
    return (low + high) / 2;
  };
  return [
    wins <= 0 ? 0 : solve((p) => incompleteBeta(p, wins, n - wins + 1), tail),
    wins >= n ? 1 : solve((p) => incompleteBeta(p, wins + 1, n - wins), 1 - tail),
  ];
}

/** Power of a two-sided t test at `alpha`: noncentrality `delta`, `df` degrees of freedom. */
export function studentPower(delta: number, df: number, alpha: number): number {
  const t = studentQuantile(alpha, df);
  // T = (Z + delta) / W with W^2 = chi^2 / df: integrate over W, whose density is narrow around 1.
  const spread = 1 / Math.sqrt(2 * df);
  const [low, high] = [Math.max(0, 1 - 10 * spread), 1 + 12 * spread];
  const scale = Math.LN2 + df / 2 * log(df / 2) - logGamma(df / 2);
  const density = (w: number): number =>
    w <= 0 ? 0 : exp(scale + (df - 1) * log(w) - df * w * w / 2);
  const beyond = (w: number): number => upperNormal(t * w - delta) + upperNormal(t * w + delta);
  const pieces = 400;
  const width = (high - low) / pieces;
  let sum = 0;
  for (let i = 0; i <= pieces; i++) {
    const weight = i === 0 || i === pieces ? 1 : i % 2 === 1 ? 4 : 2;
    const w = low + i * width;
    sum += weight * density(w) * beyond(w);
  }
  return Math.min(1, sum * width / 3);
}

function upperNormal(z: number): number {
  const half = normalTwoSided(z) / 2;
  return z >= 0 ? half : 1 - half;
}

/** What {@linkcode seedsNeeded} takes. */
export interface PowerOptions {
  /** Difference of the means that is to be seen. */
  readonly effect: number;
  /** Standard deviations of either side; of the differences alone where seeds are paired. */
  readonly deviations: readonly number[];
  /** Level of the two-sided test. */
  readonly alpha: number;
  /** Chance of seeing the difference (default 0.8). */
  readonly power?: number;
}

function varianceSums(deviations: readonly number[]): { total: number; squares: number } {
  let total = 0;
  let squares = 0;
  for (const deviation of deviations) {
    total += deviation ** 2;
    squares += deviation ** 4;
  }
  return { total, squares };
}

/** More than anybody will train; where more are needed, the answer is that there is no such number. */
export const SEEDS_NEEDED_MAX = 1_000_000;

/**
 * Seeds on each side (or pairs) with which a t test sees a difference of means with the given power; undefined
 * if that takes more than {@linkcode SEEDS_NEEDED_MAX}.
 */
export function seedsNeeded(options: PowerOptions): number | undefined {
  const { effect, deviations, alpha, power = 0.8 } = options;
  const { total, squares } = varianceSums(deviations);
  if (!(Math.abs(effect) > 0)) return undefined;
  if (total === 0) return 2;
  const suffices = (n: number): boolean =>
    studentPower(
      Math.abs(effect) / Math.sqrt(total / n),
      (n - 1) * total * total / squares,
      alpha,
    ) >= power;
  let high = 2;
  while (!suffices(high)) {
    high *= 2;
    if (high > SEEDS_NEEDED_MAX) return undefined;
  }
  let low = high / 2;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (suffices(middle)) high = middle;
    else low = middle;
  }
  return high;
}

/** Smallest difference of means that `n` seeds on each side (or pairs) show with the given power. */
export function visibleEffect(
  n: number,
  { deviations, alpha, power = 0.8 }: Omit<PowerOptions, "effect">,
): number {
  const { total, squares } = varianceSums(deviations);
  if (total === 0) return 0;
  const df = (n - 1) * total * total / squares;
  const missed = crossing((delta) => 1 - studentPower(delta, df, alpha), 1 - power);
  return missed * Math.sqrt(total / n);
}
