/**
 * The walk that copies a state: what is one object stays one, what shares memory goes on sharing it.
 * This module is browser compatible.
 *
 * @module
 */

import { STATE_BYTES_MAX, STATE_DEPTH_MAX } from "../limits.ts";
import { dataKind, isContainerKind } from "./data_kind.ts";
import { indexOfNaN } from "./float_bytes.ts";
import { applyIntegrity, integrityOf } from "./integrity.ts";
import {
  copyArray,
  dateGetTime,
  hasOwn,
  isExtensible,
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
  typedArrayLength,
  typedArraySet,
} from "./intrinsics.ts";
import {
  arrayLength,
  elementValue,
  entryCount,
  propertyNames,
  propertyValue,
  rawView,
  requireKind,
  typeRefusal,
  valueCount,
} from "./plain_data.ts";
import { Trail } from "./trail.ts";
import { ViewGroups } from "./view_groups.ts";
import { rememberWalk, Visits } from "./visits.ts";
import type {
  ContainerKind,
  CopyMode,
  Kind,
  RawKind,
  RawView,
  TypedArray,
  Unfilled,
  ViewGroup,
} from "./types.ts";

/** Copies states, one at a time. */
export class StateCopier {
  /** Whether a call is using this copier; a Proxy's trap may start another one meanwhile. */
  busy = false;
  readonly #isStrict: boolean;
  readonly #isThawed: boolean;
  /** Counts, and is at no place: what is refused is looked for by the encoder. */
  readonly #trail = new Trail();
  readonly #visits = new Visits();
  /** By the number of the object. */
  #copies: object[] = [];
  /** How many containers are open around the current value. */
  #depth = 0;
  /** Objects that were first reached too deep; what is in them follows. */
  #deferred: Unfilled[] = [];
  /** Copies that are to be frozen or sealed when they are whole. */
  #marked: { readonly copy: object; readonly level: number }[] = [];
  #rawBytes = 0;
  readonly #views = new ViewGroups();
  #isSecondWalk = false;
  /** Whether bytes are left out, as there will be a second walk. */
  #isPartial = false;

  /** Prepares a copier, which may be used again and again. */
  constructor(mode: CopyMode) {
    this.#isStrict = mode !== "own";
    this.#isThawed = mode === "thawed";
  }

