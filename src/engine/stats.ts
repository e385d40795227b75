/**
 * Exact statistics over the states of a run: correctly rounded, and the same bits in whatever order
 * or on however many workers the blocks are visited.
 * This module is browser compatible.
 *
 * @module
 */

import { ArgumentRangeError, ArgumentTypeError } from "../errors.ts";
import { describeNonScalar, scalarOf } from "../codec/scalar.ts";
import { ExactSum, ratioToNumber, TOTAL_EXPONENT } from "./exact_sum.ts";
import { LENGTH_NOTHING, LENGTH_SCALAR } from "./partial_stats.ts";
import type { Observation, PartialStats, ScalarStats, Stats, VectorStats } from "./types.ts";
import { VECTOR_LENGTH_MAX } from "../limits.ts";

/** Sum, extremes and non-finite counts of one component. */
class Component {
  readonly sum = new ExactSum();
  min = Infinity;
  max = -Infinity;
  nan = 0;
  positive = 0;
  negative = 0;

  /** Takes x in; returns whether it was finite. */
  add(x: number): boolean {
    // -0 is below 0: which of them is kept must not depend on their order.
    if (x <= this.min && (x < this.min || 1 / x < 0)) this.min = x;
    if (x >= this.max && (x > this.max || 1 / x > 0)) this.max = x;
    if (x - x === 0) {
      this.sum.add(x);
      return true;
    }
    if (x !== x) this.nan++;
    else if (x > 0) this.positive++;
    else this.negative++;
    return false;
  }

  /** Takes a bigint in, exactly; extremes are those of the nearest number. Returns whether that is finite. */
  addInteger(value: bigint): boolean {
    const x = Number(value);
    if (x - x !== 0) return this.add(x);
    if (x < this.min) this.min = x;
    if (x > this.max || (x === 0 && this.max === 0)) this.max = x;
    this.sum.addInteger(value);
    return true;
  }

  clone(): Component {
    const copy = new Component();
    copy.sum.assign(this.sum);
    copy.min = this.min;
    copy.max = this.max;
    copy.nan = this.nan;
    copy.positive = this.positive;
    copy.negative = this.negative;
    return copy;
  }

  get finite(): boolean {
    return this.nan + this.positive + this.negative === 0;
  }

  /** Correctly rounded mean of `count` values; what IEEE arithmetic gives where some are not finite. */
  mean(count: number): number {
    if (!this.finite) {
      if (this.nan > 0 || (this.positive > 0 && this.negative > 0)) return NaN;
      return this.positive > 0 ? Infinity : -Infinity;
    }
    return ratioToNumber(this.sum.total(), BigInt(count), TOTAL_EXPONENT);
  }
}

/** Variances whose square root loses nothing to overflow and underflow. */
const SQUARE_MIN = 2 ** -960;
const SQUARE_MAX = Number.MAX_VALUE;

/** Power of two by which the root of another variance is scaled. */
const ROOT_SHIFT = 600;

/** Takes observations of one observable, one state at a time, and gives their statistics. */
export class StatsAccumulator {
  readonly #who: string;
  #count = 0;
  /** As in {@linkcode PartialStats}. */
  #length = LENGTH_NOTHING;
  #components: Component[] = [];
  #first: Component | undefined;
  #products: ExactSum[] = [];

  /** @param who What messages call the observable. */
  constructor(who = "an observable") {
    this.#who = who;
  }

  /**
   * Takes one observation.
   *
   * @throws {TypeError} If it is neither a number, boolean, bigint nor a vector of these, or if its
   * length differs from the ones before.
   */
  add(observation: Observation): void {
    if (typeof observation === "number" && this.#length === LENGTH_SCALAR) {
      this.#count++;
      if (this.#first!.add(observation)) this.#products[0]!.addProduct(observation, observation);
      return;
    }
    this.#addAny(observation);
  }

  /** An accumulator that has taken in the same observations. */
  clone(): StatsAccumulator {
    const copy = new StatsAccumulator(this.#who);
    copy.#count = this.#count;
    copy.#length = this.#length;
    copy.#components = this.#components.map((component) => component.clone());
    copy.#first = copy.#components[0];
    copy.#products = this.#products.map((sum) => {
      const product = new ExactSum();
      product.assign(sum);
      return product;
    });
    return copy;
  }

  /** Adds what another accumulator of the same observable has taken in. */
  merge(partial: PartialStats): void {
    if (partial.count === 0) return;
    this.#setLength(partial.length);
    this.#count += partial.count;
    for (let i = 0; i < this.#components.length; i++) {
      const into = this.#components[i]!;
      const from = partial.components[i]!;
      into.sum.addTotal(from.sum);
      into.min = Math.min(into.min, from.min);
      into.max = Math.max(into.max, from.max);
      into.nan += from.nonFinite[0];
      into.positive += from.nonFinite[1];
      into.negative += from.nonFinite[2];
    }
    for (let i = 0; i < this.#products.length; i++) {
      this.#products[i]!.addTotal(partial.products[i]!);
    }
  }

