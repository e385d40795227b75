/**
 * Which values can be the state of a generator.
 * This module is browser compatible.
 *
 * @module
 */

import type { RngName } from "./backends.ts";
import type { GeneratorState } from "./rng.ts";

const MASK_128 = (1n << 128n) - 1n;

/** Words of MT19937 and the index of the next one. */
const MT19937_WORDS = 625;

/** Fields of the state of each backend, in order, with the values that they can have. */
const FIELDS: Readonly<Record<RngName, Readonly<Record<string, (value: unknown) => boolean>>>> = {
  python: {
    words: (value) => isWords(value, MT19937_WORDS) && value[MT19937_WORDS - 1]! < MT19937_WORDS,
    gauss: isGauss,
  },
  sfc32: { words: (value) => isWords(value, 4), gauss: isGauss },
  numpy: {
    state: isUint128,
    inc: (value) => isUint128(value) && (value & 1n) === 1n,
    hasUint32: (value) => typeof value === "boolean",
    uinteger: (value) =>
      typeof value === "number" && value >>> 0 === value && !Object.is(value, -0),
    spawned: (value) => Number.isSafeInteger(value) && (value as number) >= 0,
  },
};

/** Behind them, the generator of the "random" shim. */
const SHIM_FIELDS = { shim: (value: unknown) => isWords(value, 4) };

/** Whether a value is a state that a generator of a backend can have. */
export function isGeneratorState(rng: RngName, value: unknown): value is GeneratorState {
  if (typeof value !== "object" || value === null) return false;
  const fields = "shim" in value ? { ...FIELDS[rng], ...SHIM_FIELDS } : FIELDS[rng];
  const state = value as Record<string, unknown>;
  return Object.keys(state).join() === Object.keys(fields).join() &&
    Object.entries(fields).every(([name, isGood]) => isGood(state[name]));
}

function isWords(value: unknown, count: number): value is Uint32Array {
  return value instanceof Uint32Array && value.length === count;
}

function isGauss(value: unknown): boolean {
  return value === null || typeof value === "number";
}

function isUint128(value: unknown): value is bigint {
  return typeof value === "bigint" && value >= 0n && value <= MASK_128;
}
