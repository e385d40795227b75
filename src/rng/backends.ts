/**
 * The one list of generator backends. A new backend is a file with its class and a line here; names,
 * types, option values, what an artifact may name and what a generator's state can be follow from it.
 * This module is browser compatible.
 *
 * @module
 */

import { ArgumentTypeError } from "../errors.ts";
import { NumpyGenerator } from "./numpy/generator.ts";
import { PythonRandom } from "./python/python_random.ts";
import type { Rng } from "./rng.ts";
import { hasFields, isWords } from "./state_fields.ts";
import { Sfc32Random } from "./sfc32/sfc32_random.ts";
import type { StateFields } from "./types.ts";

/** What a backend's class is asked for. */
interface Backend {
  /** What `capture` gives. */
  readonly stateFields: StateFields;
  new (seed: number | bigint): Rng;
}

/** The generator class of each backend, by the name that artifacts store. */
export const BACKENDS = {
  /** CPython's `random.Random`. */
  python: PythonRandom,
  /** NumPy's `Generator(PCG64)`. */
  numpy: NumpyGenerator,
  /** The fast JavaScript-native generator with the methods of `python`. */
  sfc32: Sfc32Random,
} satisfies Readonly<Record<string, Backend>>;

/** Name of a generator backend, as stored in artifacts. */
export type RngName = keyof typeof BACKENDS;

/** The generator class behind each backend name. */
export type RngByName = { [N in RngName]: InstanceType<(typeof BACKENDS)[N]> };

/** Names of all backends; the first is the default. */
export const RNG_NAMES: readonly RngName[] = Object.keys(BACKENDS) as RngName[];

/** Whether a value names a backend. */
export function isRngName(value: unknown): value is RngName {
  return RNG_NAMES.includes(value as RngName);
}

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
 * @param seed Any integer: a safe integer, or a bigint of any size. NumPy's must not be negative.
 * @throws {TypeError} If there is no such backend or the seed is no integer.
 * @throws {RangeError} If the seed is a number but not a safe integer, or one that the backend cannot take.
 */
export function createRng<N extends RngName>(name: N, seed: number | bigint): RngByName[N] {
  if (!isRngName(name)) {
    throw new ArgumentTypeError(
      `Cannot create a generator named ${String(name)}: the backends are ${RNG_NAMES.join(", ")}`,
    );
  }
  return new BACKENDS[name](seed) as RngByName[N];
}

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
