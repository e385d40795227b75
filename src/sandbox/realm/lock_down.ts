/**
 * Layer 4 of the sandbox: takes everything but the JavaScript language itself away from the realm in
 * which the step will run, makes what depends on time, place or chance throw, and freezes the rest.
 * To run once, before the step loads.
 * This module is browser compatible.
 *
 * @module
 */

import * as portableMath from "../../math/mod.ts";
import { copyState } from "../../codec/copy_state.ts";
import type { MathKind } from "../../engine/types.ts";
import { DENIED_METHODS, localeDenial } from "./denials.ts";
import { deny } from "./guards.ts";
import { allowOverrides } from "./overridable.ts";

/** The globals that stay: names of ECMAScript whose results depend on their arguments only. */
const ALLOWED_GLOBALS: ReadonlySet<PropertyKey> = new Set<PropertyKey>(
  ("globalThis undefined NaN Infinity Object Function Array Number Boolean String Symbol BigInt " +
    "Date Promise RegExp Math JSON Reflect Proxy Map Set WeakMap WeakSet Iterator " +
    "Error AggregateError EvalError RangeError ReferenceError SyntaxError TypeError URIError " +
    "SuppressedError DisposableStack AsyncDisposableStack ArrayBuffer DataView " +
    "Int8Array Uint8Array Uint8ClampedArray Int16Array Uint16Array Int32Array Uint32Array " +
    "BigInt64Array BigUint64Array Float16Array Float32Array Float64Array " +
    "parseFloat parseInt isFinite isNaN decodeURI decodeURIComponent encodeURI " +
    "encodeURIComponent escape unescape structuredClone").split(" "),
);

/** The runtime puts some globals back lazily, so deleting is repeated this often at most. */
const DELETE_ROUNDS_MAX = 8;

const { defineProperty, freeze, getOwnPropertyDescriptor, getPrototypeOf, setPrototypeOf } = Object;
const { ownKeys } = Reflect;

/**
 * Locks this realm down.
 *
 * @param math Which transcendental functions `Math` is to have.
 * @throws {Error} If something that must go cannot be taken away; the child must end then.
 */
export function lockDown(math: MathKind): void {
  const hidden = hiddenIntrinsics();
  if (math === "portable") usePortableMath();
  guardMath();
  guardDate();
  guardCodeGeneration(hidden);
  guardLocale(hidden);
  hideStacks();
  forgetMatches();
  replace(globalThis, "structuredClone", cloneData);
  deleteGlobals();
  setPrototypeOf(globalThis, freeze({ __proto__: null }));
  delete (Object.prototype as { __proto__?: unknown }).__proto__;
  const quicken = allowOverrides(holders(hidden));
  // All errors share the accessor functions of their stack.
  freezeAll([globalThis, ...hidden, getOwnPropertyDescriptor(new Error(), "stack") ?? {}]);
  quicken();
  checkGlobals();
}

/** Intrinsic objects that have no global name. */
function hiddenIntrinsics(): object[] {
  const functions = [function* () {}, async function () {}, async function* () {}];
  const iterators = [
    [][Symbol.iterator](),
    ""[Symbol.iterator](),
    new Map().entries(),
    new Set().values(),
    "".matchAll(/./g),
    Iterator.from([]).map((value) => value),
    Iterator.from({ next: () => ({ done: true, value: undefined }) }),
    (function* () {})(),
    (async function* () {})(),
  ];
  return [...functions, ...iterators].map((value) => getPrototypeOf(value) as object);
}

function usePortableMath(): void {
  for (const [name, portable] of Object.entries(portableMath)) replace(Math, name, portable);
}

function guardMath(): void {
  replace(Math, "random", function random() {
    return deny(DENIED_METHODS["Math.random"]);
  });
}

/** Takes the clock and the time zone from `Date`: local time is UTC on every machine. */
function guardDate(): void {
  const NativeDate = Date;
  const { prototype, UTC, parse } = NativeDate;
  function GuardedDate(this: unknown, ...parts: unknown[]): Date {
    if (new.target === undefined) return deny(DENIED_METHODS["Date"]);
    if (parts.length === 0) return deny(DENIED_METHODS["new Date"]);
    const utc = parts.length === 1 ? parts : [Reflect.apply(UTC, undefined, parts)];
    return Reflect.construct(NativeDate, utc, new.target) as Date;
  }
  replace(GuardedDate, "name", "Date");
  replace(GuardedDate, "length", 7);
  replace(GuardedDate, "UTC", UTC);
  replace(GuardedDate, "parse", parse);
  replace(GuardedDate, "now", function now() {
    return deny(DENIED_METHODS["Date.now"]);
  });
  defineProperty(GuardedDate, "prototype", { value: prototype, writable: false });
  replace(prototype, "constructor", GuardedDate);
  for (const key of Object.getOwnPropertyNames(prototype)) {
    const utcKey = key.replace(/^(get|set)(?!UTC|Time|Year)/, "$1UTC");
    if (utcKey !== key && utcKey in prototype) {
      replace(prototype, key, (prototype as unknown as Record<string, unknown>)[utcKey]);
    }
  }
  replace(prototype, "getTimezoneOffset", function getTimezoneOffset() {
    return 0;
  });
  guardDateText(prototype);
  replace(globalThis, "Date", GuardedDate);
}

