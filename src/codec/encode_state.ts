/**
 * One byte image per state: equal states give equal bytes, and what has no lossless image is refused
 * with its path. Specified in `docs/state-encoding.md`. This module is browser compatible.
 *
 * @module
 */

import { STATE_BUFFER_NODES } from "../limits.ts";
import { bigintToBytes } from "./bigint_bytes.ts";
import { dataKind, isContainerKind } from "./data_kind.ts";
import { ByteSink, type ByteSlab } from "./byte_sink.ts";
import { indexOfNaN, swapElements, writeElementNaN } from "./float_bytes.ts";
import { EXTENSIBLE, integrityOf } from "./integrity.ts";
import {
  dateGetTime,
  LITTLE_ENDIAN,
  mapEntries,
  mapNext,
  NativeUint8Array,
  setNext,
  setValues,
  typedArrayByteLength,
  typedArrayLength,
} from "./intrinsics.ts";
import {
  arrayLength,
  bytesOf,
  elementValue,
  entryCount,
  propertyNames,
  propertyValue,
  rawView,
  requireKind,
  typeRefusal,
  valueCount,
} from "./plain_data.ts";
import { FIRST_PROPERTY, nextProperty, OUT_OF_ORDER } from "./properties.ts";
import { Trail } from "./trail.ts";
import { ViewGroups } from "./view_groups.ts";
import { Visits } from "./visits.ts";
import * as wire from "./wire_format.ts";
import type { Kind, RawView, TypedArray, TypedArrayKind, ViewGroup } from "./types.ts";

class StateWriter {
  /** Whether a call is using this writer; a Proxy's trap may start another one meanwhile. */
  busy = false;
  readonly #trail = new Trail();
  readonly #sink = new ByteSink(() => this.#trail.bytesError());
  readonly #visits = new Visits();
  /** Objects that were first reached too deep; they follow in this order. */
  #deferred: object[] = [];
  readonly #views = new ViewGroups();
  #isSecondWalk = false;
  /** Whether bytes are left out, as there will be a second walk. */
  #isPartial = false;

  encode(value: unknown, slab: ByteSlab | undefined): Uint8Array<ArrayBuffer> {
    this.busy = true;
    try {
      this.#writeAll(value);
      // Which views overlap is known at the end only; a state in which some do is written again.
      const isShared = !this.#visits.isKnown && this.#views.join();
      if (isShared || this.#isPartial) this.#writeAgain(value);
      return this.#sink.result(slab);
    } catch (error) {
      throw this.#trail.asRefusal(error);
    } finally {
      this.#reset(!this.#isSecondWalk);
      this.#views.clear();
      this.#isSecondWalk = false;
      this.#isPartial = false;
      this.busy = false;
    }
  }

  #writeAll(value: unknown): void {
    this.#trail.begin(value);
    this.#write(value);
    // The list grows while it is worked off.
    for (let i = 0; i < this.#deferred.length; i++) {
      const object = this.#deferred[i]!;
      this.#trail.startAt(object);
      this.#writeBody(object, dataKind(object)!);
    }
  }

  #writeAgain(value: unknown): void {
    this.#reset(false);
    this.#isSecondWalk = true;
    this.#isPartial = false;
    this.#writeAll(value);
    if (!this.#views.areComplete()) throw this.#trail.changedWhileRead();
  }

  #reset(isRemembered: boolean): void {
    this.#trail.reset();
    this.#sink.clear();
    this.#visits.clear(isRemembered);
    if (this.#deferred.length > 0) this.#deferred = [];
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
    const number = this.#visits.visit(value);
    if (number >= 0) return this.#sink.reference(number);
    const kind = requireKind(value, this.#trail);
    if (this.#trail.isFull && isContainerKind(kind)) {
      this.#sink.extHeader(wire.EXT_DEFERRED, 1);
      this.#sink.byte(wire.CONTAINER_CODES[kind]);
      this.#deferred[this.#deferred.length] = value;
    } else {
      this.#writeBody(value, kind);
    }
  }

  #writeBody(value: object, kind: Kind): void {
    const integrity = integrityOf(value);
    if (integrity === EXTENSIBLE) return this.#writeContents(value, kind, integrity);
    const start = this.#sink.openExt(wire.EXT_INTEGRITY);
    this.#sink.byte(integrity);
    this.#writeContents(value, kind, integrity);
    this.#sink.closeExt(start);
  }

