/**
 * The logarithms: natural, of 1 + x, to the bases 2 and 10. This module is browser compatible.
 *
 * @module
 */

import {
  add,
  addSticky,
  type DoubleDouble,
  exactProduct,
  multiply,
  nearest,
  scale,
  wide,
} from "./_double_double.ts";
import { productTail } from "./_float64.ts";
import { exactLog, LOG_SUM, logKernel, nearLog } from "./_log_kernel.ts";

const sum = LOG_SUM;

/** Twice the kernel's error relative to the result; within it the kernel cannot decide. */
const LOG_DOUBT = 8e-21;

const SMALLEST_NORMAL = 2.2250738585072014e-308;

/** 2 ** 54, which makes every subnormal normal. */
const RAISE = 18014398509481984;
const RAISE_POWER = 54;

/** Up to here, 2 ** -8, x itself is the distance of 1 + x from 1 that the kernel wants. */
const NEAR = 0.00390625;

/** Below this, 2 ** -40, three terms of the series are log1p to 2^-120. */
const TINY = 9.094947017729282e-13;

const INVERSE_LN2 = 1.4426950408889634;
const INVERSE_LN2_LOW = 2.0355273740931033e-17;
const INVERSE_LN10 = 0.4342944819032518;
const INVERSE_LN10_LOW = 1.098319650216765e-17;

/**
 * The natural logarithm of x, as `Math.log`, with the same bits on every engine.
 *
 * Error below 0.5000001 ulp: the result is the double nearest to log x save where log x lies within
 * 2^-90 of the middle of two doubles. Tang's table method, settled in double-double arithmetic.
 *
 * @example Usage
 * ```ts
 * import { log } from "@rewind/cli/math";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(log(10), 2.302585092994046);
 * ```
 */
export function log(x: number): number {
  x = +x;
  if (x >= SMALLEST_NORMAL && x < Infinity) {
    logKernel(x, 0, 0);
    const head = sum[0]!;
    const tail = sum[1]!;
    const doubt = head * LOG_DOUBT;
    const result = head + (tail + doubt);
    if (result === head + (tail - doubt)) return result;
    return nearest(exactLog(x, 0, 0));
  }
  if (!(x > 0 && x < Infinity)) return outsideLog(x);
  // A subnormal has so few bits that its logarithm is never near the middle of two doubles.
  logKernel(x * RAISE, 0, -RAISE_POWER);
  return sum[0]! + sum[1]!;
}

/** What every logarithm gives for zero, negative numbers, infinity and NaN. */
function outsideLog(x: number): number {
  return x === 0 ? -Infinity : x > 0 ? x : NaN;
}

/**
 * The natural logarithm of 1 + x, as `Math.log1p`, with the same bits on every engine and no loss
 * near 0.
 *
 * Error below 0.5000001 ulp. The method of {@linkcode log} on the exact sum of 1 and x.
 *
 * @example Usage
 * ```ts
 * import { log1p } from "@rewind/cli/math";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(log1p(1e-10), 9.999999999500001e-11);
 * ```
 */
export function log1p(x: number): number {
  x = +x;
  // x - x^2 / 2 rounds to x; this keeps the sign of zero.
  if (x < 1e-17 && x > -1e-17) return x;
  if (!(x > -1 && x < Infinity)) return outsideLog(x + 1);
  const whole = 1 + x;
  const low = x < 1 ? x - (whole - 1) : 1 - (whole - x);
  if (x < NEAR && x > -NEAR) nearLog(x);
  else logKernel(whole, low, 0);
  const head = sum[0]!;
  const tail = sum[1]!;
  const doubt = head * LOG_DOUBT;
  const result = head + (tail + doubt);
  if (result === head + (tail - doubt)) return result;
  return nearest(
    x < TINY && x > -TINY ? exactNearLog(x) : exactLog(whole, low, 0),
  );
}

/** log(1 + x) for tiny x: the logarithm of a quotient would lose what lies below 2^-106 of x. */
function exactNearLog(x: number): DoubleDouble {
  const square = exactProduct(x, x);
  return addSticky(
    x,
    add(scale(square, -0.5), wide(square.high * x * (1 / 3))),
  );
}

/** Rounds log x / log(base), given as x = y * 2^power and 1 / log(base) = inverse + inverseLow. */
function scaledLog(
  y: number,
  power: number,
  inverse: number,
  inverseLow: number,
): number {
  logKernel(y, 0, power);
  const product = sum[0]! * inverse;
  const tail = productTail(sum[0]!, inverse, product) +
    (sum[0]! * inverseLow + sum[1]! * inverse);
  const doubt = product * LOG_DOUBT;
  const result = product + (tail + doubt);
  if (result === product + (tail - doubt)) return result;
  return nearest(
    multiply(exactLog(y, 0, power), { high: inverse, low: inverseLow }),
  );
}

/**
 * The logarithm of x to the base 2, as `Math.log2`, with the same bits on every engine; exact for
 * powers of two.
 *
 * Error below 0.5000001 ulp. {@linkcode log} in double-double, times 1 / ln 2.
 *
 * @example Usage
 * ```ts
 * import { log2 } from "@rewind/cli/math";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(log2(2 ** -1074), -1074);
 * ```
 */
export function log2(x: number): number {
  x = +x;
  if (!(x > 0 && x < Infinity)) return outsideLog(x);
  return x >= SMALLEST_NORMAL
    ? scaledLog(x, 0, INVERSE_LN2, INVERSE_LN2_LOW)
    : scaledLog(x * RAISE, -RAISE_POWER, INVERSE_LN2, INVERSE_LN2_LOW);
}

/**
 * The logarithm of x to the base 10, as `Math.log10`, with the same bits on every engine; exact for
 * powers of ten.
 *
 * Error below 0.5000001 ulp. {@linkcode log} in double-double, times 1 / ln 10.
 *
 * @example Usage
 * ```ts
 * import { log10 } from "@rewind/cli/math";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(log10(1e22), 22);
 * ```
 */
export function log10(x: number): number {
  x = +x;
  if (!(x > 0 && x < Infinity)) return outsideLog(x);
  return x >= SMALLEST_NORMAL
    ? scaledLog(x, 0, INVERSE_LN10, INVERSE_LN10_LOW)
    : scaledLog(x * RAISE, -RAISE_POWER, INVERSE_LN10, INVERSE_LN10_LOW);
}