/** The texts that name a time zone, always in UTC. */
function guardDateText(prototype: Date): void {
  const { toUTCString } = prototype;
  const parts = (date: Date): string[] => {
    const text = Reflect.apply(toUTCString, date, []) as string;
    const [day, dayOfMonth, month, year, time] = text.split(" ");
    return year === undefined ? [text, text] : [
      `${day!.slice(0, 3)} ${month} ${dayOfMonth} ${year}`,
      `${time} GMT+0000 (Coordinated Universal Time)`,
    ];
  };
  replace(prototype, "toDateString", function toDateString(this: Date) {
    return parts(this)[0];
  });
  replace(prototype, "toTimeString", function toTimeString(this: Date) {
    return parts(this)[1];
  });
  replace(prototype, "toString", function toString(this: Date) {
    const [date, time] = parts(this);
    return date === time ? date : `${date} ${time}`;
  });
}

/** Makes `Function` and its three hidden kin throw, whatever flags V8 was started with. */
function guardCodeGeneration(hidden: readonly object[]): void {
  const guards = [Function.prototype, ...hidden.slice(0, 3)].map((prototype) => {
    function Guarded(): never {
      return deny(DENIED_METHODS["Function"], EvalError);
    }
    replace(Guarded, "name", (prototype.constructor as { name: string }).name);
    defineProperty(Guarded, "prototype", { value: prototype, writable: false });
    replace(prototype, "constructor", Guarded);
    return Guarded;
  });
  replace(globalThis, "Function", guards[0]);
}

/** Makes every method whose name says that it depends on the locale throw. */
function guardLocale(hidden: readonly object[]): void {
  const prototypes = [
    Object,
    Array,
    Number,
    BigInt,
    String,
    Date,
    getPrototypeOf(Uint8Array) as { prototype: object },
  ].map(({ prototype }) => prototype as object);
  for (const prototype of [...prototypes, ...hidden]) {
    for (const key of Object.getOwnPropertyNames(prototype)) {
      if (!/locale/i.test(key)) continue;
      const denial = localeDenial(key);
      const guard = { [key]: () => deny(denial) };
      replace(prototype, key, guard[key]);
    }
  }
}

/** `RegExp.$1` and its kin carry what was matched last from one call to the next. */
function forgetMatches(): void {
  for (const key of ownKeys(RegExp)) {
    if (/^(\$|input$|last|left|right)/.test(String(key))) {
      delete (RegExp as unknown as Record<PropertyKey, unknown>)[key];
    }
  }
}

/** Stacks hold positions that depend on the harness; without frames they hold none. */
function hideStacks(): void {
  (Error as { stackTraceLimit?: number }).stackTraceLimit = 0;
  delete (Error as { prepareStackTrace?: unknown }).prepareStackTrace;
}

/** What an honest pure step copies its state with: data only, as states are. */
function cloneData(value: unknown): unknown {
  try {
    return copyState(value);
  } catch (error) {
    // A built-in error: ours are not frozen and must not get into the hands of a step.
    throw new TypeError((error as Error).message);
  }
}

function deleteGlobals(): void {
  for (let round = 0; round < DELETE_ROUNDS_MAX; round++) {
    const surplus = surplusGlobals();
    if (surplus.length === 0) return;
    for (const key of surplus) delete (globalThis as Record<PropertyKey, unknown>)[key];
  }
}

function checkGlobals(): void {
  if (surplusGlobals().length > 0) throw new Error("globals could not be removed");
  if (getPrototypeOf(getPrototypeOf(globalThis)) !== null) throw new Error("global prototype");
  if (!Object.isFrozen(globalThis)) throw new Error("global object is not frozen");
}

function surplusGlobals(): PropertyKey[] {
  return ownKeys(globalThis).filter((key) => !ALLOWED_GLOBALS.has(key));
}

function replace(target: object, key: PropertyKey, value: unknown): void {
  const enumerable = getOwnPropertyDescriptor(target, key)?.enumerable ?? false;
  defineProperty(target, key, { value, enumerable, writable: true, configurable: true });
}

/** Constructors, namespaces and prototypes: what own objects of a step can inherit from. */
function holders(hidden: readonly object[]): Set<object> {
  const found = new Set<object>();
  const add = (value: unknown): void => {
    if ((typeof value !== "object" && typeof value !== "function") || value === null) return;
    if (value === globalThis || found.has(value)) return;
    found.add(value);
    add(getPrototypeOf(value));
  };
  for (const key of ownKeys(globalThis)) {
    const value = (globalThis as Record<PropertyKey, unknown>)[key];
    add(value);
    if (typeof value === "function") add(value.prototype);
  }
  for (const value of hidden) add(value);
  return found;
}

/** Freezes all objects that can be reached from `roots` through properties and prototypes. */
function freezeAll(roots: readonly object[]): void {
  const seen = new Set<unknown>();
  const queue: unknown[] = [...roots];
  while (queue.length > 0) {
    const value = queue.pop();
    if ((typeof value !== "object" && typeof value !== "function") || value === null) continue;
    if (seen.has(value)) continue;
    seen.add(value);
    queue.push(getPrototypeOf(value));
    const keys = ownKeys(value);
    // Most are functions with a length and a name only, no need to look at each.
    if (typeof value !== "function" || keys.length > 2) {
      for (const key of keys) {
        const descriptor = getOwnPropertyDescriptor(value, key)!;
        queue.push(descriptor.value, descriptor.get, descriptor.set);
      }
    }
    freeze(value);
  }
}
