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
export { PythonRandom, type PythonRandomState } from "./python/python_random.ts";
export type { NumberBits } from "./random_integers.ts";
export type { ChoicesOptions, SampleOptions } from "./random_sequences.ts";
export type {
  GeneratorState,
  NumpyGeneratorState,
  PythonGeneratorState,
  Rng,
  Sfc32GeneratorState,
} from "./rng.ts";
export { Sfc32Random, type Sfc32RandomState } from "./sfc32/sfc32_random.ts";
