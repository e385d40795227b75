/**
 * Values that take the place of others keep their kind: what `mutate` makes of a state, and parameters.
 * This module is browser compatible.
 *
 * @module
 */

import { className, dataKind } from "../codec/data_kind.ts";
import { elementSegment, mapValueSegment, propertySegment } from "../codec/state_path.ts";
import { GuardError } from "../errors.ts";
import { suggestion } from "../text/suggestion.ts";
import type { ParameterChange } from "./run_options.ts";
import type { Keep, KindCheck } from "./types.ts";

type Parts = Record<string | number, unknown>;

/**
 * Parameters with changes: objects are merged, anything else is replaced by a value of its kind.
 *
 * @param base Parameters, which stay as they are; where there are none, every name is new.
 * @param changes The later ones win.
 * @param keep What checks or converts a value; by default it is checked.
 * @throws {GuardError} If there is no parameter of a name, or a value is of another kind.
 */
export function changeParameters(
  base: unknown,
  changes: readonly ParameterChange[],
  keep: Keep = checked,
): unknown {
  return changes.reduce((old, { path, value }) => put(old, { path, value, keep }, "params"), base);
}

function put(old: unknown, change: ParameterChange & { keep: Keep }, at: string): unknown {
  const { path: [name, ...path], value, keep } = change;
  const isNew = old === undefined || old === null;
  if (name === undefined) {
    if (!isPlain(value) || !(isNew || isPlain(old))) return keep(old, value, at);
    return Object.entries(value).reduce<unknown>(
      (merged, [name, value]) => put(merged, { path: [name], value, keep }, at),
      isNew ? {} : old,
    );
  }
  const place = at + propertySegment(name);
  const names = isPlain(old) ? Object.keys(old) : [];
  // An object without names is there to be filled.
  if (isNew || (isPlain(old) && names.length === 0)) {
    return { [name]: put(undefined, { path, value, keep }, place) };
  }
  const isHolder = isPlain(old) || Array.isArray(old) || isTyped(old);
  if (!isHolder || !Object.hasOwn(old, name)) {
    const known = names.length > 0 ? names.slice(0, 12).join(", ") : kindText(old);
    throw refusal(`Unknown parameter '${place}'`, {
      at,
      hint: suggestion(name, names) ?? `${at} ${names.length > 0 ? "has" : "is"} ${known}`,
    });
  }
  const next = put((old as Parts)[name], { path, value, keep }, place);
  if (isPlain(old)) return { ...old, [name]: next };
  const copy = (old as unknown[]).slice() as unknown[] & Parts;
  copy[name] = next;
  checkHeld(copy[name], next, place);
  return copy;
}

/** Refuses a number that a typed array wraps or cuts; it may round it. */
export function checkHeld(held: unknown, given: unknown, at: string): void {
  if (held === given || typeof held === "number" && !Number.isInteger(held)) return;
  const hint = "write a number that it can hold";
  throw refusal(`Cannot set ${at}: ${given} would be ${held}`, { at, hint });
}

function checked(old: unknown, given: unknown, at: string): unknown {
  checkSameKind(old, given, { at, isList: true, problem: (is, was) => `Cannot set ${is}: ${was}` });
  return given;
}

/**
 * The state that a branch starts from.
 *
 * @param state X_t, which `mutate` may change.
 * @param mutate Returns the new state, or changes the one given and returns nothing.
 * @param before X_t as it was, to hold the kinds against; undefined for no check.
 * @throws {GuardError} If it gave nothing for a state that cannot be changed, or a part is of another kind.
 */
export function mutatedState<S>(
  state: S,
  mutate: (state: S) => S | void,
  before: S | undefined,
): S {
  const given = mutate(state);
  if (given === undefined && (typeof state !== "object" || state === null)) {
    throw refusal(
      `Cannot branch: mutate gave nothing, and ${kindText(state)} has no parts to change`,
      {
        at: "state",
        hint: "let it return the new state, such as (x) => x + 100",
      },
    );
  }
  const after = given === undefined ? state : given as S;
  if (before !== undefined) {
    const problem = (at: string, kinds: string) => `Cannot branch: mutate changed ${at}: ${kinds}`;
    checkSameKind(before, after, { at: "state", isList: false, problem });
  }
  return after;
}