  /** A deep copy; throws, without saying where, if there is anything in it but plain data. */
  copy(value: object): object {
    this.busy = true;
    try {
      const copy = this.#copyAll(value);
      // Which views overlap is known at the end only; a state in which some do is copied again.
      const isShared = !this.#visits.isKnown && this.#views.join();
      if (isShared || this.#isPartial) return this.#copyAgain(value);
      rememberWalk(this.#copies);
      return copy;
    } finally {
      this.#reset(!this.#isSecondWalk);
      this.#views.clear();
      this.#isSecondWalk = false;
      this.#isPartial = false;
      this.busy = false;
    }
  }

  #copyAgain(value: object): object {
    this.#reset(false);
    this.#isSecondWalk = true;
    this.#isPartial = false;
    const copy = this.#copyAll(value);
    if (!this.#views.areComplete()) throw this.#trail.changedWhileRead();
    return copy;
  }

  #reset(isRemembered: boolean): void {
    this.#trail.reset();
    this.#visits.clear(isRemembered);
    this.#copies = [];
    this.#depth = 0;
    if (this.#deferred.length > 0) this.#deferred = [];
    if (this.#marked.length > 0) this.#marked = [];
    this.#rawBytes = 0;
  }

  #copyAll(value: object): object {
    const copy = this.#copyOf(value);
    // The list grows while it is worked off.
    for (let i = 0; i < this.#deferred.length; i++) {
      const { original, copy, kind } = this.#deferred[i]!;
      this.#fill(original, copy, kind);
    }
    if (this.#isThawed) return copy;
    for (let i = 0; i < this.#marked.length; i++) {
      const { copy, level } = this.#marked[i]!;
      applyIntegrity(copy, level);
    }
    return copy;
  }

  /** The copy of an object, in the order in which the encoder visits them. */
  #copyOf(object: object): object {
    const number = this.#visits.visit(object);
    if (number >= 0) return this.#copies[number]!;
    const kind = kindOf(object, this.#isStrict, this.#trail);
    const copy = this.#copyShallow(object, kind);
    this.#copies[this.#copies.length] = copy;
    if (!isExtensible(object)) {
      this.#marked[this.#marked.length] = { copy, level: integrityOf(object) };
    }
    if (!isContainerKind(kind)) return copy;
    if (this.#depth === STATE_DEPTH_MAX) {
      this.#deferred[this.#deferred.length] = { original: object, copy, kind };
    } else {
      this.#depth++;
      this.#fill(object, copy, kind);
      this.#depth--;
    }
    return copy;
  }

  /** A copy of an object that has the parts of the original still; Maps and Sets have none. */
  #copyShallow(object: object, kind: Kind): object {
    switch (kind) {
      case "Object":
      case "NullPrototype":
        return this.#copyProperties(object, kind === "NullPrototype");
      case "Array":
        return this.#isStrict
          ? this.#copyElements(object as unknown[])
          : copyArray(object as unknown[]);
      case "Map":
        return new NativeMap<unknown, unknown>();
      case "Set":
        return new NativeSet<unknown>();
      case "Date":
        return new NativeDate(dateGetTime(object as Date));
      default:
        return this.#copyRaw(object, kind);
    }
  }

  #copyProperties(object: object, isNullPrototype: boolean): object {
    const trail = this.#trail;
    let count = -1;
    if (this.#isStrict) {
      const names = propertyNames(object, trail);
      count = names.length;
      const integrity = integrityOf(object);
      for (let i = 0; i < count; i++) propertyValue(object, names[i]!, integrity, trail);
    }
    // Now that all of it is known to be data: a spread is faster than adding property by property, and
    // gives the copy the hidden class of the original, for which the step is compiled.
    const copy = isNullPrototype ? { __proto__: null, ...object } : { ...object };
    if (count >= 0 && objectKeys(copy).length !== count) throw trail.changedWhileRead();
    return copy;
  }

  #copyElements(array: readonly unknown[]): unknown[] {
    const length = arrayLength(array, this.#trail);
    const integrity = integrityOf(array);
    const copy: unknown[] = [];
    for (let i = 0; i < length; i++) copy[i] = elementValue(array, i, integrity, this.#trail);
    return copy;
  }

  /** Puts copies in the place of the parts. */
  #fill(original: object, copy: object, kind: ContainerKind): void {
    switch (kind) {
      case "Object":
      case "NullPrototype":
        return this.#fillProperties(copy as Record<string, unknown>);
      case "Array":
        return this.#fillElements(copy as unknown[]);
      case "Map":
        return this.#fillMap(copy as Map<unknown, unknown>, original as Map<unknown, unknown>);
      case "Set":
        return this.#fillSet(copy as Set<unknown>, original as Set<unknown>);
    }
  }

  #fillProperties(copy: Record<string, unknown>): void {
    for (const name in copy) {
      if (!isPrimitive(copy[name]) && hasOwn(copy, name)) copy[name] = this.#copyPart(copy[name]);
    }
  }

