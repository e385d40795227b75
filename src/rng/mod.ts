/**
 * What is public of the generators.
 * This module is browser compatible.
 *
 * @module
 */

export {
  BACKENDS,
  createRng,
  isRngName,
  RNG_NAMES,
  type RngByName,
  type RngName,
} from "./backends.ts";
export { deriveBranchSeed, deriveSeed } from "./derive_seed.ts";
export * from "./numpy/mod.ts";
export {
  type PythonGeneratorState,
  PythonRandom,
  type PythonRandomState,
} from "./python/python_random.ts";
export type { NumberBits } from "./random_integers.ts";
export type { ChoicesOptions, SampleOptions } from "./random_sequences.ts";
export type { Rng } from "./rng.ts";
export type { GeneratorState } from "./backends.ts";
export {
  type Sfc32GeneratorState,
  Sfc32Random,
  type Sfc32RandomState,
} from "./sfc32/sfc32_random.ts";
