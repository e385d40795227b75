/**
 * The bits of MT19937, seeded as CPython seeds it. This module is browser compatible.
 *
 * Source: M. Matsumoto and T. Nishimura, "Mersenne Twister", ACM TOMACS 8 (1998), 3-30, and their
 * `mt19937ar.c` of 2002 for `init_genrand` and `init_by_array`; CPython's `_randommodule.c` uses
 * both unchanged.
 *
 * @module
 */

import { unitFloat } from "../unit_float.ts";

/** Words of state, the paper's n. */
const N = 624;
/** Offset of the middle word, the paper's m. */
const M = 397;
/** Coefficients of the twist matrix, the paper's a. */
const A = 0x9908b0df | 0;
/** Tempering masks, the paper's b and c. */
const B = 0x9d2c5680 | 0;
const C = 0xefc60000 | 0;
const UPPER_MASK = 0x80000000 | 0;
const LOWER_MASK = 0x7fffffff;

/** Words made at a time: an even divisor of N, so that pairs of words never part. */
const PIECE = 208;
/** More than any index; `x & INDEX_MASK` tells the compiler that x is one and needs no checks. */
const INDEX_MASK = 1023;

/** What `init_genrand(19650218)` leaves, from which every `init_by_array` starts. */
const INIT_WORDS = initWords(19650218);

function initWords(seed: number): Int32Array {
  const words = new Int32Array(N);
  words[0] = seed;
  for (let i = 1; i < N; i++) {
    const previous = words[i - 1]!;
    words[i] = Math.imul(1812433253, previous ^ (previous >>> 30)) + i;
  }
  return words;
}

/**
 * A Mersenne Twister. It makes new words in pieces of a third of a generation, so that a block with
 * few draws does not pay for 624 words; and with each pair of words the float64 that they make, so
 * that a draw is a load: a step that branches on it takes 20% less than if it were made then.
 */
export class Mt19937 {
  /** The generation before and the current one, so that word i + N is made of i, i + 1 and i + M. */
  readonly #words = new Int32Array(2 * N);
  /** The current generation; words from `#ready` on are not yet made. */
  readonly #state = this.#words.subarray(N);
  /** Element i is made of the words 2 i and 2 i + 1 of the current generation. */
  readonly #floats = new Float64Array(N / 2);
  /** Index of the next word. */
  #next = N;
  /** How many words of the current generation are made, a multiple of PIECE. */
  #ready = N;

  /**
   * Seeds by the u64 `hi * 2^32 + lo`, given as two halves in [0, 2^32): CPython's
   * `seed(hi * 2**32 + lo)`. Does not allocate.
   */
  seedWords(hi: number, lo: number): void {
    // init_by_array with the key [lo, hi], or [lo] where hi is 0, adds key[j] + j in turn.
    this.#initByTwo(lo | 0, hi === 0 ? lo | 0 : (hi + 1) | 0);
  }

  /** Seeds by an integer of any size and sign, as CPython's `seed` does: the sign is dropped. */
  seedInteger(seed: bigint): void {
    let rest = seed < 0n ? -seed : seed;
    if (rest < 1n << 64n) {
      this.seedWords(Number(rest >> 32n), Number(rest & 0xffffffffn));
      return;
    }
    const key: number[] = [];
    for (; rest > 0n; rest >>= 32n) key.push(Number(rest & 0xffffffffn));
    this.#initByArray(key);
  }

