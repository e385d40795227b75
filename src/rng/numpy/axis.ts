/**
 * Arrays of several dimensions in C order, moved about along one axis.
 * This module is browser compatible.
 *
 * @module
 */

import { ArgumentRangeError, ArgumentTypeError } from "../../errors.ts";
import type { AxisLayout, Shaped, Swappable } from "./types.ts";

/** Whether a value is data with a shape, not a list. */
export function isShaped(value: unknown): value is Shaped<Swappable> {
  return typeof value === "object" && value !== null && "shape" in value && "data" in value;
}

/** Whether a value is a list or a typed array. */
export function isSwappable(value: unknown): value is Swappable {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));
}

/**
 * Where an axis lies; negative axes count from the end.
 *
 * @throws {RangeError} if there is no such axis, or the shape does not fit the data
 */
export function axisLayout(array: Shaped<Swappable>, axis: number): AxisLayout {
  requireShape(array);
  const { shape } = array;
  const index = axis < 0 ? axis + shape.length : axis;
  if (!Number.isInteger(index) || index < 0 || index >= shape.length) {
    throw new ArgumentRangeError(
      `Cannot use axis ${axis} of an array of ${shape.length} dimensions`,
    );
  }
  return {
    outer: product(shape.slice(0, index)),
    length: shape[index]!,
    inner: product(shape.slice(index + 1)),
  };
}

/**
 * Refuses a shape that is none or that the data does not have.
 *
 * @throws {TypeError} if the shape is no list or the data neither a list nor a typed array
 * @throws {RangeError} if a length is none, or the lengths do not fit the data
 */
export function requireShape({ shape, data }: Shaped<Swappable>): void {
  if (!Array.isArray(shape) || !isSwappable(data)) {
    throw new ArgumentTypeError(
      "Cannot use this array: shape must be a list of lengths, data a list or a typed array",
    );
  }
  const shown = `[${shape.join(", ")}]`;
  if (!shape.every((length) => Number.isSafeInteger(length) && length >= 0)) {
    throw new ArgumentRangeError(
      `Cannot use shape ${shown}: lengths must be integers of 0 or more`,
    );
  }
  if (product(shape) !== data.length) {
    throw new ArgumentRangeError(`Cannot use shape ${shown}: there are ${data.length} elements`);
  }
}

function product(lengths: readonly number[]): number {
  return lengths.reduce((a, b) => a * b, 1);
}

/**
 * A list as it is, which has axis 0 only.
 *
 * @throws {TypeError} if it is neither a list nor a typed array
 * @throws {RangeError} if it has no such axis
 */
export function requireList(verb: string, x: unknown, axis: number): Swappable {
  if (!isSwappable(x)) {
    throw new ArgumentTypeError(
      `Cannot ${verb} ${String(x)}: give a list, a typed array or {shape, data}`,
    );
  }
  if (axis !== 0 && axis !== -1) {
    throw new ArgumentRangeError(`Cannot ${verb} along axis ${axis}: a list has one dimension`);
  }
  return x;
}

/** Swaps rows i and j of an axis in place. */
export function swapRows(data: Swappable, layout: AxisLayout, i: number, j: number): void {
  const { outer, length, inner } = layout;
  for (let block = 0; block < outer; block++) {
    const rowI = (block * length + i) * inner;
    const rowJ = (block * length + j) * inner;
    for (let k = 0; k < inner; k++) swap(data, rowI + k, rowJ + k);
  }
}

/** Swaps two elements in place. */
export function swap(data: Swappable, i: number, j: number): void {
  const value = data[i];
  data[i] = data[j];
  data[j] = value;
}

/** New data of the same kind with the rows that `indices` name, in that order. */
export function takeRows<A extends Swappable>(
  data: A,
  layout: AxisLayout,
  indices: ArrayLike<number>,
): A {
  const { outer, length, inner } = layout;
  const out = makeLike(data, outer * indices.length * inner);
  let at = 0;
  for (let block = 0; block < outer; block++) {
    for (let i = 0; i < indices.length; i++) {
      const row = (block * length + indices[i]!) * inner;
      for (let k = 0; k < inner; k++) out[at++] = data[row + k];
    }
  }
  return out;
}

/** An array of the same kind and another length. */
function makeLike<A extends Swappable>(data: A, length: number): A {
  if (Array.isArray(data)) return new Array(length) as unknown as A;
  const ArrayType = data.constructor as new (length: number) => A;
  return new ArrayType(length);
}
