/**
 * The generators for a step module that imports the "python" backend alone.
 * This module is browser compatible.
 *
 * @module
 */

export { createRng, isRngName, RNG_NAMES } from "../../../rng/backends.ts";
export { PythonRandom } from "../../../rng/python/python_random.ts";
export { RandomDistributions } from "../../../rng/random_distributions.ts";
export { RandomIntegers } from "../../../rng/random_integers.ts";
export { RandomSequences } from "../../../rng/random_sequences.ts";
