/**
 * Integers that a float64 does not hold, such as a 64-bit hash: their last digits are lost, and two of them may be one.
 * This module is browser compatible.
 *
 * @module
 */

import { asciiText } from "./decimal.ts";

/** Longest integer that is looked at, in characters: 2^1024 has 309 digits. */
const UNITS_MAX = 310;

/** Where the text of a number stands. */
interface Place {
  readonly bytes: Uint8Array;
  readonly from: number;
  readonly to: number;
}

/** Whether a number is so large that its text has to be looked at. */
export function isLarge(value: number): boolean {
  return Math.abs(value) > Number.MAX_SAFE_INTEGER && Number.isFinite(value);
}

/** Whether a text is an integer that `value`, read from it, does not equal. */
export function losesDigits(value: number, { bytes, from, to }: Place): boolean {
  const text = asciiText(bytes, from, Math.min(to, from + UNITS_MAX));
  return /^[-+]?\d+$/.test(text) && BigInt(text) !== BigInt(value);
}

/** What is said of the first one. */
export function roundedDetail(path: string): string {
  return `${path} has more digits than a number can hold: the last ones are not compared`;
}
