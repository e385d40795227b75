/**
 * Random integers and bytes as CPython's `random.Random` draws them, over any source of 32-bit words.
 * This module is browser compatible.
 *
 * @module
 */

import { refuseSurplus } from "../draw_options.ts";
import { ArgumentRangeError, ArgumentTypeError } from "../../errors.ts";
import { GETRANDBITS_BITS_MAX } from "../../limits.ts";
import type { NumberBits } from "../types.ts";

/**
 * The integer methods, the same for each backend that gives 32-bit words.
 *
 * @internal
 */
export abstract class RandomIntegers {
  /** Next float64 in [0, 1) with 53 random bits. */
  abstract random(): number;

  /** Next 32 random bits, an integer in [0, 2^32). */
  protected abstract next32(): number;

  /**
   * Draws `bits` random bits as an integer: a number up to 53 bits, a bigint above.
   *
   * @throws {TypeError | RangeError} If `bits` is no integer, negative or above 2^30.
   */
  getrandbits(bits: NumberBits): number;
  /** Draws `bits` random bits: a number up to 53 bits, a bigint above. */
  getrandbits(bits: number): number | bigint;
  getrandbits(bits: number): number | bigint {
    if (bits > 0 && bits <= 32 && Number.isInteger(bits)) return this.next32() >>> (32 - bits);
    checkCount("bits", bits, GETRANDBITS_BITS_MAX);
    if (bits === 0) return 0;
    if (bits > 53) return this.#bigBits(bits);
    const low = this.next32();
    return (this.next32() >>> (64 - bits)) * 2 ** 32 + low;
  }

  /**
   * Draws `n` random bytes.
   *
   * @throws {TypeError | RangeError} If `n` is no integer, negative or above 2^27.
   */
  randbytes(n: number): Uint8Array {
    checkCount("bytes", n, GETRANDBITS_BITS_MAX / 8);
    const bytes = new Uint8Array(n);
    for (let i = 0; i < n; i += 4) {
      // The last word gives its upper bits, as CPython shifts the surplus out.
      let word = this.next32() >>> (8 * Math.max(0, i + 4 - n));
      for (let j = i; j < Math.min(i + 4, n); j++) {
        bytes[j] = word;
        word >>>= 8;
      }
    }
    return bytes;
  }

