/**
 * NumPy's `Generator` over PCG64 with the draws of NumPy 2.4: the "numpy" backend.
 * This module is browser compatible.
 *
 * @module
 */

import { requireNonNegative, requireNumber } from "./numpy_arguments.ts";
import { boundedInteger } from "./numpy_bounded.ts";
import {
  drawIntegers,
  type IntegerArrays,
  type IntegerDtype,
  type Integers,
  type IntegerScalar,
  type IntegersOptions,
} from "./numpy_integers.ts";
import { type Draw, fillSize, type Shaped, type Size, type SizeOptions } from "./numpy_size.ts";
import {
  inverseExponential,
  inverseExponential32,
  nextFloat,
  standardExponential,
  standardExponential32,
  standardNormal,
  standardNormal32,
} from "./numpy_ziggurat.ts";
import { PCG64 } from "./pcg64.ts";
import type { Rng } from "./rng.ts";
import type { Entropy, SeedSequence } from "./seed_sequence.ts";

/** Width of the numbers that the standard methods draw. */
export type FloatDtype = "float64" | "float32";

/** The typed array that a float dtype fills. */
export type FloatArray<D> = D extends "float32" ? Float32Array : Float64Array;

/** Options of the methods that can draw float32 too. */
export interface FloatOptions<
  S extends Size | undefined = Size | undefined,
  D extends FloatDtype = FloatDtype,
> extends SizeOptions<S> {
  /** "float32" takes 32 random bits a draw and gives numbers that float32 holds; default "float64". */
  readonly dtype?: D;
}

/** Options of `standardExponential`. */
export interface ExponentialOptions<
  S extends Size | undefined = Size | undefined,
  D extends FloatDtype = FloatDtype,
> extends FloatOptions<S, D> {
  /** "zig", the fast ziggurat, or "inv", one logarithm and one output a draw; default "zig". */
  readonly method?: "zig" | "inv";
}

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
export class NumpyGenerator implements Rng {
  /** Always "numpy". */
  readonly backend = "numpy";

  /** The generator of random bits; its state is this generator's. */
  readonly bitGenerator: PCG64;

  /**
   * Seeds as `numpy.random.default_rng` does; a `PCG64` is taken as it is and shared.
   *
   * @throws {RangeError} if a seed is negative or an unsafe number
   * @throws {TypeError} if the seed is neither an integer nor a list of integers
   */
  constructor(seed: Entropy | SeedSequence | PCG64) {
    this.bitGenerator = seed instanceof PCG64 ? seed : new PCG64(seed);
  }

  /** Becomes what `new NumpyGenerator(hi * 2^32 + lo)` is, without allocating. */
  reseed(hi: number, lo: number): void {
    this.bitGenerator.reseed(hi, lo);
  }

  /** `count` new generators whose draws have nothing to do with each other's or with this one's. */
  spawn(count: number): NumpyGenerator[] {
    return this.bitGenerator.seedSequence.spawn(count).map((seed) => new NumpyGenerator(seed));
  }

  /** Uniform in [0, 1) with 53 random bits (24 for float32). */
  random<S extends Size | undefined = undefined, D extends FloatDtype = "float64">(
    options?: FloatOptions<S, D>,
  ): Draw<S, FloatArray<D>> {
    const bits = this.bitGenerator;
    if (options === undefined) return bits.nextDouble() as Draw<S, FloatArray<D>>;
    return drawFloats("random", options, () => bits.nextDouble(), () => nextFloat(bits));
  }

  /** Normal with mean 0 and variance 1. */
  standardNormal<S extends Size | undefined = undefined, D extends FloatDtype = "float64">(
    options?: FloatOptions<S, D>,
  ): Draw<S, FloatArray<D>> {
    const bits = this.bitGenerator;
    if (options === undefined) return standardNormal(bits) as Draw<S, FloatArray<D>>;
    return drawFloats(
      "standardNormal",
      options,
      () => standardNormal(bits),
      () => standardNormal32(bits),
    );
  }

