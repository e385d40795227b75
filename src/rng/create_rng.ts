/**
 * Backend name and seed to generator. This module is browser compatible.
 *
 * @module
 */

import { NumpyGenerator } from "./numpy/generator.ts";
import { PythonRandom } from "./python/python_random.ts";
import type { Rng, RngName } from "./rng.ts";
import { Sfc32Random } from "./sfc32/sfc32_random.ts";

/**
 * Makes the generator of a backend: "python" is CPython's `random.Random`, "numpy" is
 * `Generator(PCG64(seed))`, "sfc32" a fast one with the methods of "python".
 *
 * @example Usage
 * ```ts
 * import { createRng } from "@rewind/cli";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(createRng("python", 42).random(), 0.6394267984578837);
 * ```
 *
 * @param name Name of the backend.
 * @param seed Any integer: a safe integer, or a bigint of any size.
 * @throws {TypeError} If there is no such backend or the seed is no integer.
 * @throws {RangeError} If the seed is a number but not a safe integer, or one that the backend cannot take.
 */
export function createRng(name: "python", seed: number | bigint): PythonRandom;
/** Makes NumPy's `Generator(PCG64(seed))`; the seed must not be negative. */
export function createRng(name: "numpy", seed: number | bigint): NumpyGenerator;
/** Makes the fast generator sfc32, with the methods of "python". */
export function createRng(name: "sfc32", seed: number | bigint): Sfc32Random;
/** Makes the generator of a backend that is known only when the program runs. */
export function createRng(name: RngName, seed: number | bigint): Rng;
export function createRng(name: RngName, seed: number | bigint): Rng {
  switch (name) {
    case "python":
      return new PythonRandom(seed);
    case "numpy":
      return new NumpyGenerator(seed);
    case "sfc32":
      return new Sfc32Random(seed);
    default:
      throw new TypeError(
        `Cannot create a generator named ${String(name)}: the backends are python, numpy, sfc32`,
      );
  }
}
