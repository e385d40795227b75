/**
 * What kind of data an object is, from its prototype by identity and its internal slots.
 * This module is browser compatible.
 *
 * @module
 */

import {
  arrayBufferByteLength,
  ArrayPrototype,
  dataViewBuffer,
  dateGetTime,
  getOwnPropertyDescriptor,
  getPrototypeOf,
  isArray,
  mapGet,
  mapSize,
  ObjectPrototype,
  setSize,
  typedArrayName,
} from "./intrinsics.ts";
import { isIdentifier } from "./state_path.ts";
import { TYPED_ARRAY_KINDS } from "./wire_format.ts";
import type { ContainerKind, Kind, RawKind } from "./types.ts";

const KIND_BY_PROTOTYPE = new Map<object, Kind>([
  [Map.prototype, "Map"],
  [Set.prototype, "Set"],
  [Date.prototype, "Date"],
  [ArrayBuffer.prototype, "ArrayBuffer"],
  [DataView.prototype, "DataView"],
]);
for (const kind of TYPED_ARRAY_KINDS) KIND_BY_PROTOTYPE.set(kind.Constructor.prototype, kind);

/** Whether objects of this kind hold bytes. */
export function isRawKind(kind: Kind): kind is RawKind {
  return typeof kind === "object" || kind === "ArrayBuffer" || kind === "DataView";
}

/** Whether objects of this kind hold values, so that they nest. */
export function isContainerKind(kind: Kind): kind is ContainerKind {
  return !isRawKind(kind) && kind !== "Date";
}

/** The kind of an object, from its prototype and its internal slots; undefined if it is no data. */
export function dataKind(value: object): Kind | undefined {
  const prototype = getPrototypeOf(value) as object | null;
  if (prototype === ObjectPrototype) return "Object";
  if (prototype === ArrayPrototype) return isArray(value) ? "Array" : undefined;
  if (prototype === null) return "NullPrototype";
  const kind = mapGet(KIND_BY_PROTOTYPE, prototype);
  return kind !== undefined && hasSlotsOf(value, kind) ? kind : undefined;
}

/** Whether an object has the internal slot that a getter or method reads. */
export function hasSlot(value: object, getter: (value: never) => unknown): boolean {
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
