/**
 * All that is public of the "numpy" backend: the generator, its parts, and the types of its options.
 * This module is browser compatible.
 *
 * @module
 */

export type { NumericArray } from "./types.ts";
export type { ChoiceOptions } from "./types.ts";
export { NumpyDistributions } from "./distributions.ts";
export type { MultivariateHypergeometricOptions } from "./types.ts";
export type { FloatArray, FloatDtype, FloatOptions, OutOptions } from "./types.ts";
export { NumpyGenerator } from "./generator.ts";
export type { AxisOptions, ExponentialOptions, NumpyGeneratorState } from "./types.ts";
export type { IntegerArrays, IntegerDtype, IntegerScalar, IntegersOptions } from "./types.ts";
export type { Draw, Shaped, Size, SizeOptions, VectorDraw } from "./types.ts";
export { PCG64 } from "./pcg64.ts";
export type { Pcg64State } from "./types.ts";
export { SeedSequence } from "./seed_sequence.ts";
export type { Entropy, SeedSequenceOptions } from "./types.ts";
