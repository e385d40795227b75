/**
 * All that is public of the "numpy" backend: the generator, its parts, and the types of its options.
 * This module is browser compatible.
 *
 * @module
 */

export type { NumericArray } from "./numpy_axis.ts";
export type { ChoiceOptions } from "./numpy_choice.ts";
export {
  type MultivariateHypergeometricOptions,
  NumpyDistributions,
} from "./numpy_distributions.ts";
export type { FloatArray, FloatDtype, FloatOptions, OutOptions } from "./numpy_floats.ts";
export { type AxisOptions, type ExponentialOptions, NumpyGenerator } from "./numpy_generator.ts";
export type {
  IntegerArrays,
  IntegerDtype,
  IntegerScalar,
  IntegersOptions,
} from "./numpy_integers.ts";
export type { Draw, Shaped, Size, SizeOptions, VectorDraw } from "./numpy_size.ts";
export { PCG64, type Pcg64State } from "./pcg64.ts";
export { type Entropy, SeedSequence, type SeedSequenceOptions } from "./seed_sequence.ts";
