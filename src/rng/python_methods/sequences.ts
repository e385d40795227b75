/**
 * Choosing, sampling and shuffling as CPython's `random.Random` does. This module is browser
 * compatible.
 *
 * @module
 */

import { ArgumentRangeError, ArgumentTypeError } from "../../errors.ts";
import { refuseSurplus, requireOptions } from "../draw_options.ts";
import { RandomIntegers } from "./integers.ts";
import type { ChoicesOptions, Population, SampleOptions } from "../types.ts";

/**
 * The sequence methods, the same for each backend that gives 32-bit words.
 *
 * @internal
 */
export abstract class RandomSequences extends RandomIntegers {
  /**
   * Draws one element.
   *
   * @throws {RangeError} If the population is empty.
   */
  choice(population: number): number;
  /** Draws one element of an array, a typed array or a string. */
  choice<T>(population: ArrayLike<T>): T;
  choice<T>(population: Population<T>): T | number {
    const items = toItems(population);
    const n = sizeOf(items);
    if (n === 0) throw new ArgumentRangeError("Cannot choose from an empty population");
    return itemAt(items, this.randbelow(n));
  }

  /**
   * Draws `k` elements with replacement.
   *
   * @throws {TypeError} If both `weights` and `cumWeights` are given, or `k` is no integer.
   * @throws {RangeError} If the population is empty, there are not as many weights as elements, or
   * their total is not finite and greater than 0.
   */
  choices(population: number, options?: ChoicesOptions): number[];
  /** The same with the weights by position, as in Python. */
  choices<T>(
    population: Population<T>,
    weights: ArrayLike<number>,
    options?: Omit<ChoicesOptions, "weights">,
  ): T[];
  /** Draws `k` elements of an array, a typed array or a string with replacement. */
  choices<T>(population: ArrayLike<T>, options?: ChoicesOptions): T[];
  choices<T>(
    population: Population<T>,
    given: ChoicesOptions | ArrayLike<number> = {},
    options: ChoicesOptions | undefined = undefined,
  ): (T | number)[] {
    const { weights, cumWeights, k = 1 } = choicesOptions(given, options);
    const items = toItems(population);
    const n = sizeOf(items);
    checkK(k);
    if (n === 0 && k > 0) throw new ArgumentRangeError("Cannot choose from an empty population");
    const drawn: (T | number)[] = [];
    if (weights === undefined && cumWeights === undefined) {
      for (let i = 0; i < k; i++) drawn.push(itemAt(items, Math.floor(this.random() * n)));
      return drawn;
    }
    const sums = toCumulativeWeights(n, weights, cumWeights);
    const total = sums[n - 1]!;
    for (let i = 0; i < k; i++) {
      drawn.push(itemAt(items, upperBound(sums, this.random() * total, n - 1)));
    }
    return drawn;
  }

  /** Puts the elements of an array or a typed array in random order, in place. */
  shuffle<T>(items: { [index: number]: T; readonly length: number }): void {
    if (typeof items !== "object" || !Number.isInteger(items?.length)) {
      throw new ArgumentTypeError(
        `Cannot shuffle ${String(items)}: give an array or a typed array`,
      );
    }
    for (let i = items.length - 1; i > 0; i--) {
      const j = this.randbelow(i + 1);
      const item = items[i]!;
      items[i] = items[j]!;
      items[j] = item;
    }
  }

  /**
   * Draws `k` elements without replacement, in the order in which they were drawn; equal elements
   * at different places count as different.
   *
   * @throws {TypeError} If `k` or a count is no integer.
   * @throws {RangeError} If `k` is negative or more than the population holds, there are not as many
   * counts as elements, or their total is not greater than 0.
   */
  sample(population: number, k: number, options?: SampleOptions): number[];
  /** Draws `k` elements of an array, a typed array or a string without replacement. */
  sample<T>(population: ArrayLike<T>, k: number, options?: SampleOptions): T[];
  sample<T>(population: Population<T>, k: number, options: SampleOptions = {}): (T | number)[] {
    requireOptions(options, ["counts"]);
    const items = toItems(population);
    if (options.counts !== undefined) {
      const sums = toCumulativeCounts(sizeOf(items), options.counts);
      const last = sums.length - 1;
      return this.sample(sums[last]!, k).map((s) => itemAt(items, upperBound(sums, s, last)));
    }
    const n = sizeOf(items);
    checkK(k);
    if (k < 0 || k > n) {
      throw new ArgumentRangeError(
        `Cannot sample ${k} elements: the number must be between 0 and ${n}, the population's size`,
      );
    }
    return n <= setSize(k) ? this.#sampleByPool(items, n, k) : this.#sampleBySet(items, n, k);
  }

