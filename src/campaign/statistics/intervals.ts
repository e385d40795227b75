/**
 * Interval estimates of a campaign: of a probability, of a mean, and of a paired difference.
 * This module is browser compatible.
 *
 * @module
 */

import { studentTwoSided } from "../../math/special_functions.ts";

/** An estimate with an interval. */
export interface Estimate {
  /** The estimate; NaN where there is none. */
  readonly value: number;
  /** Lower end. */
  readonly low: number;
  /** Upper end. */
  readonly high: number;
  /** How many values it is from. */
  readonly count: number;
}

/** The 97.5% point of the normal distribution. */
export const NORMAL_95 = 1.959963984540054;

/**
 * Wilson's score interval for a probability, at 95% unless told otherwise (Wilson 1927; Brown, Cai and DasGupta
 * 2001 recommend it for all n). Without trials it is [0, 1].
 */
export function wilson(hits: number, count: number, z: number = NORMAL_95): Estimate {
  if (count === 0) return { value: NaN, low: 0, high: 1, count };
  const p = hits / count;
  const z2 = z * z;
  const scale = 1 / (1 + z2 / count);
  const center = (p + z2 / (2 * count)) * scale;
  const half = z * scale * Math.sqrt(p * (1 - p) / count + z2 / (4 * count * count));
  return {
    value: p,
    low: hits === 0 ? 0 : Math.max(0, center - half),
    high: hits === count ? 1 : Math.min(1, center + half),
    count,
  };
}

/** Mean and variance (n - 1) of values that come one by one (Welford 1962). */
export class Moments {
  /** How many. */
  count = 0;
  /** Their mean; 0 of none. */
  mean = 0;
  /** Whether all of them are 0 or 1. */
  isBinary = true;
  #squares = 0;

  /** Takes one value in. */
  add(value: number): void {
    this.count++;
    this.isBinary &&= value === 0 || value === 1;
    const delta = value - this.mean;
    this.mean += delta / this.count;
    this.#squares += delta * (value - this.mean);
  }

  /** Variance with n - 1; NaN of fewer than two. */
  get variance(): number {
    return this.count < 2 ? NaN : this.#squares / (this.count - 1);
  }
}

/** Student's 95% interval of a mean; NaN ends from fewer than two values. */
export function studentInterval({ count, mean, variance }: Moments): Estimate {
  if (count === 0) return { value: NaN, low: NaN, high: NaN, count };
  if (count < 2) return { value: mean, low: NaN, high: NaN, count };
  const half = studentQuantile95(count - 1) * Math.sqrt(variance / count);
  return { value: mean, low: mean - half, high: mean + half, count };
}

const quantiles = new Map<number, number>();

/** The t that |T| exceeds with 5%, for Student's T with `df` degrees of freedom. */
export function studentQuantile95(df: number): number {
  const known = quantiles.get(df);
  if (known !== undefined) return known;
  let low = NORMAL_95 - 1e-9;
  let high = 13;
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (studentTwoSided(middle, df) > 0.05) low = middle;
    else high = middle;
  }
  quantiles.set(df, high);
  return high;
}

/**
 * The difference of two shares in matched pairs, at 95%: Wald's interval with half a pair more in each of the four
 * cells (Agresti and Min 2005).
 *
 * @param up Pairs in which only the second is yes.
 * @param down Pairs in which only the first is.
 */
export function matchedDifference(up: number, down: number, count: number): Estimate {
  if (count === 0) return { value: NaN, low: NaN, high: NaN, count };
  const n = count + 2;
  const center = (up - down) / n;
  const half = NORMAL_95 * Math.sqrt(((up + down + 1) / n - center * center) / n);
  return {
    value: (up - down) / count,
    low: Math.max(-1, center - half),
    high: Math.min(1, center + half),
    count,
  };
}

/** A difference between two parameter sets under common random numbers. */
export interface PairedDifference {
  /** Mean of the differences between trials of one seed, with Student's interval. */
  readonly difference: Estimate;
  /**
   * How many times smaller the variance is than that of as many independent trials of each set; NaN if that
   * cannot be told.
   */
  readonly varianceRatio: number;
}

/** Collects values of two sets by seed. */
export class PairedMoments {
  readonly #a = new Moments();
  readonly #b = new Moments();
  readonly #difference = new Moments();
  #up = 0;
  #down = 0;

  /** Takes in the values of both sets under one seed. */
  add(a: number, b: number): void {
    this.#a.add(a);
    this.#b.add(b);
    this.#difference.add(b - a);
    if (b > a) this.#up++;
    if (b < a) this.#down++;
  }

  /** Whether all values of both sets are 0 or 1. */
  get isBinary(): boolean {
    return this.#a.isBinary && this.#b.isBinary;
  }

  /**
   * The difference of the second set from the first.
   *
   * @param isShare Whether the values are yes and no, as 1 and 0: Student's interval has no width where all
   * differences are the same.
   */
  result({ isShare = false } = {}): PairedDifference {
    return {
      difference: isShare
        ? matchedDifference(this.#up, this.#down, this.#difference.count)
        : studentInterval(this.#difference),
      varianceRatio: (this.#a.variance + this.#b.variance) / this.#difference.variance,
    };
  }
}