  /** The next 32 bits, as an integer in [0, 2^32). */
  next32(): number {
    if (this.#next === this.#ready) this.#advance();
    return temper(this.#state[this.#next++]!) >>> 0;
  }

  /** The next float64 in [0, 1) of 53 bits, made of two words. */
  next53(): number {
    const i = this.#next;
    if (i >= this.#ready || (i & 1) !== 0) return this.#next53AtEdge();
    this.#next = i + 2;
    return this.#floats[i >> 1]!;
  }

  /** CPython's image of the state: 624 words in [0, 2^32), then the index of the next one. */
  exportState(): number[] {
    while (this.#ready < N) this.#twistPiece();
    const image: number[] = Array.from(this.#state, (word) => word >>> 0);
    image.push(this.#next);
    return image;
  }

  /**
   * Index of the next word, and words before it: enough to tell the generation that it lies in from all others of
   * the same seed.
   */
  position(): string {
    const state = this.#state;
    const next = this.#next;
    return `${next}.${state[0]}.${state[next - 1] ?? 0}.${state[next - 2] ?? 0}`;
  }

  /** Index of the next word of its generation. */
  get index(): number {
    return this.#next;
  }

  /** Takes over an image that `exportState` or CPython made; the caller has checked it. */
  importState(image: ArrayLike<number>): void {
    const state = this.#state;
    for (let i = 0; i < N; i++) state[i] = image[i]!;
    // From an array of floats it would be kept as one from here on, by every generator: a draw would take half as long again.
    this.#next = image[N]! | 0;
    this.#ready = N;
    for (let i = 0; i < N; i += 2) {
      this.#floats[i >> 1] = unitFloat(temper(state[i]!), temper(state[i + 1]!));
    }
  }

  /** `next53` where the piece at hand is used up, or the next word the second of a pair. */
  #next53AtEdge(): number {
    const first = this.next32();
    return unitFloat(first, this.next32());
  }

  /** Makes at least one more word ready. */
  #advance(): void {
    if (this.#ready === N) {
      this.#words.set(this.#state);
      this.#ready = 0;
      this.#next = 0;
    }
    this.#twistPiece();
  }

  /** Makes the next piece of the generation, with its floats. */
  #twistPiece(): void {
    const words = this.#words;
    const floats = this.#floats;
    const from = this.#ready & INDEX_MASK;
    let word = words[from]!;
    for (let k = 0; k < PIECE; k += 2) {
      const i = from + k;
      const second = words[i + 1]!;
      const following = words[i + 2]!;
      const a = twist(word, second, words[i + M]!);
      const b = twist(second, following, words[i + 1 + M]!);
      words[i + N] = a;
      words[i + 1 + N] = b;
      floats[i >> 1] = unitFloat(temper(a), temper(b));
      word = following;
    }
    this.#ready = from + PIECE;
  }

  /**
   * `init_by_array` for a key of two words: `odd` and `even` are what it adds to the words of odd
   * and of even index. Both passes are chains in which each word needs the one before, so that word
   * stays in a local variable, and the wrap at the end is written out instead of tested for.
   */
  #initByTwo(odd: number, even: number): void {
    const state = this.#state;
    let p = INIT_WORDS[0]!;
    for (let i = 1; i < N - 1; i += 2) {
      p = ((INIT_WORDS[i]! ^ Math.imul(p ^ (p >>> 30), 1664525)) + odd) | 0;
      state[i] = p;
      p = ((INIT_WORDS[i + 1]! ^ Math.imul(p ^ (p >>> 30), 1664525)) + even) | 0;
      state[i + 1] = p;
    }
    p = ((INIT_WORDS[N - 1]! ^ Math.imul(p ^ (p >>> 30), 1664525)) + odd) | 0;
    state[N - 1] = p;
    p = ((state[1]! ^ Math.imul(p ^ (p >>> 30), 1664525)) + even) | 0;
    state[1] = p;
    this.#finishInit(2, p);
  }

  /** `init_by_array` for a key of any length, 32-bit words from the lowest up. */
  #initByArray(key: readonly number[]): void {
    const state = this.#state;
    state.set(INIT_WORDS);
    let i = 1;
    let p = state[0]!;
    for (let k = 0; k < Math.max(N, key.length); k++) {
      const j = k % key.length;
      p = ((state[i]! ^ Math.imul(p ^ (p >>> 30), 1664525)) + key[j]! + j) | 0;
      state[i] = p;
      i = i + 1 === N ? 1 : i + 1;
    }
    this.#finishInit(i, p);
  }

  /** The second pass of `init_by_array`, from word `start`, whose predecessor is `previous`. */
  #finishInit(start: number, previous: number): void {
    const state = this.#state;
    let p = previous;
    for (let i = start; i < N; i++) {
      p = ((state[i]! ^ Math.imul(p ^ (p >>> 30), 1566083941)) - i) | 0;
      state[i] = p;
    }
    for (let i = 1; i < start; i++) {
      p = ((state[i]! ^ Math.imul(p ^ (p >>> 30), 1566083941)) - i) | 0;
      state[i] = p;
    }
    state[0] = UPPER_MASK;
    this.#next = N;
    this.#ready = N;
  }
}

/** The recurrence of the paper's equation (2.1): words k, k + 1 and k + m of the old generation. */
function twist(word: number, following: number, middle: number): number {
  const y = (word & UPPER_MASK) | (following & LOWER_MASK);
  return middle ^ (y >>> 1) ^ (-(y & 1) & A);
}

/** The tempering of the paper's equations (2.2) to (2.5). */
function temper(word: number): number {
  let y = word;
  y ^= y >>> 11;
  y ^= (y << 7) & B;
  y ^= (y << 15) & C;
  return y ^ (y >>> 18);
}
