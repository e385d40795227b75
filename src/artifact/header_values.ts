/**
 * How the values of header fields are read: each is checked for its kind and range, and refused by the name
 * of its field. This module is browser compatible.
 *
 * @module
 */

import { fromHex, toHex } from "../bytes/hex.ts";
import { ArtifactIntegrityError } from "../errors.ts";

/** Longest step name, failure text and observable name, in UTF-16 units. */
const TEXT_UNITS_MAX = 4096;

/** The error for a header that is not one; `why` goes on after "its header". */
export function badHeader(why: string): ArtifactIntegrityError {
  return new ArtifactIntegrityError(`Cannot read the .replay file: its header ${why}`);
}

/** Reads an integer of [min, max]. @throws {ArtifactIntegrityError} If it is none. */
export function readInteger(
  value: unknown,
  field: string,
  { min, max }: { min: number; max: number },
): number {
  const isInteger = typeof value === "number" && Number.isInteger(value) && !Object.is(value, -0);
  if (isInteger && value >= min && value <= max) return value;
  throw badHeader(`has no integer from ${min} to ${max} as '${field}'`);
}

/** Reads one of some words. @throws {ArtifactIntegrityError} If it is none of them. */
export function readWord<W extends string>(
  value: unknown,
  field: string,
  words: readonly W[],
): W {
  if ((words as readonly unknown[]).includes(value)) return value as W;
  throw badHeader(`has none of ${words.join(", ")} as '${field}'`);
}

/** Reads a short text. @throws {ArtifactIntegrityError} If it is none. */
export function readText(value: unknown, field: string): string {
  if (typeof value === "string" && value.length <= TEXT_UNITS_MAX) return value;
  throw badHeader(`has no text of at most ${TEXT_UNITS_MAX} characters as '${field}'`);
}

/** What {@linkcode readText} takes of a text that may be longer. */
export function cutText(text: string): string {
  return text.slice(0, TEXT_UNITS_MAX);
}

/** Reads a SHA-256 as lower-case hexadecimal. @throws {ArtifactIntegrityError} If it has not 32 bytes. */
export function readHash(value: unknown, field: string): string {
  if (value instanceof Uint8Array && value.length === 32) return toHex(value);
  throw badHeader(`has no 32 bytes as '${field}'`);
}

/** The bytes that {@linkcode readHash} reads. */
export function hashBytes(hash: string | undefined): Uint8Array | undefined {
  return hash === undefined ? undefined : fromHex(hash);
}

/** Whether a value is a plain object. */
export function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null &&
    Object.getPrototypeOf(value) === Object.prototype;
}

/** A reader that lets a field be missing. */
export function optional<T>(
  read: (value: unknown, field: string) => T,
): (value: unknown, field: string) => T | undefined {
  return (value, field) => value === undefined ? undefined : read(value, field);
}
