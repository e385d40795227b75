/**
 * Provisional: names and signatures only, on the engine's own functions; the portable forms replace this file.
 * This module is browser compatible.
 *
 * @module
 */

/** As `Math.sinh`. */
export function sinh(x: number): number {
  return Math.sinh(x);
}

/** As `Math.cosh`. */
export function cosh(x: number): number {
  return Math.cosh(x);
}

/** As `Math.tanh`. */
export function tanh(x: number): number {
  return Math.tanh(x);
}
