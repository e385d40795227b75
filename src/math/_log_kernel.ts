/**
 * The natural logarithm as an unevaluated sum, for the logarithms and pow.
 * This module is browser compatible.
 *
 * Source: Tang (1990), "Table-driven implementation of the logarithm function in IEEE floating-point
 * arithmetic", with reciprocals as in Gal and Bachelis (1991): x = 2^k m, r = m c - 1 for a tabled
 * short c near 1 / m, log x = k ln2 - log c + log(1 + r).
 *
 * @module
 */

import {
  add,
  divide,
  type DoubleDouble,
  exactQuotient,
  exactSum,
  LN2_PARTS,
  logarithmSeries,
  multipleOfLn2,
  scale,
  shortOddSeries,
  wide,
} from "./_double_double.ts";
import { DOUBLE, HIGH, POWER_ZERO, POWERS_OF_TWO, WORDS } from "./_float64.ts";

/** The sum that the kernels leave behind: head and tail. */
export const LOG_SUM: Float64Array = new Float64Array(2);

const sum = LOG_SUM;
const double = DOUBLE;
const words = WORDS;
const powers = POWERS_OF_TWO;
const high = HIGH;
const LN2_HIGH = LN2_PARTS[0];
const LN2_LOW = LN2_PARTS[1] + LN2_PARTS[2];

/** Upper word of sqrt(1/2): m lies between it and its double. */
const LEAST_WORD = 0x3fe6a09e;

/** Where the 129 intervals of m start, in upper words of 2^13; 1 is the middle of one of them. */
const FIRST_WORD = 0x3fe69000;

/** Index of the interval around 1, where c = 1 and r = m - 1. */
const ONE_INDEX = 75;

/** Adding and taking away these rounds to multiples of 2 ** -26, 2 ** -34 and 2 ** -42. */
const HALVER = 100663296;
const SHORTENER = 393216;
const TABLE_SHORTENER = 1536;

/**
 * Per interval: c of 15 bits, -log c to a multiple of 2 ** -42, and the rest of -log c. Each
 * logarithm follows from its neighbor by the short series of their quotient.
 */
const table = new Float64Array(3 * 129);

/** Entry that {@linkcode fillTable} sets last: 0 until the table is whole. */
const LAST_ENTRY = 3 * 128;

/** Fills the table at first use: importing costs nothing then. */
function fillTable(): void {
  const reciprocal = (index: number): number => {
    words[high] = FIRST_WORD + 0x1000 + (index << 13);
    words[1 - high] = 0;
    // 1.5 * 2^38 keeps 14 bits behind the point.
    return 1 / double[0]! + 412316860416 - 412316860416;
  };
  for (const direction of [-1, 1]) {
    let last = 1;
    let logarithm = wide(0);
    for (let index = ONE_INDEX; index >= 0 && index < 129; index += direction) {
      const c = reciprocal(index);
      const s = exactQuotient(last - c, last + c);
      logarithm = add(logarithm, scale(shortOddSeries(s, 1), 2));
      last = c;
      const short = logarithm.high + TABLE_SHORTENER - TABLE_SHORTENER;
      table[3 * index + 1] = short;
      table[3 * index + 2] = logarithm.high - short + logarithm.low;
      table[3 * index] = c;
    }
  }
}

/**
 * Leaves log((x + tail) * 2^power) in {@linkcode LOG_SUM}, for a positive normal x and a tail of at
 * most half its last place. Error below 2^-66 of the result. {@linkcode nearLog} is the one to use
 * where x + tail is 1 + something of no more than 2^-8.
 */
export function logKernel(x: number, tail: number, power: number): void {
  if (table[LAST_ENTRY] === 0) fillTable();
  double[0] = x;
  const word = words[high]!;
  const k = (word - LEAST_WORD) >> 20;
  const index = (word - (k << 20) - FIRST_WORD) >> 13;
  const factor = powers[POWER_ZERO - k]!;
  const m = x * factor;
  const c = table[3 * index]!;
  // Both products are exact, as c has 15 bits and the halves of m have 27 and 26.
  const half = m + HALVER - HALVER;
  const first = half * c - 1;
  const second = (m - half) * c;
  const r = first + second;
  finish(k + power, index, r, first - r + second + tail * factor * c);
}

/** Leaves log(1 + r) in {@linkcode LOG_SUM} for |r| of at most 2^-8, to 2^-66 of the result. */
export function nearLog(r: number): void {
  if (table[LAST_ENTRY] === 0) fillTable();
  finish(0, ONE_INDEX, r, 0);
}

/** Leaves k ln2 - log c + log(1 + r + rest) in the sum. */
function finish(k: number, index: number, r: number, rest: number): void {
  const square = r * r;
  const curve = square * r * (1 / 3 - r * (1 / 4) +
    square *
      (1 / 5 - r * (1 / 6) +
        square * (1 / 7 - r * (1 / 8) + square * (1 / 9))));
  // r^2 / 2 is the last term that needs a tail: the square of the short part of r is exact.
  const short = r + SHORTENER - SHORTENER;
  const halfSquare = short * short * 0.5;
  const bent = r - halfSquare;
  const base = k * LN2_HIGH + table[3 * index + 1]!;
  const head = base + bent;
  sum[0] = head;
  sum[1] = base - head + bent +
    (r - bent - halfSquare + (k * LN2_LOW + table[3 * index + 2]!) +
      (curve + rest * (1 - r + square) - (r - short) * (r + short) * 0.5));
}

/** log((x + tail) * 2^power) for a positive normal x, to some 2^-100 of the result. */
export function exactLog(x: number, tail: number, power: number): DoubleDouble {
  double[0] = x;
  const k = (words[high]! - LEAST_WORD) >> 20;
  const factor = powers[POWER_ZERO - k]!;
  const m = exactSum(x * factor, tail * factor);
  const s = divide(add(m, wide(-1)), add(m, wide(1)));
  return add(multipleOfLn2(k + power), logarithmSeries(s));
}

/** Twice the kernel's error relative to the result; within it the kernel cannot decide. */
export const LOG_DOUBT = 8e-21;

/** The least number that has all its bits. */
export const SMALLEST_NORMAL = 2.2250738585072014e-308;

/** 2 ** 54, which makes every subnormal normal. */
export const RAISE = 18014398509481984;
/** The power of two that {@linkcode RAISE} is. */
export const RAISE_POWER = 54;

/** What every logarithm gives for zero, negative numbers, infinity and NaN. */
export function outsideLog(x: number): number {
  return x === 0 ? -Infinity : x > 0 ? x : NaN;
}
