/**
 * Arcsine and arccosine. This module is browser compatible.
 *
 * @module
 */

import { roundedAngle } from "./_angle_kernel.ts";
import { productTail } from "./_float64.ts";

// Taken on load: a step that changes Math changes nothing here.
const { abs, sqrt } = Math;

/** Below this asin x rounds to x. */
const TINY = 1e-8;

const HALF_PI = 1.5707963267948966;
const PI = 3.141592653589793;

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
 * Error below 0.5000001 ulp. The angle of the point (sqrt(1 - x^2), x), see `atan2`.
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
 * Error below 0.5000001 ulp. The angle of the point (x, sqrt(1 - x^2)), see `atan2`.
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
