/**
 * The exponential function and its distance from 1. This module is browser compatible.
 *
 * @module
 */

import { add, addSticky, type DoubleDouble, nearest, scale, wide } from "./_double_double.ts";
import { exactExp, EXP_DOUBT, EXP_SUM, expKernel, expm1Kernel } from "./_exp_kernel.ts";
import { POWER_ZERO, POWERS_OF_TWO, scaleToDouble } from "./_float64.ts";

const sum = EXP_SUM;
const powers = POWERS_OF_TWO;

/**
 * e raised to x, as `Math.exp`, with the same bits on every engine.
 *
 * Error below 0.5000001 ulp: the result is the double nearest to e^x save where e^x lies within
 * 2^-90 of the middle of two doubles. Tang's table method, settled in double-double arithmetic.
 *
 * @example Usage
 * ```ts
 * import { exp } from "@rewind/cli/math";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(exp(1), 2.718281828459045);
 * ```
 */
export function exp(x: number): number {
  x = +x;
  if (x > -708 && x < 709) {
    const power = expKernel(x, 0);
    const head = sum[0]!;
    const tail = sum[1]!;
    const result = head + (tail + EXP_DOUBT);
    if (result === head + (tail - EXP_DOUBT)) {
      return result * powers[POWER_ZERO + power]!;
    }
  }
  return settledExp(x);
}

/** exp for the ends of the range, what lies beyond, and where the fast path cannot decide. */
function settledExp(x: number): number {
  if (!(x < 710)) return x + Infinity;
  if (x < -746) return 0;
  const { power, argument, tail } = exactExp(wide(x));
  const value = addSticky(1, add(argument, tail));
  return scaleToDouble(value.high, value.low, power);
}

/**
 * e raised to x, minus 1, as `Math.expm1`, with the same bits on every engine and no loss near 0.
 *
 * Error below 0.5000001 ulp. The method of {@linkcode exp}, by Taylor's series near 0.
 *
 * @example Usage
 * ```ts
 * import { expm1 } from "@rewind/cli/math";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(expm1(1e-10), 1.00000000005e-10);
 * ```
 */
export function expm1(x: number): number {
  x = +x;
  if (x > -38 && x < 700) {
    // x + x^2 / 2 rounds to x, whose sign stays with zero; below this x^2 may be subnormal.
    if (x < 1e-17 && x > -1e-17) return x;
    expm1Kernel(x);
    const head = sum[0]!;
    const tail = sum[1]!;
    const doubt = sum[2]!;
    const result = head + (tail + doubt);
    if (result === head + (tail - doubt)) return result;
    return nearest(exactExpm1(x));
  }
  return x < 0 ? -1 : exp(x);
}

/** e^x - 1 for x in [-38, 700], to some 2^-94 of the result. */
export function exactExpm1(x: number): DoubleDouble {
  const { power, argument, tail } = exactExp(wide(x));
  if (power === 0) return addSticky(x, tail);
  const factor = powers[POWER_ZERO + power]!;
  return add(add(wide(factor), wide(-1)), scale(add(argument, tail), factor));
}
