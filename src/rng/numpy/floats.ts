/**
 * The options that NumPy's standard methods share: width of the numbers, size, and an array to fill.
 * This module is browser compatible.
 *
 * @module
 */

import { ArgumentRangeError, ArgumentTypeError } from "../../errors.ts";
import { requireOptions } from "../draw_options.ts";
import { countOf, fillSize, type Float64Pool } from "./size.ts";
import {
  inverseExponential,
  inverseExponential32,
  nextFloat,
  standardExponential,
  standardExponential32,
  standardNormal,
  standardNormal32,
} from "./ziggurat.ts";
import type { PCG64 } from "./pcg64.ts";
import type {
  Draw,
  FloatArray,
  FloatDtype,
  FloatOptions,
  FloatSampler,
  OutOptions,
  Size,
} from "./types.ts";

/** Uniform in [0, 1). */
export const UNIFORM: FloatSampler<PCG64> = {
  method: "random",
  draw: (bits) => bits.nextDouble(),
  draw32: nextFloat,
  fill(bits, out) {
    for (let i = 0; i < out.length; i++) out[i] = bits.nextDouble();
  },
};

/** Normal of mean 0 and variance 1. */
export const NORMAL: FloatSampler<PCG64> = {
  method: "standardNormal",
  draw: standardNormal,
  draw32: standardNormal32,
  fill(bits, out) {
    for (let i = 0; i < out.length; i++) out[i] = standardNormal(bits);
  },
};

/** Exponential of mean 1 by the ziggurat. */
export const EXPONENTIAL: FloatSampler<PCG64> = {
  method: "standardExponential",
  draw: standardExponential,
  draw32: standardExponential32,
  fill(bits, out) {
    for (let i = 0; i < out.length; i++) out[i] = standardExponential(bits);
  },
};

/** Exponential of mean 1 by inversion. */
export const EXPONENTIAL_INVERSE: FloatSampler<PCG64> = {
  method: "standardExponential",
  draw: inverseExponential,
  draw32: inverseExponential32,
  fill(bits, out) {
    for (let i = 0; i < out.length; i++) out[i] = inverseExponential(bits);
  },
};

/**
 * One float or an array of them, as the options say.
 *
 * @throws {TypeError} if the dtype is neither float64 nor float32, or `out` is no such array
 * @throws {RangeError} if `size` or `dtype` are given too and do not fit `out`
 */
export function drawFloats<S extends Size | undefined, D extends FloatDtype>(
  bits: PCG64,
  arrays: Float64Pool,
  sampler: FloatSampler<PCG64>,
  options: FloatOptions<S, D> | OutOptions<Float64Array | Float32Array>,
): Draw<S, FloatArray<D>> {
  requireOptions(options, ["size", "dtype", "out"]);
  const { size, dtype, out }: {
    size?: Size;
    dtype?: FloatDtype;
    out?: Float64Array | Float32Array;
  } = options;
  if (out !== undefined) {
    checkOut(sampler.method, out, size, dtype);
    fillFloats(bits, sampler, out);
    return out as Draw<S, FloatArray<D>>;
  }
  if (dtype !== undefined && dtype !== "float64" && dtype !== "float32") {
    throw new ArgumentTypeError(
      `Cannot draw from ${sampler.method}: '${dtype}': dtype must be 'float64' or 'float32'`,
    );
  }
  const single = dtype === "float32";
  if (size === undefined) {
    return (single ? sampler.draw32(bits) : sampler.draw(bits)) as Draw<S, FloatArray<D>>;
  }
  return fillSize<Float64Array | Float32Array>(size, (count) => {
    const made = single ? new Float32Array(count) : arrays.take(count);
    fillFloats(bits, sampler, made);
    return made;
  }) as Draw<S, FloatArray<D>>;
}

function fillFloats(
  bits: PCG64,
  sampler: FloatSampler<PCG64>,
  out: Float64Array | Float32Array,
): void {
  if (out instanceof Float64Array) {
    sampler.fill(bits, out);
  } else {
    for (let i = 0; i < out.length; i++) out[i] = sampler.draw32(bits);
  }
}

function checkOut(
  method: string,
  out: Float64Array | Float32Array,
  size: Size | undefined,
  dtype: FloatDtype | undefined,
): void {
  const actual = out instanceof Float64Array
    ? "float64"
    : out instanceof Float32Array
    ? "float32"
    : undefined;
  if (actual === undefined) {
    throw new ArgumentTypeError(
      `Cannot fill out of ${method}: it must be a Float64Array or Float32Array`,
    );
  }
  if (dtype !== undefined && dtype !== actual) {
    throw new ArgumentTypeError(
      `Cannot fill out of ${method}: it is ${actual} and dtype is ${dtype}`,
    );
  }
  if (size === undefined) return;
  const [length, isList] = typeof size === "number" ? [size, false] : [countOf(size), true];
  if (length !== out.length || (isList && (size as readonly number[]).length !== 1)) {
    throw new ArgumentRangeError(
      `Cannot fill out of ${method}: it has ${out.length} elements and size is ${
        isList ? `[${(size as readonly number[]).join(", ")}]` : size
      }`,
    );
  }
}
