/**
 * Arcsine, arccosine and arctangent, of a number and of a point. This module is browser compatible.
 *
 * @module
 */

import { ANGLE_SUM, angleKernel, exactAngle } from "./_angle_kernel.ts";
import { nearest } from "./_double_double.ts";
import { productTail } from "./_float64.ts";

// Taken on load: a step that changes Math changes nothing here.
const { abs, max, sqrt } = Math;

const sum = ANGLE_SUM;

/** Twice the kernel's error relative to the result; within it the kernel cannot decide. */
const ANGLE_DOUBT = 4e-20;

/** Below this asin x and atan x round to x. */
const TINY = 1e-8;

const HALF_PI = 1.5707963267948966;
const HALF_PI_LOW = 6.123233995736766e-17;
const PI = 3.141592653589793;
const PI_LOW = 1.2246467991473532e-16;

/** 2 ** 60: a quotient beyond it, or below its inverse, needs no more than the first term. */
const STEEP = 1152921504606846976;

/** 2 ** 500, 2 ** -400, and the powers 2 ** -600 and 2 ** 600 that bring what lies outside within. */
const LARGE = 3.273390607896142e150;
const SMALL = 3.872591914849318e-121;
const LOWER = 2.409919865102884e-181;
const RAISE = 4.149515568880993e180;

/** Rounds the angle of the point (x + xLow, y + yLow), y >= 0. */
function roundedAngle(
  y: number,
  yLow: number,
  x: number,
  xLow: number,
): number {
  angleKernel(y, yLow, x, xLow);
  const head = sum[0]!;
  const tail = sum[1]!;
  const doubt = head * ANGLE_DOUBT;
  const result = head + (tail + doubt);
  if (result === head + (tail - doubt)) return result;
  return nearest(exactAngle({ high: y, low: yLow }, { high: x, low: xLow }));
}

/** What {@linkcode complement} leaves behind: sqrt(1 - x^2) and its tail. */
const root = new Float64Array(2);

/** Leaves sqrt(1 - x^2) in `root`, to 2^-104, for |x| below 1. */
function complement(x: number): void {
  const square = x * x;
  const first = 1 - square;
  const rest = 1 - first - square - productTail(x, x, square);
  const high = first + rest;
  const low = first - high + rest;
  const head = sqrt(high);
  const back = head * head;
  root[0] = head;
  root[1] = (high - back - productTail(head, head, back) + low) / (2 * head);
}

/**
 * The arcsine of x in radians, as `Math.asin`, with the same bits on every engine.
 *
 * Error below 0.5000001 ulp. The angle of the point (sqrt(1 - x^2), x), see {@linkcode atan2}.
 *
 * @example Usage
 * ```ts
 * import { asin } from "@rewind/cli/math";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(asin(1), Math.PI / 2);
 * ```
 */
export function asin(x: number): number {
  x = +x;
  if (x < TINY && x > -TINY) return x;
  const size = abs(x);
  if (size < 1) {
    complement(size);
    const angle = roundedAngle(size, 0, root[0]!, root[1]!);
    return x < 0 ? -angle : angle;
  }
  return size === 1 ? x * HALF_PI : NaN;
}

/**
 * The arccosine of x in radians, as `Math.acos`, with the same bits on every engine.
 *
 * Error below 0.5000001 ulp. The angle of the point (x, sqrt(1 - x^2)), see {@linkcode atan2}.
 *
 * @example Usage
 * ```ts
 * import { acos } from "@rewind/cli/math";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(acos(-1), Math.PI);
 * ```
 */
export function acos(x: number): number {
  x = +x;
  const size = abs(x);
  if (size < 1) {
    if (size < 1e-17) return HALF_PI;
    complement(size);
    return roundedAngle(root[0]!, root[1]!, x, 0);
  }
  return x === 1 ? 0 : x === -1 ? PI : NaN;
}

/**
 * The arctangent of x in radians, as `Math.atan`, with the same bits on every engine.
 *
 * Error below 0.5000001 ulp. The angle of the point (1, x), see {@linkcode atan2}.
 *
 * @example Usage
 * ```ts
 * import { atan } from "@rewind/cli/math";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(atan(Infinity), Math.PI / 2);
 * ```
 */
export function atan(x: number): number {
  x = +x;
  if (x < TINY && x > -TINY || x !== x) return x;
  const size = abs(x);
  const angle = size < STEEP ? roundedAngle(size, 0, 1, 0) : HALF_PI;
  return x < 0 ? -angle : angle;
}

/**
 * The angle of the point (x, y) in radians, in [-pi, pi], as `Math.atan2`, with the same bits on
 * every engine.
 *
 * Error below 0.5000001 ulp: the result is the double nearest to the angle save where that lies
 * within 2^-90 of the middle of two doubles. Tables of Gal and Bachelis, settled in double-double
 * arithmetic.
 *
 * @example Usage
 * ```ts
 * import { atan2 } from "@rewind/cli/math";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(atan2(-0, -1), -Math.PI);
 * ```
 */
export function atan2(y: number, x: number): number {
  y = +y;
  x = +x;
  const angle = upperAngle(abs(y), x);
  return y < 0 || 1 / y < 0 ? -angle : angle;
}

/** The angle of a point with y >= 0. */
function upperAngle(y: number, x: number): number {
  if (x !== x || y !== y) return NaN;
  const width = abs(x);
  const left = x < 0 || 1 / x < 0;
  if (y === 0) return left ? PI : 0;
  if (y === Infinity) {
    if (width === Infinity) {
      return left ? 2.356194490192345 : 0.7853981633974483;
    }
    return HALF_PI;
  }
  const slope = y / width;
  // Beyond 2^60 the other coordinate is at most the tail of the angle.
  if (slope > STEEP) return HALF_PI + (HALF_PI_LOW - x / y);
  if (slope < 1 / STEEP) return left ? PI + (PI_LOW - slope) : slope;
  const large = max(y, width);
  if (large > LARGE) return roundedAngle(y * LOWER, 0, x * LOWER, 0);
  if (large < SMALL) return roundedAngle(y * RAISE, 0, x * RAISE, 0);
  return roundedAngle(y, 0, x, 0);
}
