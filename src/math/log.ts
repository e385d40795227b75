/**
 * The natural logarithm, of x and of 1 + x. This module is browser compatible.
 *
 * @module
 */

import {
  add,
  addSticky,
  type DoubleDouble,
  exactProduct,
  nearest,
  scale,
  wide,
} from "./_double_double.ts";
import {
  exactLog,
  LOG_DOUBT,
  LOG_SUM,
  logKernel,
  nearLog,
  outsideLog,
  RAISE,
  RAISE_POWER,
  SMALLEST_NORMAL,
} from "./_log_kernel.ts";

const sum = LOG_SUM;

/** Up to here, 2 ** -8, x itself is the distance of 1 + x from 1 that the kernel wants. */
const NEAR = 0.00390625;

/** Below this, 2 ** -40, three terms of the series are log1p to 2^-120. */
const TINY = 9.094947017729282e-13;

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
