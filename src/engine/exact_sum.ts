/**
 * Exact sums of float64 values and of their products, as fixed-point numbers wide enough for any of
 * them, so that the result does not depend on the order of the terms; and the float64 nearest to what follows
 * from them.
 * This module is browser compatible.
 *
 * After R. M. Neal, "Fast exact summation using small and large superaccumulators" (2015), with
 * 32-bit chunks held in float64; products are split by T. J. Dekker's method (1971).
 *
 * @module
 */

/** Bits per chunk. */
const CHUNK_BITS = 32;
/** Chunks for 2^-1074 .. 2^1024, and two for carries. */
const CHUNK_COUNT = 69;
/** Additions of at most 2^32 that a chunk takes before it could leave the exact integers. */
const ADDS_MAX = 2 ** 20;
/** Largest magnitude of an integer that takes the fast path; its square is at most 2^40. */
const SMALL_MAX = 2 ** 20;
/** Additions of at most 2^40 after which the fast accumulator is emptied. */
const FAST_ADDS_MAX = 2 ** 12;
/** Dekker's splitting factor for 53-bit significands. */
const SPLITTER = 2 ** 27 + 1;
/** Products in this range have an exactly representable error term. */
const PRODUCT_MIN = 2 ** -960;
const PRODUCT_MAX = 2 ** 1000;
/** Factors up to this magnitude can be split without overflow. */
const FACTOR_MAX = 2 ** 990;

const FLOAT_VIEW = new Float64Array(1);
const WORD_VIEW = new Uint32Array(FLOAT_VIEW.buffer);
const LITTLE_ENDIAN = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1;
const LOW_WORD = LITTLE_ENDIAN ? 0 : 1;
const HIGH_WORD = LITTLE_ENDIAN ? 1 : 0;

/** Power of two that one unit of {@linkcode ExactSum.total} is worth. */
export const TOTAL_EXPONENT = -2148;

/** True for integers of at most 2^20 in magnitude, -0 included. */
function isSmallInteger(x: number): boolean {
  return x >= -SMALL_MAX && x <= SMALL_MAX && (x | 0) === x;
}

/** The exact integer `x * 2^1074` of a finite x. */
function toFixedPoint(x: number): bigint {
  FLOAT_VIEW[0] = x;
  const high = WORD_VIEW[HIGH_WORD]!;
  const biased = (high >>> 20) & 0x7ff;
  const top = biased === 0 ? high & 0xfffff : (high & 0xfffff) | 0x100000;
  const significand = (BigInt(top) << 32n) | BigInt(WORD_VIEW[LOW_WORD]!);
  const magnitude = significand << BigInt(Math.max(biased, 1) - 1);
  return high >>> 31 === 1 ? -magnitude : magnitude;
}

/** A running exact sum of finite float64 values and products of two of them. */
export class ExactSum {
  /** Chunk i is worth 2^(32 i - 1074); each stays an exact integer below 2^53. */
  #chunks = new Float64Array(CHUNK_COUNT);
  /** Additions since the chunks were last emptied into `#total`. */
  #adds = 0;
  /** Sum of small integers not yet in the chunks; exact below 2^53. */
  #fast = 0;
  #fastAdds = 0;
  /** What left the chunks, in units of 2^TOTAL_EXPONENT. */
  #total = 0n;

  /** Takes over the value of another sum. */
  assign(other: ExactSum): void {
    this.#chunks.set(other.#chunks);
    this.#adds = other.#adds;
    this.#fast = other.#fast;
    this.#fastAdds = other.#fastAdds;
    this.#total = other.#total;
  }

