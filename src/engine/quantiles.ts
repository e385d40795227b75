/**
 * Exact quantiles of values that can be gone over several times but not kept: each pass settles 16 bits of
 * the order statistics that are asked for, so four passes do, in memory that does not grow with the values.
 * This module is browser compatible.
 *
 * @module
 */

import { ArgumentRangeError } from "../errors.ts";

/** Goes over all values once, in any order. */
export type ValuePass = (take: (x: number) => void) => void;

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
  for (const q of probabilities) {
    if (typeof q === "number" && q >= 0 && q <= 1) continue;
    throw new ArgumentRangeError(`Cannot compute the quantile ${q}: it must be from 0 to 1`);
  }
  const places = probabilities.map((q) => (count - 1) * q);
  const ranks = [...new Set(places.flatMap((place) => [Math.floor(place), Math.ceil(place)]))];
  const found = orderStatistics(pass, ranks);
  if (found === undefined) return probabilities.map(() => NaN);
  return places.map((place) => {
    const low = found.get(Math.floor(place))!;
    const high = found.get(Math.ceil(place))!;
    const share = place - Math.floor(place);
    return share === 0 || low === high ? low : low + (high - low) * share;
  });
}

/** The values at some places of the ascending order; undefined if one of all is NaN. */
function orderStatistics(
  pass: ValuePass,
  ranks: readonly number[],
): ReadonlyMap<number, number> | undefined {
  const targets: Target[] = ranks.map((rank) => ({ prefix: 0n, rank }));
  for (let done = 0; done < PASSES; done++) {
    const shift = BigInt(64 - DIGIT_BITS * (done + 1));
    const counts = new Map<bigint, Float64Array>();
    for (const { prefix } of targets) {
      if (!counts.has(prefix)) counts.set(prefix, new Float64Array(2 ** DIGIT_BITS));
    }
    let hasNaN = false;
    pass((x) => {
      if (x !== x) hasNaN = true;
      const bits = keyOf(x) >> shift;
      const table = counts.get(bits >> BigInt(DIGIT_BITS));
      if (table !== undefined) table[Number(bits & 0xffffn)]!++;
    });
    if (hasNaN) return undefined;
    for (const target of targets) settle(target, counts.get(target.prefix)!);
  }
  return new Map(ranks.map((rank, i) => [rank, valueOf(targets[i]!.prefix)]));
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
