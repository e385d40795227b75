/**
 * NumPy's `choice`: which indices it draws, with and without replacement and probabilities.
 * This module is browser compatible.
 *
 * @module
 */

import { ArgumentRangeError, ArgumentTypeError } from "../../errors.ts";
import { requireNumbers } from "./arguments.ts";
import { axisLayout, isShaped, requireList, takeRows } from "./axis.ts";
import { boundedInteger } from "./bounded.ts";
import { countOf } from "./size.ts";
import type { PCG64 } from "./pcg64.ts";
import type { AxisLayout, ChoiceOptions, Swappable } from "./types.ts";

/** Square root of float64's epsilon: how far from 1 NumPy lets probabilities add up. */
const SUM_TOLERANCE = 2 ** -26;

/** The same of float32's, for probabilities of that type. */
const SUM_TOLERANCE_32 = Math.sqrt(2 ** -23);

/**
 * `choice` in any of its forms: over the integers below a number, the elements of a list, or the rows of
 * an array of several dimensions.
 */
export function choose(bits: PCG64, a: unknown, options: ChoiceOptions): unknown {
  const { size, axis = 0 } = options;
  const rows = typeof a === "number" ? undefined : rowsOf(a, axis);
  const population = rows?.layout.length ?? requirePopulation(a as number);
  const count = size === undefined ? 1 : countOf(size);
  const indices = chooseIndices(bits, population, count, options);
  const chosen = rows === undefined ? indices : takeRows(rows.data, rows.layout, indices);
  if (isShaped(a)) {
    const index = axis < 0 ? axis + a.shape.length : axis;
    const chosenShape = size === undefined ? [] : typeof size === "number" ? [size] : size;
    return { shape: a.shape.toSpliced(index, 1, ...chosenShape), data: chosen };
  }
  if (size === undefined) return chosen[0];
  return typeof size === "number" ? chosen : { shape: [...size], data: chosen };
}

function rowsOf(a: unknown, axis: number): { data: Swappable; layout: AxisLayout } {
  if (isShaped(a)) return { data: a.data, layout: axisLayout(a, axis) };
  const data = requireList("choose from", a, axis);
  return { data, layout: { outer: 1, length: data.length, inner: 1 } };
}

function requirePopulation(a: number): number {
  if (!Number.isInteger(a)) {
    throw new ArgumentTypeError(
      `Cannot choose from ${a}: give an integer, a list or a typed array`,
    );
  }
  if (a < 0 || !Number.isSafeInteger(a)) {
    throw new ArgumentRangeError(
      `Cannot choose from the integers below ${a}: give one in [0, 2^53)`,
    );
  }
  return a;
}

function chooseIndices(
  bits: PCG64,
  population: number,
  count: number,
  options: ChoiceOptions,
): Float64Array {
  const { replace = true, shuffle = true } = options;
  if (population === 0 && count > 0) {
    throw new ArgumentRangeError("Cannot choose from nothing");
  }
  const p = options.p === undefined ? undefined : checkProbabilities(options.p, population);
  if (!replace && count > population) {
    throw new ArgumentRangeError(
      `Cannot choose ${count} of ${population} without replacement`,
    );
  }
  if (p !== undefined) {
    return replace ? chooseWeighted(bits, p, count) : chooseWeightedOnce(bits, p, count);
  }
  if (!replace) return chooseOnce(bits, population, count, shuffle);
  const out = new Float64Array(count);
  for (let i = 0; i < count; i++) out[i] = boundedInteger(bits, population - 1);
  return out;
}

function chooseWeighted(bits: PCG64, p: Float64Array, count: number): Float64Array {
  const cumulative = cumulate(p);
  const out = new Float64Array(count);
  for (let i = 0; i < count; i++) out[i] = searchRight(cumulative, bits.nextDouble());
  return out;
}

/** Draws as many as are missing, keeps the new ones, and strikes them from the probabilities. */
function chooseWeightedOnce(bits: PCG64, p: Float64Array, count: number): Float64Array {
  const possible = p.reduce((n, value) => value > 0 ? n + 1 : n, 0);
  if (possible < count) {
    throw new ArgumentRangeError(
      `Cannot choose ${count} without replacement: ${possible} have a probability above 0`,
    );
  }
  const left = p.slice();
  const found: number[] = [];
  while (found.length < count) {
    const cumulative = cumulate(left);
    const missing = count - found.length;
    for (let i = 0; i < missing; i++) {
      const index = searchRight(cumulative, bits.nextDouble());
      if (left[index] === 0) continue;
      left[index] = 0;
      found.push(index);
    }
  }
  return Float64Array.from(found);
}

/** Without probabilities: shuffles the tail of a large share of many, else Floyd's algorithm. */
function chooseOnce(
  bits: PCG64,
  population: number,
  count: number,
  shuffle: boolean,
): Float64Array {
  if (population > 10000 && count > Math.floor(population / (shuffle ? 50 : 20))) {
    const all = Float64Array.from({ length: population }, (_, i) => i);
    shuffleDown(bits, all, Math.max(population - count, 1));
    return all.slice(population - count);
  }
  const out = new Float64Array(count);
  const chosen = new Set<number>();
  for (let j = population - count; j < population; j++) {
    const value = boundedInteger(bits, j);
    const index = chosen.has(value) ? j : value;
    chosen.add(index);
    out[j - population + count] = index;
  }
  if (shuffle) shuffleDown(bits, out, 1);
  return out;
}

/** Fisher-Yates from the end down to `first`; here NumPy draws with Lemire's method, not with masks. */
function shuffleDown(bits: PCG64, data: Float64Array, first: number): void {
  for (let i = data.length - 1; i >= first; i--) {
    const j = boundedInteger(bits, i);
    const value = data[j]!;
    data[j] = data[i]!;
    data[i] = value;
  }
}

function checkProbabilities(p: ArrayLike<number>, population: number): Float64Array {
  const values = requireNumbers("choice", "p", p);
  if (values.length !== population) {
    throw new ArgumentRangeError(
      `Cannot choose: there are ${values.length} probabilities for ${population} values`,
    );
  }
  const bad = values.find((value) => !(value >= 0));
  if (bad !== undefined) {
    throw new ArgumentRangeError(`Cannot choose: a probability must be 0 or more: one is ${bad}`);
  }
  const sum = kahanSum(values);
  const tolerance = p instanceof Float32Array ? SUM_TOLERANCE_32 : SUM_TOLERANCE;
  // Negated for NaN, which infinities add up to
  if (!(Math.abs(sum - 1) <= tolerance)) {
    throw new ArgumentRangeError(
      `Cannot choose: the probabilities must add up to 1: they give ${sum}`,
    );
  }
  return values;
}

/** Sum with a running compensation of what rounding lost (Kahan 1965). */
export function kahanSum(values: Float64Array): number {
  if (values.length === 0) return 0;
  let sum = values[0]!;
  let lost = 0;
  for (let i = 1; i < values.length; i++) {
    const y = values[i]! - lost;
    const t = sum + y;
    lost = (t - sum) - y;
    sum = t;
  }
  return sum;
}

/** Running sums, divided by the last of them. */
function cumulate(p: Float64Array): Float64Array {
  const sums = new Float64Array(p.length);
  let sum = 0;
  for (let i = 0; i < p.length; i++) {
    sum += p[i]!;
    sums[i] = sum;
  }
  return sums.map((value) => value / sum);
}

/** How many of the ascending values are at most x. */
function searchRight(values: Float64Array, x: number): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (x < values[middle]!) high = middle;
    else low = middle + 1;
  }
  return low;
}
