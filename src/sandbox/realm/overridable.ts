/**
 * Built-ins that cannot be changed, without the "override mistake": where an object inherits a property
 * that is frozen, plain assignment of the same name to that object fails. As an accessor whose setter
 * defines an own property on the object that is assigned to, the name stays assignable on all that
 * inherits it: `Object.create(Math).random = f`, `list.sort = f`, `Vector.prototype.map = f`.
 * This module is browser compatible.
 *
 * @module
 */

import { isBuiltin } from "./builtin_objects.ts";
import { changeDenial } from "./denials.ts";
import { deny } from "./user_code.ts";

const { create, defineProperty, getOwnPropertyDescriptor, getPrototypeOf } = Object;
const { ownKeys } = Reflect;

/** What the language makes read-only on every function, and a number that V8 reads as data only. */
const OF_FUNCTIONS: ReadonlySet<PropertyKey> = new Set([
  "length",
  "name",
  "prototype",
  "stackTraceLimit",
]);

/** Prototypes whose `constructor` V8 watches, to know which kind of object a method is to make. */
const WITH_SPECIES: ReadonlySet<object> = new Set<object>([
  Array.prototype,
  ArrayBuffer.prototype,
  Promise.prototype,
  RegExp.prototype,
  getPrototypeOf(Uint8Array.prototype) as object,
]);

/**
 * Whether V8 watches a property: once it is no longer the data property that it was, loops, spreads,
 * `map`, `slice` and `match` leave their fast paths (up to 25 times slower). It stays frozen data.
 */
function isWatched(holder: object, key: PropertyKey): boolean {
  if (key === "constructor") {
    return WITH_SPECIES.has(holder) || WITH_SPECIES.has(getPrototypeOf(holder) as object);
  }
  if (key === "next" || key === Symbol.iterator) return true;
  if (holder === RegExp.prototype) return key !== "test" && key !== "toString";
  return holder === Promise.prototype && key === "then";
}

/** What the accessors hold that are in the place of data. */
const valuesBehind = new WeakMap<object, unknown>();

/** What a property holds, without running anything; undefined for an accessor that is not one of these. */
export function heldBy({ get, value }: PropertyDescriptor): unknown {
  return get === undefined ? value : valuesBehind.get(get);
}

/**
 * Makes what built-ins have assignable on all that inherits it. To call when everything has the value that
 * it is to keep, and before it is frozen.
 *
 * @param hidden Prototypes that no global leads to.
 * @returns What to call once all is frozen.
 */
export function allowOverrides(hidden: readonly object[]): () => void {
  const setters = new Map<PropertyKey, (own: unknown) => void>();
  const changed = new Map<object, PropertyKey>();
  for (const holder of holders(hidden)) {
    for (const key of ownKeys(holder)) {
      if (typeof holder === "function" && OF_FUNCTIONS.has(key)) continue;
      if (isWatched(holder, key)) continue;
      if (allowOverride(holder, key, setters)) changed.set(holder, key);
    }
  }
  return () => changed.forEach((key, holder) => quicken(holder, key));
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

/** Whether it was a property to change: what the language makes read-only is so on its heirs as well. */
function allowOverride(
  holder: object,
  key: PropertyKey,
  setters: Map<PropertyKey, (own: unknown) => void>,
): boolean {
  const { configurable, writable, value } = getOwnPropertyDescriptor(holder, key)!;
  if (!configurable || !writable) return false;
  let set = setters.get(key);
  if (set === undefined) setters.set(key, set = setterOf(key));
  const get = () => value as unknown;
  valuesBehind.set(get, value);
  defineProperty(holder, key, { get, set });
  return true;
}

/**
 * Assignment as the language has it where the name is inherited from a writable property. A method has no
 * `prototype` that would be made, filtered and frozen with it, which takes 8 ms for all.
 */
function setterOf(key: PropertyKey): (own: unknown) => void {
  return {
    set(this: unknown, own: unknown): void {
      if ((typeof this !== "object" && typeof this !== "function") || this === null) {
        throw new TypeError(`Cannot assign to '${String(key)}' of a primitive value`);
      }
      if (isBuiltin(this)) deny(changeDenial(String(key)), TypeError);
      defineProperty(this, key, {
        value: own,
        enumerable: true,
        writable: true,
        configurable: true,
      });
    },
  }.set;
}

/** More reads than V8 needs to see a prototype in use. */
const READS = 20;

/**
 * V8 keeps an object whose properties were redefined as a slow table until it is read as a prototype; then
 * accessors of constants cost nothing: `Math.floor` takes 2 ns, and 17 ns without this.
 */
function quicken(holder: object, key: PropertyKey): void {
  const heir = create(holder) as Record<PropertyKey, unknown>;
  for (let read = 0; read < READS; read++) void heir[key];
}
