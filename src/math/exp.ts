/**
 * Provisional: names and signatures only, on the engine's own functions; the portable forms replace this file.
 * This module is browser compatible.
 *
 * @module
 */

/** As `Math.exp`. */
export function exp(x: number): number {
  return Math.exp(x);
}

/** As `Math.expm1`. */
export function expm1(x: number): number {
  return Math.expm1(x);
}
