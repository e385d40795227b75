/**
 * Exact quantiles and histograms of values that can be gone over several times but not kept. For quantiles each pass
 * settles 16 bits of the order statistics that are asked for, so four passes do, in memory that does not grow with the
 * values; a histogram takes two.
 * This module is browser compatible.
 *
 * @module
 */

import { ArgumentRangeError } from "../errors.ts";
import { HISTOGRAM_BINS_MAX } from "../limits.ts";
import type { Histogram } from "./run_options.ts";
import type { DigitRequest, ValuePass } from "./types.ts";

/** Bits that one pass settles, and how many passes settle all 64. */
const DIGIT_BITS = 16;
const PASSES = 4;

const FLOAT_VIEW = new Float64Array(1);
const BITS_VIEW = new BigUint64Array(FLOAT_VIEW.buffer);
const SIGN = 1n << 63n;
const ALL = (1n << 64n) - 1n;

/** An order statistic that is looked for. */
interface Target {
  /** The bits that are settled, as the number they are. */
  prefix: bigint;
  /** How many values with this prefix are smaller. */
  rank: number;
}

/**
 * Exact quantiles: the value at place (n - 1) q of the values in ascending order, interpolated linearly
 * between its two neighbors, as NumPy's `quantile` does by default. NaN if a value is NaN.
 *
 * @param pass Goes over the values; it is called four times and must give the same ones each time.
 * @param count How many there are, at least 1.
 * @param probabilities Each from 0 to 1.
 * @throws {RangeError} If a probability is none.
 */
export function exactQuantiles(
  pass: ValuePass,
  count: number,
  probabilities: readonly number[],
): number[] {
  checkProbabilities(probabilities);
  const search = new OrderSearch(ranksOf(probabilities, count));
  while (!search.isDone) {
    const counter = new DigitCounter(search.request());
    pass((x) => counter.add(x));
    if (counter.hasNaN) return probabilities.map(() => NaN);
    search.settle(counter.tables);
  }
  return interpolate(probabilities, count, (rank) => search.valueAt(rank));
}

/** Refuses what is no probability. */
export function checkProbabilities(probabilities: readonly number[]): void {
  for (const q of probabilities) {
    if (typeof q === "number" && q >= 0 && q <= 1) continue;
    throw new ArgumentRangeError(`Cannot compute the quantile ${q}: it must be from 0 to 1`);
  }
}

/** The places in the ascending order of `count` values between which quantiles lie. */
export function ranksOf(probabilities: readonly number[], count: number): number[] {
  const places = probabilities.map((q) => (count - 1) * q);
  return [...new Set(places.flatMap((place) => [Math.floor(place), Math.ceil(place)]))];
}

/** Quantiles from the values at those places. */
export function interpolate(
  probabilities: readonly number[],
  count: number,
  at: (rank: number) => number,
): number[] {
  return probabilities.map((q) => {
    const place = (count - 1) * q;
    const low = at(Math.floor(place));
    const high = at(Math.ceil(place));
    const share = place - Math.floor(place);
    return share === 0 || low === high ? low : low + (high - low) * share;
  });
}

/** Counts digits in one pass. */
export class DigitCounter {
  /** A table of counts for each prefix of the request. */
  readonly tables: readonly Float64Array[];
  /** Whether a value was NaN. */
  hasNaN = false;
  readonly #shift: bigint;
  readonly #byPrefix: ReadonlyMap<bigint, Float64Array>;

  constructor({ shift, prefixes }: DigitRequest) {
    this.tables = prefixes.map(() => new Float64Array(2 ** DIGIT_BITS));
    this.#shift = BigInt(shift);
    this.#byPrefix = new Map(prefixes.map((prefix, i) => [prefix, this.tables[i]!]));
  }

  /** Takes a value. */
  add(x: number): void {
    if (x !== x) this.hasNaN = true;
    const bits = keyOf(x) >> this.#shift;
    const table = this.#byPrefix.get(bits >> BigInt(DIGIT_BITS));
    if (table !== undefined) table[Number(bits & 0xffffn)]!++;
  }
}

/** Finds the values at some places of the ascending order, digit by digit. */
export class OrderSearch {
  readonly #targets: ReadonlyMap<number, Target>;
  #passes = 0;
  #prefixes: bigint[] = [];

  constructor(ranks: readonly number[]) {
    this.#targets = new Map(ranks.map((rank) => [rank, { prefix: 0n, rank }]));
  }

  /** Whether all bits are settled. */
  get isDone(): boolean {
    return this.#passes === PASSES;
  }

  /** What the next pass is to count. */
  request(): DigitRequest {
    this.#prefixes = [...new Set([...this.#targets.values()].map(({ prefix }) => prefix))];
    return { shift: 64 - DIGIT_BITS * (this.#passes + 1), prefixes: this.#prefixes };
  }

  /** Takes what it counted. */
  settle(tables: readonly Float64Array[]): void {
    const byPrefix = new Map(this.#prefixes.map((prefix, i) => [prefix, tables[i]!]));
    for (const target of this.#targets.values()) settle(target, byPrefix.get(target.prefix)!);
    this.#passes++;
  }

  /** The value at a place that was looked for. */
  valueAt(rank: number): number {
    return valueOf(this.#targets.get(rank)!.prefix);
  }
}

/** Settles the next bits of an order statistic. */
function settle(target: Target, counts: Float64Array): void {
  let digit = 0;
  while (target.rank >= counts[digit]!) target.rank -= counts[digit++]!;
  target.prefix = (target.prefix << BigInt(DIGIT_BITS)) | BigInt(digit);
}

/** An integer in [0, 2^64) that orders as the number does; -0 comes before 0. */
function keyOf(x: number): bigint {
  FLOAT_VIEW[0] = x;
  const bits = BITS_VIEW[0]!;
  return (bits & SIGN) === 0n ? bits | SIGN : bits ^ ALL;
}

function valueOf(key: bigint): number {
  BITS_VIEW[0] = (key & SIGN) === 0n ? key ^ ALL : key ^ SIGN;
  return FLOAT_VIEW[0]!;
}

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
