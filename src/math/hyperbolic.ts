/**
 * The hyperbolic functions. This module is browser compatible.
 *
 * @module
 */

import {
  add,
  addSticky,
  coshTail,
  divide,
  nearest,
  scale,
  sinhSeries,
  wide,
} from "./_double_double.ts";
import { exactExp, EXP_DOUBT, EXP_SUM, expKernel, expm1Kernel } from "./_exp_kernel.ts";
import { exactExpm1 } from "./exp.ts";
import { POWER_ZERO, POWERS_OF_TWO, productTail, scaleToDouble } from "./_float64.ts";

// Taken on load: a step that changes Math changes nothing here.
const { abs } = Math;

const sum = EXP_SUM;
const powers = POWERS_OF_TWO;

/** Up to here the slow paths take the series of the function itself. */
const SERIES_MAX = 0.5;

/** Below this sinh x and tanh x round to x. */
const TINY = 1e-8;

/** From here on e^-x is too small against e^x to count, even in double-double arithmetic. */
const ONE_SIDED = 40;

/** e^x / 2 for x >= ONE_SIDED. */
function halfExp(x: number): number {
  if (!(x < 711)) return x + Infinity;
  const power = expKernel(x, 0) - 1;
  const head = sum[0]!;
  const tail = sum[1]!;
  const result = head + (tail + EXP_DOUBT);
  if (result === head + (tail - EXP_DOUBT)) {
    return scaleToDouble(result, 0, power);
  }
  const exact = exactExp(wide(x));
  const value = addSticky(1, add(exact.argument, exact.tail));
  return scaleToDouble(value.high, value.low, exact.power - 1);
}

/**
 * The hyperbolic sine of x, as `Math.sinh`, with the same bits on every engine.
 *
 * Error below 0.5000001 ulp. From e^x - 1 in double-double.
 *
 * @example Usage
 * ```ts
 * import { sinh } from "@rewind/cli/math";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(sinh(1), 1.1752011936438014);
 * ```
 */
export function sinh(x: number): number {
  x = +x;
  if (x < TINY && x > -TINY || x !== x) return x;
  const size = abs(x);
  const result = size < ONE_SIDED ? moderateSinh(size) : halfExp(size);
  return x < 0 ? -result : result;
}

/** (u + u / (1 + u)) / 2 for u = e^x - 1. */
function moderateSinh(x: number): number {
  expm1Kernel(x);
  const head = sum[0]!;
  const tail = sum[1]!;
  const whole = 1 + head;
  const back = whole - head;
  const wholeLow = head - (whole - back) + (1 - back) + tail;
  const quotient = head / whole;
  const product = quotient * whole;
  const quotientLow = (head - product - productTail(quotient, whole, product) +
    (tail - quotient * wholeLow)) / whole;
  const total = head + quotient;
  const low = head - total + quotient + (tail + quotientLow);
  const doubt = 2 * sum[2]!;
  const result = total + (low + doubt);
  if (result === total + (low - doubt)) return 0.5 * result;
  if (x < SERIES_MAX) return nearest(sinhSeries(wide(x)));
  const u = exactExpm1(x);
  return 0.5 * nearest(add(u, divide(u, add(wide(1), u))));
}

/**
 * The hyperbolic cosine of x, as `Math.cosh`, with the same bits on every engine.
 *
 * Error below 0.5000001 ulp. From e^x in double-double.
 *
 * @example Usage
 * ```ts
 * import { cosh } from "@rewind/cli/math";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(cosh(1), 1.5430806348152437);
 * ```
 */
export function cosh(x: number): number {
  x = +x;
  const size = abs(x);
  if (!(size < ONE_SIDED)) return halfExp(size);
  const factor = powers[POWER_ZERO + expKernel(size, 0)]!;
  const head = (sum[0]! + sum[1]!) * factor;
  const tail = (sum[0]! * factor - head) + sum[1]! * factor;
  const inverse = 1 / head;
  const product = inverse * head;
  const inverseLow = (1 - product - productTail(inverse, head, product) - inverse * tail) *
    inverse;
  const total = head + inverse;
  const low = head - total + inverse + (tail + inverseLow);
  const doubt = factor * (2 * EXP_DOUBT);
  const result = total + (low + doubt);
  if (result === total + (low - doubt)) return 0.5 * result;
  if (size < SERIES_MAX) return nearest(addSticky(1, coshTail(wide(size))));
  const up = add(wide(1), exactExpm1(size));
  return nearest(scale(add(up, divide(wide(1), up)), 0.5));
}

/**
 * The hyperbolic tangent of x, as `Math.tanh`, with the same bits on every engine.
 *
 * Error below 0.5000001 ulp. u / (u + 2) for u = e^2x - 1 in double-double.
 *
 * @example Usage
 * ```ts
 * import { tanh } from "@rewind/cli/math";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(tanh(1), 0.7615941559557649);
 * ```
 */
export function tanh(x: number): number {
  x = +x;
  if (x < TINY && x > -TINY || x !== x) return x;
  const size = abs(x);
  // 1 - 2 e^-38.2 is nearer to 1 than to its neighbor.
  const result = size < 19.1 ? moderateTanh(size) : 1;
  return x < 0 ? -result : result;
}

function moderateTanh(x: number): number {
  expm1Kernel(2 * x);
  const head = sum[0]!;
  const tail = sum[1]!;
  const whole = 2 + head;
  const back = whole - head;
  const wholeLow = head - (whole - back) + (2 - back) + tail;
  const quotient = head / whole;
  const product = quotient * whole;
  const low = (head - product - productTail(quotient, whole, product) +
    (tail - quotient * wholeLow)) / whole;
  const doubt = sum[2]! / whole;
  const result = quotient + (low + doubt);
  if (result === quotient + (low - doubt)) return result;
  const u = exactExpm1(2 * x);
  return nearest(divide(u, add(u, wide(2))));
}
