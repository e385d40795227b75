/**
 * What a state has that its checkpoint lacks: fields that a codec forgets, prototypes, symbols.
 * This module is browser compatible.
 *
 * @module
 */

import { compareEncodings } from "../../codec/compare_states.ts";
import { encodeState } from "../../codec/encode_state.ts";
import { GuardError } from "../../errors.ts";
import { GUARD_OBJECTS_MAX } from "../../limits.ts";
import { formatValue } from "../../codec/format_value.ts";
import { mapValueSegment, propertySegment, ROOT_PATH } from "../../codec/state_path.ts";
import type { Found, Loss, Pair } from "./types.ts";

/** The error for a state that holds a part of the parameters, which the step changes with it; undefined if it does not. */
export function heldParameter(
  before: Uint8Array,
  params: unknown,
  { t, text }: Found,
): Error | undefined {
  const comparison = compareEncodings(before, encodeState(params));
  if (comparison.kind !== "value") return undefined;
  const { path, expected, actual } = comparison.difference;
  const place = path.replace(/^state/, "params");
  return new GuardError(
    { kind: "params", path: place, t },
    `Cannot record: the state holds an object of the parameters, which change with it: ${place} was ` +
      `${expected} and is ${actual}; a plain loop would give another state ${t}, where ${text}`,
    { hint: "let init copy what it takes from params: structuredClone(params.x)" },
  );
}

/** The error for what a checkpoint loses, or for a step that tells a state from its copy. */
export function lostInCopy(
  { t, path, text }: Found,
  loss: Loss | undefined,
  hasCodec: boolean,
  what = "Cannot record",
): GuardError {
  if (loss !== undefined) {
    return new GuardError(
      { kind: "lost", path: loss.path, t },
      `${what}: a checkpoint loses ${loss.path}, which is ${loss.live} in the live state and ` +
        `${loss.decoded} after decoding: a plain loop would give another state ${t}, where ${text}`,
      {
        hint: hasCodec
          ? "let the codec encode and decode it"
          : "keep all that the step reads in the state, as plain data",
      },
    );
  }
  return new GuardError(
    { kind: "lost", path, t },
    `${what}: the step tells a state from a copy of it: a plain loop would give another ` +
      `state ${t}, where ${text}`,
    {
      hint:
        "compare values or names in the step, not whether two objects are one, and keep no object of " +
        "the state in a variable or a WeakMap",
    },
  );
}

/**
 * The first place at which a live state and what decoding its bytes gives differ, looked at as JavaScript
 * sees them, class instances too. Reads data properties only. Undefined if none was found among the first objects.
 */
export function firstLoss(live: unknown, decoded: unknown): Loss | undefined {
  const seen = new Set<object>();
  const waiting: Pair[] = [];
  const compare = (path: string, a: unknown, b: unknown): Loss | undefined => {
    if (Object.is(a, b)) return undefined;
    if (!isObject(a) || !isObject(b)) return { path, live: textOf(a), decoded: textOf(b) };
    if (Object.getPrototypeOf(a) !== Object.getPrototypeOf(b)) {
      return { path, live: classOf(a), decoded: classOf(b) };
    }
    if (!seen.has(a)) waiting.push({ path, live: a, decoded: b });
    seen.add(a);
    return undefined;
  };
  let loss = compare(ROOT_PATH, live, decoded);
  for (let i = 0; loss === undefined && i < waiting.length && i < GUARD_OBJECTS_MAX; i++) {
    loss = comparePair(waiting[i]!, compare);
  }
  return loss;
}

function comparePair(
  { path, live, decoded }: Pair,
  compare: (path: string, a: unknown, b: unknown) => Loss | undefined,
): Loss | undefined {
  // Their elements are compared as values where it matters: in the encodings.
  if (ArrayBuffer.isView(live)) return undefined;
  for (const key of Reflect.ownKeys(live)) {
    const a = Object.getOwnPropertyDescriptor(live, key)!;
    if (!("value" in a)) continue;
    const name = typeof key === "symbol" ? `[${String(key)}]` : propertySegment(key);
    const b = Object.getOwnPropertyDescriptor(decoded, key);
    if (b === undefined) {
      return { path: path + name, live: textOf(a.value), decoded: "(missing)" };
    }
    const loss = compare(path + name, a.value, b.value);
    if (loss !== undefined) return loss;
  }
  if (live instanceof Map && decoded instanceof Map) {
    let index = 0;
    for (const [key, value] of live) {
      const segment = mapValueSegment(key, index++);
      if (isObject(key) || !decoded.has(key)) continue;
      const loss = compare(path + segment, value, decoded.get(key));
      if (loss !== undefined) return loss;
    }
  }
  return undefined;
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function classOf(value: object): string {
  const constructor: unknown = Object.getOwnPropertyDescriptor(
    Object.getPrototypeOf(value) ?? {},
    "constructor",
  )?.value;
  const name: unknown = typeof constructor === "function"
    ? Object.getOwnPropertyDescriptor(constructor, "name")?.value
    : undefined;
  return typeof name === "string" && name !== "" ? `an instance of ${name}` : "an object";
}

function textOf(value: unknown): string {
  if (typeof value === "function") return "a function";
  if (typeof value === "symbol") return "a symbol";
  try {
    return formatValue(value);
  } catch {
    return isObject(value) ? classOf(value) : String(value);
  }
}
