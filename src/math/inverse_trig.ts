/**
 * Provisional: names and signatures only, on the engine's own functions; the portable forms replace this file.
 * This module is browser compatible.
 *
 * @module
 */

/** As `Math.asin`. */
export function asin(x: number): number {
  return Math.asin(x);
}

/** As `Math.acos`. */
export function acos(x: number): number {
  return Math.acos(x);
}

/** As `Math.atan`. */
export function atan(x: number): number {
  return Math.atan(x);
}

/** As `Math.atan2`. */
export function atan2(a: number, b: number): number {
  return Math.atan2(a, b);
}