  /** All that was taken in so far, as plain data. */
  partial(): PartialStats {
    return {
      count: this.#count,
      length: this.#length,
      components: this.#components.map((component) => ({
        sum: component.sum.total(),
        min: component.min,
        max: component.max,
        nonFinite: [component.nan, component.positive, component.negative],
      })),
      products: this.#products.map((sum) => sum.total()),
    };
  }

  /** The statistics of all observations so far; at least one is needed. */
  result(): Stats {
    if (this.#count === 0) {
      throw new ArgumentRangeError("Cannot compute statistics: the range has no states");
    }
    return this.#length === LENGTH_SCALAR ? this.#scalarResult() : this.#vectorResult();
  }

  #scalarResult(): ScalarStats {
    const component = this.#components[0]!;
    const variance = this.#covariance(0, 0, this.#products[0]!);
    return {
      count: this.#count,
      mean: component.mean(this.#count),
      variance,
      std: this.#std(variance),
      min: component.nan > 0 ? NaN : component.min,
      max: component.nan > 0 ? NaN : component.max,
    };
  }

  /** Square root of the variance, also where that is beyond the numbers and its root is not. */
  #std(variance: number): number {
    if (variance >= SQUARE_MIN && variance <= SQUARE_MAX) return Math.sqrt(variance);
    const shift = variance < 1 ? -ROOT_SHIFT : ROOT_SHIFT;
    const scaled = this.#covariance(0, 0, this.#products[0]!, -2 * shift);
    return Math.sqrt(scaled) * 2 ** shift;
  }

  #vectorResult(): VectorStats {
    const length = this.#length;
    const covariance = Array.from({ length }, () => new Array<number>(length).fill(0));
    let pair = 0;
    for (let i = 0; i < length; i++) {
      for (let j = i; j < length; j++) {
        const value = this.#covariance(i, j, this.#products[pair++]!);
        covariance[i]![j] = value;
        covariance[j]![i] = value;
      }
    }
    return {
      count: this.#count,
      mean: this.#components.map((component) => component.mean(this.#count)),
      covariance,
    };
  }

  /**
   * (n * sum(xy) - sum(x) * sum(y)) / (n * (n - 1)), all exact up to the one final rounding; times
   * 2^scale.
   */
  #covariance(i: number, j: number, products: ExactSum, scale = 0): number {
    const x = this.#components[i]!;
    const y = this.#components[j]!;
    if (!x.finite || !y.finite) return NaN;
    if (this.#count === 1) return 0;
    const count = BigInt(this.#count);
    // Both sums carry 2^TOTAL_EXPONENT, their product twice that.
    const scaled = (count * products.total()) << BigInt(-TOTAL_EXPONENT);
    const numerator = scaled - x.sum.total() * y.sum.total();
    return ratioToNumber(numerator, count * (count - 1n), 2 * TOTAL_EXPONENT + scale);
  }

  #addAny(observation: Observation): void {
    if (typeof observation !== "object" || observation === null) {
      this.#setLength(LENGTH_SCALAR);
      if (typeof observation === "bigint") {
        this.#count++;
        if (this.#first!.addInteger(observation)) {
          this.#products[0]!.addInteger(observation * observation);
        }
        return;
      }
      this.#count++;
      const x = toNumber(observation, this.#who);
      if (this.#first!.add(x)) this.#products[0]!.addProduct(x, x);
      return;
    }
    const length = observation.length;
    if (!Number.isInteger(length) || length < 0 || length > VECTOR_LENGTH_MAX) {
      throw new ArgumentTypeError(
        `Cannot compute statistics of ${
          describeNonScalar(observation)
        }: ${this.#who} must be a number ` +
          `or a vector of at most ${VECTOR_LENGTH_MAX} numbers`,
      );
    }
    this.#setLength(length);
    this.#count++;
    const components = this.#components;
    for (let i = 0; i < length; i++) components[i]!.add(toNumber(observation[i], this.#who));
    let pair = 0;
    for (let i = 0; i < length; i++) {
      const x = Number(observation[i]);
      for (let j = i; j < length; j++, pair++) {
        const y = Number(observation[j]);
        if (x - x === 0 && y - y === 0) this.#products[pair]!.addProduct(x, y);
      }
    }
  }

  #setLength(length: number): void {
    if (this.#length === length) return;
    if (this.#length !== LENGTH_NOTHING) {
      throw new ArgumentTypeError(
        `Cannot compute statistics: ${this.#who} gave ${describeLength(length)} after ${
          describeLength(this.#length)
        }`,
      );
    }
    this.#length = length;
    const size = length === LENGTH_SCALAR ? 1 : length;
    this.#components = Array.from({ length: size }, () => new Component());
    this.#first = this.#components[0];
    this.#products = Array.from({ length: (size * (size + 1)) / 2 }, () => new ExactSum());
  }
}

/** The statistics that follow from exact sums. */
export function statsOfPartial(partial: PartialStats): Stats {
  const accumulator = new StatsAccumulator();
  accumulator.merge(partial);
  return accumulator.result();
}

function toNumber(value: unknown, who: string): number {
  const scalar = scalarOf(value);
  if (scalar !== undefined) return scalar;
  throw new ArgumentTypeError(
    `Cannot compute statistics of ${
      describeNonScalar(value)
    }: ${who} must be a number or a vector of numbers`,
    { hint: "pass a function such as (state) => state.value" },
  );
}

function describeLength(length: number): string {
  return length === LENGTH_SCALAR ? "a number" : `a vector of ${length}`;
}
