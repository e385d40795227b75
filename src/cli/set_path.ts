/**
 * Assignments such as `.agents[3].x=0.5` as the text of a function that changes a state, to run in the
 * sandbox.
 *
 * @module
 */

import { keepKind } from "../engine/given_value.ts";
import { checkHeld, isTyped } from "../engine/same_kind.ts";
import { GuardError } from "../errors.ts";
import { scriptText } from "../text/script_text.ts";
import { suggestion } from "../text/suggestion.ts";
import { readValue } from "./read_value.ts";
import { InputError, UsageError } from "./usage_error.ts";

/** One part of a path: a dot and a name, an index or quoted name in brackets, or the key of a Map as messages write it. */
const SEGMENT =
  /^(?:\.get\((\d+|"(?:[^"\\]|\\.)*")\)|\.([\p{ID_Start}$_][\p{ID_Continue}$]*)|\[(\d+|"(?:[^"\\]|\\.)*")\])/u;

type Key = string | number;

/** Where a value goes, and the value. */
interface Assignment {
  readonly keys: readonly Key[];
  readonly value: unknown;
}

/** Takes assignments apart. @throws {UsageError} If one is not of the form `PATH=JSON`, or two are of one part. */
export function readAssignments(texts: readonly string[]): Assignment[] {
  const assignments = texts.map(readAssignment);
  const paths = assignments.map(({ keys }) => keys.map(segment).join("") || ".");
  const twice = paths.find((path, i) => paths.indexOf(path) < i);
  if (twice !== undefined) throw new UsageError(`Invalid option --set: '${twice}' is given twice`);
  return assignments;
}

/**
 * Text of a function that carries out assignments in order and returns the state.
 *
 * @param state The state as functions see it; later assignments see what earlier ones made of it.
 * @throws {InputError} If it has no such part, or a value is not of the kind that is there.
 */
export function mutationOf(state: unknown, assignments: readonly Assignment[]): string {
  let current = state;
  const lines = assignments.map(({ keys, value }) => {
    const holders = holdersOf(current, keys);
    const at = `state${keys.map(segment).join("")}`;
    const old = valueAt(holders, keys, current);
    const kept = freezeLike(keptValue(() => keepKind(old, value, at)), old);
    const [last] = keys.slice(-1);
    if (last === undefined) {
      current = kept;
      return `state = ${literal(kept)};`;
    }
    const holder = holders.at(-1)!;
    if (holder instanceof Map) holder.set(last, kept);
    else if (Object.isFrozen(holder)) throw frozenPart(keys.slice(0, -1));
    else (holder as Record<Key, unknown>)[last] = kept;
    if (isTyped(holder)) keptValue(() => checkHeld(holder[last as number], kept, at));
    const path = holders.slice(0, -1).reduce<string>(
      (code, parent, i) => code + stepCode(parent, keys[i]!),
      "state",
    );
    return holder instanceof Map
      ? `${path}.set(${keyCode(last)}, ${literal(kept)});`
      : `${path}[${keyCode(last)}] = ${literal(kept)};`;
  });
  const rethrow = `error.message = "--set: " + error.message + ${
    scriptText(PRIVATE_HINT)
  }; throw error;`;
  return `(state) => { try { ${lines.join(" ")} } catch (error) { ${rethrow} } return state; }`;
}

/** What is shown of an object that keeps it in private fields has no such place in the object itself. */
const PRIVATE_HINT =
  "; what an object keeps in private fields is changed with --mutate, by its methods";

function keptValue<T>(keep: () => T): T {
  try {
    return keep();
  } catch (error) {
    if (!(error instanceof GuardError)) throw error;
    throw new InputError(error.problem, { hint: error.hint });
  }
}

/** Freezes what of a value is frozen in the one that it replaces. */
function freezeLike(value: unknown, old: unknown): unknown {
  if (typeof value !== "object" || value === null || typeof old !== "object" || old === null) {
    return value;
  }
  for (const key of Object.keys(value)) {
    freezeLike((value as Record<string, unknown>)[key], (old as Record<string, unknown>)[key]);
  }
  return Object.isFrozen(old) && !isTyped(old) ? Object.freeze(value) : value;
}

function frozenPart(keys: readonly Key[]): InputError {
  const path = keys.map(segment).join("") || ".";
  return new InputError(`Cannot set a part of '${path}': it is frozen`, {
    hint: `pass '${path}=JSON' to set all of it`,
  });
}

