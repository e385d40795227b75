/**
 * Puts something of ours in the place of a built-in.
 * This module is browser compatible.
 *
 * @module
 */

const { defineProperty, getOwnPropertyDescriptor } = Object;

/** Replaces a property; it stays as enumerable as it was. */
export function replaceBuiltin(target: object, key: PropertyKey, value: unknown): void {
  const enumerable = getOwnPropertyDescriptor(target, key)?.enumerable ?? false;
  defineProperty(target, key, { value, enumerable, writable: true, configurable: true });
}
