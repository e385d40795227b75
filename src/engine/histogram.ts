/**
 * Histograms of values that can be gone over twice but not kept.
 * This module is browser compatible.
 *
 * @module
 */

import { ArgumentRangeError } from "../errors.ts";
import { HISTOGRAM_BINS_MAX } from "../limits.ts";
import type { ValuePass } from "./quantiles.ts";
import type { Histogram } from "./run_options.ts";

/**
 * Counts the finite values in bins of equal width from the smallest to the largest of them.
 *
 * @param pass Goes over the values; it is called twice and must give the same ones each time.
 * @param bins How many bins, from 1 to {@linkcode HISTOGRAM_BINS_MAX}.
 * @throws {RangeError} If that is no such number.
 */
export function histogramOf(pass: ValuePass, bins: number): Histogram {
  checkBins(bins);
  let low = Infinity;
  let high = -Infinity;
  pass((x) => {
    if (x - x !== 0) return;
    if (x < low) low = x;
    if (x > high) high = x;
  });
  const counts = new Array<number>(bins).fill(0);
  if (low > high) return { low: NaN, high: NaN, counts };
  pass((x) => {
    if (x - x === 0) counts[binOf(x, { low, high, bins })]!++;
  });
  return { low, high, counts };
}

/** Refuses what is no number of bins. */
export function checkBins(bins: number): void {
  if (Number.isInteger(bins) && bins >= 1 && bins <= HISTOGRAM_BINS_MAX) return;
  throw new ArgumentRangeError(
    `Cannot use 'histogram': it must be a number of bins from 1 to ${HISTOGRAM_BINS_MAX}, not ${bins}`,
  );
}

/** The bin of a finite value, of as many as there are from the smallest to the largest one. */
export function binOf(
  x: number,
  { low, high, bins }: { readonly low: number; readonly high: number; readonly bins: number },
): number {
  // Halves, as the whole width may be beyond the numbers.
  const width = high / 2 - low / 2;
  const place = width === 0 ? 0 : Math.floor(((x / 2 - low / 2) / width) * bins);
  return Math.min(place, bins - 1);
}
