/**
 * A quick hash of 64 bits that tells data apart by accident only; against somebody who wants two to look alike,
 * and for whatever is stored, there is SHA-256.
 * This module is browser compatible.
 *
 * @module
 */

const number = new Float64Array(1);
const numberWords = new Uint32Array(number.buffer);

/** Two lanes of MurmurHash3 (x86, 32 bits; Appleby, public domain) over the same words. */
export class QuickHash {
  #a = 0x9747b28c;
  #b = 0x3c6ef372;
  #count = 0;

  /** Takes 32 bits. */
  word(word: number): void {
    this.#count++;
    let k = Math.imul(word, 0xcc9e2d51);
    k = Math.imul((k << 15) | (k >>> 17), 0x1b873593);
    this.#a ^= k;
    this.#a = (Math.imul((this.#a << 13) | (this.#a >>> 19), 5) + 0xe6546b64) | 0;
    k = Math.imul(word ^ this.#a, 0x239b961b);
    k = Math.imul((k << 16) | (k >>> 16), 0xab0e9789);
    this.#b ^= k;
    this.#b = (Math.imul((this.#b << 15) | (this.#b >>> 17), 5) + 0x561ccd1b) | 0;
  }

  /** Takes the bits of a number; all NaN are one. */
  number(value: number): void {
    number[0] = value === value ? value : NaN;
    if (value !== value) {
      this.word(0);
      this.word(0x7ff80000);
      return;
    }
    this.word(numberWords[0]!);
    this.word(numberWords[1]!);
  }

  /** Takes bytes, and how many there are. */
  bytes(bytes: Uint8Array): void {
    const { length } = bytes;
    this.word(length);
    let i = 0;
    for (; i + 4 <= length; i += 4) {
      this.word(bytes[i]! | bytes[i + 1]! << 8 | bytes[i + 2]! << 16 | bytes[i + 3]! << 24);
    }
    for (; i < length; i++) this.word(bytes[i]!);
  }

  /** The hash of what was taken so far, as 16 hexadecimal digits. */
  digest(): string {
    return hex(finish(this.#a ^ this.#count)) + hex(finish(this.#b ^ this.#count));
  }
}

function finish(lane: number): number {
  let h = lane ^ (lane >>> 16);
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return h ^ (h >>> 16);
}

function hex(word: number): string {
  return (word >>> 0).toString(16).padStart(8, "0");
}
