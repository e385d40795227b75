/**
 * Assignments such as `.agents[3].x=0.5` as the text of a function that changes a state, to run in the
 * sandbox.
 *
 * @module
 */

import { jsonToState } from "../codec/json_state.ts";
import type { Json } from "../codec/state_to_json.ts";
import { scriptText } from "../text/script_text.ts";
import { suggestion } from "../text/suggestion.ts";
import { InputError, UsageError } from "./usage_error.ts";

/** One part of a path: a dot and a name, or an index or quoted name in brackets. */
const SEGMENT = /^(?:\.([\p{ID_Start}$_][\p{ID_Continue}$]*)|\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\])/u;

/**
 * Text of a function that carries out assignments in order and returns the state.
 *
 * @param assignments Texts `path=JSON`; the path `.` stands for the whole state.
 * @throws {UsageError} If one is not of that form.
 */
export function mutationOf(assignments: readonly string[]): string {
  return `(state) => { ${assignments.map(assignmentCode).join(" ")} return state; }`;
}

/**
 * The error for the first assignment whose path a state does not have, with the nearest name that is there;
 * undefined if it has them all.
 */
export function missingPath(
  state: unknown,
  assignments: readonly string[],
): InputError | undefined {
  for (const text of assignments) {
    let holder = state;
    let path = "";
    for (const key of parseAssignment(text).keys) {
      const names = typeof holder === "object" && holder !== null ? Object.keys(holder) : [];
      if (!names.includes(`${key}`)) {
        const what = path === "" ? "the state" : `${path} of the state`;
        const known = names.map((name) => segment(name));
        return new InputError(`Cannot set '${path}${segment(key)}': ${what} has no such part`, {
          hint: suggestion(segment(key), known) ?? knownParts(known, path),
        });
      }
      path += segment(key);
      holder = (holder as Record<string | number, unknown>)[key];
    }
  }
  return undefined;
}

/** Most names that a message lists. */
const NAMES_LISTED_MAX = 8;

function knownParts(names: readonly string[], path: string): string {
  if (names.length === 0) return `it is a single value: pass '${path || "."}=JSON' to set it`;
  const more = names.length > NAMES_LISTED_MAX ? ", ..." : "";
  return `it has ${names.slice(0, NAMES_LISTED_MAX).join(", ")}${more}`;
}

/** A key as it is written in a path. */
function segment(key: string | number): string {
  const text = typeof key === "number" || /^\d+$/.test(key) ? `[${key}]` : `.${key}`;
  return SEGMENT.exec(text)?.[0] === text ? text : `[${JSON.stringify(key)}]`;
}

function assignmentCode(text: string): string {
  const { keys, json } = parseAssignment(text);
  const value = literal(parseValue(json, text));
  const last = keys.pop();
  if (last === undefined) return `state = ${value};`;
  const path = scriptText(text.slice(0, text.length - json.length - 1));
  const holder = keys.reduce((code, key) => `${code}?.[${scriptText(`${key}`)}]`, "state");
  // A misspelt path is an error, not a new property.
  return `{ const holder = ${holder}; const key = ${scriptText(`${last}`)}; ` +
    `if (typeof holder !== "object" || holder === null || !Object.hasOwn(holder, key)) ` +
    `throw new Error("the state has no " + ${path}); holder[key] = ${value}; }`;
}

function parseAssignment(text: string): { keys: (string | number)[]; json: string } {
  const keys: (string | number)[] = [];
  let rest = text;
  if (rest.startsWith(".=")) return { keys, json: rest.slice(2) };
  for (;;) {
    const match = SEGMENT.exec(rest);
    if (match === null) break;
    const [all, name, index, quoted] = match;
    keys.push(name ?? (index === undefined ? JSON.parse(quoted!) as string : Number(index)));
    rest = rest.slice(all.length);
  }
  if (keys.length === 0 || !rest.startsWith("=")) {
    throw new UsageError(
      `Invalid value '${text}' for --set: it must be PATH=JSON, such as '.value=1' or '.agents[3].x=0.5'`,
    );
  }
  return { keys, json: rest.slice(1) };
}

function parseValue(json: string, text: string): unknown {
  if (json === "NaN") return NaN;
  if (json === "Infinity") return Infinity;
  if (json === "-Infinity") return -Infinity;
  try {
    return jsonToState(JSON.parse(json) as Json);
  } catch {
    throw new UsageError(
      `Invalid value '${text}' for --set: '${json}' must be JSON, such as 1, "text" or [1, 2]`,
    );
  }
}

/** A value as JavaScript source. */
function literal(value: unknown): string {
  if (typeof value === "number") return Object.is(value, -0) ? "-0" : `${value}`;
  if (typeof value === "bigint") return `${value}n`;
  if (value === undefined) return "undefined";
  if (typeof value === "string") return scriptText(value);
  if (typeof value !== "object" || value === null) return `${value}`;
  if (Array.isArray(value)) return `[${value.map(literal).join(", ")}]`;
  if (Object.getPrototypeOf(value) === Object.prototype) {
    const entries = Object.entries(value).map(([key, entry]) =>
      `[${scriptText(key)}]: ${literal(entry)}`
    );
    return `{ ${entries.join(", ")} }`;
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
