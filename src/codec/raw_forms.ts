/**
 * Objects of the encoding that hold bytes: buffers, typed arrays, and dates.
 * This module is browser compatible.
 *
 * @module
 */

import type { EncodedBytes } from "./encoded_bytes.ts";
import {
  indexOfNaN,
  isCanonicalNaN64,
  isElementNaN,
  readFloat64,
  swapElements,
} from "./float_bytes.ts";
import {
  isSafeInteger,
  LITTLE_ENDIAN,
  NativeArrayBuffer,
  NativeDate,
  NativeUint8Array,
  typedArraySet,
} from "./intrinsics.ts";
import { TYPED_ARRAY_KINDS } from "./wire_format.ts";
import type { TypedArray, TypedArrayKind } from "./types.ts";

const KIND_BY_EXT_TYPE: (TypedArrayKind | undefined)[] = new Array(256).fill(undefined);
for (const kind of TYPED_ARRAY_KINDS) {
  if (kind.extType !== undefined) KIND_BY_EXT_TYPE[kind.extType] = kind;
}
/** The kind that msgpack has a form for. */
export const UINT8_KIND: TypedArrayKind = TYPED_ARRAY_KINDS[0]!;
const TIME_MAX_MS = 8.64e15;

/** The kind of typed array that an extension type stands for, if it does. */
export function kindOfExtType(type: number): TypedArrayKind | undefined {
  return KIND_BY_EXT_TYPE[type];
}

/** Reads a Date of `length` bytes, whose form starts at `start`. */
export function readDate(source: EncodedBytes, length: number, start: number): Date {
  if (length !== 8) throw source.refusal("has a Date that is not 8 bytes", start);
  const at = source.take(8);
  const time = readFloat64(source.bytes, at);
  const isValid = time !== time
    ? isCanonicalNaN64(source.bytes, at)
    : isSafeInteger(time) && time >= -TIME_MAX_MS && time <= TIME_MAX_MS &&
      (time !== 0 || 1 / time > 0);
  if (!isValid) throw source.refusal("has a Date that cannot be", start);
  return new NativeDate(time);
}

/** Reads `length` bytes into a buffer. */
export function readBuffer(source: EncodedBytes, length: number): ArrayBuffer {
  const at = source.take(length);
  const buffer = new NativeArrayBuffer(length);
  typedArraySet(new NativeUint8Array(buffer), source.view(at, length), 0);
  return buffer;
}

/** Reads a typed array of `length` bytes, whose form starts at `start`. */
export function readTypedArray(
  source: EncodedBytes,
  kind: TypedArrayKind,
  length: number,
  start: number,
): TypedArray {
  const { elementBytes } = kind;
  if (length % elementBytes !== 0) {
    throw source.refusal(`has a ${kind.name} of ${length} bytes, a broken count`, start);
  }
  const buffer = readBuffer(source, length);
  if (!LITTLE_ENDIAN && elementBytes > 1) {
    swapElements(new NativeUint8Array(buffer), 0, length, elementBytes);
  }
  const array = new kind.Constructor(buffer);
  if (!kind.isFloat) return array;
  const count = length / elementBytes;
  const at = indexOfOtherNaN(array, count, elementBytes, source.bytes, source.position - length);
  if (at >= 0) throw source.refusal("has a NaN that is not canonical in a typed array", at);
  return array;
}

/**
 * Where in `bytes` the first NaN of an array of `length` elements is that has not the canonical image; -1 if
 * there is none. The little-endian images of the elements start at `start`.
 */
export function indexOfOtherNaN(
  array: TypedArray,
  length: number,
  elementBytes: number,
  bytes: Uint8Array,
  start: number,
): number {
  for (let i = indexOfNaN(array, 0, length); i < length; i = indexOfNaN(array, i + 1, length)) {
    const at = start + i * elementBytes;
    if (!isElementNaN(bytes, at, elementBytes)) return at;
  }
  return -1;
}
