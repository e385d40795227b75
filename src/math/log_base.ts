/**
 * The logarithms to the bases 2 and 10. This module is browser compatible.
 *
 * @module
 */

import { multiply, nearest } from "./_double_double.ts";
import { productTail } from "./_float64.ts";
import {
  exactLog,
  LOG_DOUBT,
  LOG_SUM,
  logKernel,
  outsideLog,
  RAISE,
  RAISE_POWER,
  SMALLEST_NORMAL,
} from "./_log_kernel.ts";

const sum = LOG_SUM;

const INVERSE_LN2 = 1.4426950408889634;
const INVERSE_LN2_LOW = 2.0355273740931033e-17;
const INVERSE_LN10 = 0.4342944819032518;
const INVERSE_LN10_LOW = 1.098319650216765e-17;

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
 * Error below 0.5000001 ulp. `log` in double-double, times 1 / ln 2.
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
 * Error below 0.5000001 ulp. `log` in double-double, times 1 / ln 10.
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
