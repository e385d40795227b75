/**
 * The widest difference that bounds let pass, for the band in a plot. Whether a value passes is decided in
 * `tolerance.ts`; this is its picture.
 * This module is browser compatible.
 *
 * @module
 */

import { RELATIVE_FLOOR, type Tolerance } from "../compare/tolerance.ts";

/** What a difference is divided by: the original's size, or 1 where that is (almost) zero. */
export function relativeScale(original: number): number {
  const size = Math.abs(original);
  return size > RELATIVE_FLOOR ? size : 1;
}

/** The largest |replay - original| that passes; units in the last place are taken from the binade. */
export function allowedDifference(
  original: number,
  { tolerance, atol, rtol, ulp }: Tolerance,
  float32: boolean,
): number {
  const size = Math.abs(original);
  return Math.max(
    tolerance * relativeScale(original),
    atol + rtol * size,
    // 2^-23 and 2^-52: the spacing of floats between 1 and 2.
    ulp * size * (float32 ? 2 ** -23 : 2 ** -52),
  );
}
