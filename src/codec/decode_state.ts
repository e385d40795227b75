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
  STATE_OBJECT_NODES,
} from "../limits.ts";
import { EncodedBytes } from "./encoded_bytes.ts";
import { applyIntegrity, EXTENSIBLE, integrityOf, NON_EXTENSIBLE } from "./integrity.ts";
import {
  mapSet,
  mapSize,
  NativeDataView,
  numberToString,
  objectKeys,
  setAdd,
  setSize,
  typedArrayByteLength,
  typedArrayName,
} from "./intrinsics.ts";
import { DecodedObjects } from "./decoded_objects.ts";
import { sharedKind } from "./decoded_views.ts";
import { addProperty, FIRST_PROPERTY, nextProperty, OUT_OF_ORDER } from "./properties.ts";
import { kindOfExtType, readBuffer, readDate, readTypedArray, UINT8_KIND } from "./raw_forms.ts";
import * as wire from "./wire_format.ts";
import type { TypedArray, TypedArrayKind } from "./types.ts";

class StateReader {
  readonly #source: EncodedBytes;
  readonly #objects: DecodedObjects;
  /** Values that open containers still have to get before the end; each takes a byte or more. */
  #owed = 0;
  #depth = 0;

  constructor(source: EncodedBytes) {
    this.#source = source;
    this.#objects = new DecodedObjects(source);
  }

  readAll(): unknown {
    const source = this.#source;
    const value = this.#read();
    this.#objects.readDeferred(() => this.#read());
    if (source.position < source.end) {
      throw source.refusal("has bytes after its end", source.position);
    }
    this.#objects.requireWhole();
    return value;
  }

