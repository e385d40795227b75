/**
 * PCG64 as NumPy seeds and steps it: a 128-bit linear congruential generator whose states are folded to
 * 64 bits by XSL-RR (O'Neill 2014, https://www.pcg-random.org/paper.html).
 * This module is browser compatible.
 *
 * @module
 */

import { ArgumentRangeError } from "../../errors.ts";
import { generateWords, mixEntropy, SeedSequence } from "./seed_sequence.ts";
import type { Entropy, Pcg64State } from "./types.ts";

// Multiplier of the generator in 32-bit words, lowest first
const M0 = 0x9fccf645;
const M1 = 0x4385df64;
const M2 = 0x1fc65da4;
const M3 = 0x2360ed05;
const MULTIPLIER = (BigInt(M3) << 96n) | (BigInt(M2) << 64n) | (BigInt(M1) << 32n) | BigInt(M0);

/** Makes a 32-bit word a fraction; the product of that and a word is the upper half of their product. */
const SCALE = 2 ** -32;

/** Adding and subtracting 1.5 * 2^52 rounds a double below 2^51 to the nearest integer. */
const ROUNDER = 6755399441055744;

/** (golden ratio - 1) * 2^128: how far one jump goes. */
const JUMP = 0x9e3779b97f4a7c15f39cc0605cedc835n;

const WORD = 0xffffffffn;
const MASK_128 = (1n << 128n) - 1n;

/** Outputs made at a time: enough to keep the state in registers, few enough to reseed often. */
const BATCH = 16;

/**
 * NumPy's `PCG64(seed)`, bit for bit.
 *
 * @example Usage
 * ```ts
 * import { NumpyGenerator } from "@rewind/cli";
 * import { assertEquals } from "@std/assert";
 *
 * const bits = new NumpyGenerator(0).bitGenerator;
 * assertEquals(bits.next64(), 11749869230777074271n);
 * assertEquals(bits.advance(10n ** 12n) === bits, true);
 * ```
 */
export class PCG64 {
  /**
   * Outputs made ahead: output i has its low word at 2i and its high word at 2i + 1. Only `take` says
   * which of them is next; nobody else writes here.
   */
  readonly words: Uint32Array = new Uint32Array(2 * BATCH);
  /** Index in `words` of the next output's low word. */
  #next = 0;
  /** State before the first output in `words`, then state after the last, then increment. */
  readonly #state = new Int32Array(12);
  #hasUint32 = false;
  #uinteger = 0;
  #seedSequence: SeedSequence | undefined;
  /** Pool, entropy and seed words: room for `reseed` to work in. */
  readonly #pool = new Uint32Array(4);
  readonly #entropy = new Uint32Array(2);
  readonly #seed = new Uint32Array(8);

  /**
   * Seeds the generator as NumPy does, through a `SeedSequence`.
   *
   * @throws {RangeError} if a seed is negative or an unsafe number
   */
  constructor(seed: Entropy | SeedSequence) {
    this.#seedSequence = seed instanceof SeedSequence ? seed : new SeedSequence(seed);
    this.#seed.set(this.#seedSequence.generateState(8));
    this.#start();
  }

