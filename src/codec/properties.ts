/**
 * Defining properties of fresh plain objects, whatever `Object.prototype` has.
 * This module is browser compatible.
 *
 * @module
 */

import { defineProperty, ObjectPrototype } from "./intrinsics.ts";

/**
 * Adds a data property to a fresh plain object. What `Object.prototype` has under that name might be
 * a setter, as `__proto__` is, or read-only; a plain assignment would then not make a property.
 */
export function addProperty(
  object: Record<string, unknown>,
  name: string,
  value: unknown,
): void {
  if (name in ObjectPrototype) {
    defineProperty(object, name, { value, writable: true, enumerable: true, configurable: true });
  } else {
    object[name] = value;
  }
}