/** The objects on the way to a part, from the state on. */
function holdersOf(state: unknown, keys: readonly Key[]): object[] {
  const holders: object[] = [];
  let holder = state;
  let path = "";
  for (const key of keys) {
    const known = namesOf(holder);
    if (!known.includes(key) && !(holder instanceof Map) && !known.includes(`${key}`)) {
      throw missingPart({ path, key, known });
    }
    if (holder instanceof Map && !holder.has(key)) throw missingPart({ path, key, known });
    holders.push(holder as object);
    path += segment(key);
    holder = partOf(holder as object, key);
  }
  return holders;
}

function valueAt(holders: readonly object[], keys: readonly Key[], state: unknown): unknown {
  return holders.length === 0 ? state : partOf(holders.at(-1)!, keys.at(-1)!);
}

function partOf(holder: object, key: Key): unknown {
  return holder instanceof Map ? holder.get(key) : (holder as Record<Key, unknown>)[key];
}

function namesOf(holder: unknown): Key[] {
  if (holder instanceof Map) {
    return [...holder.keys()].filter((key) => typeof key === "string" || typeof key === "number");
  }
  return typeof holder === "object" && holder !== null ? Object.keys(holder) : [];
}

function missingPart(
  { path, key, known }: { path: string; key: Key; known: readonly Key[] },
): InputError {
  const what = path === "" ? "the state" : `${path} of the state`;
  const names = known.map(segment);
  return new InputError(`Cannot set '${path}${segment(key)}': ${what} has no such part`, {
    hint: suggestion(segment(key), names) ?? knownParts(names, path),
  });
}

/** Most names that a message lists. */
const NAMES_LISTED_MAX = 8;

function knownParts(names: readonly string[], path: string): string {
  if (names.length === 0) return `it is a single value: pass '${path || "."}=JSON' to set it`;
  const more = names.length > NAMES_LISTED_MAX ? ", ..." : "";
  return `it has ${names.slice(0, NAMES_LISTED_MAX).join(", ")}${more}`;
}

/** A key as it is written in a path. */
function segment(key: Key): string {
  const text = typeof key === "number" || /^\d+$/.test(key) ? `[${key}]` : `.${key}`;
  return SEGMENT.exec(text)?.[0] === text ? text : `[${JSON.stringify(key)}]`;
}

function stepCode(parent: object, key: Key): string {
  return parent instanceof Map ? `.get(${keyCode(key)})` : `[${keyCode(key)}]`;
}

function keyCode(key: Key): string {
  return typeof key === "number" ? `${key}` : scriptText(key);
}

function readAssignment(text: string): Assignment {
  const keys: Key[] = [];
  let rest = text;
  if (rest.startsWith(".=")) return { keys, value: readValue(rest.slice(2), "--set") };
  for (;;) {
    const match = SEGMENT.exec(rest);
    if (match === null) break;
    const [all, inMap, name, inBrackets] = match;
    const written = (inMap ?? inBrackets)!;
    keys.push(name ?? (/^\d/.test(written) ? Number(written) : JSON.parse(written) as string));
    rest = rest.slice(all.length);
  }
  if (keys.length === 0 || !rest.startsWith("=")) {
    throw new UsageError(
      `Invalid value '${text}' for --set: it must be PATH=JSON, such as '.value=1' or '.agents[3].x=0.5'`,
    );
  }
  return { keys, value: readValue(rest.slice(1), "--set") };
}

/** A value as JavaScript source. */
function literal(value: unknown): string {
  if (typeof value === "number") return Object.is(value, -0) ? "-0" : `${value}`;
  if (typeof value === "bigint") return `${value}n`;
  if (value === undefined) return "undefined";
  if (typeof value === "string") return scriptText(value);
  if (typeof value !== "object" || value === null) return `${value}`;
  const text = objectLiteral(value);
  return Object.isFrozen(value) ? `Object.freeze(${text})` : text;
}

function objectLiteral(value: object): string {
  if (Array.isArray(value)) return `[${value.map(literal).join(", ")}]`;
  if (value instanceof Date) return `new Date(${value.getTime()})`;
  if (Object.getPrototypeOf(value) === Object.prototype) {
    const entries = Object.entries(value).map(([key, entry]) =>
      `[${scriptText(key)}]: ${literal(entry)}`
    );
    return `({ ${entries.join(", ")} })`;
  }
  if (value instanceof Map || value instanceof Set) {
    return `new ${value instanceof Map ? "Map" : "Set"}(${literal([...value])})`;
  }
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) {
    const elements = [...(value as unknown as Iterable<number | bigint>)];
    return `new ${value.constructor.name}(${literal(elements)})`;
  }
  throw new UsageError("Invalid value for --set: it cannot hold this kind of value", {
    hint: "use --mutate",
  });
}
