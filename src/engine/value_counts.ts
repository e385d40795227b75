/**
 * How often each value comes, as long as there are not too many different ones: exact quantiles and histograms in
 * one pass, which parts of a series can be merged for.
 * This module is browser compatible.
 *
 * @module
 */

import { DISTINCT_VALUES_MAX } from "./limits.ts";
import { binOf, interpolate } from "./value_passes.ts";
import type { Histogram } from "./run_options.ts";

/** The counts of a part of a series, as plain data. */
export interface ValueCountsPart {
  /** The values but NaN, ascending, -0 before 0; none if there are too many. */
  readonly values: Float64Array;
  /** How often each comes. */
  readonly counts: Float64Array;
  /** How many were NaN. */
  readonly nan: number;
  /** Whether there are more different values than are kept. */
  readonly isTooMany: boolean;
}

/** Counts values. */
export class ValueCounts {
  /** Without -0, which a Map takes for 0. */
  readonly #counts = new Map<number, number>();
  #negativeZeros = 0;
  #nan = 0;
  #isTooMany = false;

  /** Takes a value. */
  add(x: number, count = 1): void {
    if (x !== x) this.#nan += count;
    else if (Object.is(x, -0)) this.#negativeZeros += count;
    else if (!this.#isTooMany) {
      this.#counts.set(x, (this.#counts.get(x) ?? 0) + count);
      if (this.#counts.size > DISTINCT_VALUES_MAX) {
        this.#isTooMany = true;
        this.#counts.clear();
      }
    }
  }

  /** Takes in another part. */
  merge({ values, counts, nan, isTooMany }: ValueCountsPart): void {
    this.#nan += nan;
    if (isTooMany) this.#isTooMany = true;
    if (this.#isTooMany) return this.#counts.clear();
    for (let i = 0; i < values.length; i++) this.add(values[i]!, counts[i]!);
  }

  /** What was counted. */
  part(): ValueCountsPart {
    const nan = this.#nan;
    const isTooMany = this.#isTooMany;
    if (isTooMany) {
      return { values: new Float64Array(0), counts: new Float64Array(0), nan, isTooMany };
    }
    const entries = [...this.#counts];
    if (this.#negativeZeros > 0) entries.push([-0, this.#negativeZeros]);
    entries.sort(([a], [b]) => a - b || Number(Object.is(b, -0)) - Number(Object.is(a, -0)));
    return {
      values: Float64Array.from(entries, ([value]) => value),
      counts: Float64Array.from(entries, ([, count]) => count),
      nan,
      isTooMany,
    };
  }
}

/** Exact quantiles, as `exactQuantiles` gives them. */
export function quantilesOfCounts(
  { values, counts, nan }: ValueCountsPart,
  probabilities: readonly number[],
): number[] {
  const count = counts.reduce((sum, many) => sum + many, 0);
  if (nan > 0) return probabilities.map(() => NaN);
  const at = (rank: number): number => {
    let left = rank;
    let i = 0;
    while (left >= counts[i]!) left -= counts[i++]!;
    return values[i]!;
  };
  return interpolate(probabilities, count, at);
}

/** A histogram, as `histogramOf` gives it. */
export function histogramOfCounts({ values, counts }: ValueCountsPart, bins: number): Histogram {
  const finite = [...values.entries()].filter(([, x]) => x - x === 0);
  const low = finite[0]?.[1] ?? NaN;
  const high = finite.at(-1)?.[1] ?? NaN;
  const binned = new Array<number>(bins).fill(0);
  for (const [i, x] of finite) binned[binOf(x, { low, high, bins })]! += counts[i]!;
  return { low, high, counts: binned };
}
