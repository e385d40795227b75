/**
 * States back from their canonical encoding. Strict and bounded: bytes that `encodeState` would not
 * have written are refused, and nothing is allocated before its length is known to be there.
 * This module is browser compatible.
 *
 * @module
 */

import { ArgumentTypeError, ArtifactIntegrityError } from "../errors.ts";
import {
  STATE_BUFFER_NODES,
  STATE_BYTES_MAX,
  STATE_DEPTH_MAX,
  STATE_NODES_MAX,
  STATE_OBJECT_NODES,
} from "../limits.ts";
import { bigintFromBytes } from "./bigint_bytes.ts";
import {
  indexOfNaN,
  isCanonicalNaN64,
  isElementNaN,
  readFloat64,
  swapElements,
} from "./float_bytes.ts";
import {
  decodeUtf8,
  fromCharCodes,
  isSafeInteger,
  isWellFormed,
  LITTLE_ENDIAN,
  mapSet,
  mapSize,
  NativeArrayBuffer,
  NativeDataView,
  NativeDate,
  NativeMap,
  NativeSet,
  NativeUint8Array,
  numberToString,
  objectCreate,
  objectKeys,
  setAdd,
  setSize,
  typedArrayBuffer,
  typedArrayByteLength,
  typedArrayByteOffset,
  typedArrayName,
  typedArraySet,
} from "./intrinsics.ts";
import { CACHED_TEXT_BYTES, cachedText } from "./text_cache.ts";
import { addProperty } from "./properties.ts";
import { FIRST_PROPERTY, nextProperty, OUT_OF_ORDER } from "./property_order.ts";
import { TYPED_ARRAY_KINDS, type TypedArray, type TypedArrayKind } from "./wire_format.ts";
import * as wire from "./wire_format.ts";

const KIND_BY_EXT_TYPE: (TypedArrayKind | undefined)[] = new Array(256).fill(undefined);
for (const kind of TYPED_ARRAY_KINDS) {
  if (kind.extType !== undefined) KIND_BY_EXT_TYPE[kind.extType] = kind;
}
const UINT8_KIND = TYPED_ARRAY_KINDS[0]!;
const UINT32_RANGE = 2 ** 32;
/** UTF-16 text is put together from pieces of this length. */
const UTF16_PIECE_LENGTH = 1024;
const TIME_MAX_MS = 8.64e15;

class StateReader {
  readonly #bytes: Uint8Array;
  #position = 0;
  /** End of what may be read: of the bytes, or of the innermost extension that holds values. */
  #end: number;
  /** Values that open containers still have to get before `#end`; each takes a byte or more. */
  #owed = 0;
  #nodes = 0;
  #depth = 0;

  constructor(bytes: Uint8Array, length: number) {
    this.#bytes = bytes;
    this.#end = length;
  }

  readAll(): unknown {
    const value = this.#read();
    if (this.#position < this.#end) {
      throw this.#refusal("has bytes after its end", this.#position);
    }
    return value;
  }

