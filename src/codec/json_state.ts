/**
 * States from JSON: what `stateToJson` wrote, and values given on a command line.
 * What JSON has no form for is an object with one key that starts with `$`:
 *
 * - `{"$number": "NaN" | "Infinity" | "-Infinity" | "-0"}`, `{"$bigint": "123"}`,
 *   `{"$undefined": true}`, `{"$date": "2026-01-31T12:00:00.000Z" | null}` (null: an invalid date)
 * - `{"$map": [[key, value], ...]}`, `{"$set": [value, ...]}`
 * - `{"$typed": "Float64Array", "data": [...]}`, `{"$arrayBuffer": [...]}`, `{"$dataView": [...]}`
 * - `{"$object": [[key, value], ...]}` for a plain object with a key that starts with `$`, and
 *   `{"$nullPrototype": [[key, value], ...]}` for one without a prototype
 * - `{"$ref": path}`, which is written only: it stands for an object that is elsewhere
 *
 * This module is browser compatible.
 *
 * @module
 */

import { ArgumentSyntaxError, StateEncodingError } from "../errors.ts";
import { STATE_DEPTH_MAX } from "../limits.ts";
import { addProperty } from "./properties.ts";
import { quoteText } from "../text/quote_text.ts";
import { elementSegment, propertySegment, ROOT_PATH } from "./state_path.ts";
import { TYPED_ARRAY_KINDS } from "./wire_format.ts";
import type { TypedArray } from "./types.ts";

/**
 * The state that `stateToJson` gave `json` for. Plain JSON without keys that start with `$` stands for itself.
 *
 * @param json What `JSON.parse` gave.
 * @throws {SyntaxError} If a key that starts with `$` is not one of the forms, or its contents are not.
 * @throws {StateEncodingError} If it is nested too deep or too large for a state.
 */
export function jsonToState(json: unknown): unknown {
  return fromJson(json, ROOT_PATH, 0);
}

function fromJson(json: unknown, path: string, depth: number): unknown {
  if (typeof json !== "object" || json === null) return scalarFromJson(json, path);
  if (depth === STATE_DEPTH_MAX) {
    throw new StateEncodingError(path, `is nested deeper than ${STATE_DEPTH_MAX} levels`);
  }
  if (Array.isArray(json)) {
    return json.map((item, i) => fromJson(item, path + elementSegment(i), depth + 1));
  }
  const names = Object.keys(json);
  const tag = names.find((name) => name.startsWith("$"));
  if (tag !== undefined) return fromTagged(tag, json as Record<string, unknown>, path, depth);
  const object: Record<string, unknown> = {};
  for (const name of names) {
    const value = (json as Record<string, unknown>)[name];
    addProperty(object, name, fromJson(value, path + propertySegment(name), depth + 1));
  }
  return object;
}

function scalarFromJson(json: unknown, path: string): unknown {
  if (json === null || ["string", "boolean", "number"].includes(typeof json)) return json;
  throw new ArgumentSyntaxError(`Cannot read ${path}: it is no JSON value`);
}

/** Reads what stands beside one tag; `fail` throws with what was expected there instead. */
type TagReader = (json: unknown, at: TagPlace) => unknown;

/** Where a tag stands, and how to read on from there. */
interface TagPlace {
  fail(expected: string): never;
  read(json: unknown): unknown;
  /** What stands under `data`. */
  readonly data: unknown;
}

