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
export { PythonRandom } from "./python/python_random.ts";
export type { PythonGeneratorState, PythonRandomState } from "./python/types.ts";
export type { NumberBits } from "./types.ts";
export type { ChoicesOptions, SampleOptions } from "./types.ts";
export type { Rng } from "./rng.ts";
export type { GeneratorState } from "./backends.ts";
export { Sfc32Random } from "./sfc32/sfc32_random.ts";
export type { Sfc32GeneratorState, Sfc32RandomState } from "./sfc32/types.ts";
