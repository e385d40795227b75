/**
 * Paths into a state as people type them, and as messages write them: `.agents[3].x`, `state["a b"]`,
 * `state.by.get("k")`; and reading what is there.
 * This module is browser compatible.
 *
 * @module
 */

import { ArgumentSyntaxError } from "../errors.ts";
import { mapEntries, mapGet, mapNext, mapSize, setNext, setSize, setValues } from "./intrinsics.ts";
import { dataKind } from "./data_kind.ts";
import {
  elementSegment,
  mapKeySegment,
  mapValueSegment,
  propertySegment,
  ROOT_PATH,
  setValueSegment,
} from "./state_path.ts";

/** One step from a value to a part of it; plain data. */
export type PathPart =
  | { readonly kind: "property"; readonly key: string }
  | { readonly kind: "element"; readonly index: number }
  /** The value of a Map's entry. */
  | { readonly kind: "entry"; readonly key: unknown }
  /** A key of a Map, in its order. */
  | { readonly kind: "key"; readonly index: number }
  /** A member of a Set, or a value of a Map, in its order. */
  | { readonly kind: "member"; readonly index: number };

/** A path; that of the state itself is empty. */
export type StatePath = readonly PathPart[];

/** Stands for what is not there, which undefined may be. */
export const MISSING: unique symbol = Symbol("missing");

const NAME = /^\.([\p{ID_Start}$_][\p{ID_Continue}$]*)/u;
const INDEX = /^\[(\d+)\]/;
const QUOTED = /^\[("(?:[^"\\]|\\.)*")\]/;
const GET =
  /^\.get\(("(?:[^"\\]|\\.)*"|-?[\d.]+(?:e[+-]?\d+)?n?|true|false|null|undefined|-?Infinity|NaN)\)/;
const NTH = /^\.(keys|values)\(\)\[(\d+)\]/;

/**
 * Reads a path.
 *
 * @throws {SyntaxError} If it is none.
 */
