/**
 * Exact sums and float64 values as text and back: nothing is lost, and each value has one text only.
 * This module is browser compatible.
 *
 * @module
 */

import { TOTAL_EXPONENT } from "./exact_sum.ts";

/** Bits per hexadecimal digit; TOTAL_EXPONENT is a multiple of it. */
const DIGIT_BITS = 4;

/** More digits than any sum of 2^53 products of two float64 values has. */
const DIGITS_MAX = 1100;

const SUM_TEXT = /^(-?)0x(0|[1-9a-f](?:[0-9a-f]*[1-9a-f])?)p(0|-?[1-9][0-9]{0,3})$/;

/**
 * An exact sum as `-0x292987bap0`: a hexadecimal integer that does not end in 0, times two to the power
 * after the p, as in C.
 *
 * @param total The sum in units of 2^TOTAL_EXPONENT.
 */
export function textOfSum(total: bigint): string {
  if (total === 0n) return "0x0p0";
  const digits = (total < 0n ? -total : total).toString(16);
  let end = digits.length;
  while (digits[end - 1] === "0") end--;
  const exponent = TOTAL_EXPONENT + DIGIT_BITS * (digits.length - end);
  return `${total < 0n ? "-" : ""}0x${digits.slice(0, end)}p${exponent}`;
}

/** The sum, in units of 2^TOTAL_EXPONENT, that {@linkcode textOfSum} gave a text for; else undefined. */
export function sumOfText(text: unknown): bigint | undefined {
  if (typeof text !== "string" || text.length > DIGITS_MAX + 16) return undefined;
  const [, sign, digits, power] = SUM_TEXT.exec(text) ?? [];
  if (digits === undefined) return undefined;
  const shift = Number(power) - TOTAL_EXPONENT;
  const digitsBelow = shift / DIGIT_BITS;
  if (digits === "0") return text === "0x0p0" ? 0n : undefined;
  if (shift < 0 || !Number.isInteger(digitsBelow) || digits.length + digitsBelow > DIGITS_MAX) {
    return undefined;
  }
  const magnitude = BigInt(`0x${digits}`) << BigInt(shift);
  return sign === "" ? magnitude : -magnitude;
}

/** A number but NaN as the shortest text that is read back as it, -0 and infinities too. */
export function textOfNumber(value: number): string {
  return Object.is(value, -0) ? "-0" : String(value);
}

/** The number that {@linkcode textOfNumber} gave a text for; undefined for any other text. */
export function numberOfText(text: unknown): number | undefined {
  if (typeof text !== "string") return undefined;
  const value = Number(text);
  return !Number.isNaN(value) && textOfNumber(value) === text ? value : undefined;
}