  /** Adds a finite x exactly. */
  add(x: number): void {
    if (isSmallInteger(x)) {
      this.#fast += x;
      if (++this.#fastAdds === FAST_ADDS_MAX) this.#emptyFast();
    } else {
      this.#addChunks(x);
    }
  }

  /** Adds `a * b` exactly, for finite a and b, also where the rounded product is not finite. */
  addProduct(a: number, b: number): void {
    if (isSmallInteger(a) && isSmallInteger(b)) {
      this.#fast += a * b;
      if (++this.#fastAdds === FAST_ADDS_MAX) this.#emptyFast();
      return;
    }
    const product = a * b;
    const size = Math.abs(product);
    if (
      size > PRODUCT_MIN && size < PRODUCT_MAX && Math.abs(a) < FACTOR_MAX &&
      Math.abs(b) < FACTOR_MAX
    ) {
      const aBig = SPLITTER * a;
      const aHigh = aBig - (aBig - a);
      const aLow = a - aHigh;
      const bBig = SPLITTER * b;
      const bHigh = bBig - (bBig - b);
      const bLow = b - bHigh;
      const error = aLow * bLow - (((product - aHigh * bHigh) - aLow * bHigh) - aHigh * bLow);
      this.#addChunks(product);
      if (error !== 0) this.#addChunks(error);
    } else if (a !== 0 && b !== 0) {
      this.#total += toFixedPoint(a) * toFixedPoint(b);
    }
  }

  /** Adds an integer exactly. */
  addInteger(value: bigint): void {
    this.#total += value << BigInt(-TOTAL_EXPONENT);
  }

  /** The exact sum in units of 2^TOTAL_EXPONENT. */
  total(): bigint {
    this.#emptyFast();
    this.#emptyChunks();
    return this.#total;
  }

  /** Adds a total that another sum gave. */
  addTotal(total: bigint): void {
    this.#total += total;
  }

  #addChunks(x: number): void {
    FLOAT_VIEW[0] = x;
    const low = WORD_VIEW[LOW_WORD]!;
    const high = WORD_VIEW[HIGH_WORD]!;
    let position = (high >>> 20) & 0x7ff;
    let top = high & 0xfffff;
    if (position !== 0) {
      top |= 0x100000;
      position--;
    }
    // The 53-bit significand top:low starts at this bit of the fixed-point number.
    const chunk = position >>> 5;
    const shift = position & 31;
    // `>>> 1 >>> (31 - shift)` is `>>> (32 - shift)` that is 0 for shift 0.
    const first = (low << shift) >>> 0;
    const second = ((low >>> 1 >>> (31 - shift)) | (top << shift)) >>> 0;
    const third = top >>> 1 >>> (31 - shift);
    const chunks = this.#chunks;
    if (high >>> 31 === 0) {
      chunks[chunk]! += first;
      chunks[chunk + 1]! += second;
      chunks[chunk + 2]! += third;
    } else {
      chunks[chunk]! -= first;
      chunks[chunk + 1]! -= second;
      chunks[chunk + 2]! -= third;
    }
    if (++this.#adds === ADDS_MAX) this.#emptyChunks();
  }

  #emptyFast(): void {
    this.#fastAdds = 0;
    if (this.#fast !== 0) {
      const sum = this.#fast;
      this.#fast = 0;
      this.#addChunks(sum);
    }
  }

  #emptyChunks(): void {
    this.#adds = 0;
    const chunks = this.#chunks;
    let sum = 0n;
    for (let i = CHUNK_COUNT - 1; i >= 0; i--) {
      sum <<= BigInt(CHUNK_BITS);
      if (chunks[i] !== 0) sum += BigInt(chunks[i]!);
    }
    chunks.fill(0);
    this.#total += sum << BigInt(-1074 - TOTAL_EXPONENT);
  }
}

/** Number of significant bits of a non-negative big integer; 0 for 0n. */
export function bitLength(value: bigint): number {
  if (value === 0n) return 0;
  const hex = value.toString(16);
  return hex.length * 4 - (Math.clz32(parseInt(hex[0]!, 16)) - 28);
}

/**
 * The float64 nearest to `numerator * 2^exponent / denominator`, ties to even, with gradual
 * underflow and overflow to infinity as IEEE 754 has it.
 *
 * @param numerator Any integer.
 * @param denominator A positive integer.
 * @param exponent Power of two that scales the quotient, an integer.
 */
export function ratioToNumber(numerator: bigint, denominator: bigint, exponent = 0): number {
  if (numerator === 0n) return 0;
  const negative = numerator < 0n;
  const magnitude = negative ? -numerator : numerator;
  // Scale so that the integer quotient has 55 or 56 bits: 53 to keep, the rest and a sticky bit
  // to round by. Subnormal results keep fewer.
  let shift = 55 - (bitLength(magnitude) - bitLength(denominator));
  const lowest = -1074 - 2; // exponent of the last quotient bit never needs to lie below this
  if (exponent - shift < lowest) shift = exponent - lowest;
  const scaled = shift >= 0 ? magnitude << BigInt(shift) : magnitude;
  const divisor = shift >= 0 ? denominator : denominator << BigInt(-shift);
  let quotient = scaled / divisor;
  if (quotient * divisor !== scaled) quotient |= 1n;
  const value = roundScaled(quotient, exponent - shift);
  return negative ? -value : value;
}

/** Rounds `quotient * 2^exponent` (sticky bit included) to float64, ties to even. */
function roundScaled(quotient: bigint, exponent: number): number {
  const drop = Math.max(bitLength(quotient) - 53, -1074 - exponent, 0);
  const dropBits = BigInt(drop);
  let kept = quotient >> dropBits;
  const rest = quotient - (kept << dropBits);
  const half = drop === 0 ? 0n : 1n << BigInt(drop - 1);
  if (drop > 0 && (rest > half || (rest === half && (kept & 1n) === 1n))) kept += 1n;
  return scaleByPowerOfTwo(Number(kept), exponent + drop);
}

/** `value * 2^exponent` where the result is exact or overflows; one factor may be out of range. */
function scaleByPowerOfTwo(value: number, exponent: number): number {
  const first = Math.trunc(exponent / 2);
  return value * 2 ** first * 2 ** (exponent - first);
}
