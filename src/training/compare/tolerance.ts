/**
 * When two values of a metric count as the same: rldk's relative rule, absolute and relative bounds as
 * in NumPy's `isclose`, units in the last place, or bit for bit.
 * This module is browser compatible.
 *
 * @module
 */

import { ArgumentRangeError } from "../../errors.ts";

/** rldk's default: one percent. */
export const TOLERANCE_DEFAULT = 0.01;

/** Below this |original| rldk's rule takes the difference as absolute. */
export const RELATIVE_FLOOR = 1e-8;

/** Bounds as a user gives them; what is absent takes its default. */
export interface ToleranceOptions {
  /**
   * rldk's rule: |replay - original| / |original| at most this, absolute where |original| <= 1e-8.
   * Default 0.01 if no other bound is given, 0 otherwise.
   */
  tolerance?: number;
  /** |replay - original| <= atol + rtol * |original| passes too (default 0). */
  atol?: number;
  /** See `atol` (default 0). */
  rtol?: number;
  /** Values at most this many units in the last place apart pass too (default 0). */
  ulp?: number;
}

/** Complete bounds: a value passes if any one of them lets it; all 0 means bit-equal. */
export interface Tolerance {
  /** rldk's rule. */
  readonly tolerance: number;
  /** Absolute part of the `isclose` rule. */
  readonly atol: number;
  /** Relative part of the `isclose` rule. */
  readonly rtol: number;
  /** Units in the last place. */
  readonly ulp: number;
}

/**
 * Completes and checks bounds.
 *
 * @throws {RangeError} if a bound is negative or not a number.
 */
export function resolveTolerance(options: ToleranceOptions): Tolerance {
  const other = options.atol !== undefined || options.rtol !== undefined ||
    options.ulp !== undefined;
  const resolved = {
    tolerance: options.tolerance ?? (other ? 0 : TOLERANCE_DEFAULT),
    atol: options.atol ?? 0,
    rtol: options.rtol ?? 0,
    ulp: options.ulp ?? 0,
  };
  for (const [name, value] of Object.entries(resolved)) {
    if (!(value >= 0) || value === Infinity) {
      throw new ArgumentRangeError(
        `Cannot compare as '${name}' must be a finite number of at least 0: current value is ${value}`,
      );
    }
  }
  return resolved;
}

/** Whether nothing but equal bits pass. */
export function isExact(t: Tolerance): boolean {
  return t.tolerance === 0 && t.atol === 0 && t.rtol === 0 && t.ulp === 0;
}

/** Short text of the bounds, such as `rtol=1e-5` or `bit-equal`. */
export function formatTolerance(t: Tolerance): string {
  if (isExact(t)) return "bit-equal";
  return Object.entries(t).filter(([, value]) => value > 0).map(([name, value]) =>
    `${name}=${value}`
  )
    .join(", ");
}

/** rldk's difference: relative to the original, absolute where that is (almost) zero. */
export function relativeDifference(original: number, replay: number): number {
  const difference = Math.abs(replay - original);
  const size = Math.abs(original);
  return size > RELATIVE_FLOOR ? difference / size : difference;
}

/**
 * Whether two values of different bits are too far apart. NaN against NaN is equal, NaN against a number
 * is not; an infinity equals only itself.
 */
export function violates(
  original: number,
  replay: number,
  { tolerance, atol, rtol, ulp }: Tolerance,
  single: boolean,
): boolean {
  const finite = original - original === 0 && replay - replay === 0;
  if (!finite) return !Object.is(original, replay);
  const difference = Math.abs(replay - original);
  if (tolerance > 0 && relativeDifference(original, replay) <= tolerance) return false;
  // The sum of bounds is 0 in an exact comparison, where -0 against 0 must not pass.
  const bound = atol + rtol * Math.abs(original);
  if (bound > 0 && difference <= bound) return false;
  if (ulp > 0 && (single ? ulpsApart32(original, replay) : ulpsApart64(original, replay)) <= ulp) {
    return false;
  }
  // With any bound at all, the sign of a zero is within it.
  return difference !== 0 ||
    (tolerance === 0 && bound === 0 && ulp === 0 && !Object.is(original, replay));
}

const image64 = new Float64Array(1);
const words64 = new Uint32Array(image64.buffer);
const image32 = new Float32Array(1);
const word32 = new Int32Array(image32.buffer);
const HIGH = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1 ? 1 : 0;

/** How many float64 lie between two finite numbers, plus one; -0 and 0 are 0 apart. Inexact above 2^53. */
export function ulpsApart64(a: number, b: number): number {
  image64[0] = a;
  const highA = words64[HIGH]!;
  const lowA = words64[1 - HIGH]!;
  image64[0] = b;
  const highB = words64[HIGH]!;
  const lowB = words64[1 - HIGH]!;
  // Word by word: a whole magnitude has 63 bits and would be rounded before it is subtracted.
  const sign = (highA ^ highB) >>> 31 === 1 ? -1 : 1;
  const high = (highA & 0x7fffffff) - sign * (highB & 0x7fffffff);
  return Math.abs(high * 2 ** 32 + (lowA - sign * lowB));
}

/** How many float32 lie between two finite numbers rounded to float32, plus one. */
export function ulpsApart32(a: number, b: number): number {
  return Math.abs(order32(a) - order32(b));
}

function order32(x: number): number {
  image32[0] = x;
  const word = word32[0]!;
  return word < 0 ? -(word & 0x7fffffff) : word;
}
