/**
 * NumPy's `Generator` over PCG64 with the draws of NumPy 2.4: the "numpy" backend.
 * This module is browser compatible.
 *
 * @module
 */

import { ArgumentRangeError } from "../../errors.ts";
import { refuseSurplus, requireOptions } from "../draw_options.ts";
import { ARGUMENT_COUNTS, requireDefined, requireNonNegative, requireNumber } from "./arguments.ts";
import { boundedInteger } from "./bounded.ts";

import { choose } from "./choice.ts";
import { NumpyDistributions } from "./distributions.ts";
import { drawFloats, EXPONENTIAL, EXPONENTIAL_INVERSE, NORMAL, UNIFORM } from "./floats.ts";
import { standardGamma, standardGamma32 } from "./gamma.ts";
import { drawIntegers } from "./integers.ts";
import { permutation, permuted, shuffle } from "./shuffle.ts";
import { countOf, fillSize, sizeOf } from "./size.ts";
import { standardExponential, standardNormal } from "./ziggurat.ts";
import { PCG64 } from "./pcg64.ts";
import type { Rng } from "../rng.ts";
import { isUint128 } from "../state_fields.ts";
import type { SeedSequence } from "./seed_sequence.ts";
import type {
  AxisOptions,
  ChoiceOptions,
  Draw,
  Entropy,
  ExponentialOptions,
  FloatArray,
  FloatDtype,
  FloatOptions,
  IntegerArrays,
  IntegerDtype,
  Integers,
  IntegerScalar,
  IntegersOptions,
  NumericArray,
  NumpyGeneratorState,
  OutOptions,
  Shaped,
  Size,
  SizeOptions,
  Swappable,
} from "./types.ts";
import type { StateFields } from "../types.ts";

/**
 * NumPy's `numpy.random.Generator(numpy.random.PCG64(seed))`: the same draws from the same calls. Names
 * are NumPy's in camelCase, keyword arguments a last options object. docs/numpy.md says which methods
 * give the same bits and which may differ in the last one.
 *
 * @example Usage
 * ```ts
 * import { NumpyGenerator } from "@rewind/cli";
 * import { assertEquals } from "@std/assert";
 *
 * const rng = new NumpyGenerator(0);
 * assertEquals(rng.random(), 0.6369616873214543);
 * assertEquals(rng.integers(10, undefined, { size: 3 }).length, 3);
 * assertEquals(rng.normal(0, 1, { size: [2, 4] }).shape, [2, 4]);
 * ```
 */
export class NumpyGenerator extends NumpyDistributions implements Rng {
  /** @internal */
  static readonly stateFields: StateFields = {
    state: isUint128,
    inc: (value) => isUint128(value) && (value & 1n) === 1n,
    hasUint32: (value) => typeof value === "boolean",
    uinteger: (value) =>
      typeof value === "number" && value >>> 0 === value && !Object.is(value, -0),
    spawned: (value) => Number.isSafeInteger(value) && (value as number) >= 0,
  };

  /** Always "numpy". */
  readonly backend = "numpy";

  /** The generator of random bits; its state is this generator's. */
  override readonly bitGenerator: PCG64;

  /**
   * Seeds as `numpy.random.default_rng` does; a `PCG64` is taken as it is and shared.
   *
   * @throws {RangeError | TypeError} if a seed is negative or unsafe, or not of integers
   */
  constructor(seed: Entropy | SeedSequence | PCG64) {
    super();
    this.bitGenerator = seed instanceof PCG64 ? seed : new PCG64(seed);
  }

  /** Becomes what `new NumpyGenerator(hi * 2^32 + lo)` is, without allocating. */
  reseed(hi: number, lo: number): void {
    this.bitGenerator.reseed(hi, lo);
    this.arrays.reset();
  }

  /** @internal */
  capture(): NumpyGeneratorState {
    const { seedSequence } = this.bitGenerator;
    return { ...this.bitGenerator.getState(), spawned: seedSequence.childrenSpawned };
  }

