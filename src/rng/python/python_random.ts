/**
 * CPython's `random.Random`, draw for draw. This module is browser compatible.
 *
 * @module
 */

import { refuseSurplus } from "../draw_options.ts";
import { ArgumentTypeError } from "../../errors.ts";
import { normalizeSeed } from "../derive_seed.ts";
import { Mt19937 } from "./mt19937.ts";
import { RandomDistributions } from "../python_methods/distributions.ts";
import type { Rng } from "../rng.ts";
import { isGauss, isWords } from "../state_fields.ts";
import type { StateFields } from "../types.ts";
import type { PythonGeneratorState, PythonRandomState } from "./types.ts";

/** Words in a state's image: 624 and the index. */
const IMAGE_WORDS = 625;

/**
 * The generator of the backend "python": the Mersenne Twister with the methods of CPython 3.11's
 * `random.Random`, whose draws it repeats.
 *
 * @example Usage
 * ```ts
 * import { createRng } from "@rewind/cli";
 * import { assertEquals } from "@std/assert";
 *
 * const rng = createRng("python", 42);
 * assertEquals(rng.random(), 0.6394267984578837);
 * assertEquals(rng.choices(["a", "b"], { weights: [1, 3], k: 4 }), ["a", "b", "a", "b"]);
 * ```
 */
export class PythonRandom extends RandomDistributions implements Rng {
  /** @internal */
  static readonly stateFields: StateFields = {
    words: (value) => isWords(value, IMAGE_WORDS) && value[IMAGE_WORDS - 1]! < IMAGE_WORDS,
    gauss: isGauss,
  };

  /** Which backend this is. */
  readonly backend = "python";

  readonly #bits = new Mt19937();

  /** Starts as `random.Random(seed)` does. The seed is any integer; its sign does not matter. */
  constructor(seed: number | bigint) {
    super();
    this.seed(seed);
  }

  /** Starts again from an integer seed, as CPython's `seed` does. */
  seed(seed: number | bigint): void {
    this.#bits.seedInteger(normalizeSeed(seed));
    this.gaussNext = null;
  }

  /** Starts again from the u64 seed `hi * 2^32 + lo`, without allocating. */
  reseed(hi: number, lo: number): void {
    this.#bits.seedWords(hi, lo);
    this.gaussNext = null;
  }

  /** Next float64 in [0, 1) with 53 random bits. */
  override random(): number {
    return this.#bits.next53();
  }

  /** Next 32 random bits, an integer in [0, 2^32). */
  protected override next32(): number {
    return this.#bits.next32();
  }

  /** Returns the state, as plain data that `setstate` takes. */
  getstate(): PythonRandomState {
    return [3, this.#bits.exportState(), this.gaussNext];
  }

  /** @internal */
  capture(): PythonGeneratorState {
    return { words: Uint32Array.from(this.#bits.exportState()), gauss: this.gaussNext };
  }

  /** @internal */
  position(): string {
    return `${this.#bits.position()}.${this.gaussNext}`;
  }

  /** @internal */
  quickPosition(): number {
    const { index } = this.#bits;
    return this.gaussNext === null ? index : ~index;
  }

  /** @internal */
  restore({ words, gauss }: PythonGeneratorState): void {
    this.setstate([3, Array.from(words), gauss]);
  }

  /**
   * Goes on from a state that `getstate` returned, here or in CPython.
   *
   * @throws {TypeError} If this is not the image of a state.
   */
  setstate(state: PythonRandomState): void {
    checkState(state);
    this.#bits.importState(state[1]);
    this.gaussNext = state[2];
  }
}

refuseSurplus(PythonRandom.prototype, { 0: "random getstate", 1: "seed setstate" });

function checkState(state: PythonRandomState): void {
  const why = whyNoState(state);
  if (why !== undefined) throw new ArgumentTypeError(`Cannot restore this state: ${why}`);
}

/** What is wrong with a would-be state, or undefined. */
function whyNoState(state: PythonRandomState): string | undefined {
  if (!Array.isArray(state)) return "it is not an array";
  const [version, words, gaussNext] = state;
  if (version !== 3) return `its version is ${version}, not 3`;
  if (!Array.isArray(words) || words.length !== IMAGE_WORDS) {
    return `it must have ${IMAGE_WORDS} words`;
  }
  if (!words.every((word) => Number.isInteger(word) && word >= 0 && word < 2 ** 32)) {
    return "its words must be integers from 0 to 4294967295";
  }
  const index = words[IMAGE_WORDS - 1]!;
  if (index >= IMAGE_WORDS) return `its index ${index} is above 624`;
  if (gaussNext !== null && typeof gaussNext !== "number") {
    return "its last element must be a number or null";
  }
  return undefined;
}