  /** The sequence that seeded this generator; `spawn` it for independent ones. */
  get seedSequence(): SeedSequence {
    return this.#seedSequence ??= new SeedSequence(
      (BigInt(this.#entropy[1]!) << 32n) | BigInt(this.#entropy[0]!),
    );
  }

  /** Becomes what `new PCG64(hi * 2^32 + lo)` is, without allocating. */
  reseed(hi: number, lo: number): void {
    this.#seedSequence = undefined;
    this.#entropy[0] = lo;
    this.#entropy[1] = hi;
    // A seed below 2^32 is one word for NumPy, but missing words are hashed as zeros
    mixEntropy(this.#pool, this.#entropy);
    generateWords(this.#pool, this.#seed);
    this.#start();
  }

  /** Takes the next 64-bit output and returns the index of its low word in `words`. */
  take(): number {
    let at = this.#next;
    if (at === 2 * BATCH) {
      this.#refill();
      at = 0;
    }
    this.#next = at + 2;
    return at;
  }

  /** Next 64 bits as a bigint in [0, 2^64); NumPy's `random_raw`. */
  next64(): bigint {
    const at = this.take();
    return (BigInt(this.words[at + 1]!) << 32n) | BigInt(this.words[at]!);
  }

  /** Next 32 bits, in [0, 2^32): the lower half of a fresh output, then its upper half. */
  next32(): number {
    if (this.#hasUint32) {
      this.#hasUint32 = false;
      return this.#uinteger;
    }
    const at = this.take();
    this.#hasUint32 = true;
    this.#uinteger = this.words[at + 1]!;
    return this.words[at]!;
  }

  /** Next float64 in [0, 1) with 53 random bits. */
  nextDouble(): number {
    const at = this.take();
    return (this.words[at + 1]! * 2097152 + (this.words[at]! >>> 11)) * 2 ** -53;
  }

  /** Moves as if `delta` outputs were taken, and forgets the waiting half; negative goes back. */
  advance(delta: bigint): this {
    const { state, inc } = this.getState();
    this.#place(advanceState(state, inc, delta));
    this.#hasUint32 = false;
    this.#uinteger = 0;
    return this;
  }

  /** A new generator that is `jumps` times 2^128 * (golden ratio - 1) outputs ahead. */
  jumped(jumps: number | bigint = 1): PCG64 {
    const far = this.clone();
    return far.advance(JUMP * BigInt(jumps));
  }

  /** A generator of its own in the same state. */
  clone(): PCG64 {
    const copy = new PCG64(this.seedSequence);
    copy.setState(this.getState());
    return copy;
  }

  /** Where it is among the outputs that were made together, and whether half of one waits. */
  quickPosition(): number {
    return this.#hasUint32 ? ~this.#next : this.#next;
  }

  /** The state between the last output taken and the next. */
  getState(): Pcg64State {
    const inc = this.#read(8);
    return {
      state: advanceState(this.#read(0), inc, BigInt(this.#next >> 1)),
      inc,
      hasUint32: this.#hasUint32,
      uinteger: this.#uinteger,
    };
  }

  /**
   * Puts the generator where `getState` was called.
   *
   * @throws {RangeError} if a number is out of its range or the increment is even
   */
  setState(state: Pcg64State): void {
    if (state.state < 0n || state.state > MASK_128 || state.inc < 0n || state.inc > MASK_128) {
      throw new ArgumentRangeError("Cannot set the state: state and inc must be in [0, 2^128)");
    }
    if ((state.inc & 1n) === 0n) {
      throw new ArgumentRangeError(`Cannot set the state: inc must be odd: inc is ${state.inc}`);
    }
    if (state.uinteger >>> 0 !== state.uinteger) {
      throw new ArgumentRangeError(
        `Cannot set the state: uinteger must be in [0, 2^32): it is ${state.uinteger}`,
      );
    }
    this.#write(8, state.inc);
    this.#place(state.state);
    this.#hasUint32 = state.hasUint32;
    this.#uinteger = state.uinteger;
  }

  /** Starts from the seed words: state in the first four, stream in the others, high halves first. */
  #start(): void {
    const seed = this.#seed;
    const s = this.#state;
    s[8] = (seed[6]! << 1) | 1;
    s[9] = (seed[7]! << 1) | (seed[6]! >>> 31);
    s[10] = (seed[4]! << 1) | (seed[7]! >>> 31);
    s[11] = (seed[5]! << 1) | (seed[4]! >>> 31);
    // Seeding starts from 0 and makes a step, adds the seed, and makes another step
    let carry = 0;
    for (let i = 0; i < 4; i++) {
      const sum = (s[8 + i]! >>> 0) + seed[i < 2 ? i + 2 : i - 2]! + carry;
      s[4 + i] = sum;
      carry = sum > 0xffffffff ? 1 : 0;
    }
    this.#refill();
    this.#next = 2;
    this.#hasUint32 = false;
    this.#uinteger = 0;
  }

  /** Puts the congruential generator at a state, increment unchanged. */
  #place(state: bigint): void {
    this.#write(4, state);
    this.#refill();
    this.#next = 0;
  }

  #read(at: number): bigint {
    const s = this.#state;
    let value = 0n;
    for (let i = 3; i >= 0; i--) value = (value << 32n) | BigInt(s[at + i]! >>> 0);
    return value;
  }

  #write(at: number, value: bigint): void {
    for (let i = 0; i < 4; i++) this.#state[at + i] = Number((value >> BigInt(32 * i)) & WORD);
  }

