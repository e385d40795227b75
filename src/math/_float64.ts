/**
 * The bits of a double, powers of two, and the exact error of a product: what every function here
 * is built on. This module is browser compatible.
 *
 * @module
 */

/** One double, seen by {@linkcode WORDS} as two 32-bit words. */
export const DOUBLE: Float64Array = new Float64Array(1);

/** The two words of {@linkcode DOUBLE}, in the byte order of the machine. */
export const WORDS: Int32Array = new Int32Array(DOUBLE.buffer);

DOUBLE[0] = 1;
/** Where {@linkcode WORDS} has sign, exponent and the upper 20 bits: 1 on little-endian machines. */
export const HIGH: 0 | 1 = WORDS[0] === 0 ? 1 : 0;

/** Index of 2 ** 0 in {@linkcode POWERS_OF_TWO}. */
export const POWER_ZERO = 1074;

/** 2 ** (i - 1074) for every exponent a double can have, subnormal ones too: -1074 to 1023. */
export const POWERS_OF_TWO: Float64Array = new Float64Array(2098);
POWERS_OF_TWO[0] = 5e-324;
for (let i = 1; i < 52; i++) POWERS_OF_TWO[i] = POWERS_OF_TWO[i - 1]! * 2;
// A normal power has nothing but its exponent. As words they are made in a third of the time, which
// each start of a program takes.
const powerWords = new Int32Array(POWERS_OF_TWO.buffer);
for (let i = 52; i < 2098; i++) powerWords[2 * i + HIGH] = (i - 51) << 20;

/** Whether |x| is a power of two, for normal x. */
export function isPowerOfTwo(x: number): boolean {
  DOUBLE[0] = x;
  return ((WORDS[HIGH]! & 0xfffff) | WORDS[1 - HIGH]!) === 0;
}

/** Adding and taking away 1.5 * 2 ** 52 rounds to an integer, ties to even, below 2 ** 51. */
export const ROUNDER = 6755399441055744;

/** 2 ** 27 + 1: Veltkamp's factor, which splits a double into two halves of 26 bits. */
const SPLITTER = 134217729;

/**
 * The rounding error of a product: `a * b - product` for `product = fl(a * b)`, exact unless the
 * error falls below the subnormals or |a| or |b| exceeds 2 ** 996. Dekker (1971), "A floating-point
 * technique for extending the available precision".
 */
export function productTail(a: number, b: number, product: number): number {
  const scaledA = a * SPLITTER;
  const highA = scaledA - (scaledA - a);
  const lowA = a - highA;
  const scaledB = b * SPLITTER;
  const highB = scaledB - (scaledB - b);
  const lowB = b - highB;
  return lowA * lowB - (product - highA * highB - lowA * highB - highA * lowB);
}

/** 2 ** (60 - 1022): the smallest normal double, times 2 ** 60. */
const SMALLEST_NORMAL_RAISED = 2.5653355008114852e-290;

/**
 * Rounds `(head + tail) * 2 ** power` once, for results that may overflow or be subnormal. Takes a
 * head in [0.5, 4), a tail far below it, and a power of at most 2,000.
 */
export function scaleToDouble(
  head: number,
  tail: number,
  power: number,
): number {
  if (power < -1080) return 0;
  if (
    power > -1022 ||
    head * POWERS_OF_TWO[POWER_ZERO + power + 60]! >= SMALLEST_NORMAL_RAISED
  ) {
    const half = power >> 1;
    return (head + tail) * POWERS_OF_TWO[POWER_ZERO + half]! *
      POWERS_OF_TWO[POWER_ZERO + power - half]!;
  }
  // Adding 2^52 units of the last place, 2^-1074, makes the only rounding happen there.
  const anchor = POWERS_OF_TWO[POWER_ZERO - 1022 - power]!;
  const sum = anchor + head;
  const rounded = sum + (head - (sum - anchor) + tail);
  return (rounded - anchor) * POWERS_OF_TWO[POWER_ZERO - 1000]! *
    POWERS_OF_TWO[POWER_ZERO + power + 1000]!;
}
