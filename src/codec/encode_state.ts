/**
 * One byte image per state: equal states give equal bytes, and what has no lossless image is refused
 * with its path. Specified in `docs/state-encoding.md`. This module is browser compatible.
 *
 * @module
 */

import { bigintToBytes } from "./bigint_bytes.ts";
import { ByteSink } from "./byte_sink.ts";
import { indexOfNaN, swapElements, writeElementNaN } from "./float_bytes.ts";
import {
  dateGetTime,
  LITTLE_ENDIAN,
  mapEntries,
  mapNext,
  setNext,
  setValues,
  typedArrayByteLength,
  typedArrayLength,
} from "./intrinsics.ts";
import {
  arrayLength,
  elementValue,
  entryCount,
  propertyNames,
  propertyValue,
  rawBytes,
  type RawKind,
  requireKind,
  typeRefusal,
  valueCount,
} from "./plain_data.ts";
import { FIRST_PROPERTY, nextProperty, OUT_OF_ORDER } from "./property_order.ts";
import { Trail } from "./trail.ts";
import type { TypedArray, TypedArrayKind } from "./wire_format.ts";
import * as wire from "./wire_format.ts";

class StateWriter {
  /** Whether a call is using this writer; a Proxy's trap may start another one meanwhile. */
  busy = false;
  readonly #trail = new Trail();
  readonly #sink = new ByteSink(() => this.#trail.bytesError());

  encode(value: unknown): Uint8Array<ArrayBuffer> {
    this.busy = true;
    try {
      this.#write(value);
      return this.#sink.result();
    } catch (error) {
      throw this.#trail.asRefusal(error);
    } finally {
      this.#trail.reset();
      this.#sink.clear();
      this.busy = false;
    }
  }

  #write(value: unknown): void {
    switch (typeof value) {
      case "number":
        return this.#sink.number(value);
      case "string":
        return this.#sink.string(value);
      case "boolean":
        return this.#sink.byte(value ? wire.TRUE : wire.FALSE);
      case "undefined":
        return this.#sink.extHeader(wire.EXT_UNDEFINED, 0);
      case "bigint":
        return this.#writeBigint(value);
      case "object":
        return value === null ? this.#sink.byte(wire.NIL) : this.#writeObject(value);
      default:
        throw typeRefusal(value, this.#trail);
    }
  }

