/**
 * All that is public of the "numpy" backend: the generator, its parts, and the types of its options.
 * This module is browser compatible.
 *
 * @module
 */

export type { NumericArray } from "./axis.ts";
export type { ChoiceOptions } from "./choice.ts";
export { type MultivariateHypergeometricOptions, NumpyDistributions } from "./distributions.ts";
export type { FloatArray, FloatDtype, FloatOptions, OutOptions } from "./floats.ts";
export {
  type AxisOptions,
  type ExponentialOptions,
  NumpyGenerator,
  type NumpyGeneratorState,
} from "./generator.ts";
export type { IntegerArrays, IntegerDtype, IntegerScalar, IntegersOptions } from "./integers.ts";
export type { Draw, Shaped, Size, SizeOptions, VectorDraw } from "./size.ts";
export { PCG64, type Pcg64State } from "./pcg64.ts";
export { type Entropy, SeedSequence, type SeedSequenceOptions } from "./seed_sequence.ts";
