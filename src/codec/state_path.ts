/**
 * How a place inside a state is written for people: `state.agents[3].x`, `state["a b"]`,
 * `state.get("k")`. This module is browser compatible.
 *
 * @module
 */

import { quoteText } from "../text/quote_text.ts";

/** Path of the state itself. */
export const ROOT_PATH = "state";

// Narrower than the language: nothing that a reader could not see.
const IDENTIFIER = /^(?!.*\p{DI})[\p{L}$_][\p{L}\p{N}$_]*$/u;
const KEY_LENGTH_MAX = 60;

/** Whether a name can stand after a dot, and is short enough to be shown whole. */
export function isIdentifier(name: string): boolean {
  return name.length <= KEY_LENGTH_MAX && IDENTIFIER.test(name);
}

/** Segment of a property of an object: `.name`, or `["a b"]` where the name is no identifier. */
export function propertySegment(key: string): string {
  return isIdentifier(key) ? `.${key}` : `[${quoteText(key, KEY_LENGTH_MAX)}]`;
}

/** Segment of an element of an array or typed array: `[17]`. */
export function elementSegment(index: number): string {
  return `[${index}]`;
}

/** Segment of the key of the entry at `index` of a Map: `.keys()[2]`. */
export function mapKeySegment(index: number): string {
  return `.keys()[${index}]`;
}

/** Segment of a Map's value: `.get("k")`, or `.values()[2]` where the key is not a primitive. */
export function mapValueSegment(key: unknown, index: number): string {
  switch (typeof key) {
    case "string":
      return `.get(${quoteText(key, KEY_LENGTH_MAX)})`;
    case "number":
    case "boolean":
    case "undefined":
      return `.get(${key})`;
    case "bigint":
      return `.get(${key.toString().slice(0, KEY_LENGTH_MAX)}n)`;
    default:
      return key === null ? ".get(null)" : `.values()[${index}]`;
  }
}

/** Segment of the value at `index` of a Set: `.values()[2]`. */
export function setValueSegment(index: number): string {
  return `.values()[${index}]`;
}
