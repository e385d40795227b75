/**
 * Uniform integers in a closed range as NumPy draws them: Lemire's multiply and reject method
 * (https://arxiv.org/abs/1805.10941) for `integers` and `choice`, masks and rejection for shuffles.
 * This module is browser compatible.
 *
 * @module
 */

import type { PCG64 } from "./pcg64.ts";

const WORD_MAX = 0xffffffff;
const WORD_SIZE = 2 ** 32;
const MASK_64 = (1n << 64n) - 1n;

/** An integer in [0, max] for an integer max in [0, 2^53); max 0 draws nothing. */
export function boundedInteger(bits: PCG64, max: number): number {
  if (max < WORD_MAX) return max === 0 ? 0 : lemire32(bits, max + 1);
  return max === WORD_MAX ? bits.next32() : lemire53(bits, max + 1);
}

/** An integer in [0, max] for max in [0, 2^64); draws the same bits as `boundedInteger`. */
export function boundedBigint(bits: PCG64, max: bigint): bigint {
  if (max <= Number.MAX_SAFE_INTEGER) return BigInt(boundedInteger(bits, Number(max)));
  if (max === MASK_64) return bits.next64();
  const count = max + 1n;
  const biased = (MASK_64 - max) % count;
  for (;;) {
    const product = bits.next64() * count;
    if ((product & MASK_64) >= biased) return product >> 64n;
  }
}

/** An integer in [0, count) for count in [1, 2^32), from 32 bits a try. */
function lemire32(bits: PCG64, count: number): number {
  let word = bits.next32();
  let low = Math.imul(word, count) >>> 0;
  if (low < count) {
    const biased = (WORD_SIZE - count) % count;
    while (low < biased) {
      word = bits.next32();
      low = Math.imul(word, count) >>> 0;
    }
  }
  return upperWord(word, count, low);
}

/** Upper 32 bits of a product of words whose lower ones are `low`: the double is off by less than 1/2. */
function upperWord(a: number, b: number, low: number): number {
  return Math.floor((a * b - low) * 2 ** -32 + 0.5);
}

/** An integer in [0, count) for count in (2^32, 2^53], from 64 bits a try. */
function lemire53(bits: PCG64, count: number): number {
  const c1 = Math.floor(count / WORD_SIZE);
  const c0 = count >>> 0;
  for (;;) {
    const at = bits.take();
    const x0 = bits.words[at]!;
    const x1 = bits.words[at + 1]!;
    // The 128-bit product of x1:x0 and c1:c0, of which p0 and p1 are the lower words
    const p0 = Math.imul(x0, c0) >>> 0;
    const cross0 = Math.imul(x1, c0) >>> 0;
    const cross1 = Math.imul(x0, c1) >>> 0;
    const middle = upperWord(x0, c0, p0) + cross0 + cross1;
    const p1 = middle >>> 0;
    // x1 * c1 is below 2^53, so that all of this is exact
    const upper = x1 * c1 + upperWord(x1, c0, cross0) + upperWord(x0, c1, cross1) +
      Math.floor(middle / WORD_SIZE);
    const low = p1 * WORD_SIZE + p0;
    // `low` is rounded here, which matters only where it is near `count`, below 2^53
    if (low >= count || low >= biased64(count)) return upper;
  }
}

/** How many of the 2^64 inputs, the lowest of their remainders, would favor some results. */
function biased64(count: number): number {
  return Number((MASK_64 + 1n - BigInt(count)) % BigInt(count));
}

/** An integer in [0, max] for max in [0, 2^53), by rejecting masked bits; as shuffles draw. */
export function maskedInteger(bits: PCG64, max: number): number {
  if (max === 0) return 0;
  if (max <= WORD_MAX) {
    const mask = WORD_MAX >>> Math.clz32(max);
    let value = (bits.next32() & mask) >>> 0;
    while (value > max) value = (bits.next32() & mask) >>> 0;
    return value;
  }
  const mask = WORD_MAX >>> Math.clz32(max / WORD_SIZE);
  for (;;) {
    const at = bits.take();
    const value = ((bits.words[at + 1]! & mask) >>> 0) * WORD_SIZE + bits.words[at]!;
    if (value <= max) return value;
  }
}

/** Cuts 32-bit words into pieces of 1, 8 or 16 bits, lowest first, for one call of `integers`. */
export class BitPieces {
  readonly #bits: PCG64;
  readonly #width: number;
  #word = 0;
  #left = 0;

  /** Starts without a word, so that pieces never go from one call to the next. */
  constructor(bits: PCG64, width: 1 | 8 | 16) {
    this.#bits = bits;
    this.#width = width;
  }

  /** The next piece. */
  next(): number {
    if (this.#left === 0) {
      this.#word = this.#bits.next32();
      this.#left = 32;
    } else {
      this.#word >>>= this.#width;
    }
    this.#left -= this.#width;
    return this.#word & (2 ** this.#width - 1);
  }

  /** An integer in [0, max] for max in [0, 2^width); max 0 draws nothing. */
  bounded(max: number): number {
    const size = 2 ** this.#width;
    if (max === 0) return 0;
    if (max === size - 1) return this.next();
    const count = max + 1;
    const biased = (size - count) % count;
    for (;;) {
      const product = this.next() * count;
      if (product % size >= biased) return Math.floor(product / size);
    }
  }
}