  /**
   * Makes the next outputs. Of a sum of products of 32-bit words doubles give the upper part with an
   * error far below 1 once the known lower word is taken off, so that rounding makes it exact; the
   * lower word comes from 32-bit integers. Measured 1.5 times as fast as 16-bit integer pieces.
   */
  #refill(): void {
    const s = this.#state;
    const words = this.words;
    let a0 = s[4]!;
    let a1 = s[5]!;
    let a2 = s[6]!;
    let a3 = s[7]!;
    const i0 = s[8]!;
    const i1 = s[9]!;
    const i2 = s[10]!;
    const i3 = s[11]!;
    s[0] = a0;
    s[1] = a1;
    s[2] = a2;
    s[3] = a3;
    // State and increment again as fractions of 2^32, which spares conversions and scaling
    let f0 = (a0 >>> 0) * SCALE;
    let f1 = (a1 >>> 0) * SCALE;
    let f2 = (a2 >>> 0) * SCALE;
    const g0 = (i0 >>> 0) * SCALE;
    const g1 = (i1 >>> 0) * SCALE;
    const g2 = (i2 >>> 0) * SCALE;
    for (let at = 0; at < 2 * BATCH; at += 2) {
      // Word by word: r is the word, h the same as a fraction, u what it carries into the next one
      const r0 = Math.imul(a0, M0) + i0 | 0;
      const h0 = (r0 >>> 0) * SCALE;
      const u0 = (f0 * M0 + (g0 - h0) + ROUNDER) - ROUNDER;
      const r1 = (Math.imul(a0, M1) + Math.imul(a1, M0) + i1 | 0) + (u0 | 0) | 0;
      const h1 = (r1 >>> 0) * SCALE;
      const u1 = (f0 * M1 + f1 * M0 + (g1 - h1 + u0 * SCALE) + ROUNDER) - ROUNDER;
      const r2 = (Math.imul(a0, M2) + Math.imul(a1, M1) + Math.imul(a2, M0) + i2 | 0) + (u1 | 0) |
        0;
      const h2 = (r2 >>> 0) * SCALE;
      const u2 = (f0 * M2 + f1 * M1 + f2 * M0 + (g2 - h2 + u1 * SCALE) + ROUNDER) - ROUNDER;
      const r3 = (Math.imul(a0, M3) + Math.imul(a1, M2) + Math.imul(a2, M1) +
              Math.imul(a3, M0) + i3 | 0) + (u2 | 0) | 0;
      a0 = r0;
      a1 = r1;
      a2 = r2;
      a3 = r3;
      f0 = h0;
      f1 = h1;
      f2 = h2;
      // XSL: fold both halves; RR: rotate right by the top six bits, without a branch
      const rotation = r3 >>> 26;
      let lo = r0 ^ r2;
      let hi = r1 ^ r3;
      const swap = (lo ^ hi) & -(rotation >>> 5);
      lo ^= swap;
      hi ^= swap;
      const right = rotation & 31;
      const left = 31 - right;
      words[at] = (lo >>> right) | ((hi << 1) << left);
      words[at + 1] = (hi >>> right) | ((lo << 1) << left);
    }
    s[4] = a0;
    s[5] = a1;
    s[6] = a2;
    s[7] = a3;
  }
}

/** State after `delta` steps in O(log delta), by squaring the affine map (Brown 1994). */
function advanceState(state: bigint, inc: bigint, delta: bigint): bigint {
  let multiplier = MULTIPLIER;
  let plus = inc;
  let result = state;
  for (let rest = delta & MASK_128; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * multiplier + plus) & MASK_128;
    plus = ((multiplier + 1n) * plus) & MASK_128;
    multiplier = (multiplier * multiplier) & MASK_128;
  }
  return result;
}
