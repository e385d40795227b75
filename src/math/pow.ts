/**
 * Provisional: names and signatures only, on the engine's own functions; the portable forms replace this file.
 * This module is browser compatible.
 *
 * @module
 */

/** As `Math.pow`. */
export function pow(a: number, b: number): number {
  return Math.pow(a, b);
}
