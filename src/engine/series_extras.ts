/**
 * What is taken of a series of numbers besides its moments: in one pass, part by part, and merged to the same bits.
 * This module is browser compatible.
 *
 * @module
 */

import { ArgumentTypeError } from "../errors.ts";
import { Blocking, type BlockingPart } from "./blocking_error.ts";
import { binOf, DigitCounter } from "./value_passes.ts";
import { ValueCounts, type ValueCountsPart } from "./value_counts.ts";
import type { DigitRequest } from "./types.ts";

/** What to take. */
export interface ExtrasRequest {
  /** Whether the standard error of the mean is wanted. */
  readonly blocking: boolean;
  /** Whether the different values are to be counted. */
  readonly counts: boolean;
  /** Which digits to count, for quantiles of more values than are counted one by one. */
  readonly digits: DigitRequest | undefined;
  /** Which bins to fill. */
  readonly bins: { readonly low: number; readonly high: number; readonly bins: number } | undefined;
}

/** What was taken of a part of a series, as plain data; undefined what was not asked for. */
export interface ExtrasPart {
  readonly blocking: BlockingPart | undefined;
  readonly counts: ValueCountsPart | undefined;
  /** A table for each prefix. */
  readonly digits: readonly Float64Array[] | undefined;
  readonly bins: Float64Array | undefined;
  /** The smallest and the largest finite value; Infinity and -Infinity without. */
  readonly finite: readonly [low: number, high: number];
}

/** Takes a part of a series, from an index on. */
export class SeriesExtras {
  readonly #blocking: Blocking | undefined;
  readonly #counts: ValueCounts | undefined;
  readonly #digits: DigitCounter | undefined;
  readonly #request: ExtrasRequest;
  readonly #bins: Float64Array | undefined;
  #low = Infinity;
  #high = -Infinity;

  /** @param first Index in the series of the first value that comes. */
  constructor(request: ExtrasRequest, first: number) {
    const { blocking, counts, digits, bins } = request;
    this.#request = request;
    if (blocking) this.#blocking = new Blocking(first);
    if (counts) this.#counts = new ValueCounts();
    if (digits !== undefined) this.#digits = new DigitCounter(digits);
    if (bins !== undefined) this.#bins = new Float64Array(bins.bins);
  }

  /** Takes the next observation. @throws {TypeError} If it is a vector. */
  add(observation: unknown): void {
    if (typeof observation === "object" && observation !== null) {
      throw new ArgumentTypeError(
        "Cannot compute quantiles, a histogram or the standard error: the observable gives vectors",
      );
    }
    const x = Number(observation);
    this.#blocking?.add(x);
    this.#counts?.add(x);
    this.#digits?.add(x);
    if (x - x !== 0) return;
    if (x < this.#low) this.#low = x;
    if (x > this.#high) this.#high = x;
    if (this.#bins !== undefined) this.#bins[binOf(x, this.#request.bins!)]!++;
  }

  /** Takes in the part that follows. */
  merge({ blocking, counts, digits, bins, finite: [low, high] }: ExtrasPart): void {
    if (blocking !== undefined) this.#blocking?.merge(blocking);
    if (counts !== undefined) this.#counts?.merge(counts);
    addTo(this.#digits?.tables ?? [], digits ?? []);
    if (bins !== undefined && this.#bins !== undefined) addTo([this.#bins], [bins]);
    this.#low = Math.min(this.#low, low);
    this.#high = Math.max(this.#high, high);
  }

  /** All that was taken. */
  part(): ExtrasPart {
    return {
      blocking: this.#blocking?.part(),
      counts: this.#counts?.part(),
      digits: this.#digits?.tables,
      bins: this.#bins,
      finite: [this.#low, this.#high],
    };
  }
}

function addTo(into: readonly Float64Array[], from: readonly Float64Array[]): void {
  for (const [i, table] of from.entries()) {
    const sums = into[i];
    if (sums === undefined) continue;
    for (let k = 0; k < table.length; k++) sums[k]! += table[k]!;
  }
}