  #read(): unknown {
    const source = this.#source;
    const start = source.take(1);
    const form = source.bytes[start]!;
    if (form < wire.FIXMAP) return form;
    if (form >= wire.NEGATIVE_FIXINT) return form - 0x100;
    if (form < wire.FIXARRAY) return this.#readObject(form & 15, start);
    if (form < wire.FIXSTR) return this.#readArray(form & 15, start);
    if (form < wire.NIL) return source.utf8(form & 31);
    switch (form) {
      case wire.BIN8:
        return this.#readTypedArray(UINT8_KIND, source.length(1, 0), start);
      case wire.BIN16:
        return this.#readTypedArray(UINT8_KIND, source.length(2, 0x100), start);
      case wire.BIN32:
        return this.#readTypedArray(UINT8_KIND, source.length(4, 0x10000), start);
      case wire.STR8:
        return source.utf8(source.length(1, 32));
      case wire.STR16:
        return source.utf8(source.length(2, 0x100));
      case wire.STR32:
        return source.utf8(source.length(4, 0x10000));
      case wire.ARRAY16:
        return this.#readArray(source.length(2, 16), start);
      case wire.ARRAY32:
        return this.#readArray(source.length(4, 0x10000), start);
      case wire.MAP16:
        return this.#readObject(source.length(2, 16), start);
      case wire.MAP32:
        return this.#readObject(source.length(4, 0x10000), start);
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
        return this.#readExtension(source.length(1, 0), start);
      case wire.EXT16:
        return this.#readExtension(source.length(2, 0x100), start);
      case wire.EXT32:
        return this.#readExtension(source.uint(4), start);
      default: {
        const value = source.scalar(form, start);
        if (value !== undefined) return value;
        const why = `has the type byte 0x${hexByte(form)}, which it never uses`;
        throw source.refusal(why, start);
      }
    }
  }

  #readTypedArray(kind: TypedArrayKind, length: number, start: number): TypedArray {
    this.#objects.count(STATE_BUFFER_NODES, start);
    return this.#objects.register(readTypedArray(this.#source, kind, length, start));
  }

  /** Counts a container's `children` values and checks that they can be there. */
  #enter(children: number, start: number): void {
    const source = this.#source;
    this.#depth++;
    if (this.#depth > STATE_DEPTH_MAX) {
      throw source.refusal(
        `is nested deeper than ${STATE_DEPTH_MAX} levels; what lies deeper must follow at the end`,
        start,
      );
    }
    this.#objects.count(children, start);
    this.#owed += children;
    if (this.#owed > source.end - source.position) {
      throw source.refusal(
        `ends too early: ${this.#owed} values are promised where ` +
          `${source.end - source.position} bytes are left`,
        start,
      );
    }
  }

  #readArray(length: number, start: number): unknown[] {
    const array = this.#objects.open(wire.CONTAINER_CODES.Array, start) as unknown[];
    this.#enter(length, start);
    for (let i = 0; i < length; i++) {
      this.#owed--;
      array[i] = this.#read();
    }
    this.#depth--;
    return array;
  }

  #readObject(size: number, start: number): object {
    const object = this.#objects.open(wire.CONTAINER_CODES.Object, start);
    return this.#readProperties(object as Record<string, unknown>, size, start);
  }

  #readProperties(object: Record<string, unknown>, size: number, start: number): object {
    this.#enter(2 * size, start);
    let order = FIRST_PROPERTY;
    for (let i = 0; i < size; i++) {
      this.#owed -= 2;
      const keyStart = this.#source.position;
      const key = this.#read();
      if (typeof key !== "string") {
        throw this.#source.refusal("has a key that is no string", keyStart);
      }
      order = nextProperty(order, key);
      if (order === OUT_OF_ORDER) {
        throw this.#source.refusal("has integer keys that are not first and ascending", keyStart);
      }
      addProperty(object, key, this.#read());
    }
    // Counted afterwards, which costs less than asking for each key.
    if (objectKeys(object).length < size) {
      throw this.#source.refusal("has the same key twice", start);
    }
    this.#depth--;
    return object;
  }

  #readExtension(length: number, start: number): unknown {
    const source = this.#source;
    const { bytes } = source;
    const type = bytes[source.take(1)]!;
    switch (type) {
      case wire.EXT_MAP:
      case wire.EXT_SET:
      case wire.EXT_NULL_PROTOTYPE:
      case wire.EXT_SHARED_VIEW:
      case wire.EXT_INTEGRITY:
        return this.#readNested(type, length, start);
    }
    const form = bytes[start]!;
    const isLong = length < 0x10000 && form === wire.EXT32 ||
      form >= wire.EXT8 && form <= wire.EXT32 && wire.fixextOf(length) !== undefined;
    if (isLong) throw source.refusal("has a length that is not in its shortest form", start);
    switch (type) {
      case wire.EXT_UNDEFINED:
        if (length !== 0) throw source.refusal("has an undefined with contents", start);
        return undefined;
      case wire.EXT_UTF16:
        return source.utf16(length, start);
      case wire.EXT_BIGINT:
        return source.bigint(length, start);
      case wire.EXT_DATE:
        this.#objects.count(STATE_OBJECT_NODES, start);
        return this.#objects.register(readDate(source, length, start));
      case wire.EXT_ARRAY_BUFFER:
        this.#objects.count(STATE_BUFFER_NODES, start);
        return this.#objects.register(readBuffer(source, length));
      case wire.EXT_DATA_VIEW:
        this.#objects.count(STATE_BUFFER_NODES, start);
        return this.#objects.register(new NativeDataView(readBuffer(source, length)));
      case wire.EXT_REFERENCE:
        return this.#objects.referred(length, start);
      case wire.EXT_DEFERRED:
        return this.#objects.defer(length, start, this.#depth);
    }
    const kind = kindOfExtType(type);
    if (kind !== undefined) return this.#readTypedArray(kind, length, start);
    const why = `has the extension type 0x${hexByte(type)}, which is unknown here`;
    throw source.refusal(why, start);
  }

  /** Reads values that fill an extension of `length` bytes exactly. */
  #readNested(type: number, length: number, start: number): object {
    const source = this.#source;
    if (source.bytes[start] !== wire.EXT32) {
      throw source.refusal(
        "has an extension that holds values and is not in the ext 32 form",
        start,
      );
    }
    const outerEnd = source.end;
    const outerOwed = this.#owed;
    const left = outerEnd - source.position - outerOwed;
    if (length > left) {
      const why = `ends too early: ${length} bytes are needed where ${left} are left`;
      throw source.refusal(why, start);
    }
    source.end = source.position + length;
    this.#owed = 0;
    const value = this.#readContents(type, start);
    if (source.position !== source.end) {
      throw source.refusal("has an extension with bytes after its value", source.position);
    }
    source.end = outerEnd;
    this.#owed = outerOwed;
    return value;
  }

  #readContents(type: number, start: number): object {
    switch (type) {
      case wire.EXT_MAP:
        return this.#readMap(start);
      case wire.EXT_SET:
        return this.#readSet(start);
      case wire.EXT_NULL_PROTOTYPE:
        return this.#readNullPrototype(start);
      case wire.EXT_SHARED_VIEW:
        return this.#readSharedView(start);
      default:
        return this.#readIntegrity(start);
    }
  }

  #readMap(start: number): Map<unknown, unknown> {
    const source = this.#source;
    const map = this.#objects.open(wire.EXT_MAP, start) as Map<unknown, unknown>;
    this.#enter(0, start);
    for (let size = 1; source.position < source.end; size++) {
      this.#objects.count(2, start);
      const keyStart = source.position;
      const key = this.#read();
      mapSet(map, key, this.#read());
      this.#requireNew(key, mapSize(map) === size, keyStart);
    }
    this.#depth--;
    return map;
  }

  #readSet(start: number): Set<unknown> {
    const source = this.#source;
    const set = this.#objects.open(wire.EXT_SET, start) as Set<unknown>;
    this.#enter(0, start);
    for (let size = 1; source.position < source.end; size++) {
      this.#objects.count(1, start);
      const valueStart = source.position;
      const value = this.#read();
      setAdd(set, value);
      this.#requireNew(value, setSize(set) === size, valueStart);
    }
    this.#depth--;
    return set;
  }

  #requireNew(key: unknown, isNew: boolean, start: number): void {
    if (!isNew) throw this.#source.refusal("has the same key of a Map or Set twice", start);
    // Map and Set turn -0 into 0, so no state has it there.
    if (key === 0 && 1 / key < 0) {
      throw this.#source.refusal("has -0 as a key of a Map or Set", start);
    }
  }

  #readNullPrototype(start: number): object {
    const source = this.#source;
    const object = this.#objects.open(wire.EXT_NULL_PROTOTYPE, start) as Record<string, unknown>;
    const at = source.take(1);
    const form = source.bytes[at]!;
    if (form >= wire.FIXMAP && form < wire.FIXARRAY) {
      return this.#readProperties(object, form & 15, at);
    }
    if (form === wire.MAP16) return this.#readProperties(object, source.length(2, 16), at);
    if (form === wire.MAP32) return this.#readProperties(object, source.length(4, 0x10000), at);
    throw source.refusal("has a null-prototype object that is no map", at);
  }

  /** Reads an object that cannot be changed, or not in all ways. */
  #readIntegrity(start: number): object {
    const source = this.#source;
    const level = source.uint(1);
    const mark = this.#objects.mark();
    const object = this.#read();
    if (!this.#objects.startsAt(object, mark) || integrityOf(object) !== EXTENSIBLE) {
      throw source.refusal("marks something as frozen or sealed that does not start there", start);
    }
    // Not asked of a typed array with elements, which throws.
    const isView = typedArrayName(object) !== undefined;
    if (!isView || level === NON_EXTENSIBLE) applyIntegrity(object, level);
    if (level === EXTENSIBLE || integrityOf(object) !== level) {
      throw source.refusal("marks an object as frozen or sealed in a way that it cannot be", start);
    }
    return object;
  }

  /** Reads a view of a buffer that other objects share: its kind, its place, and the buffer. */
  #readSharedView(start: number): object {
    const source = this.#source;
    const objects = this.#objects;
    const kind = sharedKind(source.uint(1));
    if (kind === undefined) throw source.refusal("has a shared view of an unknown kind", start);
    const offset = this.#read();
    const length = this.#read();
    const number = objects.reserve(start);
    const at = source.take(2);
    const referenceLength = wire.lengthOfFixext(source.bytes[at]!);
    if (referenceLength !== undefined && source.bytes[at + 1] === wire.EXT_REFERENCE) {
      const buffer = objects.objectOf(referenceLength, at);
      return objects.placeView(number, { kind, buffer, offset, length }, false, start);
    }
    source.position = at;
    const mark = objects.mark();
    const buffer = this.#read();
    if (!objects.startsAt(buffer, mark)) {
      throw source.refusal("has a shared view whose buffer is no buffer", start);
    }
    return objects.placeView(number, { kind, buffer, offset, length }, true, start);
  }
}

function hexByte(value: number): string {
  return (value < 16 ? "0" : "") + numberToString(value, 16);
}

/**
 * The state that `bytes` are the canonical encoding of: a fresh value that shares nothing with others.
 *
 * @param bytes What {@linkcode encodeState} returned, the whole of it.
 * @throws {ArtifactIntegrityError} If they are not exactly what `encodeState` gives for some state;
 * `offset` is the byte at which that shows.
 * @throws {TypeError} If `bytes` is not a Uint8Array.
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
  return new StateReader(new EncodedBytes(bytes, length)).readAll();
}
