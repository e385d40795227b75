/**
 * NumPy's `SeedSequence`: mixes integers of any size into well spread words that seed a generator.
 * This module is browser compatible.
 *
 * @module
 */

import { ArgumentRangeError, ArgumentTypeError } from "../../errors.ts";
import type { Entropy, SeedSequenceOptions } from "./types.ts";

// The constants keep the names they have in O'Neill's seed_seq_fe, which NumPy's class follows:
// https://www.pcg-random.org/posts/developing-a-seed_seq-alternative.html
const INIT_A = 0x43b0d7e5;
const MULT_A = 0x931e8875;
const INIT_B = 0x8b51f9dd;
const MULT_B = 0x58f38ded;
const MIX_MULT_L = 0xca01f9dd;
const MIX_MULT_R = 0x4973f715;

/** Words in the pool unless asked otherwise: 128 bits. */
const POOL_SIZE = 4;

/**
 * NumPy's `SeedSequence`, word for word: turns entropy of any size into as many seed words as wanted,
 * and spawns children whose words have nothing to do with each other.
 *
 * @example Usage
 * ```ts
 * import { SeedSequence } from "@rewind/cli";
 * import { assertEquals } from "@std/assert";
 *
 * const sequence = new SeedSequence(1);
 * assertEquals(sequence.generateState(2), new Uint32Array([1835504127, 1731038949]));
 * assertEquals(sequence.spawn(3).length, 3);
 * ```
 */
export class SeedSequence {
  /** The integers this sequence was made from. */
  readonly entropy: Entropy;
  /** The path from the root of the tree of spawned sequences; empty at the root. */
  readonly spawnKey: readonly (number | bigint)[];
  /** Size of the entropy pool in 32-bit words. */
  readonly poolSize: number;
  #childrenSpawned: number;
  readonly #pool: Uint32Array;