  /** @internal */
  position(): string {
    const { uinteger, ...state } = this.capture();
    return [...Object.values(state), state.hasUint32 ? uinteger : 0].join(".");
  }

  /** @internal */
  quickPosition(): number {
    return this.bitGenerator.quickPosition();
  }

  /** @internal */
  restore({ spawned, state, inc, hasUint32, uinteger }: NumpyGeneratorState): void {
    this.bitGenerator.setState({ state, inc, hasUint32, uinteger });
    this.bitGenerator.seedSequence.resume(spawned);
  }

  /** `count` new generators whose draws have nothing to do with each other's or with this one's. */
  spawn(count: number): NumpyGenerator[] {
    return this.bitGenerator.seedSequence.spawn(count).map((seed) => new NumpyGenerator(seed));
  }

  /** Uniform in [0, 1) with 53 random bits. */
  random(): number;
  /** As many of them as `size` says, or with 24 random bits for float32. */
  random<S extends Size | undefined = undefined, D extends FloatDtype = "float64">(
    options: FloatOptions<S, D>,
  ): Draw<S, FloatArray<D>>;
  /** The same into an array. */
  random<A extends Float64Array | Float32Array>(options: OutOptions<A>): A;
  random(options?: FloatOptions | OutOptions<Float64Array>): number | Drawn {
    if (options === undefined) return this.bitGenerator.nextDouble();
    return drawFloats(this.bitGenerator, this.arrays, UNIFORM, options);
  }

  /** Normal with mean 0 and variance 1. */
  standardNormal<S extends Size | undefined = undefined, D extends FloatDtype = "float64">(
    options?: FloatOptions<S, D>,
  ): Draw<S, FloatArray<D>>;
  /** The same into an array. */
  standardNormal<A extends Float64Array | Float32Array>(options: OutOptions<A>): A;
  standardNormal(options?: FloatOptions | OutOptions<Float64Array>): number | Drawn {
    if (options === undefined) return standardNormal(this.bitGenerator);
    return drawFloats(this.bitGenerator, this.arrays, NORMAL, options);
  }

  /** Exponential with mean 1. */
  standardExponential<S extends Size | undefined = undefined, D extends FloatDtype = "float64">(
    options?: ExponentialOptions<S, D>,
  ): Draw<S, FloatArray<D>>;
  /** The same into an array. */
  standardExponential<A extends Float64Array | Float32Array>(
    options: OutOptions<A> & Pick<ExponentialOptions, "method">,
  ): A;
  standardExponential(
    options?: ExponentialOptions | (OutOptions<Float64Array> & Pick<ExponentialOptions, "method">),
  ): number | Drawn {
    if (options === undefined) return standardExponential(this.bitGenerator);
    requireOptions(options, ["size", "dtype", "out", "method"]);
    const { method = "zig", ...rest } = options;
    if (method !== "zig" && method !== "inv") {
      throw new ArgumentRangeError(
        `Cannot draw from standardExponential by '${method}': method must be 'zig' or 'inv'`,
      );
    }
    const sampler = method === "zig" ? EXPONENTIAL : EXPONENTIAL_INVERSE;
    return drawFloats(this.bitGenerator, this.arrays, sampler, rest);
  }

  /** Gamma of `shape` >= 0 and scale 1. */
  standardGamma<S extends Size | undefined = undefined, D extends FloatDtype = "float64">(
    shape: number,
    options?: FloatOptions<S, D>,
  ): Draw<S, FloatArray<D>>;
  /** The same into an array. */
  standardGamma<A extends Float64Array | Float32Array>(shape: number, options: OutOptions<A>): A;
  standardGamma(
    shape: number,
    options: FloatOptions | OutOptions<Float64Array> = {},
  ): number | Drawn {
    requireNonNegative("standardGamma", "shape", shape);
    requireDefined("standardGamma", "shape", shape);
    return drawFloats(this.bitGenerator, this.arrays, {
      method: "standardGamma",
      draw: (bits) => standardGamma(bits, shape),
      draw32: (bits) => standardGamma32(bits, shape),
      fill(bits, out) {
        for (let i = 0; i < out.length; i++) out[i] = standardGamma(bits, shape);
      },
    }, options);
  }