  /** Draws from a copy of the population whose vacancies are filled from its end. */
  #sampleByPool<T>(items: Population<T>, n: number, k: number): (T | number)[] {
    const pool: (T | number)[] = typeof items === "number"
      ? Array.from({ length: n }, (_, i) => i)
      : Array.from(items);
    const drawn: (T | number)[] = [];
    for (let i = 0; i < k; i++) {
      const j = this.randbelow(n - i);
      drawn.push(pool[j]!);
      pool[j] = pool[n - i - 1]!;
    }
    return drawn;
  }

  /** Draws indices again until each is new: cheaper where few of many are wanted. */
  #sampleBySet<T>(items: Population<T>, n: number, k: number): (T | number)[] {
    const selected = new Set<number>();
    const drawn: (T | number)[] = [];
    for (let i = 0; i < k; i++) {
      let j = this.randbelow(n);
      while (selected.has(j)) j = this.randbelow(n);
      selected.add(j);
      drawn.push(itemAt(items, j));
    }
    return drawn;
  }
}

refuseSurplus(RandomSequences.prototype, { 1: "choice shuffle", 3: "choices sample" });

/** The options of `choices`, whose weights may stand before them. */
function choicesOptions(
  given: ChoicesOptions | ArrayLike<number>,
  options: ChoicesOptions | undefined,
): ChoicesOptions {
  if (Array.isArray(given) || ArrayBuffer.isView(given)) {
    requireOptions(options, ["k"]);
    return { ...options, weights: given as ArrayLike<number> };
  }
  if (options !== undefined) {
    throw new ArgumentTypeError("Cannot choose: the weights are not a list", {
      hint: "write choices(population, weights, { k }) or choices(population, { weights, k })",
    });
  }
  requireOptions(given, ["weights", "cumWeights", "k"]);
  return given as ChoicesOptions;
}

/** Up to which population CPython copies it rather than keep a set of what was drawn. */
function setSize(k: number): number {
  let tableSize = 1;
  while (tableSize < k * 3) tableSize *= 4;
  return k > 5 ? 21 + tableSize : 21;
}

function toItems<T>(population: Population<T>): Population<T> {
  if (typeof population === "string") return Array.from<T>(population);
  const size = typeof population === "number" ? population : population?.length;
  if (!Number.isSafeInteger(size) || size < 0) {
    throw new ArgumentTypeError(
      "Cannot draw from this population: give an array, a typed array, a string or an integer n for range(n)",
    );
  }
  return population;
}

function sizeOf(items: Population<unknown>): number {
  return typeof items === "number" ? items : items.length;
}

function itemAt<T>(items: Population<T>, index: number): T | number {
  return typeof items === "number" ? index : items[index]!;
}

function checkK(k: number): void {
  if (!Number.isSafeInteger(k)) {
    throw new ArgumentTypeError(
      `Cannot draw elements: 'k' must be an integer: current value is ${k}`,
    );
  }
}

function toCumulativeWeights(
  n: number,
  weights: ArrayLike<number> | undefined,
  cumWeights: ArrayLike<number> | undefined,
): ArrayLike<number> {
  if (weights !== undefined && cumWeights !== undefined) {
    throw new ArgumentTypeError(
      "Cannot choose by both 'weights' and 'cumWeights': give one of them",
    );
  }
  const sums = cumWeights ?? runningSums("weights", weights!, n);
  checkLength("weights", sums.length, n);
  const total = sums[n - 1] ?? 0;
  requireWeight("weights", total);
  if (!(total > 0 && total < Infinity)) {
    throw new ArgumentRangeError(
      `Cannot choose by weights: their total must be finite and greater than 0: current value is ${total}`,
    );
  }
  return sums;
}

function toCumulativeCounts(n: number, counts: ArrayLike<number>): ArrayLike<number> {
  const sums = runningSums("counts", counts, n);
  const total = sums[n - 1] ?? 0;
  if (!sums.every(Number.isSafeInteger)) {
    throw new ArgumentTypeError("Cannot sample by counts: each must be an integer");
  }
  if (total <= 0) {
    throw new ArgumentRangeError(
      `Cannot sample by counts: their total must be greater than 0: current value is ${total}`,
    );
  }
  return sums;
}

function runningSums(what: string, terms: ArrayLike<number>, n: number): number[] {
  checkLength(what, terms.length, n);
  const sums: number[] = [];
  let sum = 0;
  for (let i = 0; i < terms.length; i++) {
    requireWeight(what, terms[i]!);
    sum += terms[i]!;
    sums.push(sum);
  }
  return sums;
}

function requireWeight(what: string, value: number): void {
  if (typeof value === "number") return;
  throw new ArgumentTypeError(`Cannot draw: the ${what} must be numbers: one is ${String(value)}`);
}

function checkLength(what: string, length: number, n: number): void {
  if (length !== n) {
    throw new ArgumentRangeError(
      `Cannot draw: there are ${length} ${what} for a population of ${n}: give one for each element`,
    );
  }
}

/** Python's `bisect` over [0, hi]: the first index whose sum is greater than x, at most `hi`. */
function upperBound(sums: ArrayLike<number>, x: number, hi: number): number {
  let from = 0;
  let to = hi;
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (x < sums[middle]!) to = middle;
    else from = middle + 1;
  }
  return from;
}
