/**
 * Provisional: names and signatures only, on the engine's own functions; the portable forms replace this file.
 * This module is browser compatible.
 *
 * @module
 */

/** As `Math.sin`. */
export function sin(x: number): number {
  return Math.sin(x);
}

/** As `Math.cos`. */
export function cos(x: number): number {
  return Math.cos(x);
}

/** As `Math.tan`. */
export function tan(x: number): number {
  return Math.tan(x);
}
