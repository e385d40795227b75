/**
 * Whether an object may be changed: a frozen, sealed or non-extensible part of a state is one after a copy too,
 * since a step may ask.
 * This module is browser compatible.
 *
 * @module
 */

import {
  freeze,
  getOwnPropertyDescriptor,
  isArray,
  isExtensible,
  isFrozen,
  isSealed,
  preventExtensions,
  seal,
  typedArrayName,
} from "./intrinsics.ts";

/** How far an object resists changes; the numbers stand in the encoding. */
export const EXTENSIBLE = 0;
export const NON_EXTENSIBLE = 1;
export const SEALED = 2;
export const FROZEN = 3;

/** The highest level that holds for `object`. */
export function integrityOf(object: object): number {
  if (isExtensible(object)) return EXTENSIBLE;
  // Engines differ in whether one with elements then counts as sealed; it cannot be made so.
  if (typedArrayName(object) !== undefined) return NON_EXTENSIBLE;
  // Engines differ in whether an array counts as frozen while its length can be changed.
  const isWhole = !isArray(object) || !getOwnPropertyDescriptor(object, "length")!.writable;
  return isWhole && isFrozen(object) ? FROZEN : isSealed(object) ? SEALED : NON_EXTENSIBLE;
}

/** Brings an object that has all its properties to a level. */
export function applyIntegrity(object: object, level: number): void {
  if (level === FROZEN) freeze(object);
  else if (level === SEALED) seal(object);
  else if (level === NON_EXTENSIBLE) preventExtensions(object);
}

/** What a level is called in messages. */
export function integrityName(level: number): string {
  switch (level) {
    case FROZEN:
      return "frozen";
    case SEALED:
      return "sealed";
    case NON_EXTENSIBLE:
      return "not extensible";
    default:
      return "extensible";
  }
}
