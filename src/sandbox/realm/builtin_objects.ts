/**
 * Which objects the language comes with: they are the same for all who use them, so they are frozen, and
 * whoever tries to change one is noticed, whatever the code makes of it.
 * This module is browser compatible.
 *
 * @module
 */

import { changeDenial } from "./denials.ts";
import { noteDenial } from "./user_code.ts";
import { replaceBuiltin } from "./replace_builtin.ts";

const { defineProperty, freeze, getPrototypeOf, hasOwn } = Object;

const builtins = new WeakSet<object>();

/**
 * Freezes an object that the language comes with.
 *
 * @param value The object; from now on one that is noticed when it is to be changed.
 */
export function freezeBuiltin(value: object): void {
  builtins.add(value);
  freeze(value);
}

/** Whether a value is an object that the language comes with. */
export function isBuiltin(value: unknown): boolean {
  return typeof value === "object" && value !== null || typeof value === "function"
    ? builtins.has(value as object)
    : false;
}

/**
 * Notices attempts to change built-in objects that are answered by `false`, or by an error that may be
 * caught. (An assignment in strict code throws as well, but only the accessors of `overridable.ts` see it.)
 */
export function watchChanges(): void {
  for (const key of ["set", "defineProperty", "deleteProperty", "setPrototypeOf"] as const) {
    const native = Reflect[key] as (...args: unknown[]) => boolean;
    const watched = {
      [key](...args: unknown[]): boolean {
        const isDone = native(...args);
        if (!isDone) noteChange(`Reflect.${key}`, args);
        return isDone;
      },
    };
    replaceBuiltin(Reflect, key, sized(watched[key]!, native));
  }
  for (const key of ["defineProperty", "defineProperties", "setPrototypeOf", "assign"] as const) {
    const native = Object[key] as (...args: unknown[]) => unknown;
    const watched = {
      [key](...args: unknown[]): unknown {
        try {
          return native(...args);
        } catch (error) {
          noteChange(`Object.${key}`, args);
          throw error;
        }
      },
    };
    replaceBuiltin(Object, key, sized(watched[key]!, native));
  }
}

/** A function that says it takes as many arguments as another one. */
function sized<F extends object>(replacement: F, { length }: { length: number }): F {
  return defineProperty(replacement, "length", { value: length });
}

function noteChange(how: string, [target, key, , receiver]: readonly unknown[]): void {
  const isChange = isBuiltin(target) || isBuiltin(receiver) ||
    (how === "Reflect.set" && isHeldByBuiltin(target, key as PropertyKey));
  if (isChange) noteDenial(changeDenial(how));
}

/** Whether a property is found on a built-in object that the target inherits from. */
function isHeldByBuiltin(target: unknown, key: PropertyKey): boolean {
  let holder = target as object | null;
  while (holder !== null && !hasOwn(holder, key)) holder = getPrototypeOf(holder) as object | null;
  return isBuiltin(holder);
}
