/**
 * Deep copies of states, without the way through bytes but with the same rules.
 * This module is browser compatible.
 *
 * @module
 */

import { STATE_BYTES_MAX } from "../limits.ts";
import { indexOfNaN } from "./float_bytes.ts";
import {
  dateGetTime,
  mapEntries,
  mapNext,
  mapSet,
  NativeArrayBuffer,
  NativeDataView,
  NativeDate,
  NativeMap,
  NativeSet,
  NativeUint8Array,
  objectKeys,
  setAdd,
  setNext,
  setValues,
  typedArrayByteLength,
  typedArrayLength,
  typedArraySet,
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
import { Trail } from "./trail.ts";
import type { TypedArray } from "./wire_format.ts";

class StateCopier {
  /** Whether a call is using this copier; a Proxy's trap may start another one meanwhile. */
  busy = false;
  readonly #trail = new Trail();
  #rawBytes = 0;

  copy(value: unknown): unknown {
    this.busy = true;
    try {
      return this.#copy(value);
    } catch (error) {
      throw this.#trail.asRefusal(error);
    } finally {
      this.#trail.reset();
      this.#rawBytes = 0;
      this.busy = false;
    }
  }

  #copy(value: unknown): unknown {
    if (isPrimitive(value)) return value;
    if (typeof value !== "object") throw typeRefusal(value, this.#trail);
    return this.#copyObject(value as object);
  }

  #copyObject(value: object): object {
    const kind = requireKind(value, this.#trail);
    switch (kind) {
      case "Object":
        return this.#copyProperties(value, false);
      case "NullPrototype":
        return this.#copyProperties(value, true);
      case "Array":
        return this.#copyArray(value as unknown[]);
      case "Map":
        return this.#copyMap(value as Map<unknown, unknown>);
      case "Set":
        return this.#copySet(value as Set<unknown>);
      case "Date":
        return new NativeDate(dateGetTime(value as Date));
      default:
        return this.#copyRaw(value, kind);
    }
  }

  #copyProperties(object: object, isNullPrototype: boolean): object {
    const trail = this.#trail;
    const names = propertyNames(object, trail);
    const { length } = names;
    trail.enter(object, "object");
    for (let i = 0; i < length; i++) {
      trail.visit(names[i]!);
      propertyValue(object, names[i]!, trail);
    }
    // Now that all of it is known to be data: a spread is faster than adding property by property, and
    // gives the copy the hidden class of the original, for which the step is compiled.
    const copy: Record<string, unknown> = isNullPrototype
      ? { __proto__: null, ...object }
      : { ...object };
    if (objectKeys(copy).length !== length) throw trail.changedWhileRead();
    for (let i = 0; i < length; i++) {
      const name = names[i]!;
      const value = copy[name];
      if (isPrimitive(value)) continue;
      trail.visit(name);
      copy[name] = this.#copy(value);
    }
    trail.leave();
    return copy;
  }

  #copyArray(array: readonly unknown[]): unknown[] {
    const trail = this.#trail;
    const length = arrayLength(array, trail);
    trail.enter(array, "array");
    const copy: unknown[] = [];
    for (let i = 0; i < length; i++) {
      trail.visit(i);
      copy[i] = this.#copy(elementValue(array, i, trail));
    }
    trail.leave();
    return copy;
  }

  #copyMap(map: Map<unknown, unknown>): Map<unknown, unknown> {
    const trail = this.#trail;
    const size = entryCount(map, trail);
    trail.enter(map, "map");
    const copy = new NativeMap<unknown, unknown>();
    const iterator = mapEntries(map);
    for (let i = 0; i < size; i++) {
      const { done, value: entry } = mapNext(iterator);
      if (done) throw trail.changedWhileRead();
      trail.visit(2 * i);
      const key = this.#copy(entry[0]);
      trail.visit(2 * i + 1);
      mapSet(copy, key, this.#copy(entry[1]));
    }
    trail.leave();
    return copy;
  }

  #copySet(set: Set<unknown>): Set<unknown> {
    const trail = this.#trail;
    const size = valueCount(set, trail);
    trail.enter(set, "set");
    const copy = new NativeSet<unknown>();
    const iterator = setValues(set);
    for (let i = 0; i < size; i++) {
      const { done, value } = setNext(iterator);
      if (done) throw trail.changedWhileRead();
      trail.visit(i);
      setAdd(copy, this.#copy(value));
    }
    trail.leave();
    return copy;
  }

  #copyRaw(value: object, kind: RawKind): object {
    const source = rawBytes(value, kind, this.#trail);
    const length = typedArrayByteLength(source);
    this.#rawBytes += length;
    if (this.#rawBytes > STATE_BYTES_MAX) throw this.#trail.bytesError();
    const buffer = new NativeArrayBuffer(length);
    typedArraySet(new NativeUint8Array(buffer), source, 0);
    if (kind === "ArrayBuffer") return buffer;
    if (kind === "DataView") return new NativeDataView(buffer);
    const copy = new kind.Constructor(buffer);
    if (kind.isFloat) unifyNaNs(copy);
    return copy;
  }
}

/** Gives every NaN the one image that it would have after encoding and decoding. */
function unifyNaNs(array: TypedArray): void {
  const length = typedArrayLength(array);
  for (let i = indexOfNaN(array, 0, length); i < length; i = indexOfNaN(array, i + 1, length)) {
    array[i] = NaN;
  }
}

/** Whether a value is data and cannot be changed, so that it is its own copy. */
function isPrimitive(value: unknown): boolean {
  switch (typeof value) {
    case "object":
      return value === null;
    case "function":
    case "symbol":
      return false;
    default:
      return true;
  }
}

const sharedCopier = new StateCopier();

/**
 * A deep copy of a state that shares nothing mutable with it: what decoding its encoding would give.
 *
 * @param value Plain data, by the rules of {@linkcode encodeState}; primitives are returned at once.
 * @throws {StateEncodingError} If something in the state is no plain data; `path` tells which.
 *
 * @example Usage
 * ```ts
 * import { copyState } from "./copy_state.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const state = { cells: new Float64Array([1, 2]) };
 * const copy = copyState(state);
 * copy.cells[0] = 7;
 * assertEquals(state.cells[0], 1);
 * ```
 */
export function copyState<S>(value: S): S {
  if (isPrimitive(value)) return value;
  const copier = sharedCopier.busy ? new StateCopier() : sharedCopier;
  return copier.copy(value) as S;
}
