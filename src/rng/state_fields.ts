/**
 * What the state of a generator is made of, and what its parts can be.
 * This module is browser compatible.
 *
 * @module
 */

import type { StateFields } from "./types.ts";

/** Whether a value has these fields in this order and nothing else, each with a value that it can have. */
export function hasFields(value: object, fields: StateFields): boolean {
  const state = value as Readonly<Record<string, unknown>>;
  return Object.keys(state).join() === Object.keys(fields).join() &&
    Object.entries(fields).every(([name, isGood]) => isGood(state[name]));
}

/** Whether a value is so many words of 32 bits. */
export function isWords(value: unknown, count: number): value is Uint32Array {
  return value instanceof Uint32Array && value.length === count;
}

/** Whether a value is what `gauss` keeps: a second value, or null. */
export function isGauss(value: unknown): boolean {
  return value === null || typeof value === "number";
}

/** Whether a value is an integer in [0, 2^128). */
export function isUint128(value: unknown): value is bigint {
  return typeof value === "bigint" && value >= 0n && value < 1n << 128n;
}
