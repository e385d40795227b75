/**
 * A number over all states of a range, reduced to what a plot of it needs: exact extremes per bucket, exact
 * statistics, and where it is not finite.
 * This module is browser compatible.
 *
 * @module
 */

import { StatsAccumulator } from "./stats.ts";
import type { ScalarStats } from "./types.ts";

/** How often a number was NaN, say, and when first. */
export interface NonFiniteCount {
  /** How often. */
  readonly count: number;
  /** The first t; -1 if there is none. */
  readonly first: number;
}

/** Kinds of numbers that are not finite; each is a bit in {@linkcode Series.marks}. */
export const NON_FINITE_BITS = { nan: 1, positive: 2, negative: 4 } as const;

/** A number over the states of [from, to), as plain data. */
export interface Series {
  /** Statistics of the finite values; undefined if there are none. */
  readonly stats: ScalarStats | undefined;
  /** The first t of the smallest finite value; -1 if there is none. */
  readonly minT: number;
  /** The first t of the largest finite value; -1 if there is none. */
  readonly maxT: number;
  /** Values that are NaN. */
  readonly nan: NonFiniteCount;
  /** Values that are Infinity. */
  readonly positive: NonFiniteCount;
  /** Values that are -Infinity. */
  readonly negative: NonFiniteCount;
  /** Smallest finite value of each bucket; NaN where there is none. */
  readonly low: Float64Array;
  /** Largest finite value of each bucket; NaN where there is none. */
  readonly high: Float64Array;
  /** Mean of the finite values of each bucket, as summed up in order; NaN where there is none. */
  readonly mean: Float64Array;
  /** Which kinds of non-finite values each bucket has; see {@linkcode NON_FINITE_BITS}. */
  readonly marks: Uint8Array;
  /** Whether there are values, all finite and, by `Object.is`, one and the same. */
  readonly isConstant: boolean;
  /** Two hashes of all values with their t: series with the same buckets need not be the same. */
  readonly digest: Uint32Array;
}

/** How the states of [from, to) are cut into buckets of `width` states; the last one may be shorter. */
export interface Buckets {
  /** First t. */
  readonly from: number;
  /** One past the last t. */
  readonly to: number;
  /** States per bucket. */
  readonly width: number;
  /** Number of buckets. */
  readonly count: number;
}

/** At most `countMax` buckets for the states of [from, to), which is not empty. */
export function bucketsOf(from: number, to: number, countMax: number): Buckets {
  const width = Math.ceil((to - from) / countMax);
  return { from, to, width, count: Math.ceil((to - from) / width) };
}

/** The image of the number that is being taken; of NaN there is one. */
const IMAGE = new Float64Array(1);
const WORDS = new Uint32Array(IMAGE.buffer);

/** Takes the values of one number, t ascending. */
export class SeriesAccumulator {
  readonly #from: number;
  readonly #width: number;
  readonly #low: Float64Array;
  readonly #high: Float64Array;
  readonly #mean: Float64Array;
  readonly #marks: Uint8Array;
  readonly #stats = new StatsAccumulator();
  readonly #nonFinite = {
    nan: { count: 0, first: -1 },
    positive: { count: 0, first: -1 },
    negative: { count: 0, first: -1 },
  };
  #min = Infinity;
  #minT = -1;
  #max = -Infinity;
  #maxT = -1;
  /** One past the last t of the bucket that is being filled; its index follows from it. */
  #end: number;
  #bucketLow = Infinity;
  #bucketHigh = -Infinity;
  #bucketSum = 0;
  #bucketCount = 0;
  /** Hash and first value, of which `#isConstant` says whether it is the only one. */
  #digest0 = 0x9747b28c;
  #digest1 = 0x3c6ef372;
  #first: number | undefined;
  #isConstant = true;

  /** Prepares empty buckets. */
  constructor({ from, width, count }: Buckets) {
    this.#from = from;
    this.#width = width;
    this.#low = new Float64Array(count).fill(NaN);
    this.#high = new Float64Array(count).fill(NaN);
    this.#mean = new Float64Array(count).fill(NaN);
    this.#marks = new Uint8Array(count);
    this.#end = from + width;
  }

  /** Takes the value at t, which is greater than every t before. */
  add(t: number, x: number): void {
    if (t >= this.#end) this.#next(t);
    this.#note(t, x);
    if (x - x !== 0) return this.#addNonFinite(t, x);
    this.#stats.add(x);
    this.#bucketSum += x;
    this.#bucketCount++;
    if (x < this.#bucketLow) {
      this.#bucketLow = x;
      if (x < this.#min) {
        this.#min = x;
        this.#minT = t;
      }
    }
    if (x > this.#bucketHigh) {
      this.#bucketHigh = x;
      if (x > this.#max) {
        this.#max = x;
        this.#maxT = t;
      }
    }
  }

  /** What was taken in so far. */
  result(): Series {
    this.#close();
    const { nan, positive, negative } = this.#nonFinite;
    return {
      stats: this.#minT < 0 ? undefined : this.#stats.result() as ScalarStats,
      minT: this.#minT,
      maxT: this.#maxT,
      nan: { ...nan },
      positive: { ...positive },
      negative: { ...negative },
      low: this.#low,
      high: this.#high,
      mean: this.#mean,
      marks: this.#marks,
      isConstant: this.#isConstant && this.#minT >= 0,
      digest: Uint32Array.of(this.#digest0, this.#digest1),
    };
  }

  #note(t: number, x: number): void {
    if (this.#isConstant) this.#isConstant = Object.is(this.#first ??= x, x);
    IMAGE[0] = x === x ? x : NaN;
    // Two steps of MurmurHash3, each over one word and the other's hash.
    let mixed = Math.imul(this.#digest0 ^ WORDS[0]! ^ t, 0x85ebca6b);
    this.#digest0 = mixed = (mixed ^ mixed >>> 13) + this.#digest1 | 0;
    mixed = Math.imul(this.#digest1 ^ WORDS[1]! ^ mixed, 0xc2b2ae35);
    this.#digest1 = mixed ^ mixed >>> 16;
  }

  #addNonFinite(t: number, x: number): void {
    const kind = x !== x ? "nan" : x > 0 ? "positive" : "negative";
    const counter = this.#nonFinite[kind];
    if (counter.count++ === 0) counter.first = t;
    this.#marks[this.#bucket()]! |= NON_FINITE_BITS[kind];
  }

  #bucket(): number {
    return (this.#end - this.#from) / this.#width - 1;
  }

  /** Puts the bucket that is being filled away. */
  #close(): void {
    const bucket = this.#bucket();
    if (this.#bucketCount === 0) return;
    this.#low[bucket] = this.#bucketLow;
    this.#high[bucket] = this.#bucketHigh;
    const mean = this.#bucketSum / this.#bucketCount;
    // Rounding, or a sum that left the range, must not take it out of the bucket.
    this.#mean[bucket] = Math.min(this.#bucketHigh, Math.max(this.#bucketLow, mean));
  }

  /** Goes on to the bucket of t. */
  #next(t: number): void {
    this.#close();
    this.#end = this.#from + (Math.floor((t - this.#from) / this.#width) + 1) * this.#width;
    this.#bucketLow = Infinity;
    this.#bucketHigh = -Infinity;
    this.#bucketSum = 0;
    this.#bucketCount = 0;
  }
}
