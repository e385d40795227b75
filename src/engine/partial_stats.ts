/**
 * The exact state of statistics over a part of a run, as plain data and as text, and what makes sense as such.
 * This module is browser compatible.
 *
 * @module
 */

import { fieldsOf, listOf } from "../codec/exact_fields.ts";
import { VECTOR_LENGTH_MAX } from "../limits.ts";
import { TOTAL_EXPONENT } from "./exact_sum.ts";
import type { PartialComponent, PartialStats, PartialStatsData } from "./types.ts";

/** `length` of {@linkcode PartialStats} where nothing was observed. */
export const LENGTH_NOTHING = -2;

/** `length` of {@linkcode PartialStats} of an observable that gives numbers. */
export const LENGTH_SCALAR = -1;

/** Partial statistics as data for a file or another process. */
export function dataOfPartial(
  { count, length, components, products }: PartialStats,
): PartialStatsData {
  return {
    count,
    length,
    components: components.map(({ sum, min, max, nonFinite }) => ({
      sum: textOfSum(sum),
      min: textOfNumber(min),
      max: textOfNumber(max),
      nonFinite: [...nonFinite],
    })),
    products: products.map(textOfSum),
  };
}

/**
 * The partial statistics of `count` states that somebody claims; undefined unless they are of the right
 * shape, bounded and without contradictions. Whether they are true only a replay can tell.
 */
export function partialOfData(claim: unknown, count: number): PartialStats | undefined {
  const data = fieldsOf(claim, ["count", "length", "components", "products"]);
  if (data === undefined || data.count !== count) return undefined;
  const { length } = data;
  if (!Number.isInteger(length) || (length === LENGTH_NOTHING) !== (count === 0)) return undefined;
  const size = SIZES.get(length as number) ?? (length as number);
  if (size < 0 || size > VECTOR_LENGTH_MAX) return undefined;
  const components = listOf(data.components, (component) => componentOf(component, count));
  const products = listOf(data.products, sumOfText);
  if (components?.length !== size || products?.length !== (size * (size + 1)) / 2) return undefined;
  return { count, length: length as number, components, products };
}

/** Number of components of lengths that are none. */
const SIZES: ReadonlyMap<number, number> = new Map([[LENGTH_NOTHING, 0], [LENGTH_SCALAR, 1]]);

function componentOf(claim: unknown, count: number): PartialComponent | undefined {
  const data = fieldsOf(claim, ["sum", "min", "max", "nonFinite"]);
  if (data === undefined) return undefined;
  const sum = sumOfText(data.sum);
  const min = numberOfText(data.min);
  const max = numberOfText(data.max);
  const nonFinite = listOf(data.nonFinite, countOf);
  if (sum === undefined || min === undefined || max === undefined || nonFinite?.length !== 3) {
    return undefined;
  }
  const [nan, positive, negative] = nonFinite as [number, number, number];
  const finite = count - nan - positive - negative;
  if (finite < 0 || (finite === 0 && sum !== 0n)) return undefined;
  const isOrdered = nan === count
    ? min === Infinity && max === -Infinity
    : min <= max && (max === Infinity) === (positive > 0) && (min === -Infinity) === (negative > 0);
  return isOrdered ? { sum, min, max, nonFinite: [nan, positive, negative] } : undefined;
}

function countOf(claim: unknown): number | undefined {
  return Number.isSafeInteger(claim) && (claim as number) >= 0 ? claim as number : undefined;
}

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
