/**
 * The bits of sfc32, Chris Doty-Humphrey's "small fast counting" generator with 32-bit words, as in
 * his PractRand 0.94 (`RNGs/sfc.h`): period at least 2^32, about 2^127 on average. This module is
 * browser compatible.
 *
 * @module
 */

/** Rounds that seeding runs before the first draw, PractRand's number. */
const WARM_UP_ROUNDS = 12;

/** An sfc32 generator: three chaotic words and a counter. */
export class Sfc32 {
  #a = 0;
  #b = 0;
  #c = 0;
  #counter = 0;

  /**
   * Seeds by the u64 `hi * 2^32 + lo`, given as two halves in [0, 2^32), as PractRand's
   * `seed(Uint64)` does: a = 0, b = lo, c = hi, counter = 1, then 12 rounds.
   */
  seedWords(hi: number, lo: number): void {
    this.#a = 0;
    this.#b = lo | 0;
    this.#c = hi | 0;
    this.#counter = 1;
    for (let i = 0; i < WARM_UP_ROUNDS; i++) this.next32();
  }

  /** The next 32 bits, as an integer in [0, 2^32). */
  next32(): number {
    const made = (this.#a + this.#b + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + made) | 0;
    return made >>> 0;
  }

  /** The state: a, b, c and the counter, each in [0, 2^32). */
  exportState(): [a: number, b: number, c: number, counter: number] {
    return [this.#a >>> 0, this.#b >>> 0, this.#c >>> 0, this.#counter >>> 0];
  }

  /** How many words were taken, in 32 bits. */
  get counter(): number {
    return this.#counter;
  }

  /** Takes over a state that `exportState` made; the caller has checked it. */
  importState(words: readonly [a: number, b: number, c: number, counter: number]): void {
    this.#a = words[0] | 0;
    this.#b = words[1] | 0;
    this.#c = words[2] | 0;
    this.#counter = words[3] | 0;
  }
}
