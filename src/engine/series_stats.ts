/**
 * What may be asked of a series besides its moments, and what comes of what was taken.
 * This module is browser compatible.
 *
 * @module
 */

import { ArgumentRangeError, ArgumentTypeError } from "../errors.ts";
import { checkEvery, resolveRange } from "./run_bounds.ts";
import { type SeriesError, seriesError } from "./blocking_error.ts";
import { checkBins, checkProbabilities } from "./value_passes.ts";
import type { StatsExtras, StatsOptions } from "./run_options.ts";
import type { ExtrasPart, ExtrasRequest } from "./series_extras.ts";
import type { SeriesRange, Stats } from "./types.ts";
import { histogramOfCounts, quantilesOfCounts } from "./value_counts.ts";

/** Which states of a run to take, and what of them. */
export interface SeriesOptions extends StatsOptions {
  /**
   * Whether to take the standard error of the mean, which knows that states depend on those before them.
   *
   * @default {false}
   */
  autocorrelation?: boolean;
}

/** Statistics of a series. */
export type SeriesStats = Stats & StatsExtras & {
  /** The standard error of the mean, if it was asked for. */
  readonly autocorrelation?: SeriesError;
};

/** Options with defaults taken, as plain data. */
export interface SeriesAsked extends SeriesRange {
  readonly quantiles: readonly number[] | undefined;
  readonly histogram: number | undefined;
  readonly autocorrelation: boolean;
}

/**
 * Checks options.
 *
 * @throws {RangeError} If the range lies outside the run or is empty, or a number is none that can be.
 */
export function seriesAsked(options: SeriesOptions, steps: number): SeriesAsked {
  const { every = 1, quantiles, histogram, autocorrelation = false } = options;
  const [from, to] = resolveRange(options.from, options.to, steps);
  if (from >= to) {
    throw new ArgumentRangeError("Cannot compute statistics: the range has no states");
  }
  checkEvery(every);
  checkProbabilities(quantiles ?? []);
  if (histogram !== undefined) checkBins(histogram);
  return { from, to, every, quantiles, histogram, autocorrelation };
}

/** Whether nothing but the moments of all states is asked for. */
export function isPlain(
  { from, to, every, quantiles, histogram, autocorrelation }: SeriesAsked,
  steps: number,
): boolean {
  return from === 0 && to === steps && every === 1 && quantiles === undefined &&
    histogram === undefined && !autocorrelation;
}

/** What a first pass takes; undefined if moments will do. */
export function extrasAsked(
  { quantiles, histogram, autocorrelation }: SeriesAsked,
): ExtrasRequest | undefined {
  const counts = quantiles !== undefined || histogram !== undefined;
  if (!counts && !autocorrelation) return undefined;
  return { blocking: autocorrelation, counts, digits: undefined, bins: undefined };
}

/**
 * What was asked for, of what a first pass took; without quantiles and histogram if there are too many different
 * values for it.
 *
 * @throws {TypeError} If the observable gives vectors and more than moments are asked for.
 */
export function seriesResult(
  moments: Stats,
  extras: ExtrasPart | undefined,
  { quantiles, histogram, autocorrelation }: SeriesAsked,
): SeriesStats {
  if (extras === undefined) return moments;
  if ("covariance" in moments) {
    throw new ArgumentTypeError(
      "Cannot compute quantiles, a histogram or the standard error: the observable gives vectors",
    );
  }
  const { counts, blocking } = extras;
  const known = counts !== undefined && !counts.isTooMany ? counts : undefined;
  return {
    ...moments,
    ...(known && quantiles && { quantiles: quantilesOfCounts(known, quantiles) }),
    ...(known && histogram !== undefined && { histogram: histogramOfCounts(known, histogram) }),
    ...(autocorrelation && blocking && { autocorrelation: seriesError(blocking) }),
  };
}
