/**
 * The draws of the "random" shim: generators that are seeded from the run's seed, apart from the step's.
 * This module is browser compatible.
 *
 * @module
 */

import { hashText } from "../../rng/derive_seed.ts";
import type { GeneratorState } from "../../rng/backends.ts";
import { Sfc32 } from "../../rng/sfc32/sfc32.ts";
import { unitFloat } from "../../rng/unit_float.ts";
import type { ShimDraws, ShimStream } from "./shims.ts";

/** Draws from sfc32, seeded with the BLAKE2b-64 of `shim:load:<seed>`, `shim:init:<seed>`, `shim:<seed>:<block>`. */
export class SeededShimDraws implements ShimDraws {
  readonly load: SeededStream = new SeededStream();
  readonly block: SeededStream = new SeededStream();
  readonly #seed: bigint;
  readonly #words: Uint32Array | undefined;

  /**
   * @param seed Master seed of the run.
   * @param generatorState State of the generators at X_0, if that lies within a block.
   */
  constructor(seed: bigint, generatorState: GeneratorState | undefined) {
    this.#seed = seed;
    this.#words = generatorState?.shim;
  }

  startLoad(): void {
    this.load.start(`shim:load:${this.#seed}`);
  }

  startInit(): void {
    this.load.start(`shim:init:${this.#seed}`);
  }

  startBlock(block: number): void {
    this.block.start(`shim:${this.#seed}:${block}`);
  }

  resume(): void {
    if (this.#words !== undefined) this.block.resume(this.#words);
  }

  capture(): Uint32Array {
    return this.block.capture();
  }
}

class SeededStream implements ShimStream {
  readonly #bits = new Sfc32();

  start(text: string): void {
    const seed = hashText(text);
    this.#bits.seedWords(Number(seed >> 32n), Number(seed & 0xffffffffn));
  }

  resume(words: Uint32Array): void {
    const [a, b, c, counter] = words as unknown as [number, number, number, number];
    this.#bits.importState([a, b, c, counter]);
  }

  capture(): Uint32Array {
    return Uint32Array.from(this.#bits.exportState());
  }

  random(): number {
    const first = this.#bits.next32();
    return unitFloat(first, this.#bits.next32());
  }

  bits(): number {
    return this.#bits.next32();
  }
}