/** Objects looked at: a check is not to take longer than what it is for. */
const VISITS_MAX = 2 ** 17;

/**
 * Refuses a value if a part of it is of another kind than before; null, names, elements and entries may come
 * and go.
 *
 * @param before The value as it was.
 * @param after What is to take its place.
 * @throws {GuardError} Names the part and both kinds.
 */
export function checkSameKind(
  before: unknown,
  after: unknown,
  { at: start, isList, problem }: KindCheck,
): void {
  const met = new Set<object>();
  const waiting: [unknown, unknown, string][] = [[before, after, start]];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const [old, now, at] = next;
    if (old === null || now === null || old === undefined || Object.is(old, now)) continue;
    const isTypedPair = isTyped(old) && isTyped(now);
    const isCut = isTypedPair && !isList && old.length !== now.length;
    if (kindName(old) !== kindName(now) || isCut) {
      throw refusal(problem(at, `it was ${kindText(old)}, and is ${kindText(now)}`), {
        at,
        hint: now === undefined ? "write null, or delete it" : "keep its kind",
      });
    }
    if (typeof now !== "object" || isTypedPair || met.has(now) || met.size > VISITS_MAX) continue;
    met.add(now);
    for (const pair of partsOf(old as object, now)) {
      waiting.push([pair.old, pair.now, at + pair.segment]);
    }
  }
}

/** What stands in the same place in two objects of one kind. */
function* partsOf(
  old: object,
  now: object,
): Generator<{ old: unknown; now: unknown; segment: string }> {
  if (old instanceof Map) {
    let i = 0;
    for (const [key, item] of now as Map<unknown, unknown>) {
      yield { old: old.get(key), now: item, segment: mapValueSegment(key, i++) };
    }
  } else if (Array.isArray(old) || old instanceof Set) {
    const items = [...old as unknown[]];
    const kinds = new Map(items.map((item) => [kindName(item), item]));
    const isOpen = kinds.size === 0 || kinds.has("null");
    let i = 0;
    for (const item of now as unknown[]) {
      const segment = elementSegment(i);
      // Elements change places: only their kinds are held against each other.
      const alike = kinds.get(kindName(item));
      if (alike === undefined && !isOpen && !kinds.has("undefined")) {
        yield { old: items[0], now: item, segment };
      } else if (kindName(items[i]) === kindName(item)) {
        yield { old: items[i], now: item, segment };
      }
      i++;
    }
  } else {
    for (const name of Object.keys(old)) {
      const was = Object.getOwnPropertyDescriptor(old, name)!;
      const is = Object.getOwnPropertyDescriptor(now, name);
      if (is !== undefined) {
        yield { old: was.value, now: is.value, segment: propertySegment(name) };
      }
    }
  }
}

/** The error for a value that cannot be put in a place. */
export function refusal(problem: string, { at, hint }: { at: string; hint: string }): GuardError {
  return new GuardError({ kind: "given", path: at, t: 0 }, problem, { hint });
}

/** Whether something is a plain object. */
export function isPlain(value: unknown): value is Parts {
  return kindName(value) === "Object";
}

/** Whether something is a typed array. */
export function isTyped(value: unknown): value is Float64Array {
  return ArrayBuffer.isView(value) && !(value instanceof DataView);
}

/** What has to stay the same: the type, the kind of data, or the prototype of a class instance. */
export function kindName(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value === null ? "null" : typeof value;
  const kind = dataKind(value) ?? Object.getPrototypeOf(value) as object;
  return kind === "NullPrototype" ? "Object" : kind;
}

/** A kind in words. */
export function kindText(value: unknown): string {
  if (typeof value !== "object") return value === undefined ? "undefined" : `a ${typeof value}`;
  if (value === null) return "null";
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (isPlain(value)) return "an object";
  const kind = dataKind(value);
  const name = kind === undefined
    ? className(value) ?? "class instance"
    : typeof kind === "string"
    ? kind
    : kind.name;
  return isTyped(value) ? `a ${name} of ${value.length}` : `a ${name}`;
}
