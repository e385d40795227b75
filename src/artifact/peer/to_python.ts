/**
 * States as values of Python: the mapping that `docs/python.md` specifies.
 * This module is browser compatible.
 *
 * @module
 */

import { dataKind, isRawKind } from "../../codec/data_kind.ts";
import { findSegments, joinPath, objectsOf } from "../../codec/object_parts.ts";
import { rawView } from "../../codec/plain_data.ts";
import { StateEncodingError } from "../../errors.ts";
import { PEER_DEPTH_MAX } from "../limits.ts";
import {
  elementSegment,
  mapKeySegment,
  mapValueSegment,
  propertySegment,
  ROOT_PATH,
  setValueSegment,
} from "../../codec/state_path.ts";
import { Trail } from "../../codec/trail.ts";
import { ViewGroups } from "../../codec/view_groups.ts";
import { arrayOf, countElements, dtypeOf, type NumpyArray } from "./ndarray.ts";
import { inSetOrder } from "./set_order.ts";
import {
  pythonBytes,
  PythonDict,
  PythonFloat,
  PythonSequence,
  PythonSet,
  type PythonText,
  pythonText,
  type PythonValue,
} from "./python_values.ts";
import type { TypedArray } from "../../codec/types.ts";

/**
 * The NumPy array that a whole state is: a typed array, or `{shape, data}` with a typed array whose
 * length is that of the shape; undefined if it is anything else.
 */
export function toNumpyArray(state: unknown): NumpyArray | undefined {
  if (isTypedArray(state)) return toShapedArray(state, [state.length]);
  if (typeof state !== "object" || state === null) return undefined;
  if (Object.keys(state).sort().join() !== "data,shape") return undefined;
  const { data, shape } = state as { data: unknown; shape: unknown };
  // One dimension is a bare typed array and none a number, so that a way back is the same state.
  if (!isTypedArray(data) || !Array.isArray(shape) || shape.length < 2) return undefined;
  return countElements(shape, data.length) === data.length ? toShapedArray(data, shape) : undefined;
}

function toShapedArray(data: TypedArray, shape: readonly number[]): NumpyArray | undefined {
  const dtype = dtypeOf(data);
  return dtype === undefined ? undefined : arrayOf(data, dtype, shape);
}

function isInteger(value: PythonValue): value is number | bigint | boolean {
  return typeof value === "number" || typeof value === "bigint" || typeof value === "boolean";
}

function isTypedArray(value: unknown): value is TypedArray {
  return ArrayBuffer.isView(value) && !(value instanceof DataView);
}

/** Refuses arrays that share memory: the bytes objects that they would be cannot. */
function requireNoSharedMemory(state: unknown): void {
  const groups = new ViewGroups();
  const views: object[] = [];
  for (const object of objectsOf(state)) {
    const kind = dataKind(object);
    if (kind === undefined || !isRawKind(kind)) continue;
    groups.note(rawView(object, kind, new Trail()), false);
    views.push(object);
  }
  const sharer = groups.join()
    ? views.find((view) => groups.groupOf(view) !== undefined)
    : undefined;
  if (sharer === undefined) return;
  throw new StateEncodingError(
    joinPath(ROOT_PATH, findSegments(state, sharer) ?? []),
    "shares memory with other arrays, which bytes of Python cannot do; hold it once",
  );
}

/** Turns states into values of Python; equal strings become one object over all of them. */
export class PythonMaker {
  readonly #texts = new Map<string, PythonText>();
  /** What the objects of the current state are; one that is reached again is the same in Python. */
  readonly #made = new Map<object, PythonValue>();
  #depth = 0;

  /**
   * The value that a state is in Python.
   *
   * @param state Decoded by `decodeState`.
   * @throws {StateEncodingError} If Python has no counterpart of something in it.
   */
  make(state: unknown): PythonValue {
    this.#made.clear();
    requireNoSharedMemory(state);
    return this.#convert(state, ROOT_PATH);
  }

