/**
 * The inverse hyperbolic functions, which complete `Math`: in the sandbox no function of it may depend on
 * the engine. This module is browser compatible.
 *
 * Source: the formulas of fdlibm (Sun Microsystems, 1993: s_asinh.c, e_acosh.c, e_atanh.c), over the
 * correctly rounded logarithms of this room.
 *
 * @module
 */

import { log, log1p } from "./log.ts";

// Taken on load: a step that changes Math changes nothing here.
const { abs, sqrt } = Math;

const LN2 = 0.6931471805599453;

/** From here on x^2 + 1 rounds to x^2. */
const LARGE = 2 ** 28;

/** Below this asinh x and atanh x round to x. */
const TINY = 2 ** -28;

/**
 * The inverse hyperbolic sine of x, as `Math.asinh`, with the same bits on every engine.
 *
 * Error below 2 ulp. ±0 and ±Infinity give themselves.
 *
 * @example Usage
 * ```ts
 * import { asinh } from "@rewind/cli/math";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(asinh(1), 0.881373587019543);
 * ```
 */
export function asinh(x: number): number {
  x = +x;
  const size = abs(x);
  if (size < TINY || !(size < Infinity)) return x;
  let result: number;
  if (size > LARGE) result = log(size) + LN2;
  else if (size > 2) result = log(2 * size + 1 / (sqrt(x * x + 1) + size));
  else {
    const square = x * x;
    result = log1p(size + square / (1 + sqrt(1 + square)));
  }
  return x < 0 ? -result : result;
}

/**
 * The inverse hyperbolic cosine of x, as `Math.acosh`, with the same bits on every engine.
 *
 * Error below 2 ulp. NaN below 1.
 *
 * @example Usage
 * ```ts
 * import { acosh } from "@rewind/cli/math";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(acosh(2), 1.3169578969248166);
 * ```
 */
export function acosh(x: number): number {
  x = +x;
  if (x > LARGE) return log(x) + LN2;
  if (x > 2) return log(2 * x - 1 / (x + sqrt(x * x - 1)));
  if (!(x >= 1)) return NaN;
  const above = x - 1;
  return log1p(above + sqrt(2 * above + above * above));
}

/**
 * The inverse hyperbolic tangent of x, as `Math.atanh`, with the same bits on every engine.
 *
 * Error below 2 ulp. ±1 give ±Infinity, and anything beyond NaN.
 *
 * @example Usage
 * ```ts
 * import { atanh } from "@rewind/cli/math";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(atanh(0.5), 0.5493061443340549);
 * ```
 */
export function atanh(x: number): number {
  x = +x;
  const size = abs(x);
  if (size < TINY) return x;
  if (!(size < 1)) return size === 1 ? x * Infinity : NaN;
  const doubled = size + size;
  const result = size < 0.5
    ? 0.5 * log1p(doubled + doubled * size / (1 - size))
    : 0.5 * log1p(doubled / (1 - size));
  return x < 0 ? -result : result;
}
