/**
 * The bytes that the state encoding is made of: a canonical profile of msgpack, specified in
 * `docs/state-encoding.md`, and the table of typed-array kinds.
 * This module is browser compatible.
 *
 * @module
 */

import type { TypedArrayConstructor, TypedArrayKind } from "./types.ts";

/** Type bytes of msgpack, those that the profile uses; fix forms are the first of their range. */
export const FIXMAP = 0x80;
export const FIXARRAY = 0x90;
export const FIXSTR = 0xa0;
export const NIL = 0xc0;
export const FALSE = 0xc2;
export const TRUE = 0xc3;
export const BIN8 = 0xc4;
export const BIN16 = 0xc5;
export const BIN32 = 0xc6;
export const EXT8 = 0xc7;
export const EXT16 = 0xc8;
export const EXT32 = 0xc9;
export const FLOAT64 = 0xcb;
export const UINT8 = 0xcc;
export const UINT16 = 0xcd;
export const UINT32 = 0xce;
export const UINT64 = 0xcf;
export const INT8 = 0xd0;
export const INT16 = 0xd1;
export const INT32 = 0xd2;
export const INT64 = 0xd3;
export const FIXEXT1 = 0xd4;
export const FIXEXT2 = 0xd5;
export const FIXEXT4 = 0xd6;
export const FIXEXT8 = 0xd7;
export const FIXEXT16 = 0xd8;
export const STR8 = 0xd9;
export const STR16 = 0xda;
export const STR32 = 0xdb;
export const ARRAY16 = 0xdc;
export const ARRAY32 = 0xdd;
export const MAP16 = 0xde;
export const MAP32 = 0xdf;
export const NEGATIVE_FIXINT = 0xe0;

/** Extension types: what msgpack has no form for. */
export const EXT_UNDEFINED = 0x01;
export const EXT_UTF16 = 0x02;
export const EXT_BIGINT = 0x03;
export const EXT_DATE = 0x04;
export const EXT_MAP = 0x05;
export const EXT_SET = 0x06;
export const EXT_NULL_PROTOTYPE = 0x07;
export const EXT_ARRAY_BUFFER = 0x08;
export const EXT_DATA_VIEW = 0x09;

/** Extension types that make a tree of values a graph. */
export const EXT_REFERENCE = 0x0a;
export const EXT_DEFERRED = 0x0b;
export const EXT_SHARED_VIEW = 0x0c;
export const EXT_INTEGRITY = 0x0d;

/** What a deferred container is, as it will start or be wrapped. */
export const CONTAINER_CODES = {
  Object: FIXMAP,
  Array: FIXARRAY,
  Map: EXT_MAP,
  Set: EXT_SET,
  NullPrototype: EXT_NULL_PROTOTYPE,
} as const;

/** What stands for `Uint8Array` in a shared view, as it has no extension type of its own. */
export const SHARED_UINT8 = 0x0f;

function kind(
  name: string,
  extType: number | undefined,
  isFloat: boolean,
  Constructor: unknown,
): TypedArrayKind {
  const constructor = Constructor as TypedArrayConstructor;
  const elementBytes = constructor.BYTES_PER_ELEMENT;
  return { name, extType, elementBytes, isFloat, Constructor: constructor };
}

// Float16Array is missing in older engines; there its bytes are refused when decoding.
const { Float16Array } = globalThis as { Float16Array?: unknown };

/** All kinds of typed array that this engine has. */
export const TYPED_ARRAY_KINDS: readonly TypedArrayKind[] = [
  kind("Uint8Array", undefined, false, Uint8Array),
  kind("Int8Array", 0x10, false, Int8Array),
  kind("Uint8ClampedArray", 0x11, false, Uint8ClampedArray),
  kind("Int16Array", 0x12, false, Int16Array),
  kind("Uint16Array", 0x13, false, Uint16Array),
  kind("Int32Array", 0x14, false, Int32Array),
  kind("Uint32Array", 0x15, false, Uint32Array),
  ...(Float16Array === undefined ? [] : [kind("Float16Array", 0x16, true, Float16Array)]),
  kind("Float32Array", 0x17, true, Float32Array),
  kind("Float64Array", 0x18, true, Float64Array),
  kind("BigInt64Array", 0x19, false, BigInt64Array),
  kind("BigUint64Array", 0x1a, false, BigUint64Array),
];

/** The fixext form for `length` bytes, if there is one. */
export function fixextOf(length: number): number | undefined {
  switch (length) {
    case 1:
      return FIXEXT1;
    case 2:
      return FIXEXT2;
    case 4:
      return FIXEXT4;
    case 8:
      return FIXEXT8;
    case 16:
      return FIXEXT16;
    default:
      return undefined;
  }
}

/** The length that a fixext form has; undefined for any other form. */
export function lengthOfFixext(form: number): number | undefined {
  return form >= FIXEXT1 && form <= FIXEXT16 ? 1 << form - FIXEXT1 : undefined;
}
