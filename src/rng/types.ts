/**
 * Options of draws, and what describes a state of a generator.
 * This module is browser compatible.
 *
 * @module
 */

/** Numbers of bits for which `getrandbits` gives a number, spelled out so that the type says so. */
// deno-fmt-ignore
export type NumberBits =
  | 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11 | 12 | 13 | 14 | 15 | 16 | 17 | 18 | 19 | 20 | 21
  | 22 | 23 | 24 | 25 | 26 | 27 | 28 | 29 | 30 | 31 | 32 | 33 | 34 | 35 | 36 | 37 | 38 | 39 | 40 | 41
  | 42 | 43 | 44 | 45 | 46 | 47 | 48 | 49 | 50 | 51 | 52 | 53;

/**
 * What can be drawn from: an array, a typed array, a string (its elements are code points, as in
 * Python), or an integer n >= 0 that stands for `range(n)` and is not expanded.
 */
export type Population<T> = ArrayLike<T> | number;

/** Keyword arguments of `choices`. */
export interface ChoicesOptions {
  /** Relative weight of each element; not together with `cumWeights`. Default: all the same. */
  weights?: ArrayLike<number>;
  /** The running sums of the weights. */
  cumWeights?: ArrayLike<number>;
  /** How many elements to draw, default 1. */
  k?: number;
}

/** Keyword arguments of `sample`. */
export interface SampleOptions {
  /** How often each element occurs in the population. Default: once. */
  counts?: ArrayLike<number>;
}

/** Fields of a state, in order, with the values that they can have. */
export type StateFields = Readonly<Record<string, (value: unknown) => boolean>>;

export type Draw = (this: unknown, ...args: unknown[]) => unknown;

/** Most arguments that a method reads. */
export type Count = 0 | 1 | 2 | 3 | 4;