  /**
   * Mixes the entropy into the pool.
   *
   * @throws {RangeError} if an integer is negative or a number is not a safe integer, or the pool is
   * smaller than 4 words
   * @throws {TypeError} if the entropy is neither an integer nor a list of integers
   */
  constructor(entropy: Entropy, options: SeedSequenceOptions = {}) {
    const { spawnKey = [], poolSize = POOL_SIZE, childrenSpawned = 0 } = options;
    if (!Number.isSafeInteger(poolSize) || poolSize < POOL_SIZE) {
      throw new ArgumentRangeError(
        `Cannot make a seed sequence: its pool must have at least 4 words: poolSize is ${poolSize}`,
      );
    }
    const words = entropyWords(entropy);
    const keyWords = entropyWords(spawnKey);
    if (keyWords.length > 0) {
      // Zeros up to the pool's size keep short entropy with a spawn key apart from long entropy
      while (words.length < poolSize) words.push(0);
      words.push(...keyWords);
    }
    this.entropy = typeof entropy === "object" ? Array.from(entropy) : entropy;
    this.spawnKey = Array.from(spawnKey);
    this.poolSize = poolSize;
    this.#childrenSpawned = childrenSpawned;
    this.#pool = new Uint32Array(poolSize);
    mixEntropy(this.#pool, words);
  }

  /** How many children `spawn` has made so far. */
  get childrenSpawned(): number {
    return this.#childrenSpawned;
  }

  /**
   * The first `count` seed words; the same ones on every call.
   *
   * @throws {RangeError} if `count` is not a nonnegative integer or `dtype` is neither of the two
   */
  generateState(count: number, dtype?: "uint32"): Uint32Array;
  /** The first `count` seed words of 64 bits each. */
  generateState(count: number, dtype: "uint64"): BigUint64Array;
  generateState(
    count: number,
    dtype: "uint32" | "uint64" = "uint32",
  ): Uint32Array | BigUint64Array {
    if (!Number.isSafeInteger(count) || count < 0) {
      throw new ArgumentRangeError(
        `Cannot generate seed words: their number must be 0 or more: count is ${count}`,
      );
    }
    if (dtype !== "uint32" && dtype !== "uint64") {
      throw new ArgumentRangeError(
        `Cannot generate seed words of '${dtype}': dtype must be 'uint32' or 'uint64'`,
      );
    }
    const words = new Uint32Array(dtype === "uint64" ? 2 * count : count);
    generateWords(this.#pool, words);
    if (dtype === "uint32") return words;
    return BigUint64Array.from(
      { length: count },
      (_, i) => (BigInt(words[2 * i + 1]!) << 32n) | BigInt(words[2 * i]!),
    );
  }

  /**
   * Goes on from where this sequence had spawned `count` children.
   *
   * @throws {RangeError} if `count` is not a nonnegative integer
   * @internal
   */
  resume(count: number): void {
    if (!Number.isSafeInteger(count) || count < 0) {
      throw new ArgumentRangeError(
        `Cannot go on after ${count} children: the number must be 0 or more`,
      );
    }
    this.#childrenSpawned = count;
  }

  /**
   * `count` new sequences, independent of each other and of those spawned before.
   *
   * @throws {RangeError} if `count` is not a nonnegative integer
   */
  spawn(count: number): SeedSequence[] {
    if (!Number.isSafeInteger(count) || count < 0) {
      throw new ArgumentRangeError(`Cannot spawn ${count} children: the number must be 0 or more`);
    }
    const first = this.#childrenSpawned;
    this.#childrenSpawned += count;
    return Array.from({ length: count }, (_, i) =>
      new SeedSequence(this.entropy, {
        spawnKey: [...this.spawnKey, first + i],
        poolSize: this.poolSize,
      }));
  }
}

/** Mixes entropy words into the pool, which it overwrites; allocates nothing. */
export function mixEntropy(pool: Uint32Array, words: ArrayLike<number>): void {
  let hash = INIT_A;
  const size = pool.length;
  for (let i = 0; i < size; i++) {
    // Past the end of the entropy zeros are hashed
    let value = (i < words.length ? words[i]! : 0) ^ hash;
    hash = Math.imul(hash, MULT_A);
    value = Math.imul(value, hash);
    pool[i] = value ^ (value >>> 16);
  }
  const sources = Math.max(size, words.length);
  for (let source = 0; source < sources; source++) {
    for (let target = 0; target < size; target++) {
      if (source === target) continue;
      let value = (source < size ? pool[source]! : words[source]!) ^ hash;
      hash = Math.imul(hash, MULT_A);
      value = Math.imul(value, hash);
      value ^= value >>> 16;
      const mixed = Math.imul(MIX_MULT_L, pool[target]!) - Math.imul(MIX_MULT_R, value) | 0;
      pool[target] = mixed ^ (mixed >>> 16);
    }
  }
}

/** Fills `out` with the seed words that a mixed pool stands for; allocates nothing. */
export function generateWords(pool: Uint32Array, out: Uint32Array): void {
  let hash = INIT_B;
  let source = 0;
  for (let i = 0; i < out.length; i++) {
    let value = pool[source]! ^ hash;
    if (++source === pool.length) source = 0;
    hash = Math.imul(hash, MULT_B);
    value = Math.imul(value, hash);
    out[i] = value ^ (value >>> 16);
  }
}

/** The 32-bit words of one integer or of several in turn, lowest first; 0 is one word. */
function entropyWords(entropy: Entropy): number[] {
  if (typeof entropy === "number" || typeof entropy === "bigint") return integerWords(entropy);
  if (typeof entropy !== "object" || entropy === null || typeof entropy.length !== "number") {
    throw new ArgumentTypeError(
      `Cannot seed with ${String(entropy)}: give an integer or a list of integers`,
    );
  }
  return Array.from(entropy).flatMap(integerWords);
}

function integerWords(value: number | bigint): number[] {
  if (typeof value !== "bigint" && typeof value !== "number") {
    throw new ArgumentTypeError(
      `Cannot seed with ${String(value)}: give an integer or a list of integers`,
    );
  }
  if (typeof value === "number" && !Number.isSafeInteger(value)) {
    throw new ArgumentRangeError(
      `Cannot seed with ${value}: a number must be a safe integer, give a bigint for larger ones`,
    );
  }
  if (value < 0) {
    throw new ArgumentRangeError(`Cannot seed with ${value}: NumPy takes no negative seeds`);
  }
  const words: number[] = [];
  let rest = BigInt(value);
  do {
    words.push(Number(rest & 0xffffffffn));
    rest >>= 32n;
  } while (rest > 0n);
  return words;
}