  #writeBigint(value: bigint): void {
    const bytes = bigintToBytes(value);
    const length = typedArrayByteLength(bytes);
    this.#sink.extHeader(wire.EXT_BIGINT, length);
    this.#sink.raw(bytes, length);
  }

  #writeObject(value: object): void {
    const kind = requireKind(value, this.#trail);
    switch (kind) {
      case "Object":
        return this.#writeProperties(value);
      case "Array":
        return this.#writeArray(value as unknown[]);
      case "NullPrototype": {
        const start = this.#sink.openExt(wire.EXT_NULL_PROTOTYPE);
        this.#writeProperties(value);
        return this.#sink.closeExt(start);
      }
      case "Map":
        return this.#writeMap(value as Map<unknown, unknown>);
      case "Set":
        return this.#writeSet(value as Set<unknown>);
      case "Date":
        this.#sink.extHeader(wire.EXT_DATE, 8);
        return this.#sink.float64Image(dateGetTime(value as Date));
      default:
        return this.#writeRaw(value, kind);
    }
  }

  #writeProperties(object: object): void {
    const trail = this.#trail;
    const names = propertyNames(object, trail);
    const { length } = names;
    trail.enter(object, "object");
    this.#sink.mapHeader(length);
    let order = FIRST_PROPERTY;
    for (let i = 0; i < length; i++) {
      const name = names[i]!;
      trail.visit(name);
      order = nextProperty(order, name);
      // Only a Proxy gives keys in an order that no object has.
      if (order === OUT_OF_ORDER) {
        throw trail.refusal("is out of order in a Proxy; copy the object");
      }
      const value = propertyValue(object, name, trail);
      this.#sink.string(name);
      this.#write(value);
    }
    trail.leave();
  }

  #writeArray(array: readonly unknown[]): void {
    const trail = this.#trail;
    const length = arrayLength(array, trail);
    trail.enter(array, "array");
    this.#sink.arrayHeader(length);
    for (let i = 0; i < length; i++) {
      trail.visit(i);
      this.#write(elementValue(array, i, trail));
    }
    trail.leave();
  }

  #writeMap(map: Map<unknown, unknown>): void {
    const trail = this.#trail;
    const size = entryCount(map, trail);
    trail.enter(map, "map");
    const start = this.#sink.openExt(wire.EXT_MAP);
    const iterator = mapEntries(map);
    for (let i = 0; i < size; i++) {
      const { done, value: entry } = mapNext(iterator);
      if (done) throw trail.changedWhileRead();
      trail.visit(2 * i);
      this.#write(entry[0]);
      trail.visit(2 * i + 1);
      this.#write(entry[1]);
    }
    this.#sink.closeExt(start);
    trail.leave();
  }

  #writeSet(set: Set<unknown>): void {
    const trail = this.#trail;
    const size = valueCount(set, trail);
    trail.enter(set, "set");
    const start = this.#sink.openExt(wire.EXT_SET);
    const iterator = setValues(set);
    for (let i = 0; i < size; i++) {
      const { done, value } = setNext(iterator);
      if (done) throw trail.changedWhileRead();
      trail.visit(i);
      this.#write(value);
    }
    this.#sink.closeExt(start);
    trail.leave();
  }

  #writeRaw(value: object, kind: RawKind): void {
    const source = rawBytes(value, kind, this.#trail);
    const length = typedArrayByteLength(source);
    const sink = this.#sink;
    if (typeof kind === "object") {
      if (kind.extType === undefined) sink.binHeader(length);
      else sink.extHeader(kind.extType, length);
    } else {
      sink.extHeader(kind === "ArrayBuffer" ? wire.EXT_ARRAY_BUFFER : wire.EXT_DATA_VIEW, length);
    }
    const start = sink.raw(source, length);
    if (typeof kind === "object" && kind.elementBytes > 1) {
      this.#normalizeElements(value as TypedArray, kind, start);
    }
  }

  /** Brings elements that were copied as they lie in memory to the one image that they have. */
  #normalizeElements(array: TypedArray, kind: TypedArrayKind, start: number): void {
    const { bytes, position } = this.#sink;
    const { elementBytes } = kind;
    if (!LITTLE_ENDIAN) swapElements(bytes, start, position, elementBytes);
    if (!kind.isFloat) return;
    const length = typedArrayLength(array);
    for (let i = indexOfNaN(array, 0, length); i < length; i = indexOfNaN(array, i + 1, length)) {
      writeElementNaN(bytes, start + i * elementBytes, elementBytes);
    }
  }
}

const sharedWriter = new StateWriter();

/**
 * The canonical encoding of a state: two states are equal exactly if their encodings are, so NaN
 * equals NaN and -0 differs from 0. The same on every machine.
 *
 * @param value Plain data: primitives but symbols, arrays, plain objects, Map, Set, Date, typed
 * arrays, ArrayBuffer and DataView, nested at will. References to one object from two places are
 * written out twice.
 * @returns A fresh array.
 * @throws {StateEncodingError} If something in the state is no plain data, refers back to what it is
 * in, or exceeds a bound of `limits.ts`; `path` tells which.
 *
 * @example Usage
 * ```ts
 * import { encodeState } from "./encode_state.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(encodeState([1, -0, "é"]).toHex(), "9301cb8000000000000000a2c3a9");
 * ```
 */
export function encodeState(value: unknown): Uint8Array<ArrayBuffer> {
  const writer = sharedWriter.busy ? new StateWriter() : sharedWriter;
  return writer.encode(value);
}
