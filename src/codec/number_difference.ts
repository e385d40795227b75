/**
 * How far two numbers lie apart: in bits, and in units in the last place.
 * This module is browser compatible.
 *
 * @module
 */

import { dataKind } from "./data_kind.ts";
import { formatValue } from "./format_value.ts";
import type { TypedArray, TypedArrayKind } from "./types.ts";
import type { StateDifference } from "../error_types.ts";

/** A difference at the place itself: its path is empty. */
export function valueDifference(expected: unknown, actual: unknown): StateDifference {
  return { path: "", expected: formatValue(expected), actual: formatValue(actual) };
}

/** The difference of two numbers that are no elements of a typed array. */
export function numberDifference(expected: number, actual: number): StateDifference {
  return imageDifference(expected, actual, new Float64Array(2));
}

/** The difference of two elements of typed arrays of the kind of `array`. */
export function elementDifference(
  expected: number | bigint,
  actual: number | bigint,
  array: TypedArray,
): StateDifference {
  return typeof expected === "bigint"
    ? valueDifference(expected, actual)
    : imageDifference(expected, actual as number, imageArray(array));
}

/** An array of two numbers in the format in which those of `array` are compared bit by bit. */
function imageArray(array: TypedArray): TypedArray {
  const kind = dataKind(array) as TypedArrayKind;
  return kind.isFloat ? new kind.Constructor(2) : new Float64Array(2);
}

/** The difference of two numbers, with that of their images in the floating point format of `pair`. */
function imageDifference(expected: number, actual: number, pair: TypedArray): StateDifference {
  pair[0] = expected;
  pair[1] = actual;
  const width = 8 * pair.BYTES_PER_ELEMENT;
  const [a, b] = imagesOf(pair);
  const bits = (a ^ b).toString(2).replaceAll("0", "").length;
  const base = { ...valueDifference(expected, actual), bits };
  if (!Number.isFinite(expected) || !Number.isFinite(actual)) return base;
  const distance = rank(a, width) - rank(b, width);
  return { ...base, ulps: distance < 0n ? -distance : distance };
}

/** The bits of the two numbers of `pair` as unsigned integers. */
function imagesOf(pair: TypedArray): [bigint, bigint] {
  const { buffer } = pair;
  switch (pair.BYTES_PER_ELEMENT) {
    case 2: {
      const [a, b] = new Uint16Array(buffer);
      return [BigInt(a!), BigInt(b!)];
    }
    case 4: {
      const [a, b] = new Uint32Array(buffer);
      return [BigInt(a!), BigInt(b!)];
    }
    default: {
      const [a, b] = new BigUint64Array(buffer);
      return [a!, b!];
    }
  }
}

/** Place of a finite number among all of its format, counted in units in the last place from zero. */
function rank(image: bigint, width: number): bigint {
  const magnitude = BigInt.asUintN(width - 1, image);
  return image === magnitude ? magnitude : -magnitude;
}
