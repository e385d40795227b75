/**
 * NumPy arrays as they lie in files, and what they are here: one dimension is a typed array, more
 * are `{shape, data}` in C order, none is the scalar. This module is browser compatible.
 *
 * @module
 */

import { swapElements } from "../../codec/float_bytes.ts";
import { LITTLE_ENDIAN } from "../../codec/intrinsics.ts";
import type { TypedArray } from "../../codec/types.ts";

/** Type of the elements of an array. */
export interface NumpyDtype {
  /** NumPy's name, such as `float64`. */
  readonly name: string;
  /** NumPy's short code, such as `f8`. */
  readonly code: string;
  /** Bytes of one element. */
  readonly itemBytes: number;
  /** Whether the most significant byte is first. */
  readonly isBigEndian: boolean;
}

/** An array as it lies in a file. */
export interface NumpyArray {
  /** Type of the elements. */
  readonly dtype: NumpyDtype;
  /** Length of each dimension; empty for a 0-d array. */
  readonly shape: readonly number[];
  /** Whether the first index varies fastest. */
  readonly isFortran: boolean;
  /** The elements; not to be changed. */
  readonly bytes: Uint8Array;
}

/** Arrays of other than one dimension, in states: elements in C order. */
export interface ShapedArray {
  /** Length of each dimension. */
  shape: number[];
  /** The elements. */
  data: TypedArray;
}

interface Kind {
  readonly name: string;
  readonly code: string;
  readonly make: { new (buffer: ArrayBuffer): TypedArray; readonly BYTES_PER_ELEMENT: number };
}

/** Every dtype that has a typed array of its own; `bool` is read as 0 and 1 of a Uint8Array. */
const KINDS: readonly Kind[] = [
  { name: "float64", code: "f8", make: Float64Array },
  { name: "float32", code: "f4", make: Float32Array },
  { name: "int8", code: "i1", make: Int8Array },
  { name: "int16", code: "i2", make: Int16Array },
  { name: "int32", code: "i4", make: Int32Array },
  { name: "int64", code: "i8", make: BigInt64Array },
  { name: "uint8", code: "u1", make: Uint8Array },
  { name: "uint16", code: "u2", make: Uint16Array },
  { name: "uint32", code: "u4", make: Uint32Array },
  { name: "uint64", code: "u8", make: BigUint64Array },
  { name: "bool", code: "b1", make: Uint8Array },
];

/** NumPy allows 64 dimensions (32 before version 2). */
export const DIMENSIONS_MAX = 64;

/**
 * The dtype of a code and a byte order; undefined if there is no counterpart here (complex, text,
 * dates, records, objects, half and extended precision) or no such dtype at all.
 *
 * @param code Kind and size, such as `f8`.
 * @param order `<` little-endian, `>` big-endian, `|` for single bytes.
 */
export function findDtype(code: string, order: string): NumpyDtype | undefined {
  const kind = KINDS.find((candidate) => candidate.code === code);
  if (kind === undefined) return undefined;
  const itemBytes = kind.make.BYTES_PER_ELEMENT;
  if (itemBytes === 1 ? order !== "|" : order !== "<" && order !== ">") return undefined;
  return { name: kind.name, code, itemBytes, isBigEndian: order === ">" };
}

/** The dtype that a typed array has in NumPy; undefined for a Uint8ClampedArray. */
export function dtypeOf(array: TypedArray): NumpyDtype | undefined {
  const kind = KINDS.find(({ make }) => array.constructor === make);
  if (kind === undefined) return undefined;
  return findDtype(kind.code, array.BYTES_PER_ELEMENT === 1 ? "|" : "<");
}

/** The text of `str(array.dtype)` in Python. */
export function dtypeText(dtype: NumpyDtype): string {
  return dtype.isBigEndian ? `>${dtype.code}` : dtype.name;
}

/** The text of `str(array.shape)` in Python: `()`, `(4,)`, `(2, 3)`. */
export function shapeText(shape: readonly number[]): string {
  return shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(", ")})`;
}

/**
 * Number of elements of a shape; undefined if a length is no count, or there would be more than
 * `elementsMax`.
 */
export function countElements(shape: readonly number[], elementsMax: number): number | undefined {
  if (shape.length > DIMENSIONS_MAX) return undefined;
  if (!shape.every((length) => Number.isSafeInteger(length) && length >= 0)) return undefined;
  if (shape.includes(0)) return 0;
  let count = 1;
  for (const length of shape) {
    count *= length;
    if (count > elementsMax) return undefined;
  }
  return count;
}

/** The elements in C order, in the dtype's own byte order: `array.tobytes()` in Python. */
export function bytesInCOrder({ dtype, shape, isFortran, bytes }: NumpyArray): Uint8Array {
  if (!isFortran || shape.length < 2) return bytes;
  const { itemBytes } = dtype;
  const result = new Uint8Array(bytes.length);
  // Walk the result from end to end; `index` counts up in C order, the last dimension fastest.
  const index = new Array<number>(shape.length).fill(0);
  const strides = fortranStrides(shape, itemBytes);
  let from = 0;
  for (let to = 0; to < result.length; to += itemBytes) {
    for (let i = 0; i < itemBytes; i++) result[to + i] = bytes[from + i]!;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += strides[axis]!;
      if (++index[axis]! < shape[axis]!) break;
      from -= strides[axis]! * shape[axis]!;
      index[axis] = 0;
    }
  }
  return result;
}

/** The state that an array stands for. */
export function arrayToState(array: NumpyArray): unknown {
  const data = makeTyped(array.dtype, bytesInCOrder(array));
  if (array.shape.length === 1) return data;
  if (array.shape.length === 0) return scalarToState(array.dtype, array.bytes);
  return { shape: [...array.shape], data } satisfies ShapedArray;
}

/** The state that a 0-d array or a scalar stands for: boolean, number, or a bigint that is not safe. */
export function scalarToState(dtype: NumpyDtype, bytes: Uint8Array): unknown {
  const value = makeTyped(dtype, bytes)[0]!;
  if (dtype.code === "b1") return value === 1;
  if (typeof value === "number") return value;
  return Number.isSafeInteger(Number(value)) ? Number(value) : value;
}

/** The array that a typed array is in Python, in a shape whose product is its length. */
export function arrayOf(data: TypedArray, dtype: NumpyDtype, shape: readonly number[]): NumpyArray {
  const bytes = new Uint8Array(data.byteLength);
  bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  if (!LITTLE_ENDIAN) swapElements(bytes, 0, bytes.length, dtype.itemBytes);
  return { dtype, shape, isFortran: false, bytes };
}

/** A typed array of its own buffer. */
function makeTyped(dtype: NumpyDtype, bytes: Uint8Array): TypedArray {
  const copy = new Uint8Array(bytes);
  const isForeign = dtype.isBigEndian === LITTLE_ENDIAN;
  if (isForeign && dtype.itemBytes > 1) swapElements(copy, 0, copy.length, dtype.itemBytes);
  const kind = KINDS.find(({ code }) => code === dtype.code)!;
  return new kind.make(copy.buffer);
}

function fortranStrides(shape: readonly number[], itemBytes: number): number[] {
  const strides: number[] = [];
  let stride = itemBytes;
  for (const length of shape) {
    strides.push(stride);
    stride *= length;
  }
  return strides;
}