const TAGS: ReadonlyMap<string, TagReader> = new Map<string, TagReader>([
  ["$number", (json, at) => SPECIAL_NUMBERS.get(json) ?? at.fail("NaN, Infinity, -Infinity or -0")],
  ["$bigint", (json, at) => {
    const isInteger = typeof json === "string" && /^(?:0|-?[1-9][0-9]*)$/.test(json);
    return isInteger ? BigInt(json) : at.fail("an integer as a string");
  }],
  ["$undefined", (json, at) => json === true ? undefined : at.fail("true")],
  ["$date", dateFromJson],
  ["$map", (json, at) => {
    const pairs = pairsFromJson(json, at);
    const map = new Map(pairs);
    return map.size === pairs.length ? map : at.fail("no key twice");
  }],
  ["$set", (json, at) => {
    const values = arrayOf(json, at).map(at.read);
    const set = new Set(values);
    return set.size === values.length ? set : at.fail("no value twice");
  }],
  ["$object", (json, at) => objectFromPairs({}, json, at)],
  ["$nullPrototype", (json, at) => objectFromPairs(Object.create(null), json, at)],
  ["$typed", (json, at) => typedFromJson(json, at.data, at)],
  ["$arrayBuffer", (json, at) => typedFromJson("Uint8Array", json, at).buffer],
  ["$ref", (_, at) => at.fail("its value in its place: a reference is only written")],
  ["$dataView", (json, at) => new DataView(typedFromJson("Uint8Array", json, at).buffer)],
]);

const SPECIAL_NUMBERS: ReadonlyMap<unknown, number> = new Map([
  ["NaN", NaN],
  ["Infinity", Infinity],
  ["-Infinity", -Infinity],
  ["-0", -0],
]);

function fromTagged(
  tag: string,
  json: Record<string, unknown>,
  path: string,
  depth: number,
): unknown {
  const shown = quoteText(tag, 40);
  const reader = TAGS.get(tag);
  if (reader === undefined) {
    throw new ArgumentSyntaxError(
      `Cannot read ${path}: ${shown} is no form of a state value`,
      { hint: `write an object with this key as {"$object": [[key, value], ...]}` },
    );
  }
  const keysExpected = tag === "$typed" ? 2 : 1;
  const at: TagPlace = {
    fail: (expected) => {
      throw new ArgumentSyntaxError(`Cannot read ${path}: ${shown} needs ${expected}`);
    },
    read: (item) => fromJson(item, path, depth + 1),
    data: json.data,
  };
  if (Object.keys(json).length !== keysExpected) {
    at.fail(tag === "$typed" ? '"data" and nothing else beside it' : "to stand alone");
  }
  return reader(json[tag], at);
}

function dateFromJson(json: unknown, at: TagPlace): Date {
  if (json === null) return new Date(NaN);
  const date = new Date(typeof json === "string" ? json : NaN);
  // Other texts mean different times in different places and engines.
  const isExact = !Number.isNaN(date.getTime()) && date.toISOString() === json;
  return isExact ? date : at.fail("a date such as 2026-01-31T12:00:00.000Z, or null");
}

function arrayOf(json: unknown, at: TagPlace): unknown[] {
  return Array.isArray(json) ? json : at.fail("an array");
}

function pairsFromJson(json: unknown, at: TagPlace): [unknown, unknown][] {
  return arrayOf(json, at).map((pair) => {
    const [key, value] = arrayOf(pair, at).length === 2 ? pair as unknown[] : at.fail("pairs");
    return [at.read(key), at.read(value)];
  });
}

function objectFromPairs(
  object: Record<string, unknown>,
  json: unknown,
  at: TagPlace,
): Record<string, unknown> {
  for (const [key, value] of pairsFromJson(json, at)) {
    if (typeof key !== "string") at.fail("strings as keys");
    if (Object.hasOwn(object, key)) at.fail("no key twice");
    addProperty(object, key, value);
  }
  return object;
}

function typedFromJson(name: unknown, data: unknown, at: TagPlace): TypedArray {
  const kind = TYPED_ARRAY_KINDS.find((candidate) => candidate.name === name);
  if (kind === undefined) return at.fail("the name of a typed array that this engine has");
  const items = arrayOf(data, at).map(at.read);
  const array = new kind.Constructor(items.length);
  const elementType = typeof array.at(0);
  items.forEach((item, i) => {
    const itemType = typeof item;
    if (itemType !== elementType) at.fail(`elements that fit into ${kind.name}`);
    array[i] = item as number;
    // Floating point elements may be rounded, integers not wrapped.
    if (!kind.isFloat && array[i] !== item) at.fail(`elements that fit into ${kind.name}`);
  });
  return array;
}