export function parsePath(text: string): StatePath {
  let rest = text;
  if (rest.startsWith(ROOT_PATH) && /^(?:$|[.[])/.test(rest.slice(ROOT_PATH.length))) {
    rest = rest.slice(ROOT_PATH.length);
  } else if (/^[\p{ID_Start}$_]/u.test(rest)) rest = `.${rest}`;
  if (rest === ".") return [];
  const parts: PathPart[] = [];
  while (rest !== "") {
    const [part, length] = firstPart(rest) ?? [];
    if (part === undefined) {
      throw new ArgumentSyntaxError(
        `Cannot read the path '${text}': it must be like '.agents[3].x', '["a b"]' or '.by.get("k")'`,
      );
    }
    parts.push(part);
    rest = rest.slice(length);
  }
  return parts;
}

function firstPart(text: string): [PathPart, number] | undefined {
  const get = GET.exec(text);
  if (get !== null) return [{ kind: "entry", key: keyOf(get[1]!) }, get[0].length];
  const nth = NTH.exec(text);
  if (nth !== null) {
    return [{ kind: nth[1] === "keys" ? "key" : "member", index: Number(nth[2]) }, nth[0].length];
  }
  const name = NAME.exec(text);
  if (name !== null) return [{ kind: "property", key: name[1]! }, name[0].length];
  const index = INDEX.exec(text);
  if (index !== null) return [{ kind: "element", index: Number(index[1]) }, index[0].length];
  const quoted = QUOTED.exec(text);
  if (quoted === null) return undefined;
  return [{ kind: "property", key: quotedText(quoted[1]!) }, quoted[0].length];
}

function keyOf(text: string): unknown {
  if (text.startsWith('"')) return quotedText(text);
  if (/^-?\d+n$/.test(text)) return BigInt(text.slice(0, -1));
  switch (text) {
    case "true":
      return true;
    case "false":
      return false;
    case "null":
      return null;
    case "undefined":
      return undefined;
    default:
      return Number(text);
  }
}

/** A quoted text, whose escapes are those of JSON and `\x1b`. */
function quotedText(text: string): string {
  const json = text.replace(
    /\\(?:x([0-9a-fA-F]{2})|.)/g,
    (all, code) => code === undefined ? all : `\\u00${code}`,
  );
  try {
    return JSON.parse(json) as string;
  } catch {
    throw new ArgumentSyntaxError(`Cannot read ${text} in a path: it is not a text in JSON`);
  }
}

/** A path as messages write it. */
export function pathText(path: StatePath): string {
  return ROOT_PATH + path.map(partText).join("");
}

function partText(part: PathPart): string {
  switch (part.kind) {
    case "property":
      return propertySegment(part.key);
    case "element":
      return elementSegment(part.index);
    case "entry":
      return mapValueSegment(part.key, 0);
    case "key":
      return mapKeySegment(part.index);
    case "member":
      return setValueSegment(part.index);
  }
}

/** What is at a path of a state, or {@linkcode MISSING}; it is not copied. */
export function readPath(state: unknown, path: StatePath): unknown {
  let value = state;
  for (let i = 0; i < path.length; i++) {
    if (typeof value !== "object" || value === null) {
      return typeof value === "string" && i === path.length - 1
        ? charOrLength(value, path[i]!)
        : MISSING;
    }
    value = readPart(value, path[i]!);
    if (value === MISSING) return MISSING;
  }
  return value;
}

function charOrLength(text: string, part: PathPart): unknown {
  if (part.kind === "property" && part.key === "length") return text.length;
  return part.kind === "element" && part.index < text.length ? text[part.index] : MISSING;
}

function readPart(holder: object, part: PathPart): unknown {
  switch (part.kind) {
    case "property": {
      if (!(part.key in holder)) return MISSING;
      const value = (holder as Record<string, unknown>)[part.key];
      // Methods, such as the `map` of an array, are no part of a state.
      return typeof value === "function" || isOfEveryObject(holder, part.key) ? MISSING : value;
    }
    case "element":
      return part.index in holder ? (holder as Record<number, unknown>)[part.index] : MISSING;
    case "entry":
      if (dataKind(holder) !== "Map") return MISSING;
      return (holder as Map<unknown, unknown>).has(part.key)
        ? mapGet(holder as Map<unknown, unknown>, part.key)
        : MISSING;
    case "key":
    case "member":
      return nth(holder, part);
  }
}

/** Whether a name is only that of something that all objects have, such as `constructor`. */
function isOfEveryObject(holder: object, key: string): boolean {
  return key in Object.prototype && !Object.hasOwn(holder, key);
}

function nth(holder: object, { kind, index }: { kind: "key" | "member"; index: number }): unknown {
  if (dataKind(holder) === "Set") {
    if (kind === "key" || index >= setSize(holder)) return MISSING;
    const values = setValues(holder as Set<unknown>);
    let next = setNext(values);
    for (let i = 0; i < index; i++) next = setNext(values);
    return next.value;
  }
  if (dataKind(holder) !== "Map" || index >= mapSize(holder)) return MISSING;
  const entries = mapEntries(holder as Map<unknown, unknown>);
  let next = mapNext(entries);
  for (let i = 0; i < index; i++) next = mapNext(entries);
  return (next.value as [unknown, unknown])[kind === "key" ? 0 : 1];
}

/** The paths of the parts of what is at a path, of the first ones, for "did you mean". */
export function partsOf(value: unknown, countMax: number): PathPart[] {
  if (typeof value !== "object" || value === null) return [];
  const found: PathPart[] = [];
  if (dataKind(value) === "Map") {
    for (const key of (value as Map<unknown, unknown>).keys()) {
      if (found.length === countMax) break;
      if (typeof key !== "object" || key === null) found.push({ kind: "entry", key });
    }
    return found;
  }
  if (Array.isArray(value) || ArrayBuffer.isView(value)) {
    return (value as { length?: number }).length === 0 ? [] : [{ kind: "element", index: 0 }];
  }
  return Object.keys(value).slice(0, countMax).map((key) => ({ kind: "property", key }));
}
