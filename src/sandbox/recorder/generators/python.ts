/**
 * The generators for a step module that imports the "python" backend alone.
 * This module is browser compatible.
 *
 * @module
 */

export { createRng, isRngName, RNG_NAMES } from "../../../rng/backends.ts";
export { PythonRandom } from "../../../rng/python/python_random.ts";
export { RandomDistributions } from "../../../rng/python_methods/distributions.ts";
export { RandomIntegers } from "../../../rng/python_methods/integers.ts";
export { RandomSequences } from "../../../rng/python_methods/sequences.ts";
