/**
 * Block and branch seeds, scheme "blake2b-v1": a u64 that is the big-endian BLAKE2b-64 of the text
 * `block:<seed>:<j>`, `branch:<seed>:<t>`, `init:<seed>`, or that of a fork of a campaign. This module is browser compatible.
 *
 * @module
 */

import { ArgumentRangeError, ArgumentTypeError } from "../errors.ts";
import { blake2b } from "@noble/hashes/blake2.js";
import { encodeUtf8 } from "../codec/intrinsics.ts";
import { SEED_BITS_MAX, STEPS_MAX } from "../limits.ts";
import { BLAKE2B_BLOCK_BYTES, hashBlock } from "./blake2b_block.ts";

/** Most digits of a block index, as many as `STEPS_MAX` has. */
const BLOCK_DIGITS_MAX = 16;

const SEED_END = 1n << BigInt(SEED_BITS_MAX);

/** Whether an integer is small enough to be a master seed. */
export function isSeed(seed: bigint): boolean {
  return seed < SEED_END && seed > -SEED_END;
}

/**
 * Returns the seed as a bigint.
 *
 * @param seed Any integer of at most 65,536 bits: a safe integer or a bigint of either sign.
 * @throws {TypeError} If the seed is neither a number nor a bigint.
 * @throws {RangeError} If it is a number that is not a safe integer, or a bigint of more bits.
 */
export function normalizeSeed(seed: number | bigint): bigint {
  if (typeof seed === "bigint") {
    if (isSeed(seed)) return seed;
    throw new ArgumentRangeError(`Cannot use a seed of more than ${SEED_BITS_MAX} bits`);
  }
  if (typeof seed !== "number") {
    throw new ArgumentTypeError(
      `Cannot use a seed of type ${typeof seed}: give an integer or a bigint`,
    );
  }
  if (!Number.isSafeInteger(seed)) {
    throw new ArgumentRangeError(
      `Cannot use the seed ${seed}: it is not a safe integer: give larger seeds as a bigint`,
    );
  }
  return BigInt(seed);
}

/**
 * Returns the seed of a block of a run, an integer in [0, 2^64).
 *
 * @example Usage
 * ```ts
 * import { deriveSeed } from "@rewind/cli";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(deriveSeed(42, 0), 13838664491182651420n);
 * ```
 *
 * @param seed The run's seed, any integer.
 * @param block Index of the block, in [0, 2^52].
 * @throws {TypeError | RangeError} If the seed is no integer or the block is out of range.
 */
export function deriveSeed(seed: number | bigint, block: number): bigint {
  return hashText(`block:${normalizeSeed(seed)}:${checkIndex("block", block)}`);
}

/**
 * Returns the default seed of a branch that starts from state `t` of a run, an integer in [0, 2^64).
 *
 * @example Usage
 * ```ts
 * import { deriveBranchSeed } from "@rewind/cli";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(deriveBranchSeed(42, 842_137), 12686433765593421218n);
 * ```
 *
 * @param seed The parent's seed, any integer.
 * @param t Index of the state that the branch starts from, in [0, 2^52].
 * @throws {TypeError | RangeError} If the seed is no integer or `t` is out of range.
 */
export function deriveBranchSeed(seed: number | bigint, t: number): bigint {
  return hashText(`branch:${normalizeSeed(seed)}:${checkIndex("step", t)}`);
}

/** Returns the seed of the generator that `init` draws from, an integer in [0, 2^64). */
export function deriveInitSeed(seed: bigint): bigint {
  return hashText(`init:${seed}`);
}

/**
 * Returns the seed of a fork that a campaign makes, an integer in [0, 2^64): BLAKE2b-64 of the text
 * `<kind>:<seed>:<index>:...`, such as `why:7:882953:0`.
 */
export function deriveForkSeed(kind: string, seed: bigint, indices: readonly number[]): bigint {
  return hashText([kind, seed, ...indices].join(":"));
}

/** Big-endian BLAKE2b-64 of the UTF-8 bytes of a text of any length. */
export function hashText(text: string): bigint {
  return new DataView(blake2b(encodeUtf8(text), { dkLen: 8 }).buffer).getBigUint64(0);
}

/**
 * Gives the seeds of one run's blocks as two 32-bit halves, without allocating: what `deriveSeed`
 * returns, at a tenth of its cost, for the loops that reseed at every block.
 */
export class BlockSeeder {
  /** Upper half of the current block's seed, in [0, 2^32). */
  hi = 0;
  /** Lower half of the current block's seed, in [0, 2^32). */
  lo = 0;

  readonly #seed: bigint;
  readonly #prefixBytes: number;
  readonly #words = new Int32Array(BLAKE2B_BLOCK_BYTES / 4);
  readonly #digest = new Int32Array(2);
  /** The word that the prefix ends in, with zeros where digits go. */
  readonly #lastPrefixWord: number;

  /** Prepares the part of the text that all blocks share, and goes to block 0. */
  constructor(seed: bigint) {
    this.#seed = seed;
    const prefix = `block:${seed}:`;
    this.#prefixBytes = prefix.length;
    for (let i = 0; i < Math.min(prefix.length, BLAKE2B_BLOCK_BYTES); i++) {
      this.#words[i >> 2]! |= prefix.charCodeAt(i) << ((i & 3) << 3);
    }
    this.#lastPrefixWord = this.#words[prefix.length >> 2] ?? 0;
    this.seek(0);
  }

  /** Sets `hi` and `lo` to the seed of a block, an index in [0, 2^52]. */
  seek(block: number): void {
    if (this.#prefixBytes + BLOCK_DIGITS_MAX > BLAKE2B_BLOCK_BYTES) {
      const seed = hashText(`block:${this.#seed}:${block}`);
      this.hi = Number(seed >> 32n);
      this.lo = Number(seed & 0xffffffffn);
      return;
    }
    const words = this.#words;
    const digest = this.#digest;
    const byteCount = this.#writeDigits(block);
    hashBlock(words, byteCount, digest);
    // The digest's bytes are its words' bytes from low to high; the seed reads them from high to low.
    this.hi = swapBytes(digest[0]!) >>> 0;
    this.lo = swapBytes(digest[1]!) >>> 0;
  }

  /** Puts the decimal digits of `block` after the prefix; returns how long the text now is. */
  #writeDigits(block: number): number {
    const words = this.#words;
    const start = this.#prefixBytes;
    let digitCount = 1;
    for (let bound = 10; bound <= block; bound *= 10) digitCount++;
    const end = start + digitCount;
    words[start >> 2] = this.#lastPrefixWord;
    // Digits of the block before may stand in each word that the longest index can reach.
    for (let w = (start >> 2) + 1; w <= (start + BLOCK_DIGITS_MAX - 1) >> 2; w++) words[w] = 0;
    let rest = block;
    for (let i = end - 1; i >= start; i--) {
      const quotient = Math.floor(rest / 10);
      words[i >> 2]! |= (0x30 + rest - quotient * 10) << ((i & 3) << 3);
      rest = quotient;
    }
    return end;
  }
}

/** Reverses the order of the four bytes of a 32-bit word. */
function swapBytes(word: number): number {
  return (word << 24) | ((word & 0xff00) << 8) | ((word >>> 8) & 0xff00) | (word >>> 24);
}

/** Returns `index` if it can be the index of a block or a state. */
function checkIndex(what: string, index: number): number {
  if (!Number.isSafeInteger(index) || index < 0 || index > STEPS_MAX) {
    throw new ArgumentRangeError(
      `Cannot derive a seed for ${what} ${index}: it must be an integer from 0 to ${STEPS_MAX}`,
    );
  }
  return index;
}
