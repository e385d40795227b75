/**
 * Objects that a module made when it loaded, as far as the names of its variables lead to them. A live state may hold
 * such an object, of which the state that is decoded from a checkpoint has a copy; and a step may change one by another
 * name.
 * This module is browser compatible.
 *
 * No code of the module is called: neither getters of properties, nor iterators and traps of its own.
 *
 * @module
 */

import { dataKind } from "../../codec/data_kind.ts";
import { lookupGetter, mapEntries, mapNext, setNext, setValues } from "../../codec/intrinsics.ts";
import { elementSegment, propertySegment } from "../../codec/state_path.ts";
import { isProxy } from "./known_proxies.ts";

/** A name, and what it stands for. */
export type Named = readonly [name: string, value: unknown];

/** The objects of one instance of a module. */
export class LastingObjects {
  readonly #named: () => readonly Named[];
  #all: ReadonlySet<object> | undefined;

  /** @param named Gives the module's names with what they stand for now. */
  constructor(named: () => readonly Named[]) {
    this.#named = named;
  }

  /** The name that leads to the first object that counts; undefined if there is none. */
  nameOf(matters: (object: object) => boolean): string | undefined {
    for (const object of this.#known()) {
      // No state holds a function.
      if (typeof object !== "function" && matters(object)) return this.#nameOf(object);
    }
    return undefined;
  }

  /**
   * The name that leads to an object of the module which a state holds; undefined if it holds none.
   *
   * @param matters Which objects count.
   */
  heldBy(state: unknown, matters: (object: object) => boolean): string | undefined {
    const all = this.#known();
    for (const object of objectsIn(state)) {
      if (all.has(object) && matters(object)) return this.#nameOf(object);
    }
    return undefined;
  }

  #known(): ReadonlySet<object> {
    return this.#all ??= reachable(this.#named().map(([, value]) => value));
  }

  /** The name of the object itself, or else the first that leads to it. */
  #nameOf(object: object): string {
    const named = this.#named();
    const [name] = named.find(([, value]) => value === object) ??
      named.find(([, value]) => reachable([value]).has(object)) ?? [""];
    return name;
  }

  /** A place where the objects are others than those of an instance that has done nothing yet, such as `stats.births`. */
  changedSince(fresh: LastingObjects): string | undefined {
    const before = new Map(fresh.#named());
    const seen = new Set<object>();
    const waiting: Pair[] = this.#named().filter(([, now]) => isObject(now))
      .map(([name, now]) => ({ parent: undefined, key: name, now, then: before.get(name) }));
    // The list grows while it is worked off: the shortest path comes first.
    for (const pair of waiting) {
      const { now, then } = pair;
      if (now === then || seen.has(now as object)) continue;
      if (!isObject(now) || !isObject(then)) return pathOf(pair);
      seen.add(now);
      const [parts, earlier] = [partsOf(now), partsOf(then)];
      if (!isSameShape(parts, earlier)) return pathOf(pair);
      for (let i = 0; i < parts.values.length; i++) {
        const part = parts.values[i];
        const was = earlier.values[i];
        if (part === was || Object.is(part, was) || typeof part === "symbol") continue;
        const place = { parent: pair, key: parts.keys?.[i] ?? i, now: part, then: was };
        if (!isObject(part)) return pathOf(place);
        waiting.push(place);
      }
    }
    return undefined;
  }
}

function isSameShape(a: Parts, b: Parts): boolean {
  if (a.values.length !== b.values.length || a.keys?.length !== b.keys?.length) return false;
  if (a.words !== undefined && b.words !== undefined) {
    if (a.words.length !== b.words.length) return false;
    for (let i = 0; i < a.words.length; i++) if (a.words[i] !== b.words[i]) return false;
  }
  return a.keys?.every((key, i) => key === b.keys![i]) ?? true;
}

/** What stands in one place, now and before. */
interface Pair {
  /** What it is a part of; undefined for what a name stands for. */
  readonly parent: Pair | undefined;
  readonly key: string | number;
  readonly now: unknown;
  readonly then: unknown;
}

