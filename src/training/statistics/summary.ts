/**
 * Numbers that sum up a sample: mean, variance, quantiles, robust spread.
 * This module is browser compatible.
 *
 * @module
 */

import { selectMedian } from "./select_median.ts";

/** Mean and spread of a sample. */
export interface SampleSummary {
  /** Number of values. */
  readonly n: number;
  /** Arithmetic mean; NaN for an empty sample. */
  readonly mean: number;
  /** Sample variance (divisor n-1); NaN below two values. */
  readonly variance: number;
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
