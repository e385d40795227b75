/**
 * The global object of a realm: only names of the language stay, and whoever looks for another one that a
 * program outside would find is noticed.
 * This module is browser compatible.
 *
 * @module
 */

import { isConstant } from "./allowed_keys.ts";
import { changeDenial, probeDenial } from "./denials.ts";
import { noteDenial } from "./user_code.ts";

/** The globals that stay: names of ECMAScript whose results depend on their arguments only, and two that
 * steps use honestly. */
export const ALLOWED_GLOBALS: ReadonlySet<PropertyKey> = new Set<PropertyKey>(
  ("globalThis undefined NaN Infinity Object Function Array Number Boolean String Symbol BigInt " +
    "Date Promise RegExp Math JSON Reflect Proxy Map Set WeakMap WeakSet Iterator " +
    "Error AggregateError EvalError RangeError ReferenceError SyntaxError TypeError URIError " +
    "SuppressedError DisposableStack AsyncDisposableStack ArrayBuffer DataView " +
    "Int8Array Uint8Array Uint8ClampedArray Int16Array Uint16Array Int32Array Uint32Array " +
    "BigInt64Array BigUint64Array Float16Array Float32Array Float64Array " +
    "parseFloat parseInt isFinite isNaN decodeURI decodeURIComponent encodeURI " +
    "encodeURIComponent escape unescape structuredClone console").split(" "),
);

/** The runtime puts some globals back lazily, so deleting is repeated this often at most. */
const DELETE_ROUNDS_MAX = 8;

const { freeze, getPrototypeOf, isFrozen } = Object;
const { defineProperty, deleteProperty, ownKeys, setPrototypeOf } = Reflect;

/** What a property is that was assigned. */
const OPEN = freeze({ writable: true, enumerable: true, configurable: true });

/**
 * Takes every other name from the global object and from what it inherits.
 *
 * @param added Names that stay besides.
 */
export function emptyGlobals(added: ReadonlySet<PropertyKey>): void {
  for (let round = 0; round < DELETE_ROUNDS_MAX; round++) {
    const surplus = surplusGlobals(added);
    if (surplus.length === 0) break;
    for (const key of surplus) deleteProperty(globalThis, key);
  }
  if (!setPrototypeOf(globalThis, lookout())) emptyPrototypes();
}

/**
 * Makes sure that nothing is left; to be called when all is frozen.
 *
 * @param added Names that stay besides.
 * @throws {Error} If something is left; the realm must end then.
 */
export function checkGlobals(added: ReadonlySet<PropertyKey>): void {
  if (surplusGlobals(added).length > 0) throw new Error("globals could not be removed");
  for (const prototype of globalPrototypes()) {
    if (ownKeys(prototype).some((key) => !isConstant(prototype, key))) {
      throw new Error("the global object inherits something");
    }
  }
  if (!isFrozen(globalThis)) throw new Error("the global object is not frozen");
}

function surplusGlobals(added: ReadonlySet<PropertyKey>): PropertyKey[] {
  return ownKeys(globalThis).filter((key) => !ALLOWED_GLOBALS.has(key) && !added.has(key));
}

/** What the global object inherits from, without what all objects do. */
function globalPrototypes(): object[] {
  const prototypes: object[] = [];
  let next = getPrototypeOf(globalThis) as object | null;
  while (next !== null && next !== Object.prototype) {
    prototypes.push(next);
    next = getPrototypeOf(next) as object | null;
  }
  return prototypes;
}

/** A browser's global object cannot be given other prototypes: what they have goes instead. */
function emptyPrototypes(): void {
  for (const prototype of globalPrototypes()) {
    for (const key of ownKeys(prototype)) deleteProperty(prototype, key);
  }
}

/**
 * What the global object inherits from: an object without properties that is asked for every name that is
 * not a global, by `typeof` and `in` too.
 */
function lookout(): object {
  const look = (key: PropertyKey): void => {
    const denial = typeof key === "string" ? probeDenial(key) : undefined;
    if (denial !== undefined) noteDenial(denial);
  };
  const handler: ProxyHandler<object> = {
    has: (_, key) => {
      look(key);
      return false;
    },
    get: (_, key) => {
      look(key);
      return undefined;
    },
    set: (_, key, value, receiver) => {
      // An object of the step's own that inherits from the global one gets a property, as without a lookout.
      const isDone = receiver !== globalThis &&
        defineProperty(receiver as object, key, { value, ...OPEN });
      if (!isDone) noteDenial(changeDenial(`globalThis.${String(key)}`));
      return isDone;
    },
  };
  return new Proxy(freeze(Object.create(null)), freeze(handler));
}
