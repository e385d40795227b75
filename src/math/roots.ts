/**
 * Provisional: names and signatures only, on the engine's own functions; the portable forms replace this file.
 * This module is browser compatible.
 *
 * @module
 */

/** As `Math.cbrt`. */
export function cbrt(x: number): number {
  return Math.cbrt(x);
}

/** As `Math.hypot`. */
export function hypot(...values: number[]): number {
  return Math.hypot(...values);
}
