/**
 * What counts as plain data, and reading it without running or trusting anybody's code: prototypes
 * by identity, built-ins by internal slots, properties by descriptor, each once.
 * This module is browser compatible.
 *
 * @module
 */

import type { StateEncodingError } from "../errors.ts";
import { STATE_BUFFER_NODES, STATE_OBJECT_NODES } from "../limits.ts";
import {
  arrayBufferByteLength,
  arrayBufferDetached,
  arrayBufferResizable,
  ArrayPrototype,
  dataViewBuffer,
  dataViewByteLength,
  dataViewByteOffset,
  dateGetTime,
  getOwnPropertyDescriptor,
  getOwnPropertyNames,
  getOwnPropertySymbols,
  getPrototypeOf,
  hasOwn,
  isArray,
  isView,
  lookupGetter,
  mapGet,
  mapSize,
  NativeUint8Array,
  objectKeys,
  ObjectPrototype,
  objectToString,
  objectValues,
  setSize,
  symbolToString,
  typedArrayBuffer,
  typedArrayByteLength,
  typedArrayByteOffset,
  typedArrayName,
} from "./intrinsics.ts";
import { isIdentifier, propertySegment } from "./state_path.ts";
import type { Trail } from "./trail.ts";
import { TYPED_ARRAY_KINDS, type TypedArrayKind } from "./wire_format.ts";

/** Kind of an object that is data; typed arrays are told apart by their row in the table. */
export type Kind =
  | "Object"
  | "NullPrototype"
  | "Array"
  | "Map"
  | "Set"
  | "Date"
  | "ArrayBuffer"
  | "DataView"
  | TypedArrayKind;

const KIND_BY_PROTOTYPE = new Map<object, Kind>([
  [Map.prototype, "Map"],
  [Set.prototype, "Set"],
  [Date.prototype, "Date"],
  [ArrayBuffer.prototype, "ArrayBuffer"],
  [DataView.prototype, "DataView"],
]);
for (const kind of TYPED_ARRAY_KINDS) KIND_BY_PROTOTYPE.set(kind.Constructor.prototype, kind);

const HINT = "give a codec that turns it into plain data and back";

/** The kind of an object, from its prototype and its internal slots; undefined if it is no data. */
export function dataKind(value: object): Kind | undefined {
  const prototype = getPrototypeOf(value) as object | null;
  if (prototype === ObjectPrototype) return "Object";
  if (prototype === ArrayPrototype) return isArray(value) ? "Array" : undefined;
  if (prototype === null) return "NullPrototype";
  const kind = mapGet(KIND_BY_PROTOTYPE, prototype);
  return kind !== undefined && hasSlotsOf(value, kind) ? kind : undefined;
}

/** The kind of an object; throws if it is no data or a built-in with further properties. */
export function requireKind(value: object, trail: Trail): Kind {
  const kind = dataKind(value);
  if (kind === undefined) throw instanceRefusal(value, trail);
  trail.count(isRawKind(kind) ? STATE_BUFFER_NODES : STATE_OBJECT_NODES, value);
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
  trail.count(names.length, object);
  return names;
}

/** Number of entries of a Map. */
export function entryCount(map: Map<unknown, unknown>, trail: Trail): number {
  const size = mapSize(map);
  trail.count(2 * size, map);
  return size;
}

/** Number of values of a Set. */
export function valueCount(set: Set<unknown>, trail: Trail): number {
  const size = setSize(set);
  trail.count(size, set);
  return size;
}

/** Value of a property of a plain object, read once and without calling a getter. */
export function propertyValue(object: object, name: string, trail: Trail): unknown {
  const descriptor = getOwnPropertyDescriptor(object, name);
  // Of the fields asked for here only data descriptors have `writable`, so a getter never runs.
  if (descriptor === undefined || descriptor.writable === undefined || !descriptor.enumerable) {
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
  trail.count(length, array);
  const symbols = getOwnPropertySymbols(array);
  if (symbols.length > 0) throw symbolKeyRefusal(symbols[0]!, trail);
  // Listing the values of a long array is many times faster than listing its keys.
  const hasExtra = length <= ARRAY_GETTERS_CHECKED_MAX
    ? objectKeys(array).length > length
    : objectValues(array).length > length;
  if (hasExtra) throw namedElementRefusal(array, trail);
  return length;
}

/** An element of an array, read once; throws at a hole. */
export function elementValue(array: readonly unknown[], index: number, trail: Trail): unknown {
  if (array.length <= ARRAY_GETTERS_CHECKED_MAX && lookupGetter(array, index) !== undefined) {
    throw getterRefusal(trail);
  }
  const value = array[index];
  if (value === undefined && !hasOwn(array, index)) {
    throw trail.refusal("is a hole in an array; fill it, with undefined if need be");
  }
  return value;
}

/** A kind whose contents are bytes. */
export type RawKind = "ArrayBuffer" | "DataView" | TypedArrayKind;

function isRawKind(kind: Kind): kind is RawKind {
  return typeof kind === "object" || kind === "ArrayBuffer" || kind === "DataView";
}

/** The bytes of a typed array, ArrayBuffer or DataView as a view on them; throws if they may change. */
export function rawBytes(value: object, kind: RawKind, trail: Trail): Uint8Array<ArrayBuffer> {
  if (kind === "ArrayBuffer") {
    requireFixed(value, trail);
    return new NativeUint8Array(value as ArrayBuffer);
  }
  if (kind === "DataView") {
    const buffer = dataViewBuffer(value);
    requireFixed(buffer, trail);
    return new NativeUint8Array(buffer, dataViewByteOffset(value), dataViewByteLength(value));
  }
  const buffer = typedArrayBuffer(value);
  requireFixed(buffer, trail);
  return new NativeUint8Array(buffer, typedArrayByteOffset(value), typedArrayByteLength(value));
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

function hasSlot(value: object, getter: (value: never) => unknown): boolean {
  try {
    getter(value as never);
    return true;
  } catch {
    return false;
  }
}

function hasSlotsOf(value: object, kind: Kind): boolean {
  if (typeof kind === "object") return typedArrayName(value) === kind.name;
  switch (kind) {
    case "Map":
      return hasSlot(value, mapSize);
    case "Set":
      return hasSlot(value, setSize);
    case "Date":
      return hasSlot(value, dateGetTime);
    case "ArrayBuffer":
      return hasSlot(value, arrayBufferByteLength);
    case "DataView":
      return hasSlot(value, dataViewBuffer);
    default:
      return true;
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

/** Name of an object's class as far as data properties tell it, for messages only. */
export function className(value: object): string | undefined {
  const ownName = (owner: object | null, key: string): unknown =>
    owner === null ? undefined : getOwnPropertyDescriptor(owner, key)?.value;
  try {
    const constructor = ownName(getPrototypeOf(value), "constructor");
    const name = typeof constructor === "function" ? ownName(constructor, "name") : undefined;
    return typeof name === "string" && isIdentifier(name) ? name : undefined;
  } catch {
    return undefined; // a Proxy that throws
  }
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
  return trail.refusal(`is not enumerable, so it does not count as data; ${HINT}`);
}

function getterRefusal(trail: Trail): StateEncodingError {
  return trail.refusal(`is a getter or setter, which is not data; store its value, or ${HINT}`);
}