  /** Exponential with mean 1. */
  standardExponential<S extends Size | undefined = undefined, D extends FloatDtype = "float64">(
    options?: ExponentialOptions<S, D>,
  ): Draw<S, FloatArray<D>> {
    const bits = this.bitGenerator;
    if (options === undefined) return standardExponential(bits) as Draw<S, FloatArray<D>>;
    const { method = "zig" } = options;
    if (method !== "zig" && method !== "inv") {
      throw new RangeError(
        `Cannot draw from standardExponential by '${method}': method must be 'zig' or 'inv'`,
      );
    }
    return method === "zig"
      ? drawFloats(
        "standardExponential",
        options,
        () => standardExponential(bits),
        () => standardExponential32(bits),
      )
      : drawFloats(
        "standardExponential",
        options,
        () => inverseExponential(bits),
        () => inverseExponential32(bits),
      );
  }

  /** Normal with mean `loc` and standard deviation `scale`. */
  normal<S extends Size | undefined = undefined>(
    loc = 0,
    scale = 1,
    options: SizeOptions<S> | undefined = undefined,
  ): Draw<S> {
    requireNumber("normal", "loc", loc);
    requireNonNegative("normal", "scale", scale);
    const bits = this.bitGenerator;
    if (options?.size === undefined) return loc + scale * standardNormal(bits) as Draw<S>;
    return fillSize(options.size, (count) => {
      const out = new Float64Array(count);
      for (let i = 0; i < count; i++) out[i] = loc + scale * standardNormal(bits);
      return out;
    }) as Draw<S>;
  }

  /** Uniform in [low, high). */
  uniform<S extends Size | undefined = undefined>(
    low = 0,
    high = 1,
    options: SizeOptions<S> | undefined = undefined,
  ): Draw<S> {
    const range = high - low;
    requireNonNegative("uniform", "high - low", range);
    if (!Number.isFinite(range)) {
      throw new RangeError(`Cannot draw from uniform as high - low must be finite: it is ${range}`);
    }
    const bits = this.bitGenerator;
    if (options?.size === undefined) return low + range * bits.nextDouble() as Draw<S>;
    return fillSize(options.size, (count) => {
      const out = new Float64Array(count);
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
    if (options === undefined && typeof low === "number" && typeof high !== "bigint") {
      const from = high === undefined ? 0 : low;
      const span = (high ?? low) - from - 1;
      // Else the general way, which also finds what is wrong with the bounds
      if (span >= 0 && Number.isSafeInteger(from) && Number.isSafeInteger(from + span)) {
        if (Number.isSafeInteger(span)) return from + boundedInteger(this.bitGenerator, span);
      }
    }
    return high === undefined
      ? drawIntegers(this.bitGenerator, 0, low, options ?? {})
      : drawIntegers(this.bitGenerator, low, high, options ?? {});
  }
}

/** One float or an array of them, of the dtype that the options ask for. */
function drawFloats<S extends Size | undefined, D extends FloatDtype>(
  method: string,
  options: FloatOptions<S, D>,
  draw: () => number,
  draw32: () => number,
): Draw<S, FloatArray<D>> {
  const { size } = options;
  const dtype: FloatDtype = options.dtype ?? "float64";
  if (dtype !== "float64" && dtype !== "float32") {
    throw new TypeError(
      `Cannot draw from ${method} as '${dtype}': dtype must be 'float64' or 'float32'`,
    );
  }
  const single = dtype === "float32";
  const next = single ? draw32 : draw;
  if (size === undefined) return next() as Draw<S, FloatArray<D>>;
  const drawn: Float64Array | Float32Array | Shaped<Float64Array | Float32Array> = fillSize(
    size,
    (count) => {
      const out = single ? new Float32Array(count) : new Float64Array(count);
      for (let i = 0; i < count; i++) out[i] = next();
      return out;
    },
  );
  return drawn as Draw<S, FloatArray<D>>;
}
