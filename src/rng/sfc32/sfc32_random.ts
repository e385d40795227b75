/**
 * The fast backend: sfc32 with the methods of CPython's `random.Random`. This module is browser
 * compatible.
 *
 * @module
 */

import { refuseSurplus } from "../draw_options.ts";
import { ArgumentTypeError } from "../../errors.ts";
import { hashText, normalizeSeed } from "../derive_seed.ts";
import { RandomDistributions } from "../python_methods/distributions.ts";
import type { Rng } from "../rng.ts";
import { isGauss, isWords } from "../state_fields.ts";
import { Sfc32 } from "./sfc32.ts";
import { unitFloat } from "../unit_float.ts";
import type { StateFields } from "../types.ts";
import type { Sfc32GeneratorState, Sfc32RandomState } from "./types.ts";

/**
 * The generator of the backend "sfc32": seeding costs next to nothing and a draw less than with
 * "python", whose methods it has; its draws are its own.
 *
 * A seed in [0, 2^64) is taken as two 32-bit words, see `Sfc32`. Any other integer first becomes
 * one, the big-endian BLAKE2b-64 of the text `sfc32:<seed>`, so that -1 and 1 differ.
 *
 * @example Usage
 * ```ts
 * import { createRng } from "@rewind/cli";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(createRng("sfc32", 42).random(), 0.29439390788555);
 * ```
 */
export class Sfc32Random extends RandomDistributions implements Rng {
  /** @internal */
  static readonly stateFields: StateFields = {
    words: (value) => isWords(value, 4),
    gauss: isGauss,
  };

  /** Which backend this is. */
  readonly backend = "sfc32";

  readonly #bits = new Sfc32();

  /** Starts from any integer seed. */
  constructor(seed: number | bigint) {
    super();
    this.seed(seed);
  }

  /** Starts again from any integer seed. */
  seed(seed: number | bigint): void {
    const whole = normalizeSeed(seed);
    const u64 = BigInt.asUintN(64, whole) === whole ? whole : hashText(`sfc32:${whole}`);
    this.reseed(Number(u64 >> 32n), Number(u64 & 0xffffffffn));
  }

  /** Starts again from the u64 seed `hi * 2^32 + lo`, without allocating. */
  reseed(hi: number, lo: number): void {
    this.#bits.seedWords(hi, lo);
    this.gaussNext = null;
  }

  /** Next float64 in [0, 1) with 53 random bits. */
  override random(): number {
    const first = this.#bits.next32();
    return unitFloat(first, this.#bits.next32());
  }

  /** Next 32 random bits, an integer in [0, 2^32). */
  protected override next32(): number {
    return this.#bits.next32();
  }

  /** Returns the state, as plain data that `setstate` takes. */
  getstate(): Sfc32RandomState {
    return ["sfc32", this.#bits.exportState(), this.gaussNext];
  }

  /** @internal */
  capture(): Sfc32GeneratorState {
    return { words: Uint32Array.from(this.#bits.exportState()), gauss: this.gaussNext };
  }

  /** @internal */
  position(): string {
    return `${this.#bits.exportState().join(".")}.${this.gaussNext}`;
  }

  /** @internal */
  quickPosition(): number {
    const { counter } = this.#bits;
    return this.gaussNext === null ? counter : counter + 0.5;
  }

  /** @internal */
  restore({ words, gauss }: Sfc32GeneratorState): void {
    this.setstate(["sfc32", Array.from(words) as Sfc32RandomState[1], gauss]);
  }

  /**
   * Goes on from a state that `getstate` returned.
   *
   * @throws {TypeError} If this is not the image of a state.
   */
  setstate(state: Sfc32RandomState): void {
    const [name, words, gaussNext] = Array.isArray(state) ? state : [];
    const good = name === "sfc32" && Array.isArray(words) && words.length === 4 &&
      words.every((word) => Number.isInteger(word) && word >= 0 && word < 2 ** 32) &&
      (gaussNext === null || typeof gaussNext === "number");
    if (!good) {
      throw new ArgumentTypeError(
        "Cannot restore this state: it is not of the shape ['sfc32', [a, b, c, counter], gaussNext]",
      );
    }
    this.#bits.importState(words);
    this.gaussNext = gaussNext;
  }
}

refuseSurplus(Sfc32Random.prototype, { 0: "random getstate", 1: "seed setstate" });