  #refusal(why: string, offset: number, cause?: unknown): ArtifactIntegrityError {
    return new ArtifactIntegrityError(
      `Cannot decode the state: it ${why} (byte ${offset})`,
      cause === undefined ? { offset } : { offset, cause },
    );
  }

  /** Moves past `count` bytes and returns where they start. */
  #take(count: number): number {
    const start = this.#position;
    if (count > this.#end - start) {
      throw this.#refusal(
        `ends too early: ${count} bytes are needed where ${this.#end - start} are left`,
        start,
      );
    }
    this.#position = start + count;
    return start;
  }

  #uint(size: number): number {
    const bytes = this.#bytes;
    let at = this.#take(size);
    let value = bytes[at++]!;
    for (let i = 1; i < size; i++) value = value * 0x100 + bytes[at++]!;
    return value;
  }

  /** A length of `size` bytes that could not have been written in a shorter form. */
  #length(size: number, least: number): number {
    const start = this.#position;
    const length = this.#uint(size);
    if (length < least) throw this.#refusal("has a length that is not in its shortest form", start);
    return length;
  }

  #read(): unknown {
    const start = this.#take(1);
    const form = this.#bytes[start]!;
    if (form < wire.FIXMAP) return form;
    if (form >= wire.NEGATIVE_FIXINT) return form - 0x100;
    if (form < wire.FIXARRAY) return this.#readObject(form & 15, start);
    if (form < wire.FIXSTR) return this.#readArray(form & 15, start);
    if (form < wire.NIL) return this.#readUtf8(form & 31);
    switch (form) {
      case wire.NIL:
        return null;
      case wire.FALSE:
        return false;
      case wire.TRUE:
        return true;
      case wire.BIN8:
        return this.#readTypedArray(UINT8_KIND, this.#length(1, 0), start);
      case wire.BIN16:
        return this.#readTypedArray(UINT8_KIND, this.#length(2, 0x100), start);
      case wire.BIN32:
        return this.#readTypedArray(UINT8_KIND, this.#length(4, 0x10000), start);
      case wire.FLOAT64:
        return this.#readFloat64(start);
      case wire.UINT8:
        return this.#shortest(this.#uint(1), 0x80, start);
      case wire.UINT16:
        return this.#shortest(this.#uint(2), 0x100, start);
      case wire.UINT32:
        return this.#shortest(this.#uint(4), 0x10000, start);
      case wire.UINT64:
        return this.#readUint64(start);
      case wire.INT8:
        return this.#negative(1, -33, start);
      case wire.INT16:
        return this.#negative(2, -0x81, start);
      case wire.INT32:
        return this.#negative(4, -0x8001, start);
      case wire.INT64:
        return this.#readInt64(start);
      case wire.STR8:
        return this.#readUtf8(this.#length(1, 32));
      case wire.STR16:
        return this.#readUtf8(this.#length(2, 0x100));
      case wire.STR32:
        return this.#readUtf8(this.#length(4, 0x10000));
      case wire.ARRAY16:
        return this.#readArray(this.#length(2, 16), start);
      case wire.ARRAY32:
        return this.#readArray(this.#length(4, 0x10000), start);
      case wire.MAP16:
        return this.#readObject(this.#length(2, 16), start);
      case wire.MAP32:
        return this.#readObject(this.#length(4, 0x10000), start);
      case wire.FIXEXT1:
        return this.#readExtension(1, start);
      case wire.FIXEXT2:
        return this.#readExtension(2, start);
      case wire.FIXEXT4:
        return this.#readExtension(4, start);
      case wire.FIXEXT8:
        return this.#readExtension(8, start);
      case wire.FIXEXT16:
        return this.#readExtension(16, start);
      case wire.EXT8:
        return this.#readExtension(this.#length(1, 0), start);
      case wire.EXT16:
        return this.#readExtension(this.#length(2, 0x100), start);
      case wire.EXT32:
        return this.#readExtension(this.#uint(4), start);
      default:
        throw this.#refusal(`has the type byte 0x${hexByte(form)}, which it never uses`, start);
    }
  }

  #shortest(value: number, least: number, start: number): number {
    if (value < least) throw this.#longInteger(start);
    return value;
  }

  /** A negative integer of `size` bytes, at most `most`. */
  #negative(size: number, most: number, start: number): number {
    const range = 2 ** (8 * size);
    const value = this.#uint(size) - range;
    if (value > most || value < -range / 2) throw this.#longInteger(start);
    return value;
  }

  #longInteger(start: number): ArtifactIntegrityError {
    return this.#refusal("has an integer that is not in its shortest form", start);
  }

  #readUint64(start: number): number {
    const high = this.#uint(4);
    const low = this.#uint(4);
    if (high === 0) throw this.#longInteger(start);
    return this.#safe(high * UINT32_RANGE + low, start);
  }

  #readInt64(start: number): number {
    const high = this.#uint(4) - UINT32_RANGE;
    const value = high * UINT32_RANGE + this.#uint(4);
    if (high < -(2 ** 31) || value >= -(2 ** 31)) throw this.#longInteger(start);
    return this.#safe(value, start);
  }

  #safe(value: number, start: number): number {
    if (!isSafeInteger(value)) {
      throw this.#refusal("has an integer beyond 2^53 - 1 that is no bigint", start);
    }
    return value;
  }

  #readFloat64(start: number): number {
    const at = this.#take(8);
    const value = readFloat64(this.#bytes, at);
    if (value !== value && !isCanonicalNaN64(this.#bytes, at)) {
      throw this.#refusal("has a NaN other than 7ff8000000000000", start);
    }
    if (isSafeInteger(value) && (value !== 0 || 1 / value > 0)) {
      throw this.#refusal("has an integer in the form of a float64", start);
    }
    return value;
  }

  #readUtf8(length: number): string {
    const start = this.#take(length);
    const bytes = this.#bytes;
    if (length <= CACHED_TEXT_BYTES) {
      const text = cachedText(bytes, start, length);
      if (text !== undefined) return text;
    }
    try {
      return decodeUtf8(this.#view(start, length));
    } catch (error) {
      throw this.#refusal("has a string that is not valid UTF-8, or is too long", start, error);
    }
  }

  /** Counts a container with `children` values and checks that they can be there. */
  #enter(children: number, start: number): void {
    this.#depth++;
    if (this.#depth > STATE_DEPTH_MAX) {
      throw this.#refusal(`is nested deeper than ${STATE_DEPTH_MAX} levels`, start);
    }
    this.#countNodes(children + STATE_OBJECT_NODES, start);
    this.#owed += children;
    if (this.#owed > this.#end - this.#position) {
      throw this.#refusal(
        `ends too early: ${this.#owed} values are promised where ` +
          `${this.#end - this.#position} bytes are left`,
        start,
      );
    }
  }

  #countNodes(count: number, start: number): void {
    this.#nodes += count;
    if (this.#nodes > STATE_NODES_MAX) {
      throw this.#refusal(`has more than ${STATE_NODES_MAX} nodes`, start);
    }
  }

  #readArray(length: number, start: number): unknown[] {
    this.#enter(length, start);
    const array: unknown[] = [];
    for (let i = 0; i < length; i++) {
      this.#owed--;
      array[i] = this.#read();
    }
    this.#depth--;
    return array;
  }

  #readObject(size: number, start: number): object {
    return this.#readProperties({}, size, start);
  }

  #readProperties(object: Record<string, unknown>, size: number, start: number): object {
    this.#enter(2 * size, start);
    let order = FIRST_PROPERTY;
    for (let i = 0; i < size; i++) {
      this.#owed -= 2;
      const keyStart = this.#position;
      const key = this.#read();
      if (typeof key !== "string") throw this.#refusal("has a key that is no string", keyStart);
      order = nextProperty(order, key);
      if (order === OUT_OF_ORDER) {
        throw this.#refusal("has integer keys that are not first and ascending", keyStart);
      }
      addProperty(object, key, this.#read());
    }
    // Counted afterwards, which costs less than asking for each key.
    if (objectKeys(object).length < size) throw this.#refusal("has the same key twice", start);
    this.#depth--;
    return object;
  }

  #readExtension(length: number, start: number): unknown {
    const bytes = this.#bytes;
    const type = bytes[this.#take(1)]!;
    switch (type) {
      case wire.EXT_MAP:
      case wire.EXT_SET:
      case wire.EXT_NULL_PROTOTYPE:
        return this.#readNested(type, length, start);
    }
    const form = bytes[start]!;
    const isLong = length < 0x10000 && form === wire.EXT32 ||
      form >= wire.EXT8 && form <= wire.EXT32 && wire.fixextOf(length) !== undefined;
    if (isLong) throw this.#refusal("has a length that is not in its shortest form", start);
    switch (type) {
      case wire.EXT_UNDEFINED:
        if (length !== 0) throw this.#refusal("has an undefined with contents", start);
        return undefined;
      case wire.EXT_UTF16:
        return this.#readUtf16(length, start);
      case wire.EXT_BIGINT:
        return this.#readBigint(length, start);
      case wire.EXT_DATE:
        return this.#readDate(length, start);
      case wire.EXT_ARRAY_BUFFER:
        return this.#readBuffer(length, start);
      case wire.EXT_DATA_VIEW:
        return new NativeDataView(this.#readBuffer(length, start));
    }
    const kind = KIND_BY_EXT_TYPE[type];
    if (kind !== undefined) return this.#readTypedArray(kind, length, start);
    throw this.#refusal(`has the extension type 0x${hexByte(type)}, which is unknown here`, start);
  }

  /** Reads values that fill an extension of `length` bytes exactly. */
  #readNested(type: number, length: number, start: number): object {
    if (this.#bytes[start] !== wire.EXT32) {
      throw this.#refusal("has a Map, Set or null-prototype object not in the ext 32 form", start);
    }
    const outerEnd = this.#end;
    const outerOwed = this.#owed;
    if (length > outerEnd - this.#position - outerOwed) {
      throw this.#refusal(
        `ends too early: ${length} bytes are needed where ` +
          `${outerEnd - this.#position - outerOwed} are left`,
        start,
      );
    }
    this.#end = this.#position + length;
    this.#owed = 0;
    const value = type === wire.EXT_MAP
      ? this.#readMap(start)
      : type === wire.EXT_SET
      ? this.#readSet(start)
      : this.#readNullPrototype();
    if (this.#position !== this.#end) {
      throw this.#refusal("has an extension with bytes after its value", this.#position);
    }
    this.#end = outerEnd;
    this.#owed = outerOwed;
    return value;
  }

  #readMap(start: number): Map<unknown, unknown> {
    const map = new NativeMap<unknown, unknown>();
    this.#enter(0, start);
    for (let size = 1; this.#position < this.#end; size++) {
      this.#countNodes(2, start);
      const keyStart = this.#position;
      const key = this.#read();
      mapSet(map, key, this.#read());
      this.#requireNew(key, mapSize(map) === size, keyStart);
    }
    this.#depth--;
    return map;
  }

  #readSet(start: number): Set<unknown> {
    const set = new NativeSet<unknown>();
    this.#enter(0, start);
    for (let size = 1; this.#position < this.#end; size++) {
      this.#countNodes(1, start);
      const valueStart = this.#position;
      const value = this.#read();
      setAdd(set, value);
      this.#requireNew(value, setSize(set) === size, valueStart);
    }
    this.#depth--;
    return set;
  }

  #requireNew(key: unknown, isNew: boolean, start: number): void {
    if (!isNew) throw this.#refusal("has the same key of a Map or Set twice", start);
    // Map and Set turn -0 into 0, so no state has it there.
    if (key === 0 && 1 / key < 0) throw this.#refusal("has -0 as a key of a Map or Set", start);
  }

  #readNullPrototype(): object {
    const object = objectCreate(null);
    const start = this.#take(1);
    const form = this.#bytes[start]!;
    if (form >= wire.FIXMAP && form < wire.FIXARRAY) {
      return this.#readProperties(object, form & 15, start);
    }
    if (form === wire.MAP16) return this.#readProperties(object, this.#length(2, 16), start);
    if (form === wire.MAP32) return this.#readProperties(object, this.#length(4, 0x10000), start);
    throw this.#refusal("has a null-prototype object that is no map", start);
  }

  #readUtf16(length: number, start: number): string {
    if (length % 2 !== 0) throw this.#refusal("has UTF-16 text of an odd length", start);
    let at = this.#take(length);
    const bytes = this.#bytes;
    let text = "";
    for (const end = at + length; at < end;) {
      // Unit by unit the engine would build a chain with a link for each, of sixteen times its size.
      const units: number[] = [];
      for (let i = 0; i < UTF16_PIECE_LENGTH && at < end; i++, at += 2) {
        units[i] = bytes[at]! | bytes[at + 1]! << 8;
      }
      text += fromCharCodes(units);
    }
    if (isWellFormed(text)) throw this.#refusal("has well-formed text as UTF-16", start);
    return text;
  }

  #readBigint(length: number, start: number): bigint {
    const at = this.#take(length);
    const bytes = this.#bytes;
    const sign = length === 0 ? 2 : bytes[at]!;
    // No magnitude is zero, which has no sign; a leading zero byte would be a second image.
    if (sign > 1 || (length === 1 ? sign !== 0 : bytes[at + 1] === 0)) {
      throw this.#refusal("has a bigint that is not in its canonical form", start);
    }
    try {
      return bigintFromBytes(bytes, at + 1, at + length, sign === 1);
    } catch (error) {
      throw this.#refusal("has a bigint larger than this engine can hold", start, error);
    }
  }

  #readDate(length: number, start: number): Date {
    if (length !== 8) throw this.#refusal("has a Date that is not 8 bytes", start);
    this.#countNodes(STATE_OBJECT_NODES, start);
    const at = this.#take(8);
    const time = readFloat64(this.#bytes, at);
    const isValid = time !== time
      ? isCanonicalNaN64(this.#bytes, at)
      : isSafeInteger(time) && time >= -TIME_MAX_MS && time <= TIME_MAX_MS &&
        (time !== 0 || 1 / time > 0);
    if (!isValid) throw this.#refusal("has a Date that cannot be", start);
    return new NativeDate(time);
  }

  #readBuffer(length: number, start: number): ArrayBuffer {
    this.#countNodes(STATE_BUFFER_NODES, start);
    const at = this.#take(length);
    const buffer = new NativeArrayBuffer(length);
    typedArraySet(new NativeUint8Array(buffer), this.#view(at, length), 0);
    return buffer;
  }

  #readTypedArray(kind: TypedArrayKind, length: number, start: number): TypedArray {
    const { elementBytes } = kind;
    if (length % elementBytes !== 0) {
      throw this.#refusal(`has a ${kind.name} of ${length} bytes, a broken count`, start);
    }
    const buffer = this.#readBuffer(length, start);
    if (!LITTLE_ENDIAN && elementBytes > 1) {
      swapElements(new NativeUint8Array(buffer), 0, length, elementBytes);
    }
    const array = new kind.Constructor(buffer);
    if (kind.isFloat) this.#requireCanonicalNaNs(array, length, elementBytes);
    return array;
  }

  /** Refuses NaN elements of the array that ends here, unless they have the canonical image. */
  #requireCanonicalNaNs(array: TypedArray, length: number, elementBytes: number): void {
    const count = length / elementBytes;
    for (let i = indexOfNaN(array, 0, count); i < count; i = indexOfNaN(array, i + 1, count)) {
      const at = this.#position - length + i * elementBytes;
      if (!isElementNaN(this.#bytes, at, elementBytes)) {
        throw this.#refusal("has a NaN that is not canonical in a typed array", at);
      }
    }
  }

  #view(start: number, length: number): Uint8Array {
    const bytes = this.#bytes;
    return new NativeUint8Array(
      typedArrayBuffer(bytes),
      typedArrayByteOffset(bytes) + start,
      length,
    );
  }
}

