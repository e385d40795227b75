/**
 * Powers. This module is browser compatible.
 *
 * @module
 */

import { add, addSticky, multiply, wide } from "./_double_double.ts";
import { exactExp, EXP_DOUBT, EXP_SUM, expKernel } from "./_exp_kernel.ts";
import {
  DOUBLE,
  HIGH,
  POWER_ZERO,
  POWERS_OF_TWO,
  productTail,
  scaleToDouble,
  WORDS,
} from "./_float64.ts";
import { exactLog, LOG_SUM, logKernel } from "./_log_kernel.ts";

// Taken on load: a step that changes Math changes nothing here.
const { abs, sqrt } = Math;

const logSum = LOG_SUM;
const expSum = EXP_SUM;
const powers = POWERS_OF_TWO;
const double = DOUBLE;
const words = WORDS;
const high = HIGH;

const SMALLEST_NORMAL = 2.2250738585072014e-308;
const RAISE = 18014398509481984;
const RAISE_POWER = 54;

/** Twice the error that the logarithm's kernel brings, per unit of the exponent. */
const LOG_DOUBT = 8e-21;

/** 2 ** -53, half of the last place of a number in [1, 2), and 2 ** -89. */
const HALF_PLACE = 1.1102230246251565e-16;
const EXACT = 1.6155871338926322e-27;

/**
 * x raised to y, as `Math.pow`, with the same bits on every engine; the operator `**` is the engine's.
 *
 * Error below 0.5000001 ulp: the result is the double nearest to x^y save where x^y lies within
 * 2^-89 of the middle of two doubles; exact results and exact middles are recognized. The special
 * cases are ECMAScript's: `pow(1, NaN)` and `pow(-1, Infinity)` are NaN, where C and Python give 1.
 * exp(y log x) with both in more than double precision; Tang (1989, 1990).
 *
 * @example Usage
 * ```ts
 * import { pow } from "@rewind/cli/math";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(pow(10, -5), 1e-5);
 * assertEquals(pow(-2, 3), -8);
 * assertEquals(pow(-2, 0.5), NaN);
 * ```
 */
export function pow(x: number, y: number): number {
  x = +x;
  y = +y;
  if (x > 0 && x < Infinity && y - y === 0) {
    // One rounding each, so these are the same bits, sooner.
    if (y === 2) return x * x;
    if (y === 0.5) return sqrt(x);
    return positivePower(x, y);
  }
  if (y === 0) return 1;
  if (x !== x || y !== y) return NaN;
  const base = abs(x);
  if (y === Infinity || y === -Infinity) {
    if (base === 1) return NaN;
    return (base > 1) === (y > 0) ? Infinity : 0;
  }
  const odd = y % 2 === 1 || y % 2 === -1;
  const negative = odd && (x < 0 || 1 / x < 0);
  if (base === 0 || base === Infinity) {
    const magnitude = (base > 0) === (y > 0) ? Infinity : 0;
    return negative ? -magnitude : magnitude;
  }
  if (y % 1 !== 0) return NaN;
  const magnitude = positivePower(base, y);
  return negative ? -magnitude : magnitude;
}

/** x^y for positive finite x and finite y. */
function positivePower(x: number, y: number): number {
  if (x >= SMALLEST_NORMAL) logKernel(x, 0, 0);
  else logKernel(x * RAISE, 0, -RAISE_POWER);
  const logarithm = logSum[0]!;
  const exponent = y * logarithm;
  if (!(exponent < 710)) return Infinity;
  if (exponent < -746) return 0;
  // Too small to move 1, and the tail of the product would be subnormal.
  if (exponent < 1e-20 && exponent > -1e-20) return 1;
  if (exponent > -708 && exponent < 709) {
    const tail = productTail(y, logarithm, exponent) + y * logSum[1]!;
    const power = expKernel(exponent, tail);
    const doubt = EXP_DOUBT + LOG_DOUBT * abs(exponent);
    const head = expSum[0]!;
    const rest = expSum[1]!;
    const result = head + (rest + doubt);
    if (result === head + (rest - doubt)) {
      return result * powers[POWER_ZERO + power]!;
    }
  }
  return settledPower(x, y);
}

/**
 * x^y where the fast path cannot decide or the result may be subnormal, with an error of 2^-90 of
 * the result at most.
 */
function settledPower(x: number, y: number): number {
  const raised = x < SMALLEST_NORMAL ? x * RAISE : x;
  const logarithm = exactLog(raised, 0, x < SMALLEST_NORMAL ? -RAISE_POWER : 0);
  const { power, argument, tail } = exactExp(multiply(logarithm, wide(y)));
  const { high: head, low } = addSticky(1, add(argument, tail));
  const size = abs(low);
  const middle = head > 1 || (head === 1 && low > 0) ? HALF_PLACE : HALF_PLACE / 2;
  if ((size < EXACT || abs(size - middle) < EXACT) && isShort(raised, y)) {
    // It is a double or the middle of two; what the error has left beside that is nothing.
    const exact = size < EXACT ? 0 : middle;
    return scaleToDouble(head, low < 0 ? -exact : exact, power);
  }
  return scaleToDouble(head, low, power);
}

/**
 * Whether x^y, for normal x, has at most 54 bits: with x = m 2^e, m odd, m^y must be an integer below
 * 2^54, so that y is an integer, or a half of one and m a square, and so on; or m is 1. Elsewhere x^y
 * may come as near to the middle of two doubles without being there, as (1 - 2^-53) ** 1.5 does.
 */
function isShort(x: number, y: number): boolean {
  double[0] = x;
  words[high] = (words[high]! & 0xfffff) | 0x43300000;
  let odd = double[0]!;
  while (odd % 2 === 0) odd /= 2;
  if (odd === 1) return true;
  if (y < 0) return false;
  let exponent = y;
  for (; exponent % 1 !== 0; exponent *= 2) {
    odd = sqrt(odd);
    if (odd % 1 !== 0) return false;
  }
  // Exact as long as it stays below 2^53; one factor more tells whether it stays below 2^54.
  let result = 1;
  while (exponent > 0 && result < 9007199254740992) {
    exponent--;
    result *= odd;
  }
  return exponent === 0 && result < 18014398509481984;
}
