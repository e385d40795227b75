/**
 * The cube root, and the root of a sum of squares. This module is browser compatible.
 *
 * @module
 */

import { DOUBLE, HIGH, productTail, WORDS } from "./_float64.ts";

// Taken on load: a step that changes Math changes nothing here.
const { abs, sqrt } = Math;

const double = DOUBLE;
const words = WORDS;
const high = HIGH;

/** 2 ** 300 and 2 ** 100, both ways. */
const RAISE = 2.037035976334486e90;
const LOWER = 4.909093465297727e-91;
const RAISE_ROOT = 1.2676506002282294e30;
const LOWER_ROOT = 7.888609052210118e-31;

/**
 * The cube root of x, as `Math.cbrt`, with the same bits on every engine; exact for cubes.
 *
 * Error below 0.5000001 ulp. First guess of Kahan and Moler (FreeBSD msun), two steps of Halley's,
 * one of Newton's with the residue in double-double arithmetic.
 *
 * @example Usage
 * ```ts
 * import { cbrt } from "@rewind/cli/math";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(cbrt(-27), -3);
 * ```
 */
export function cbrt(x: number): number {
  x = +x;
  const size = abs(x);
  if (!(size > 0 && size < Infinity)) return x;
  // Cubes of the root must neither overflow nor lose their tails.
  const root = size < 1e-240
    ? normalRoot(size * RAISE) * LOWER_ROOT
    : size > 1e240
    ? normalRoot(size * LOWER) * RAISE_ROOT
    : normalRoot(size);
  return x < 0 ? -root : root;
}

function normalRoot(x: number): number {
  // A third of the exponent and fraction: within 1/32.
  double[0] = x;
  words[high] = (words[high]! / 3 | 0) + 715094163;
  words[1 - high] = 0;
  let root = double[0]!;
  for (let i = 0; i < 2; i++) {
    const cube = root * root * root;
    root -= root * ((cube - x) / (2 * cube + x));
  }
  const square = root * root;
  const cube = square * root;
  const cubeLow = productTail(square, root, cube) +
    productTail(root, root, square) * root;
  return root + (x - cube - cubeLow) / (3 * square);
}

/** 2 ** 500 and 2 ** -440; between them squares neither overflow nor lose their tails. */
const LARGE = 3.273390607896142e150;
const SMALL = 3.522101828684134e-133;
/** 2 ** -600 and 2 ** 600, for what is larger; 2 ** 900 and 2 ** -900, for what is smaller. */
const LARGE_LOWER = 2.409919865102884e-181;
const LARGE_RAISE = 4.149515568880993e180;
const SMALL_RAISE = 8.452712498170644e270;
const SMALL_LOWER = 1.1830521861667747e-271;
/** 2 ** -122: the smallest normal double, times 2 ** 900. */
const SMALLEST_RAISED = 1.88079096131566e-37;

/**
 * The root of the sum of the squares of its arguments, as `Math.hypot`, with the same bits on every
 * engine and no overflow on the way. An infinity among them makes it infinite, even beside NaN.
 *
 * Error below 0.5000001 ulp for up to a thousand arguments. Squares and their sum in double-double
 * arithmetic, the root corrected by its residue.
 *
 * @example Usage
 * ```ts
 * import { hypot } from "@rewind/cli/math";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(hypot(3, 4), 5);
 * assertEquals(hypot(3, 4, 12), 13);
 * ```
 */
export function hypot(...values: number[]): number {
  let largest = 0;
  let undefinedSeen = false;
  for (let i = 0; i < values.length; i++) {
    const size = abs(values[i]!);
    if (size > largest) largest = size;
    else if (size !== size) undefinedSeen = true;
  }
  if (largest === Infinity) return Infinity;
  if (undefinedSeen) return NaN;
  if (largest === 0) return 0;
  if (largest > LARGE) return rootOfSquares(values, LARGE_LOWER) * LARGE_RAISE;
  if (largest < SMALL) return rootOfSquares(values, SMALL_RAISE) * SMALL_LOWER;
  return rootOfSquares(values, 1);
}

/** The root of the sum of the squares of `values * factor`. */
function rootOfSquares(values: readonly number[], factor: number): number {
  let sum = 0;
  let low = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]! * factor;
    const square = value * value;
    const next = sum + square;
    const back = next - sum;
    low += sum - (next - back) + (square - back) +
      productTail(value, value, square);
    sum = next;
  }
  const root = sqrt(sum);
  const back = root * root;
  const tail = (sum - back - productTail(root, root, back) + low) / (2 * root);
  if (factor !== SMALL_RAISE || root >= SMALLEST_RAISED) return root + tail;
  // The result is subnormal: adding its 2^52 units makes the only rounding happen at its last place.
  const anchored = SMALLEST_RAISED + root;
  return anchored + (root - (anchored - SMALLEST_RAISED) + tail) -
    SMALLEST_RAISED;
}