  /**
   * Draws from `range(stop)` or `range(start, stop, step)`, as in Python. All arguments are safe
   * integers, or bigints of any size; the result is a bigint where one of them is.
   *
   * @throws {TypeError} If an argument is no integer, or `step` is given without `stop`.
   * @throws {RangeError} If the range is empty or `step` is 0.
   */
  randrange(start: number, stop?: number, step?: number): number;
  /** Draws from a range of bigints, of any size. */
  randrange(start: bigint, stop?: number | bigint, step?: number | bigint): bigint;
  /** Draws a bigint where one of the arguments is one, else a number. */
  randrange(
    start: number | bigint,
    stop?: number | bigint,
    step?: number | bigint,
  ): number | bigint;
  randrange(
    start: number | bigint,
    stop?: number | bigint,
    step: number | bigint = 1,
  ): number | bigint {
    if (stop === undefined && step !== 1) {
      throw new ArgumentTypeError("Cannot draw from a range by step: 'stop' is missing");
    }
    const from = stop === undefined ? 0 : start;
    const to = stop === undefined ? start : stop;
    if (typeof from === "number" && typeof to === "number" && typeof step === "number") {
      checkInteger("start", from);
      checkInteger("stop", to);
      checkInteger("step", step);
      const span = step < 0 ? from - to : to - from;
      if (span > 0 && span <= Number.MAX_SAFE_INTEGER && step !== 0) {
        if (step === 1) return from + this.randbelow(span);
        const size = Math.abs(step);
        const count = (span - 1 - (span - 1) % size) / size + 1;
        // An integer of CPython's is never -0, which is another state than 0.
        return from + step * this.randbelow(count) + 0;
      }
      return Number(this.#bigRange(BigInt(from), BigInt(to), BigInt(step)));
    }
    const whole = from === 0 ? 0n : toBigInt("start", from);
    return this.#bigRange(whole, toBigInt("stop", to), toBigInt("step", step));
  }

  /**
   * Draws an integer in [a, b], both ends included; a bigint where `a` or `b` is one.
   *
   * @throws {TypeError} If an argument is no integer.
   * @throws {RangeError} If `b` is less than `a`.
   */
  randint(a: number, b: number): number;
  /** Draws an integer in [a, b], of any size. */
  randint(a: bigint, b: number | bigint): bigint;
  /** Draws a bigint where `a` or `b` is one, else a number. */
  randint(a: number | bigint, b: number | bigint): number | bigint;
  randint(a: number | bigint, b: number | bigint): number | bigint {
    if (typeof a === "number" && typeof b === "number") {
      checkInteger("a", a);
      checkInteger("b", b);
      const count = b - a + 1;
      if (count > 0 && count <= Number.MAX_SAFE_INTEGER) return a + this.randbelow(count);
      return Number(this.#bigRange(BigInt(a), BigInt(b) + 1n, 1n));
    }
    return this.#bigRange(toBigInt("a", a), toBigInt("b", b) + 1n, 1n);
  }

  /** CPython's `_randbelow`: an integer in [0, n), for an integer n in [1, 2^53). */
  protected randbelow(n: number): number {
    let r;
    if (n < 2 ** 32) {
      const shift = Math.clz32(n);
      do r = this.next32() >>> shift; while (r >= n);
      return r;
    }
    const shift = Math.clz32(n / 2 ** 32);
    do {
      r = this.next32();
      r += (this.next32() >>> shift) * 2 ** 32;
    } while (r >= n);
    return r;
  }

  /** `range(from, to, step)` at any size. */
  #bigRange(from: bigint, to: bigint, step: bigint): bigint {
    if (step === 0n) throw new ArgumentRangeError("Cannot draw from a range: its step is 0");
    const span = step < 0n ? from - to : to - from;
    if (span <= 0n) {
      throw new ArgumentRangeError(
        `Cannot draw from an empty range: start is ${from}, stop is ${to}, step is ${step}`,
      );
    }
    const count = (span - 1n) / (step < 0n ? -step : step) + 1n;
    const bits = count.toString(2).length;
    let r;
    do r = BigInt(this.getrandbits(bits)); while (r >= count);
    return from + step * r;
  }

  /** More than 53 bits: words from the lowest up, the last one cut to what is left. */
  #bigBits(bits: number): bigint {
    const words: string[] = [];
    let left = bits;
    for (; left > 32; left -= 32) words.push(this.next32().toString(16).padStart(8, "0"));
    words.push((this.next32() >>> (32 - left)).toString(16));
    return BigInt(`0x${words.reverse().join("")}`);
  }
}

refuseSurplus(RandomIntegers.prototype, {
  1: "getrandbits randbytes",
  2: "randint",
  3: "randrange",
});

function checkInteger(name: string, value: number): void {
  if (!Number.isSafeInteger(value)) {
    throw new ArgumentTypeError(
      `Cannot draw an integer: '${name}' must be a safe integer or a bigint: current value is ${value}`,
    );
  }
}

function toBigInt(name: string, value: number | bigint): bigint {
  if (typeof value !== "bigint") checkInteger(name, value);
  return BigInt(value);
}

function checkCount(what: string, count: number, countMax: number): void {
  if (!Number.isInteger(count)) {
    throw new ArgumentTypeError(`Cannot draw ${count} ${what}: the number must be an integer`);
  }
  if (count < 0 || count > countMax) {
    throw new ArgumentRangeError(
      `Cannot draw ${count} ${what}: the number must be between 0 and ${countMax}`,
    );
  }
}
