/**
 * Which values can be the state of a generator.
 * This module is browser compatible.
 *
 * @module
 */

import { BACKENDS, type RngName } from "./backends.ts";
import type { Rng } from "./rng.ts";
import { hasFields, isWords } from "./state_fields.ts";

/** All there is to know of a generator in the middle of a block, besides the block's seed. */
export type GeneratorState = ReturnType<InstanceType<(typeof BACKENDS)[RngName]>["capture"]> & {
  /** Words of the sfc32 generator that `Math.random` draws from, if the run has that shim. */
  readonly shim?: Uint32Array;
};

/** Behind the fields of a backend, the generator of the "random" shim. */
const SHIM_FIELDS = { shim: (value: unknown) => isWords(value, 4) };

/** Whether a value is a state that a generator of a backend can have. */
export function isGeneratorState(rng: RngName, value: unknown): value is GeneratorState {
  if (typeof value !== "object" || value === null) return false;
  const { stateFields } = BACKENDS[rng];
  return hasFields(value, "shim" in value ? { ...stateFields, ...SHIM_FIELDS } : stateFields);
}

/** All there is to know of a generator of one of the backends. */
export function captureState(rng: Rng): GeneratorState {
  return rng.capture() as GeneratorState;
}
