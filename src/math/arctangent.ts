/**
 * Arctangent, of a number and of a point. This module is browser compatible.
 *
 * @module
 */

import { roundedAngle } from "./_angle_kernel.ts";

// Taken on load: a step that changes Math changes nothing here.
const { abs, max } = Math;

/** Below this atan x rounds to x. */
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