function hexByte(value: number): string {
  return (value < 16 ? "0" : "") + numberToString(value, 16);
}

/**
 * The state that `bytes` are the canonical encoding of: a fresh value that shares nothing.
 *
 * @param bytes What {@linkcode encodeState} returned, the whole of it.
 * @throws {ArtifactIntegrityError} If they are not exactly what `encodeState` gives for some state;
 * `offset` is the byte at which that shows.
 * @throws {TypeError} If `bytes` is not a Uint8Array.
 *
 * @example Usage
 * ```ts
 * import { decodeState } from "./decode_state.ts";
 * import { encodeState } from "./encode_state.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(decodeState(encodeState({ x: -0, seen: new Set(["a"]) })), {
 *   x: -0,
 *   seen: new Set(["a"]),
 * });
 * ```
 */
export function decodeState(bytes: Uint8Array): unknown {
  if (typedArrayName(bytes) !== "Uint8Array") {
    throw new ArgumentTypeError("Cannot decode the state: its encoding is not a Uint8Array");
  }
  const length = typedArrayByteLength(bytes);
  if (length > STATE_BYTES_MAX) {
    throw new ArtifactIntegrityError(
      `Cannot decode the state: it has ${length} bytes, more than ${STATE_BYTES_MAX}`,
      { offset: STATE_BYTES_MAX },
    );
  }
  return new StateReader(bytes, length).readAll();
}