  /** Normal with mean `loc` and standard deviation `scale` >= 0. */
  normal<S extends Size | undefined = undefined>(
    loc = 0,
    scale = 1,
    options: SizeOptions<S> | undefined = undefined,
  ): Draw<S> {
    requireNumber("normal", "loc", loc);
    requireNonNegative("normal", "scale", scale);
    const bits = this.bitGenerator;
    const size = sizeOf(options);
    if (size === undefined) return loc + scale * standardNormal(bits) as Draw<S>;
    return fillSize(
      size,
      (count) => fillNormal(bits, this.arrays.take(count), loc, scale),
    ) as Draw<S>;
  }

  /** Uniform in [low, high). */
  uniform<S extends Size | undefined = undefined>(
    low = 0,
    high = 1,
    options: SizeOptions<S> | undefined = undefined,
  ): Draw<S> {
    requireNumber("uniform", "low", low);
    requireNumber("uniform", "high", high);
    const range = high - low;
    if (!Number.isFinite(range)) {
      throw new ArgumentRangeError(
        `Cannot draw from uniform: high - low must be finite: it is ${range}`,
      );
    }
    requireNonNegative("uniform", "high - low", range);
    const bits = this.bitGenerator;
    const size = sizeOf(options);
    if (size === undefined) return low + range * bits.nextDouble() as Draw<S>;
    return fillSize(size, (count) => {
      const out = this.arrays.take(count);
      for (let i = 0; i < count; i++) out[i] = low + range * bits.nextDouble();
      return out;
    }) as Draw<S>;
  }

  /**
   * Uniform integers in [low, high), or in [0, low) without `high`; numbers, or bigints where some value
   * of the range is not a safe integer. Sized ones fill a Float64Array or a BigInt64Array.
   *
   * @throws {RangeError} if the range is empty or leaves 64 bits, or a number is not a safe integer
   * @throws {TypeError} if a bound is not an integer
   */
  integers<S extends Size | undefined = undefined>(
    low: number,
    high?: number,
    options?: IntegersOptions<S, undefined>,
  ): Draw<S>;
  /** The same with bigint bounds. */
  integers<S extends Size | undefined = undefined>(
    low: number | bigint,
    high?: number | bigint,
    options?: IntegersOptions<S, undefined>,
  ): Draw<S, Float64Array | BigInt64Array, number | bigint>;
  /** The same of a dtype: its typed array, and for one draw a boolean, a number or (64 bits) a bigint. */
  integers<D extends IntegerDtype, S extends Size | undefined = undefined>(
    low: number | bigint,
    high: number | bigint | undefined,
    options: IntegersOptions<S, D> & { readonly dtype: D },
  ): Draw<S, IntegerArrays[D], IntegerScalar<D>>;
  integers(
    low: number | bigint,
    high?: number | bigint,
    options: IntegersOptions | undefined = undefined,
  ): Integers {
    if (options === undefined && typeof low === "number") {
      const from = high === undefined ? 0 : low;
      const span = high === undefined ? low - 1 : typeof high === "number" ? high - low - 1 : -1;
      // Else the general way, which also finds what is wrong with the bounds
      if (span >= 0 && Number.isSafeInteger(from) && Number.isSafeInteger(span)) {
        if (Number.isSafeInteger(from + span)) {
          return from + boundedInteger(this.bitGenerator, span);
        }
      }
    }
    const [from, end] = high === undefined ? [0, low] : [low, high];
    return drawIntegers(this.bitGenerator, this.arrays, from, end, options);
  }

