/**
 * The standard error of the mean of values that depend on those before them, by blocking: neighbors are joined
 * two by two, again and again, until the joined ones are independent. The memory grows with the logarithm of
 * their number, and parts of a series can be merged to the same bits, however it was cut.
 * This module is browser compatible.
 *
 * Blocking: H. Flyvbjerg, H. G. Petersen, J. Chem. Phys. 91, 461 (1989). Where to stop: M. Jonsson, Phys. Rev.
 * E 98, 043304 (2018), which tests whether what is left of the correlation of neighbors is noise.
 *
 * @module
 */

import { ExactSum, ratioToNumber, TOTAL_EXPONENT } from "./exact_sum.ts";

/** More levels than a run has: 2^52 states. */
const LEVELS_MAX = 53;

/** The values of a part of a series, joined 2^k at a time: one level of {@linkcode Blocking}. */
export interface BlockingLevel {
  /** Exact sum of the values, of their squares, and of the products of neighbors. */
  readonly sums: readonly [values: bigint, squares: bigint, products: bigint];
  /** The first and the last one. */
  readonly ends: readonly [first: number, last: number];
}

/** The levels of a part of a series, as plain data; the part is [from, to) by the index in the series. */
export interface BlockingPart {
  readonly from: number;
  readonly to: number;
  /** Whether all values were finite, and all sums of them. */
  readonly isFinite: boolean;
  readonly levels: readonly BlockingLevel[];
}

/** What blocking tells of a series. */
export interface SeriesError {
  /** Standard error of the mean; NaN where a value is not finite. */
  readonly standardError: number;
  /** Number of independent values that would have it. */
  readonly effectiveSize: number;
  /** Integrated autocorrelation time, 1 + 2 (rho_1 + rho_2 + ...): values per independent one. */
  readonly autocorrelationTime: number;
  /**
   * Whether the series is long enough: the test found a size of blocks that are independent, and there are at
   * least 50 independent values.
   */
  readonly isReliable: boolean;
}

/** The values of a level on both sides of the place where two parts meet, and the one that both have half of. */
interface Seam {
  readonly last?: number | undefined;
  readonly joined?: number | undefined;
  readonly first?: number | undefined;
  /** Whether the joined one is the left half of a pair. */
  readonly isJoinedLeft?: boolean;
}

/** One level while it grows. */
class Level {
  readonly sum = new ExactSum();
  readonly squares = new ExactSum();
  readonly products = new ExactSum();
  count = 0;
  first = 0;
  last = 0;

  append(x: number): void {
    if (this.count === 0) this.first = x;
    else this.products.addProduct(this.last, x);
    this.sum.add(x);
    this.squares.addProduct(x, x);
    this.last = x;
    this.count++;
  }

  /** Takes in what another one has, but its ends. */
  addSums({ sums: [values, squares, products] }: BlockingLevel, count: number): void {
    this.sum.addTotal(values);
    this.squares.addTotal(squares);
    this.products.addTotal(products);
    this.count += count;
  }
}

/** Takes in the values of a series in order, and what parts that follow have taken in. */
export class Blocking {
  readonly #from: number;
  #to: number;
  #isFinite = true;
  #levels: Level[] = [];

  /** Begins with the value of an index in the series. */
  constructor(from = 0) {
    this.#from = from;
    this.#to = from;
  }