function pathOf(pair: Pair): string {
  let path = "";
  let { parent, key } = pair;
  for (; parent !== undefined; { parent, key } = parent) {
    path = (typeof key === "number" ? elementSegment(key) : propertySegment(key)) + path;
  }
  return `${key}${path}`;
}

/** All objects that values lead to, those on the way among them. */
function reachable(values: readonly unknown[]): Set<object> {
  const found = new Set<object>();
  for (const value of values) if (isObject(value)) found.add(value);
  // A set that grows while it is worked off.
  for (const object of found) {
    const parts = partsOf(object).values;
    for (let i = 0; i < parts.length; i++) {
      const part = parts[i];
      if (isObject(part)) found.add(part);
    }
  }
  return found;
}

/** The objects that two states have in common. */
export function inBoth(first: unknown, second: unknown): object[] {
  const before = new Set(objectsIn(first));
  return [...objectsIn(second)].filter((object) => before.has(object));
}

/** All objects that a state holds, itself among them. */
export function* objectsIn(state: unknown): Generator<object> {
  const seen = new Set<object>();
  const waiting = [state];
  while (waiting.length > 0) {
    const value = waiting.pop();
    if (typeof value !== "object" || value === null || seen.has(value)) continue;
    seen.add(value);
    yield value;
    // Reading is faster than asking for descriptors: a state that was encoded has no getters.
    const values = dataKind(value) === "Object" ? Object.values(value) : partsOf(value).values;
    for (let i = 0; i < values.length; i++) {
      if (typeof values[i] === "object") waiting.push(values[i]);
    }
  }
}

function isObject(value: unknown): value is object {
  return (typeof value === "object" && value !== null) || typeof value === "function";
}

/** What an object holds. */
interface Parts {
  readonly values: readonly unknown[];
  /** Names of the parts; undefined for elements and entries. */
  readonly keys?: readonly string[];
  /** The bytes of a buffer, by four. */
  readonly words?: Uint32Array;
}

const NO_PARTS: Parts = { values: [] };

function partsOf(value: object): Parts {
  if (isProxy(value)) return NO_PARTS;
  switch (dataKind(value)) {
    case "Object":
    case "NullPrototype":
    case undefined:
      return propertiesOf(value);
    case "Array":
      return { values: value as unknown[] };
    case "Map":
      return { values: entriesOf(value as Map<unknown, unknown>) };
    case "Set":
      return { values: membersOf(value as Set<unknown>) };
    case "Date":
      return { values: [Date.prototype.getTime.call(value)] };
    case "ArrayBuffer":
      return bytesOf(value as ArrayBuffer);
    default:
      return { values: [(value as ArrayBufferView).buffer] };
  }
}

function bytesOf(buffer: ArrayBuffer): Parts {
  const length = buffer.byteLength;
  // One that was handed over to another buffer cannot be looked at.
  if (length === 0) return NO_PARTS;
  const words = new Uint32Array(buffer, 0, length >> 2);
  return { values: [...new Uint8Array(buffer, 4 * words.length)], words };
}

function entriesOf(map: Map<unknown, unknown>): unknown[] {
  const values: unknown[] = [];
  const iterator = mapEntries(map);
  for (let step = mapNext(iterator); !step.done; step = mapNext(iterator)) {
    values.push(step.value[0], step.value[1]);
  }
  return values;
}

function membersOf(set: Set<unknown>): unknown[] {
  const values: unknown[] = [];
  const iterator = setValues(set);
  for (let step = setNext(iterator); !step.done; step = setNext(iterator)) values.push(step.value);
  return values;
}

function propertiesOf(value: object): Parts {
  const keys: string[] = [];
  const values: unknown[] = [];
  for (const key in value) {
    // A getter would be a call.
    if (lookupGetter(value, key) !== undefined) continue;
    keys.push(key);
    values.push((value as Record<string, unknown>)[key]);
  }
  return { values, keys };
}

/** Whether an object has properties only, which tell all that is known of it. */
export function hasOnlyProperties(value: object): boolean {
  if (isProxy(value)) return false;
  const kind = dataKind(value);
  return kind === "Object" || kind === "NullPrototype" || kind === undefined;
}