  #convert(value: unknown, path: string): PythonValue {
    switch (typeof value) {
      case "boolean":
        return value;
      case "number":
        return Number.isSafeInteger(value) && !Object.is(value, -0)
          ? value
          : new PythonFloat(value);
      case "bigint":
        return value;
      case "string":
        return this.#text(value);
      case "object":
        return value === null ? null : this.#convertObject(value, path);
      default:
        throw new StateEncodingError(path, `is ${typeof value}, which Python does not have`);
    }
  }

  #convertObject(value: object, path: string): PythonValue {
    const known = this.#made.get(value);
    if (known !== undefined) return known;
    if (this.#depth === PEER_DEPTH_MAX) {
      throw new StateEncodingError(
        path,
        `is nested deeper than ${PEER_DEPTH_MAX} levels, which Python's pickle cannot write`,
      );
    }
    this.#depth++;
    const made = this.#makeObject(value, path);
    this.#depth--;
    return made;
  }

  /** Takes note of a container before it is filled, so that what leads back to it finds it. */
  #begin<T extends PythonValue & object>(object: object, made: T): T {
    this.#made.set(object, made);
    return made;
  }

  #makeObject(value: object, path: string): PythonValue {
    if (Array.isArray(value)) {
      const list = this.#begin(value, new PythonSequence([], false));
      value.forEach((item, i) => list.items.push(this.#convert(item, path + elementSegment(i))));
      return list;
    }
    if (value instanceof Map) return this.#convertMap(value, path);
    if (value instanceof Set) return this.#begin(value, this.#convertSet(value, path));
    if (value instanceof Uint8Array) return this.#begin(value, pythonBytes(value));
    if (ArrayBuffer.isView(value)) {
      throw new StateEncodingError(
        path,
        `is a ${value.constructor.name} inside of other values, which only NumPy could hold; make ` +
          "it the whole state, or an array of numbers",
      );
    }
    if (value instanceof Date || value instanceof ArrayBuffer) {
      throw new StateEncodingError(
        path,
        `is a ${value.constructor.name}, which plain Python data does not have; hold it as a ` +
          (value instanceof Date ? "number" : "Uint8Array"),
      );
    }
    const dict = this.#begin(value, new PythonDict([]));
    for (const [key, item] of Object.entries(value)) {
      dict.entries.push(this.#text(key), this.#convert(item, path + propertySegment(key)));
    }
    return dict;
  }

  #convertMap(map: Map<unknown, unknown>, path: string): PythonDict {
    const dict = this.#begin(map, new PythonDict([]));
    const seen = new Set<unknown>();
    let index = 0;
    for (const [key, item] of map) {
      const keyPath = path + mapKeySegment(index);
      dict.entries.push(this.#convertHashable(key, keyPath, seen));
      dict.entries.push(this.#convert(item, path + mapValueSegment(key, index)));
      index++;
    }
    return dict;
  }

  #convertSet(set: Set<unknown>, path: string): PythonSet {
    const seen = new Set<unknown>();
    const items = [...set].map((item, i) =>
      this.#convertHashable(item, path + setValueSegment(i), seen)
    );
    if (items.length < 2) return new PythonSet(items, false);
    const order = items.every(isInteger) ? inSetOrder(items) : undefined;
    if (order === undefined) {
      throw new StateEncodingError(
        path,
        "is a set that Python iterates over in another order each time it is loaded, so that no " +
          "content hash would hold; use an array",
      );
    }
    return new PythonSet(order, false);
  }

  /** A key of a dict or member of a set: must be hashable, and equal to none before it in Python. */
  #convertHashable(value: unknown, path: string, seen: Set<unknown>): PythonValue {
    if (typeof value === "object" && value !== null) {
      throw new StateEncodingError(
        path,
        "is an object, which a dict or set of Python cannot hold as a key; use strings or numbers",
      );
    }
    // Python takes 1, 1n and true for one key; -0 and 0 are one already here.
    const asNumber = Number(value);
    const identity = typeof value === "boolean" || typeof value === "bigint" &&
        Number.isSafeInteger(asNumber)
      ? asNumber
      : value;
    if (seen.has(identity)) {
      throw new StateEncodingError(path, "equals another key of the same dict or set in Python");
    }
    seen.add(identity);
    return this.#convert(value, path);
  }

  #text(text: string): PythonText {
    let value = this.#texts.get(text);
    if (value === undefined) this.#texts.set(text, value = pythonText(text));
    return value;
  }
}
