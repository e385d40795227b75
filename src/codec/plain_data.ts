/**
 * What counts as plain data, and reading it without running or trusting anybody's code: prototypes
 * by identity, built-ins by internal slots, properties by descriptor, each once.
 * This module is browser compatible.
 *
 * @module
 */

import type { StateEncodingError } from "../errors.ts";
import { STATE_BUFFER_NODES, STATE_OBJECT_NODES } from "../limits.ts";
import { className, dataKind, hasSlot, isRawKind } from "./data_kind.ts";
import { EXTENSIBLE, FROZEN, SEALED } from "./integrity.ts";
import {
  arrayBufferByteLength,
  arrayBufferDetached,
  arrayBufferResizable,
  dataViewBuffer,
  dataViewByteLength,
  dataViewByteOffset,
  getOwnPropertyDescriptor,
  getOwnPropertyNames,
  getOwnPropertySymbols,
  hasOwn,
  isView,
  lookupGetter,
  mapSize,
  NativeUint8Array,
  objectKeys,
  objectToString,
  objectValues,
  setSize,
  symbolToString,
  typedArrayBuffer,
  typedArrayByteLength,
  typedArrayByteOffset,
} from "./intrinsics.ts";
import { propertySegment } from "./state_path.ts";
import type { Trail } from "./trail.ts";
import type { Kind, RawKind, RawView } from "./types.ts";

const HINT = "give a codec that turns it into plain data and back";

/** The kind of an object; throws if it is no data or a built-in with further properties. */
export function requireKind(value: object, trail: Trail): Kind {
  const kind = dataKind(value);
  if (kind === undefined) throw instanceRefusal(value, trail);
  trail.count(isRawKind(kind) ? STATE_BUFFER_NODES : STATE_OBJECT_NODES);
  if (kind === "Object" || kind === "Array" || kind === "NullPrototype") return kind;
  // The elements of a typed array are its named properties: listing them would cost more than
  // copying it, so only symbols are looked for there.
  const hasExtra = typeof kind !== "object" && getOwnPropertyNames(value).length > 0;
  if (hasExtra || getOwnPropertySymbols(value).length > 0) {
    throw trail.refusal(`is a ${builtinName(kind)} with properties of its own; ${HINT}`);
  }
  return kind;
}

/** The error for a value that has no type of data: a function or a symbol. */
export function typeRefusal(value: unknown, trail: Trail): StateEncodingError {
  return trail.refusal(
    typeof value === "function"
      ? `is a function, which is not data; leave it out of the state, or ${HINT}`
      : "is a symbol, which is not data; use a string",
  );
}

/**
 * Names of the properties of a plain object, in their order; throws if it has symbol keys or is a
 * built-in whose prototype was replaced.
 */
export function propertyNames(object: object, trail: Trail): string[] {
  const names = getOwnPropertyNames(object);
  const symbols = getOwnPropertySymbols(object);
  if (symbols.length > 0) throw symbolKeyRefusal(symbols[0]!, trail);
  // A Date or typed array, say, whose prototype was replaced has contents that are no properties.
  // Not all of them can be told from plain data cheaply (a Map, a class with private fields).
  if ((names.length === 0 || names[0] === "0") && isDisguised(object)) {
    throw instanceRefusal(object, trail);
  }
  trail.count(names.length);
  return names;
}

/** Number of entries of a Map. */
export function entryCount(map: Map<unknown, unknown>, trail: Trail): number {
  const size = mapSize(map);
  trail.count(2 * size);
  return size;
}

/** Number of values of a Set. */
export function valueCount(set: Set<unknown>, trail: Trail): number {
  const size = setSize(set);
  trail.count(size);
  return size;
}

/**
 * Value of a property of a plain object, read once and without calling a getter; throws unless it can be
 * changed and deleted as in any object of the level `integrity`.
 */
export function propertyValue(
  object: object,
  name: string,
  integrity: number,
  trail: Trail,
): unknown {
  const descriptor = getOwnPropertyDescriptor(object, name);
  // Of the fields asked for here only data descriptors have `writable`, so a getter never runs.
  if (
    descriptor === undefined || descriptor.writable === undefined || !descriptor.enumerable ||
    descriptor.writable !== integrity < FROZEN || descriptor.configurable !== integrity < SEALED
  ) {
    throw descriptorRefusal(descriptor, trail);
  }
  return descriptor.value;
}

/** Longest array whose elements are checked for getters; see `docs/state-encoding.md`. */
export const ARRAY_GETTERS_CHECKED_MAX = 128;

