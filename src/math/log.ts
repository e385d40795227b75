/**
 * Provisional: names and signatures only, on the engine's own functions; the portable forms replace this file.
 * This module is browser compatible.
 *
 * @module
 */

/** As `Math.log`. */
export function log(x: number): number {
  return Math.log(x);
}

/** As `Math.log1p`. */
export function log1p(x: number): number {
  return Math.log1p(x);
}

/** As `Math.log2`. */
export function log2(x: number): number {
  return Math.log2(x);
}

/** As `Math.log10`. */
export function log10(x: number): number {
  return Math.log10(x);
}