  #fillElements(copy: unknown[]): void {
    const { length } = copy;
    for (let i = 0; i < length; i++) {
      const value = copy[i];
      // Asked first, as a call with a number may box it.
      if (typeof value !== "number" && !isPrimitive(value)) copy[i] = this.#copyPart(value);
    }
  }

  #fillMap(copy: Map<unknown, unknown>, map: Map<unknown, unknown>): void {
    const size = entryCount(map, this.#trail);
    const iterator = mapEntries(map);
    for (let i = 0; i < size; i++) {
      const { done, value: entry } = mapNext(iterator);
      if (done) throw this.#trail.changedWhileRead();
      const key = entry[0];
      const value = entry[1];
      mapSet(
        copy,
        isPrimitive(key) ? key : this.#copyPart(key),
        isPrimitive(value) ? value : this.#copyPart(value),
      );
    }
  }

  #fillSet(copy: Set<unknown>, set: Set<unknown>): void {
    const size = valueCount(set, this.#trail);
    const iterator = setValues(set);
    for (let i = 0; i < size; i++) {
      const { done, value } = setNext(iterator);
      if (done) throw this.#trail.changedWhileRead();
      setAdd(copy, isPrimitive(value) ? value : this.#copyPart(value));
    }
  }

  /** The copy of what is no primitive; throws unless it is an object. */
  #copyPart(value: unknown): object {
    if (typeof value !== "object") throw typeRefusal(value, this.#trail);
    return this.#copyOf(value as object);
  }

  #copyRaw(object: object, kind: RawKind): object {
    const view = rawView(object, kind, this.#trail);
    if (this.#isSecondWalk) {
      const group = this.#views.groupOf(object);
      if (group !== undefined) return this.#copyShared(view, group);
    } else if (this.#views.note(view, this.#visits.isKnown)) {
      this.#isPartial = true;
    }
    if (this.#isPartial) return new NativeArrayBuffer(0);
    const { buffer, start, end } = view;
    const bytes = this.#copyBytes(buffer, start, end);
    if (kind === "ArrayBuffer") return bytes;
    if (kind === "DataView") return new NativeDataView(bytes);
    const copy = new kind.Constructor(bytes);
    if (kind.isFloat) unifyNaNs(copy);
    return copy;
  }

  #copyShared({ kind, start, end }: RawView, group: ViewGroup): object {
    const buffer = group.copy ??= this.#copySharedBuffer(group);
    const offset = start - group.start;
    const length = end - start;
    if (kind === "ArrayBuffer") return buffer;
    if (kind === "DataView") return new NativeDataView(buffer, offset, length);
    return new kind.Constructor(buffer, offset, length / kind.elementBytes);
  }

  #copySharedBuffer({ buffer, start, end, padding, kind }: ViewGroup): ArrayBuffer {
    const copy = this.#copyBytes(buffer, start, end);
    const bytes = new NativeUint8Array(copy);
    for (let i = 0; i < padding; i++) bytes[i] = 0;
    if (kind !== undefined && kind.isFloat) unifyNaNs(new kind.Constructor(copy));
    return copy;
  }

  #copyBytes(buffer: ArrayBuffer, start: number, end: number): ArrayBuffer {
    const length = end - start;
    this.#rawBytes += length;
    if (this.#rawBytes > STATE_BYTES_MAX) throw this.#trail.bytesError();
    const copy = new NativeArrayBuffer(length);
    typedArraySet(new NativeUint8Array(copy), new NativeUint8Array(buffer, start, length), 0);
    return copy;
  }
}

/** The kind of an object; the quick way for those that hold nothing but properties or elements. */
function kindOf(object: object, isStrict: boolean, trail: Trail): Kind {
  if (!isStrict) {
    const kind = dataKind(object);
    if (kind === "Object" || kind === "Array") return kind;
  }
  return requireKind(object, trail);
}

/** Gives every NaN the one image that it would have after encoding and decoding. */
function unifyNaNs(array: TypedArray): void {
  const length = typedArrayLength(array);
  for (let i = indexOfNaN(array, 0, length); i < length; i = indexOfNaN(array, i + 1, length)) {
    array[i] = NaN;
  }
}

/** Whether a value is data and cannot be changed, so that it is its own copy. */
export function isPrimitive(value: unknown): boolean {
  switch (typeof value) {
    case "number":
      return true;
    case "object":
      return value === null;
    case "function":
    case "symbol":
      return false;
    default:
      return true;
  }
}
