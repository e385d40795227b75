/**
 * Makes built-ins whose results depend on time, place, chance or on what ran before throw, or gives them one
 * result everywhere. Part of the lock-down.
 * This module is browser compatible.
 *
 * @module
 */

import type { MathKind } from "../../engine/types.ts";
import * as portableMath from "../../math/mod.ts";
import { cloneStructured } from "./clone_structured.ts";
import { type Denial, DENIED_METHODS, localeDenial, matchDenial } from "./denials.ts";
import { hideStacks } from "./frames.ts";
import { deny } from "./user_code.ts";
import { watchProxies } from "./known_proxies.ts";
import { makeConsole } from "./step_console.ts";
import { replaceBuiltin } from "./replace_builtin.ts";
import type { RealmShims } from "./shims.ts";

const { defineProperty, getOwnPropertyDescriptor, getOwnPropertyNames, getPrototypeOf } = Object;
const { ownKeys } = Reflect;

/**
 * Guards all of them.
 *
 * @param options Which transcendental functions `Math` is to have, and what the run's shims give.
 * @param hidden Prototypes that have no global name; those of the three kinds of functions come first.
 */
export function guardBuiltins(
  { math, shims }: { math: MathKind; shims: RealmShims },
  hidden: readonly object[],
): void {
  guardMath(math, shims);
  guardDate(shims);
  guardCodeGeneration(hidden);
  guardLocale(hidden);
  guardMatches();
  hideStacks();
  watchProxies();
  replaceBuiltin(globalThis, "structuredClone", cloneStructured);
  replaceBuiltin(globalThis, "console", makeConsole());
}

function guardMath(math: MathKind, shims: RealmShims): void {
  if (math === "portable") {
    for (const [name, portable] of Object.entries(portableMath)) {
      replaceBuiltin(Math, name, portable);
    }
  }
  replaceBuiltin(Math, "random", function random() {
    return shims.random() ?? deny(DENIED_METHODS["Math.random"]);
  });
}

/** Takes the clock and the time zone from `Date`: local time is UTC on every machine. */
function guardDate(shims: RealmShims): void {
  const NativeDate = Date;
  const { prototype, UTC, parse } = NativeDate;
  const now = (denial: Denial): number => Math.floor(shims.now() ?? deny(denial));
  const GuardedDate = function (this: unknown, ...parts: unknown[]): Date | string {
    if (new.target === undefined) {
      return `${new NativeDate(now(DENIED_METHODS["Date"]))}`;
    }
    const utc = parts.length === 0
      ? [now(DENIED_METHODS["new Date"])]
      : parts.length === 1
      ? parts
      : [Reflect.apply(UTC, undefined, parts)];
    return Reflect.construct(NativeDate, utc, new.target) as Date;
  };
  replaceBuiltin(GuardedDate, "name", "Date");
  replaceBuiltin(GuardedDate, "length", 7);
  replaceBuiltin(GuardedDate, "UTC", UTC);
  replaceBuiltin(GuardedDate, "parse", parse);
  replaceBuiltin(GuardedDate, "now", { now: () => now(DENIED_METHODS["Date.now"]) }.now);
  defineProperty(GuardedDate, "prototype", { value: prototype, writable: false });
  replaceBuiltin(prototype, "constructor", GuardedDate);
  for (const key of getOwnPropertyNames(prototype)) {
    const utcKey = key.replace(/^(get|set)(?!UTC|Time|Year)/, "$1UTC");
    if (utcKey !== key && utcKey in prototype) {
      replaceBuiltin(prototype, key, (prototype as unknown as Record<string, unknown>)[utcKey]);
    }
  }
  replaceBuiltin(prototype, "getTimezoneOffset", function getTimezoneOffset() {
    return 0;
  });
  guardDateText(prototype);
  replaceBuiltin(globalThis, "Date", GuardedDate);
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
  replaceBuiltin(prototype, "toDateString", function toDateString(this: Date) {
    return parts(this)[0];
  });
  replaceBuiltin(prototype, "toTimeString", function toTimeString(this: Date) {
    return parts(this)[1];
  });
  replaceBuiltin(prototype, "toString", function toString(this: Date) {
    const [date, time] = parts(this);
    return date === time ? date : `${date} ${time}`;
  });
}

/** Makes `Function` and its three hidden kin throw, whatever flags V8 was started with. */
function guardCodeGeneration(hidden: readonly object[]): void {
  const guards = [Function.prototype, ...hidden.slice(0, 3)].map((prototype) => {
    function Guarded(...texts: unknown[]): () => unknown {
      if (prototype === Function.prototype && asksForGlobal(texts)) return () => globalThis;
      return deny(DENIED_METHODS["Function"], EvalError);
    }
    replaceBuiltin(Guarded, "name", (prototype.constructor as { name: string }).name);
    defineProperty(Guarded, "prototype", { value: prototype, writable: false });
    replaceBuiltin(prototype, "constructor", Guarded);
    return Guarded;
  });
  replaceBuiltin(globalThis, "Function", guards[0]);
}

/** How packages that are older than `globalThis` ask for it when they load: no code need be made for it. */
function asksForGlobal(texts: readonly unknown[]): boolean {
  return texts.length === 1 && typeof texts[0] === "string" &&
    /^\s*return this;?\s*$/.test(texts[0]);
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
    for (const key of getOwnPropertyNames(prototype)) {
      if (!/locale/i.test(key)) continue;
      const denial = localeDenial(key);
      const guard = { [key]: () => deny(denial) };
      replaceBuiltin(prototype, key, guard[key]);
    }
  }
}

/** `RegExp.$1` and its kin carry what was matched last from one call to the next. */
function guardMatches(): void {
  const statics = ownKeys(RegExp).filter((key) =>
    typeof key === "string" && /^(\$|input$|last|left|right)/.test(key)
  ) as string[];
  // SpiderMonkey lets nobody redefine them: there another constructor, without them, is the one in sight.
  const isFixed = statics.some((key) =>
    getOwnPropertyDescriptor(RegExp, key)?.configurable === false
  );
  if (isFixed) hideRegExp();
  for (const key of statics) {
    const denied = () => deny(matchDenial(key));
    defineProperty(RegExp, key, { get: denied, set: denied, configurable: true });
  }
}

/** Puts a constructor of the same regular expressions in the place of `RegExp`. */
function hideRegExp(): void {
  const Native = RegExp;
  const { prototype } = Native;
  function GuardedRegExp(pattern: unknown, flags: unknown): RegExp {
    if (new.target !== undefined) {
      return Reflect.construct(Native, [pattern, flags], new.target) as RegExp;
    }
    return Native(pattern as string, flags as string);
  }
  replaceBuiltin(GuardedRegExp, "name", "RegExp");
  for (const key of ["escape", Symbol.species] as const) {
    const descriptor = getOwnPropertyDescriptor(Native, key);
    if (descriptor !== undefined) defineProperty(GuardedRegExp, key, descriptor);
  }
  defineProperty(GuardedRegExp, "prototype", { value: prototype, writable: false });
  replaceBuiltin(prototype, "constructor", GuardedRegExp);
  replaceBuiltin(globalThis, "RegExp", GuardedRegExp);
}