  /**
   * `length` random bytes; a rest of the last 32-bit word is thrown away.
   *
   * @throws {RangeError} if the length is negative
   * @throws {TypeError} if it is not an integer
   */
  bytes(length: number): Uint8Array {
    requireNumber("bytes", "length", length);
    // Even no bytes cost NumPy a word: C's division rounds (0 - 1) / 4 up to 0
    const words = Math.max(1, Math.ceil(countOf(length) / 4));
    const bytes = new Uint8Array(4 * words);
    const view = new DataView(bytes.buffer);
    for (let at = 0; at < bytes.length; at += 4) {
      view.setUint32(at, this.bitGenerator.next32(), true);
    }
    return bytes.slice(0, length);
  }

  /**
   * Integers below a number, as numbers, elements of a list or typed array, in arrays of its kind, or
   * rows of `{shape, data}` along an axis (default 0), where `size` then takes the place of that axis.
   *
   * @throws {RangeError} if there is nothing or not enough to choose from, or `p` is no distribution, or
   * there is no such axis
   */
  choice<S extends Size | undefined = undefined>(a: number, options?: ChoiceOptions<S>): Draw<S>;
  /** Elements of a typed array. */
  choice<A extends NumericArray, S extends Size | undefined = undefined>(
    a: A,
    options?: ChoiceOptions<S>,
  ): Draw<S, A, A[number]>;
  /** Elements of a list. */
  choice<T, S extends Size | undefined = undefined>(
    a: readonly T[],
    options?: ChoiceOptions<S>,
  ): Draw<S, T[], T>;
  /** Rows of an array of several dimensions. */
  choice<A extends readonly unknown[] | NumericArray>(
    a: Shaped<A>,
    options?: ChoiceOptions,
  ): Shaped<A>;
  choice(a: unknown, options: ChoiceOptions = {}): unknown {
    requireOptions(options, ["size", "replace", "p", "shuffle", "axis"]);
    return choose(this.bitGenerator, a, options);
  }

  /**
   * Shuffles a list, a typed array, or the rows of `{shape, data}` along an axis (default 0), in place.
   *
   * @throws {TypeError} if it is none of those
   * @throws {RangeError} if there is no such axis
   */
  shuffle(
    x: unknown[] | NumericArray | Shaped<unknown[] | NumericArray>,
    options: AxisOptions = {},
  ): void {
    requireOptions(options, ["axis"]);
    shuffle(this.bitGenerator, x as Swappable, options.axis ?? 0);
  }

  /** The integers from 0 to x - 1 in random order. */
  permutation(x: number): Float64Array;
  /** A copy with the elements, or the rows along an axis (default 0), in random order. */
  permutation<A extends readonly unknown[] | NumericArray | Shaped<unknown[] | NumericArray>>(
    x: A,
    options?: AxisOptions,
  ): A;
  permutation(x: unknown, options: AxisOptions = {}): unknown {
    requireOptions(options, ["axis"]);
    return permutation(this.bitGenerator, x as Swappable, options.axis ?? 0);
  }

  /**
   * A copy in which every row along the axis is shuffled on its own, or, without an axis, all elements
   * with each other.
   */
  permuted<A extends readonly unknown[] | NumericArray | Shaped<unknown[] | NumericArray>>(
    x: A,
    options: AxisOptions = {},
  ): A {
    requireOptions(options, ["axis"]);
    return permuted(this.bitGenerator, x as Swappable, options.axis) as A;
  }
}

refuseSurplus(NumpyGenerator.prototype, ARGUMENT_COUNTS);

/** What the standard methods give besides a number. */
type Drawn = Float64Array | Float32Array | Shaped<Float64Array | Float32Array>;

/** A function of its own: a closure made at each call would read its variables through its context. */
function fillNormal(bits: PCG64, out: Float64Array, loc: number, scale: number): Float64Array {
  for (let i = 0; i < out.length; i++) out[i] = loc + scale * standardNormal(bits);
  return out;
}