/** Length of an array; throws if it has properties besides its elements. */
export function arrayLength(array: readonly unknown[], trail: Trail): number {
  const length = array.length;
  // A Proxy of an array may answer anything.
  if (length >>> 0 !== length) throw trail.refusal("is an array without a length, as of a Proxy");
  trail.count(length);
  const symbols = getOwnPropertySymbols(array);
  if (symbols.length > 0) throw symbolKeyRefusal(symbols[0]!, trail);
  // Listing the values of a long array is many times faster than listing its keys.
  const hasExtra = length <= ARRAY_GETTERS_CHECKED_MAX
    ? objectKeys(array).length > length
    : objectValues(array).length > length;
  if (hasExtra) throw namedElementRefusal(array, trail);
  return length;
}

/** An element of an array of the level `integrity`, read once; throws at a hole. */
export function elementValue(
  array: readonly unknown[],
  index: number,
  integrity: number,
  trail: Trail,
): unknown {
  // All elements of a frozen or sealed array are so; in others it is not looked for.
  if (integrity !== EXTENSIBLE) return propertyValue(array, `${index}`, integrity, trail);
  if (array.length <= ARRAY_GETTERS_CHECKED_MAX && lookupGetter(array, index) !== undefined) {
    throw getterRefusal(trail);
  }
  const value = array[index];
  if (value === undefined && !hasOwn(array, index)) {
    throw trail.refusal("is a hole in an array; fill it, with undefined if need be");
  }
  return value;
}

/** Where the bytes of a typed array, ArrayBuffer or DataView are; throws if they may change. */
export function rawView(value: object, kind: RawKind, trail: Trail): RawView {
  if (kind === "ArrayBuffer") {
    requireFixed(value, trail);
    return {
      value,
      kind,
      buffer: value as ArrayBuffer,
      start: 0,
      end: arrayBufferByteLength(value),
    };
  }
  const isDataView = kind === "DataView";
  const buffer = isDataView ? dataViewBuffer(value) : typedArrayBuffer(value);
  requireFixed(buffer, trail);
  const start = isDataView ? dataViewByteOffset(value) : typedArrayByteOffset(value);
  const length = isDataView ? dataViewByteLength(value) : typedArrayByteLength(value);
  return { value, kind, buffer, start, end: start + length };
}

/** The bytes of a view, not copied. */
export function bytesOf({ buffer, start, end }: RawView): Uint8Array<ArrayBuffer> {
  return new NativeUint8Array(buffer, start, end - start);
}

function requireFixed(buffer: object, trail: Trail): void {
  if (!hasSlot(buffer, arrayBufferByteLength)) {
    throw trail.refusal("is backed by a SharedArrayBuffer, which others may change; copy it");
  }
  if (arrayBufferResizable(buffer as ArrayBuffer)) {
    throw trail.refusal("is backed by a resizable ArrayBuffer; copy it into one of fixed length");
  }
  if (arrayBufferDetached(buffer as ArrayBuffer)) {
    throw trail.refusal("is backed by a detached ArrayBuffer, whose contents are gone");
  }
}

function isDisguised(object: object): boolean {
  return objectToString(object) !== "[object Object]" || isView(object);
}

function builtinName(kind: Kind): string {
  return typeof kind === "object" ? kind.name : kind;
}

function instanceRefusal(value: object, trail: Trail): StateEncodingError {
  const name = className(value);
  const what = name === undefined
    ? "an object with a prototype of its own"
    : `an instance of ${name}`;
  return trail.refusal(`is ${what}, which is not plain data; ${HINT}`);
}

function symbolKeyRefusal(symbol: symbol, trail: Trail): StateEncodingError {
  return trail.refusalOf(
    `[${symbolToString(symbol)}]`,
    "is a property with a symbol as its key, which is not data; use a string",
  );
}

function namedElementRefusal(array: readonly unknown[], trail: Trail): StateEncodingError {
  const names = objectKeys(array); // indices first
  const name = names[names.length - 1]!;
  return trail.refusalOf(propertySegment(name), "is a named property of an array; use an object");
}

function descriptorRefusal(
  descriptor: PropertyDescriptor | undefined,
  trail: Trail,
): StateEncodingError {
  if (descriptor === undefined) return trail.refusal("vanished while the state was read");
  if (descriptor.writable === undefined) {
    return getterRefusal(trail);
  }
  if (!descriptor.enumerable) {
    return trail.refusal(`is not enumerable, so it does not count as data; ${HINT}`);
  }
  const what = descriptor.writable ? "cannot be deleted" : "is read-only";
  return trail.refusal(
    `${what} while other properties of the object are not so; freeze or seal the whole object`,
  );
}

function getterRefusal(trail: Trail): StateEncodingError {
  return trail.refusal(`is a getter or setter, which is not data; store its value, or ${HINT}`);
}
