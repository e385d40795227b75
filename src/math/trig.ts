/**
 * Sine, cosine and tangent. This module is browser compatible.
 *
 * @module
 */

import { divide, nearest } from "./_double_double.ts";
import { productTail } from "./_float64.ts";
import { exactSinCos, reduce, REDUCED, SIN_SUM, sinKernel } from "./_trig_kernel.ts";

// Taken on load: a step that changes Math changes nothing here.
const { abs } = Math;

const sum = SIN_SUM;
const reduced = REDUCED;

/** Twice the kernel's error relative to the result; within it the kernel cannot decide. */
const SIN_DOUBT = 3e-20;
const TAN_DOUBT = 6e-20;

/** Below this sin x and tan x round to x: x^2 / 3 is less than half a last place of 1. */
const TINY = 1e-8;

/**
 * The sine of x radians, as `Math.sin`, with the same bits on every engine.
 *
 * Error below 0.5000001 ulp for every x, however large: the result is the double nearest to sin x
 * save where sin x lies within 2^-90 of the middle of two doubles. Tables of Gal and Bachelis,
 * reduction of Cody and Waite to 3e9 and of Payne and Hanek beyond, settled in double-double
 * arithmetic. Beyond 3e9 some 20 times slower.
 *
 * @example Usage
 * ```ts
 * import { sin } from "@rewind/cli/math";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(sin(Math.PI), 1.2246467991473532e-16);
 * ```
 */
export function sin(x: number): number {
  x = +x;
  if (x < TINY && x > -TINY) return x;
  if (x - x !== 0) return NaN;
  return sinOfSteps(x, reduce(x), 0);
}

/**
 * The cosine of x radians, as `Math.cos`, with the same bits on every engine.
 *
 * Error below 0.5000001 ulp for every x, however large. See {@linkcode sin}.
 *
 * @example Usage
 * ```ts
 * import { cos } from "@rewind/cli/math";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(cos(Math.PI), -1);
 * ```
 */
export function cos(x: number): number {
  x = +x;
  if (x < TINY && x > -TINY) return 1;
  if (x - x !== 0) return NaN;
  return sinOfSteps(x, reduce(x), 128);
}

/** Rounds the sine (turn 0) or cosine (turn 128) of x, which was reduced by `steps` steps. */
function sinOfSteps(x: number, steps: number, turn: 0 | 128): number {
  sinKernel(steps + turn);
  const head = sum[0]!;
  const tail = sum[1]!;
  const doubt = abs(head) * SIN_DOUBT + reduced[2]!;
  const result = head + (tail + doubt);
  if (result === head + (tail - doubt)) return result;
  const exact = exactSinCos(x);
  return nearest(turn === 0 ? exact.sin : exact.cos);
}

/**
 * The tangent of x radians, as `Math.tan`, with the same bits on every engine.
 *
 * Error below 0.5000001 ulp for every x, however large. The quotient of {@linkcode sin} and
 * {@linkcode cos} before their rounding.
 *
 * @example Usage
 * ```ts
 * import { tan } from "@rewind/cli/math";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(tan(1), 1.5574077246549023);
 * ```
 */
export function tan(x: number): number {
  x = +x;
  if (x < TINY && x > -TINY) return x;
  if (x - x !== 0) return NaN;
  const steps = reduce(x);
  sinKernel(steps);
  const sinHead = sum[0]!;
  const sinTail = sum[1]!;
  sinKernel(steps + 128);
  // The division needs the cosine's head to be its sum, not just near it.
  const cosHead = sum[0]! + sum[1]!;
  const cosTail = sum[0]! - cosHead + sum[1]!;
  const quotient = sinHead / cosHead;
  const product = quotient * cosHead;
  const tail = (sinHead - product - productTail(quotient, cosHead, product) +
    (sinTail - quotient * cosTail)) / cosHead;
  const size = abs(quotient);
  const doubt = size * TAN_DOUBT + reduced[2]! * (1 + size) * (1 + size);
  const result = quotient + (tail + doubt);
  if (result === quotient + (tail - doubt)) return result;
  const exact = exactSinCos(x);
  return nearest(divide(exact.sin, exact.cos));
}
