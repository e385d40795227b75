/**
 * Objects that a module made when it loaded, found by the names of its variables. A live state may hold such an object,
 * of which the state that is decoded from a checkpoint has a copy; and a step may change one by another name.
 * This module is browser compatible.
 *
 * No code of the module is called: neither getters of properties, nor iterators and traps of its own.
 *
 * @module
 */

import { equalBytes } from "../../codec/compare_states.ts";
import { dataKind } from "../../codec/data_kind.ts";
import { mapEntries, mapNext, setNext, setValues } from "../../codec/intrinsics.ts";
import { elementSegment, propertySegment } from "../../codec/state_path.ts";
import { isProxy } from "./known_proxies.ts";
import { RESERVED_WORDS } from "./reserved_words.ts";

/** What classes and functions are called, and patterns that declare names. */
const DECLARED =
  /\b(?:class|function\s{0,9}\*?)\s{1,9}([^\s(){]{1,999})|\b(?:const|let|var)\s{0,9}[{[]([^=;]{0,4000})=/g;

/** Ends a name that is declared or assigned. */
const ASSIGNED = /=(?![=>])/g;

const NAME = /[\p{ID_Start}$_][\p{ID_Continue}$]*/gu;

/** A name, and what it stands for. */
type Named = readonly [name: string, value: unknown];

/** A module's text with one more export, which tells what its names stand for. */
export class ShownModule {
  /** The text to evaluate. */
  readonly source: string;
  readonly #export: string;

  /** @param source The module's text. */
  constructor(source: string) {
    let own = "rewind";
    while (source.includes(own)) own += "$";
    const entries = [...namesIn(source)]
      .filter((name) => !RESERVED_WORDS.has(name) && !(name in globalThis))
      .map((name) => `["${name}",typeof ${name}==="undefined"?undefined:${name}]`);
    this.source = `${source}\nexport const ${own}=()=>[${entries}];`;
    this.#export = own;
  }

  /** What an instance that evaluated the text made, by what it exports. */
  objectsOf(exports: Readonly<Record<string, unknown>>): LastingObjects {
    const { init, params, [this.#export]: named } = exports;
    // A copy of these is what every run starts from.
    const isOwn = ([, value]: Named) => value !== init && value !== params;
    const all = typeof named === "function" ? named as () => Named[] : () => [];
    return new LastingObjects(() => all().filter(isOwn));
  }
}

/** The objects of one instance of a module. */
export class LastingObjects {
  readonly #named: () => readonly Named[];
  #owners: ReadonlyMap<object, string> | undefined;

  /** @param named Gives the module's names with what they stand for now. */
  constructor(named: () => readonly Named[]) {
    this.#named = named;
  }

  /** The name that leads to the first object that counts; undefined if there is none. */
  nameOf(matters: (object: object) => boolean): string | undefined {
    for (const [object, name] of this.#known()) if (matters(object)) return name;
    return undefined;
  }

  /**
   * The name that leads to an object of the module which a state holds; undefined if it holds none.
   *
   * @param matters Which objects count.
   */
  heldBy(state: unknown, matters: (object: object) => boolean): string | undefined {
    const owners = this.#known();
    for (const object of objectsIn(state)) {
      const owner = owners.get(object);
      if (owner !== undefined && matters(object)) return owner;
    }
    return undefined;
  }

  #known(): ReadonlyMap<object, string> {
    return this.#owners ??= ownersOf(this.#named());
  }

  /** A place where the objects are others than those of an instance that has done nothing yet, such as `stats.births`. */
  changedSince(fresh: LastingObjects): string | undefined {
    const before = new Map(fresh.#named());
    const pairs = new Map<object, object>();
    const waiting: Pair[] = this.#named().filter(([, now]) => isObject(now))
      .map(([name, now]) => ({ path: name, now, then: before.get(name) }));
    // The list grows while it is worked off: the shortest path comes first.
    for (const { now, then, path } of waiting) {
      if (now === then || pairs.get(now as object) === then) continue;
      if (!isObject(now) || !isObject(then)) return path;
      pairs.set(now, then);
      const [parts, earlier] = [partsOf(now), partsOf(then)];
      if (
        parts.values.length !== earlier.values.length || !equalBytes(parts.bytes, earlier.bytes)
      ) return path;
      for (let i = 0; i < parts.values.length; i++) {
        const [part, was] = [parts.values[i], earlier.values[i]];
        const key = parts.keys?.[i];
        const isSameKey = key === earlier.keys?.[i];
        if (isSameKey && (Object.is(part, was) || typeof part === "symbol")) continue;
        const place = path + (key === undefined ? elementSegment(i) : propertySegment(key));
        if (!isSameKey || !isObject(part)) return place;
        waiting.push({ path: place, now: part, then: was });
      }
    }
    return undefined;
  }
}

/** Names that something is declared or assigned as; those within functions stand for nothing outside of them. */
function namesIn(source: string): Set<string> {
  const names = new Set<string>();
  const take = (text: string) => {
    for (const [name] of text.matchAll(NAME)) names.add(name);
  };
  for (const [, made, pattern] of source.matchAll(DECLARED)) take(made ?? pattern!);
  const assigned = new Set<string>();
  // A pattern that looks for a name first would look at each word of the text, letter by letter.
  for (const { index } of source.matchAll(ASSIGNED)) {
    let end = index;
    while (isBlank(source.charCodeAt(end - 1))) end--;
    let start = end;
    while (isOfName(source.charCodeAt(start - 1)) && end - start < NAME_UNITS_MAX) start--;
    if (start < end) assigned.add(source.slice(start, end));
  }
  take([...assigned].join(" "));
  return names;
}

/** No variable has a longer name. */
const NAME_UNITS_MAX = 1000;

function isBlank(unit: number): boolean {
  return unit === 0x20 || (unit >= 0x09 && unit <= 0x0d);
}

/** Letters, digits, `$`, `_` and all beyond ASCII. */
function isOfName(unit: number): boolean {
  return (unit >= 0x61 && unit <= 0x7a) || (unit >= 0x41 && unit <= 0x5a) || unit === 0x24 ||
    unit === 0x5f || (unit >= 0x30 && unit <= 0x39) || unit >= 0x80;
}

/** What stands in one place, now and before. */
interface Pair {
  readonly path: string;
  readonly now: unknown;
  readonly then: unknown;
}

/** All objects that names lead to, each with the name that leads there in the fewest steps. */
function ownersOf(named: readonly Named[]): Map<object, string> {
  const owners = new Map<object, string>();
  const seen = new Set<object>();
  const waiting = [...named];
  // The list grows while it is worked off.
  for (const [name, value] of waiting) {
    if (!isObject(value) || seen.has(value)) continue;
    seen.add(value);
    // No state holds a function, but one may have static fields.
    if (typeof value === "object") owners.set(value, name);
    for (const part of partsOf(value).values) if (isObject(part)) waiting.push([name, part]);
  }
  return owners;
}

/** The objects that two states have in common. */
export function inBoth(first: unknown, second: unknown): object[] {
  const before = new Set(objectsIn(first));
  return [...objectsIn(second)].filter((object) => before.has(object));
}

/** All objects that a state holds, itself among them. */
function* objectsIn(state: unknown): Generator<object> {
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
  readonly bytes: Uint8Array;
}

const NO_BYTES = new Uint8Array(0);

function partsOf(value: object): Parts {
  if (isProxy(value)) return { values: [], bytes: NO_BYTES };
  if (ArrayBuffer.isView(value)) return { values: [value.buffer], bytes: NO_BYTES };
  switch (dataKind(value)) {
    case "ArrayBuffer":
      return { values: [], bytes: new Uint8Array(value as ArrayBuffer) };
    case "Date":
      return { values: [(value as Date).getTime()], bytes: NO_BYTES };
    case "Map":
      return { values: entriesOf(value as Map<unknown, unknown>), bytes: NO_BYTES };
    case "Set":
      return { values: membersOf(value as Set<unknown>), bytes: NO_BYTES };
    case "Array":
      return { values: value as unknown[], bytes: NO_BYTES };
    default:
      return { ...propertiesOf(value), bytes: NO_BYTES };
  }
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

/** What every function has. */
const OF_FUNCTIONS: ReadonlySet<PropertyKey> = new Set(["name", "length", "prototype"]);

function propertiesOf(value: object): Omit<Parts, "bytes"> {
  const keys: string[] = [];
  const values: unknown[] = [];
  for (const key of Reflect.ownKeys(value)) {
    if (typeof key === "symbol" || (typeof value === "function" && OF_FUNCTIONS.has(key))) continue;
    const descriptor = Reflect.getOwnPropertyDescriptor(value, key)!;
    if (!("value" in descriptor)) continue;
    keys.push(key);
    values.push(descriptor.value);
  }
  return { values, keys };
}

/** Whether an object has properties only. */
export function hasOnlyProperties(value: object): boolean {
  const kind = dataKind(value);
  return !ArrayBuffer.isView(value) &&
    (kind === "Object" || kind === "NullPrototype" || kind === undefined);
}
