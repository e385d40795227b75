/**
 * What one step changed: the values of two states that differ, by path.
 * This module is browser compatible.
 *
 * @module
 */

import { type Json, stateToJson } from "../codec/state_to_json.ts";

/** A value that differs. */
export interface StateChange {
  /** Its path, such as `.people[3].age`; `.` for the whole state. */
  readonly path: string;
  /** The value before, as JSON; undefined if there was none. */
  readonly before: Json | undefined;
  /** The value after. */
  readonly after: Json | undefined;
}

/** Changes that are named: a person reads no more. */
const CHANGES_MAX = 12;

/** The first values that differ between two states. */
export function stateChanges(before: unknown, after: unknown): StateChange[] {
  const changes: StateChange[] = [];
  compare(stateToJson(before), stateToJson(after), "", changes);
  return changes;
}

function compare(a: Json | undefined, b: Json | undefined, path: string, out: StateChange[]): void {
  if (out.length >= CHANGES_MAX || Object.is(a, b)) return;
  const isNested = isHolder(a) && isHolder(b) && Array.isArray(a) === Array.isArray(b) &&
    !isTagged(a) && !isTagged(b);
  if (!isNested) {
    if (JSON.stringify(a) !== JSON.stringify(b)) {
      out.push({ path: path === "" ? "." : path, before: a, after: b });
    }
    return;
  }
  const [x, y] = [a as Record<string, Json>, b as Record<string, Json>];
  for (const key of new Set([...Object.keys(x), ...Object.keys(y)])) {
    compare(x[key], y[key], `${path}${Array.isArray(a) ? `[${key}]` : segment(key)}`, out);
  }
}

function isHolder(value: Json | undefined): value is Json[] | { [key: string]: Json } {
  return typeof value === "object" && value !== null;
}

/** `{"$number": "NaN"}` and its like are one value. */
function isTagged(value: object): boolean {
  const keys = Object.keys(value);
  return keys.length === 1 && keys[0]!.startsWith("$");
}

function segment(key: string): string {
  return /^(?!.*\p{DI})[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(key)
    ? `.${key}`
    : `[${JSON.stringify(key)}]`;
}