  /** Takes the next value. */
  add(x: number): void {
    let value = x;
    let index = this.#to++;
    for (let k = 0; k < LEVELS_MAX; k++) {
      if (value - value !== 0) this.#isFinite = false;
      if (!this.#isFinite) return;
      const level = this.#levels[k] ??= new Level();
      const before = level.last;
      level.append(value);
      // The left half of a pair waits for the right one; one whose left half is missing is none.
      if (index % 2 === 0 || level.count < 2) return;
      value = before + value;
      index = (index - 1) / 2;
    }
  }

  /** Takes in the part that follows. */
  merge(part: BlockingPart): void {
    if (part.from === part.to) return;
    const from = this.#from;
    const middle = this.#to;
    const to = part.to;
    this.#to = to;
    this.#isFinite &&= part.isFinite;
    if (!this.#isFinite) return;
    /** The level below: its values around the seam. */
    let below: Seam = {};
    for (let k = 0; k < LEVELS_MAX; k++) {
      const size = 2 ** k;
      const before = blocksIn(from, middle, size);
      const after = blocksIn(middle, to, size);
      const all = blocksIn(from, to, size);
      if (all === 0) return;
      const level = this.#levels[k] ??= new Level();
      const other = part.levels[k];
      const seam: Seam = {
        last: before === 0 ? undefined : level.last,
        joined: all > before + after ? joinedOf(below) : undefined,
        first: after === 0 ? undefined : other!.ends[0],
        isJoinedLeft: Math.floor(middle / size) % 2 === 0,
      };
      const { last, joined, first } = seam;
      if (joined !== undefined) {
        if (joined - joined !== 0) {
          this.#isFinite = false;
          return;
        }
        level.append(joined);
      }
      if (first !== undefined) {
        const left = joined ?? last;
        if (left !== undefined) level.products.addProduct(left, first);
        if (level.count === 0) level.first = first;
        level.addSums(other!, after);
        level.last = other!.ends[1];
      }
      below = seam;
    }
  }

  /** All that was taken in, as plain data. */
  part(): BlockingPart {
    const levels = !this.#isFinite ? [] : this.#levels.filter(({ count }) => count > 0).map((
      { sum, squares, products, first, last },
    ): BlockingLevel => ({
      sums: [sum.total(), squares.total(), products.total()],
      ends: [first, last],
    }));
    return { from: this.#from, to: this.#to, isFinite: this.#isFinite, levels };
  }
}

/** How many blocks of a size lie in [from, to) as a whole. */
function blocksIn(from: number, to: number, size: number): number {
  return Math.max(0, Math.floor(to / size) - Math.ceil(from / size));
}

/** The block across a seam, from the two halves in the level below. */
function joinedOf({ last, joined, first, isJoinedLeft }: Seam): number {
  if (joined === undefined) return last! + first!;
  return isJoinedLeft ? joined + first! : last! + joined;
}

/**
 * The standard error of the mean of a whole series.
 *
 * @param part All of it.
 */
export function seriesError({ from, to, isFinite, levels }: BlockingPart): SeriesError {
  const count = to - from;
  const size = (k: number): number => blocksIn(from, to, 2 ** k);
  if (!isFinite || count < 2) return NO_ERROR;
  const moments = levels.map((level, k) => momentsOf(level, size(k), k))
    .filter((_, k) => size(k) >= 2);
  const variance = moments[0]!.variance * (count / (count - 1));
  if (variance === 0) return { ...NO_ERROR, standardError: 0 };
  // What is left of the correlation of neighbors, from a level on: chi-squared if it is noise.
  let left = 0;
  const isNoise: boolean[] = new Array(moments.length).fill(false);
  for (let k = moments.length - 1; k >= 0; k--) {
    const { variance, neighbors } = moments[k]!;
    const ratio = variance === 0 ? 0 : neighbors / variance;
    left += size(k) * ratio * ratio;
    isNoise[k] = left < chiSquared99(moments.length - k);
  }
  const found = isNoise.indexOf(true);
  const level = found < 0 ? moments.length - 1 : found;
  const error = Math.sqrt(moments[level]!.variance / (size(level) - 1));
  const time = (error * error) / (variance / count);
  return {
    standardError: error,
    effectiveSize: count / time,
    autocorrelationTime: time,
    // Of a few blocks nothing can be told, and a series of few correlation times looks less correlated than it is.
    isReliable: found >= 0 && size(level) >= BLOCKS_MIN && count / time >= EFFECTIVE_SIZE_MIN,
  };
}

/** Fewest blocks from which a standard error is worth something. */
const BLOCKS_MIN = 16;

/**
 * Fewest correlation times that a series must have for its length to say how long they are: the rule of emcee
 * (D. Foreman-Mackey et al., PASP 125, 306, 2013), after J. Goodman and J. Weare.
 */
const EFFECTIVE_SIZE_MIN = 50;

const NO_ERROR: SeriesError = {
  standardError: NaN,
  effectiveSize: NaN,
  autocorrelationTime: NaN,
  isReliable: false,
};

/** Variance of the means of blocks, and covariance of neighbors, both with divisor n. */
function momentsOf(
  { sums: [values, squares, products], ends }: BlockingLevel,
  size: number,
  k: number,
): { variance: number; neighbors: number } {
  const n = BigInt(size);
  const scaled = (total: bigint): bigint => (n * total) << BigInt(-TOTAL_EXPONENT);
  // All over n^2, in units of 2^(2 * TOTAL_EXPONENT); sums are 2^k times means.
  const exponent = 2 * TOTAL_EXPONENT - 2 * k;
  const [first, last] = ends.map(exactOf) as [bigint, bigint];
  const variance = ratioToNumber(scaled(squares) - values * values, n * n, exponent);
  const numerator = n * scaled(products) - n * values * (2n * values - first - last) +
    (n - 1n) * values * values;
  return { variance, neighbors: ratioToNumber(numerator, n * n * n, exponent) };
}

/** A number in units of 2^TOTAL_EXPONENT. */
function exactOf(x: number): bigint {
  const sum = new ExactSum();
  sum.add(x);
  return sum.total();
}

/** 99% quantiles of chi-squared with 1, 2, 3, ... degrees of freedom. */
const CHI_SQUARED_99 = [
  ...[6.634897, 9.21034, 11.344867, 13.276704, 15.086272, 16.811894, 18.475307, 20.090235],
  ...[21.665994, 23.209251, 24.72497, 26.216967, 27.68825, 29.141238, 30.577914, 31.999927],
  ...[33.408664, 34.805306, 36.190869, 37.566235, 38.932173, 40.28936, 41.638398, 42.97982],
  ...[44.314105, 45.641683, 46.962942, 48.278236, 49.587884, 50.892181, 52.191395, 53.485772],
  ...[54.77554, 56.060909, 57.342073, 58.619215, 59.892500, 61.162087, 62.428121, 63.690740],
  ...[64.950071, 66.206236, 67.459348, 68.709513, 69.956832, 71.201400, 72.443307, 73.682639],
  ...[74.919474, 76.153891, 77.385962, 78.615756, 79.843338],
] as const;

function chiSquared99(freedom: number): number {
  return CHI_SQUARED_99[Math.min(freedom, CHI_SQUARED_99.length) - 1]!;
}