  #writeContents(value: object, kind: Kind, integrity: number): void {
    switch (kind) {
      case "Object":
        return this.#writeProperties(value, integrity);
      case "Array":
        return this.#writeArray(value as unknown[], integrity);
      case "NullPrototype": {
        const start = this.#sink.openExt(wire.EXT_NULL_PROTOTYPE);
        this.#writeProperties(value, integrity);
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
        return this.#writeRaw(rawView(value, kind, this.#trail));
    }
  }

  #writeProperties(object: object, integrity: number): void {
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
      const value = propertyValue(object, name, integrity, trail);
      this.#sink.string(name);
      this.#write(value);
    }
    trail.leave();
  }

  #writeArray(array: readonly unknown[], integrity: number): void {
    const trail = this.#trail;
    const length = arrayLength(array, trail);
    trail.enter(array, "array");
    this.#sink.arrayHeader(length);
    for (let i = 0; i < length; i++) {
      trail.visit(i);
      this.#write(elementValue(array, i, integrity, trail));
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

  #writeRaw(view: RawView): void {
    if (this.#isSecondWalk) {
      const group = this.#views.groupOf(view.value);
      if (group !== undefined && view.kind !== "ArrayBuffer") return this.#writeShared(view, group);
    } else if (this.#views.note(view, this.#visits.isKnown)) {
      this.#isPartial = true;
    }
    if (this.#isPartial) return;
    const { kind, start, end } = view;
    const length = end - start;
    const sink = this.#sink;
    if (typeof kind === "object") {
      if (kind.extType === undefined) sink.binHeader(length);
      else sink.extHeader(kind.extType, length);
    } else {
      sink.extHeader(kind === "ArrayBuffer" ? wire.EXT_ARRAY_BUFFER : wire.EXT_DATA_VIEW, length);
    }
    const at = sink.raw(bytesOf(view), length);
    if (typeof kind === "object" && kind.elementBytes > 1) {
      this.#normalizeElements(view.value as TypedArray, kind, at);
    }
  }

  /** Writes a view as a place in a buffer, which is written at the first view of it. */
  #writeShared({ kind, start, end }: RawView, group: ViewGroup): void {
    const sink = this.#sink;
    const content = sink.openExt(wire.EXT_SHARED_VIEW);
    sink.byte(typeof kind === "object" ? kind.extType ?? wire.SHARED_UINT8 : wire.EXT_DATA_VIEW);
    sink.number(start - group.start);
    sink.number((end - start) / (typeof kind === "object" ? kind.elementBytes : 1));
    const number = this.#visits.visit(group.identity);
    if (number >= 0) sink.reference(number);
    else if (group.identity !== group.buffer) this.#writeSharedBuffer(group);
    else this.#writeBody(group.buffer, requireKind(group.buffer, this.#trail));
    sink.closeExt(content);
  }

  /** Writes what views share of a buffer that is no part of the state itself. */
  #writeSharedBuffer(group: ViewGroup): void {
    const { buffer, start, end, kind, padding } = group;
    const sink = this.#sink;
    this.#trail.count(STATE_BUFFER_NODES);
    sink.extHeader(wire.EXT_ARRAY_BUFFER, end - start);
    const at = sink.raw(new NativeUint8Array(buffer, start, end - start), end - start);
    for (let i = 0; i < padding; i++) sink.bytes[at + i] = 0;
    if (kind !== undefined && kind.elementBytes > 1) {
      const elements = new kind.Constructor(buffer, start, (end - start) / kind.elementBytes);
      this.#normalizeElements(elements, kind, at);
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
 * The canonical encoding of a state: two states are equal, with the same sharing, exactly if their encodings
 * are. So NaN equals NaN and -0 differs from 0. The same on every machine.
 *
 * @param value Plain data: primitives but symbols, arrays, plain objects, Map, Set, Date, typed
 * arrays, ArrayBuffer and DataView. One object that is reached in several ways stays one, a cycle stays a
 * cycle, views that overlap in a buffer go on sharing it; frozen objects stay frozen.
 * @param slab Where small encodings that are kept together have their memory; each its own by default.
 * @returns A fresh array.
 * @throws {StateEncodingError} If something in the state is no plain data or exceeds a bound of `limits.ts`;
 * `path` tells which.
 */
export function encodeState(value: unknown, slab?: ByteSlab): Uint8Array<ArrayBuffer> {
  const writer = sharedWriter.busy ? new StateWriter() : sharedWriter;
  return writer.encode(value, slab);
}
