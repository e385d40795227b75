/**
 * What `size` means to NumPy's methods: nothing for one draw, a number for a typed array, a list for a
 * shape. This module is browser compatible.
 *
 * @module
 */

import { ArgumentRangeError, ArgumentTypeError } from "../../errors.ts";
import { requireOptions } from "../draw_options.ts";
import type { Draw, Shaped, Size, SizeOptions, VectorDraw } from "./types.ts";

/** Any typed array or list that draws go into. */
interface Fillable<T> {
  [index: number]: T;
  readonly length: number;
}

/**
 * The size that options ask for, or undefined for one draw.
 *
 * @throws {TypeError} if the options are no object
 */
export function sizeOf<S extends Size | undefined>(
  options: SizeOptions<S> | undefined,
): S | undefined {
  if (options === undefined) return undefined;
  requireOptions(options, ["size"]);
  return options.size;
}

/** One value, or an array of them, as `size` wants it; `draw` is called in C order. */
export function drawSize<S extends Size | undefined>(
  arrays: Float64Pool,
  options: SizeOptions<S> | undefined,
  draw: () => number,
): Draw<S> {
  const size = sizeOf(options);
  if (size === undefined) return draw() as Draw<S>;
  return fillSize(size, (count) => fillWith(arrays.take(count), draw)) as Draw<S>;
}

/** One vector of `length`, or an array of them: the vectors run along the last dimension. */
export function drawVectors<S extends Size | undefined>(
  arrays: Float64Pool,
  options: SizeOptions<S> | undefined,
  length: number,
  fill: (out: Float64Array, at: number) => void,
): VectorDraw<S> {
  const size: Size | undefined = sizeOf(options);
  const count = size === undefined ? 1 : countOf(size);
  const data = arrays.take(count * length);
  for (let i = 0; i < count; i++) fill(data, i * length);
  if (size === undefined) return data as VectorDraw<S>;
  const shape = [...(typeof size === "number" ? [size] : size), length];
  return { shape, data } as Shaped<Float64Array> as VectorDraw<S>;
}

/** Calls `draw` for every element. */
export function fillWith<T, A extends Fillable<T>>(out: A, draw: () => T): A {
  for (let i = 0; i < out.length; i++) out[i] = draw();
  return out;
}

/** Has `make` fill an array of as many elements as `size` says and adds the shape if it is a list. */
export function fillSize<A>(size: Size, make: (count: number) => A): A | Shaped<A> {
  const data = make(countOf(size));
  return typeof size === "number" ? data : { shape: [...size], data };
}

/**
 * How many elements a size stands for.
 *
 * @throws {TypeError} if it is neither an integer nor a list of integers
 * @throws {RangeError} if a length is negative or the array would be longer than 2^53 - 1
 */
export function countOf(size: Size): number {
  if (typeof size === "number") return checkLength(size);
  if (!Array.isArray(size)) {
    throw new ArgumentTypeError(
      `Cannot draw into size ${String(size)}: give a length or a list of lengths`,
    );
  }
  let count = 1;
  for (const length of size) count *= checkLength(length);
  return checkLength(count);
}

function checkLength(length: number): number {
  if (!Number.isInteger(length)) {
    throw new ArgumentTypeError(
      `Cannot draw into size ${String(length)}: a length must be an integer`,
    );
  }
  if (length < 0 || !Number.isSafeInteger(length)) {
    throw new ArgumentRangeError(`Cannot draw into size ${length}: a length must be in [0, 2^53)`);
  }
  return length;
}

/** Arrays of more elements get memory of their own. */
const POOLED_LENGTH_MAX = 32;

/** Elements that are allocated at a time: 4 KiB, which one array that is kept can hold on to. */
const CHUNK_LENGTH = 512;

/**
 * Small arrays for sized draws, cut one after the other from a larger one: making a typed array of its own for
 * eight numbers takes longer than drawing them. Gives arrays of zeros; no two share an element.
 */
export class Float64Pool {
  #chunk = new ArrayBuffer(0);
  #used = CHUNK_LENGTH;

  /** A new array of `length` zeros. */
  take(length: number): Float64Array<ArrayBuffer> {
    if (length === 0 || length > POOLED_LENGTH_MAX) return new Float64Array(length);
    // A caller may have transferred the buffer behind one of its arrays.
    if (this.#used + length > CHUNK_LENGTH || this.#chunk.byteLength === 0) {
      this.#chunk = new ArrayBuffer(8 * CHUNK_LENGTH);
      this.#used = 0;
    }
    const array = new Float64Array(this.#chunk, 8 * this.#used, length);
    this.#used += length;
    return array;
  }

  /** Starts anew: where the next array lies then depends on nothing that was drawn before. */
  reset(): void {
    this.#used = CHUNK_LENGTH;
  }
}
