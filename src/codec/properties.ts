/**
 * Properties of plain objects: how they are defined on fresh ones, whatever `Object.prototype` has, and the
 * order in which JavaScript lists them: array indices ascending, then names in the order they were made. An
 * object encoding in any other order could not be told from this one after decoding, so there is none.
 * This module is browser compatible.
 *
 * @module
 */

import { charCodeAt, defineProperty, ObjectPrototype } from "./intrinsics.ts";

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

/** Order before the first property. */
export const FIRST_PROPERTY = -1;
/** Order after a property that is no array index; no index may follow. */
const AFTER_NAME = 2 ** 32;
/** What {@linkcode nextProperty} returns for a key that may not come here. */
export const OUT_OF_ORDER = -2;

/** The order after `key`, given that before it; equal indices are out of order too. */
export function nextProperty(order: number, key: string): number {
  const index = arrayIndex(key);
  if (index < 0) return AFTER_NAME;
  return index > order ? index : OUT_OF_ORDER;
}

/** The array index that `key` is the text of, or -1; the largest is 2^32 - 2. */
function arrayIndex(key: string): number {
  const { length } = key;
  if (length === 0 || length > 10) return -1;
  const first = charCodeAt(key, 0) - 0x30;
  if (first < 0 || first > 9 || first === 0 && length > 1) return -1;
  let index = first;
  for (let i = 1; i < length; i++) {
    const digit = charCodeAt(key, i) - 0x30;
    if (digit < 0 || digit > 9) return -1;
    index = index * 10 + digit;
  }
  return index < 2 ** 32 - 1 ? index : -1;
}
