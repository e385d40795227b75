/**
 * Intervals by ranks for a few independent values: they cover whatever the distribution is. An interval of a mean
 * cannot (Bahadur and Savage 1956): five values that miss a rare, large one look like five of a narrow normal, and
 * Student's interval covers 82% of lognormal samples of 5 instead of 95%. A test simulates all of these.
 * This module is browser compatible.
 *
 * @module
 */

import { normalTwoSided, studentTwoSided } from "../../math/special_functions.ts";
import { crossing } from "./crossing.ts";
import { median, summarize } from "./summary.ts";

/** Ends of an interval. */
export type Interval = readonly [low: number, high: number];

/** The part of alpha that is spent: what distributions that are neither symmetric nor alike cost stays below the rest. */
const SPENT = 0.8;
/** Range and level below which the ends of the sample are moved out by a part of the range rather than in. */
const OUTWARD = { part: 0.05, allowance: 1.25 };
/** Fewest pairs whose interval is that of the averages of two; with fewer, a skewed distribution shows. */
const WALSH_MIN = 10;
/** Ratio of variances from which on the spread of two sides clearly differs. */
const SPREAD_RATIO_MAX = 4;
/** Values on both sides together up to which the counts of arrangements are exact integers of a double. */
const EXACT_MAX = 50;

/**
 * Interval of the median of the distribution of `values`, between order statistics (Hettmansperger and Sheather
 * 1986). Undefined where even smallest and largest value cover too little: below 5 values at the level 0.95. There,
 * at 5 values, it reaches past them by a part of their range; it covers at least 93.75% of samples of any kind.
 */
export function medianInterval(values: readonly number[], level: number): Interval | undefined {
  const n = values.length;
  const sorted = Float64Array.from(values).sort();
  const at = (rank: number): Interval => [sorted[rank - 1]!, sorted[n - rank]!];
  // Chance that the median lies outside the values of a rank from either end.
  const missed = (rank: number): number => {
    let [ways, below] = [1, 1];
    for (let i = 1; i < rank; i++) {
      ways *= (n - i + 1) / i;
      below += ways;
    }
    return below * 2 ** (1 - n);
  };
  const alpha = 1 - level;
  if (n < 2 || missed(1) > OUTWARD.allowance * alpha * (1 + 1e-9)) return undefined;
  const spent = SPENT * alpha;
  if (missed(1) > spent) {
    const [low, high] = at(1);
    const margin = OUTWARD.part * (high - low);
    return [low - margin, high + margin];
  }
  let rank = 1;
  while (rank + 1 <= n / 2 && missed(rank + 1) <= spent) rank++;
  const [outer, inner] = [at(rank), at(Math.min(rank + 1, Math.ceil(n / 2)))];
  const share = (spent - missed(rank)) / (missed(rank + 1) - missed(rank));
  const inward = (n - rank) * share / (rank + (n - 2 * rank) * share);
  return [
    outer[0] + inward * (inner[0] - outer[0]),
    outer[1] + inward * (inner[1] - outer[1]),
  ];
}

/** An estimate of how much larger values of one side are, with its interval where there are enough of them. */
export interface Shift {
  /** The estimate of Hodges and Lehmann (1963); of fewer than 10 pairs their median. */
  readonly value: number;
  /** Interval; undefined with too few values. */
  readonly interval: Interval | undefined;
}

/**
 * The typical difference of a pair: the median of all averages of two `differences`, with the interval of the
 * signed-rank test; below 10 pairs the median and {@linkcode medianInterval}, as an interval of the averages covers
 * 91 to 93% of samples only where a third of 7 or 8 pairs fails, or differences are as skewed as exp(3 z).
 */
export function pairedShift(differences: readonly number[], level: number): Shift {
  const n = differences.length;
  if (n < WALSH_MIN) {
    return { value: median(differences), interval: medianInterval(differences, level) };
  }
  const averages = new Float64Array(n * (n + 1) / 2);
  let count = 0;
  for (let i = 0; i < n; i++) {
    for (let j = i; j < n; j++) averages[count++] = (differences[i]! + differences[j]!) / 2;
  }
  averages.sort();
  const spent = SPENT * (1 - level);
  const rank = n <= EXACT_MAX ? firstRank(signedRankCounts(n), spent) : normalRank(
    n * (n + 1) / 4,
    crossing(normalTwoSided, spent) ** 2 * n * (n + 1) * (2 * n + 1) / 24,
  );
  return { value: median(averages), interval: between(averages, rank) };
}

/**
 * The typical difference of a value of `b` and one of `a`: the median of all differences, with the interval of the
 * rank-sum test. That test takes both sides to be spread alike, which does little harm where they have as many values;
 * else, and where the spread clearly differs, the variance that the ranks themselves show (Fligner and Policello 1981)
 * may widen it.
 */
export function independentShift(
  a: readonly number[],
  b: readonly number[],
  level: number,
): Shift {
  const [n, m] = [a.length, b.length];
  const differences = new Float64Array(n * m);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < m; j++) differences[i * m + j] = b[j]! - a[i]!;
  }
  differences.sort();
  const value = median(differences);
  const spent = SPENT * (1 - level);
  const rank = n + m <= EXACT_MAX
    ? firstRank(rankSumCounts(n, m), spent)
    : normalRank(n * m / 2, crossing(normalTwoSided, spent) ** 2 * n * m * (n + m + 1) / 12);
  const ratio = summarize(a).variance / summarize(b).variance;
  const isUnlike = n !== m || ratio > SPREAD_RATIO_MAX || ratio < 1 / SPREAD_RATIO_MAX;
  if (!isUnlike || rank < 1) return { value, interval: between(differences, rank) };
  const reach = crossing((t) => studentTwoSided(t, n + m - 2), spent);
  const shown = normalRank(n * m / 2, reach ** 2 * placementVariance(a, b.map((x) => x - value)));
  return { value, interval: between(differences, Math.max(1, Math.min(rank, shown))) };
}

/** Variance of the number of times that a value of `b` exceeds one of `a`, by how the values of either lie in the other. */
function placementVariance(a: readonly number[], b: readonly number[]): number {
  const above = (x: number, other: readonly number[]): number =>
    other.reduce((sum, y) => sum + (x > y ? 1 : x === y ? 0.5 : 0), 0);
  const [x, y] = [
    summarize(a.map((value) => above(value, b))),
    summarize(b.map((value) => above(value, a))),
  ];
  return x.variance * (x.n - 1) + y.variance * (y.n - 1) + x.mean * y.mean;
}

function between(sorted: Float64Array, rank: number): Interval | undefined {
  return rank < 1 ? undefined : [sorted[rank - 1]!, sorted[sorted.length - rank]!];
}

/** Values at either end that the interval leaves out, and one: where the sum of the counts below is `spent` of all. */
function firstRank(counts: Float64Array, spent: number): number {
  const all = counts.reduce((sum, count) => sum + count, 0);
  let [rank, below] = [0, counts[0]!];
  while (rank < counts.length / 2 && below <= spent / 2 * all) below += counts[++rank]!;
  return rank;
}

/** The same for a statistic that is roughly normal: `reach` is the square of how far from its mean it may be. */
function normalRank(mean: number, reach: number): number {
  return Math.floor(mean - Math.sqrt(reach));
}

/** Sets of the numbers 1 to `n` by their sum. */
function signedRankCounts(n: number): Float64Array {
  const counts = new Float64Array(n * (n + 1) / 2 + 1);
  counts[0] = 1;
  for (let number = 1; number <= n; number++) {
    for (let sum = counts.length - 1; sum >= number; sum--) counts[sum]! += counts[sum - number]!;
  }
  return counts;
}

/** Arrangements of `n` and `m` values by how often one of the first exceeds one of the others: Gauss's coefficients. */
function rankSumCounts(n: number, m: number): Float64Array {
  const counts = new Float64Array(n * m + 1);
  counts[0] = 1;
  for (let i = 1; i <= n; i++) {
    for (let u = counts.length - 1; u >= m + i; u--) counts[u]! -= counts[u - m - i]!;
    for (let u = i; u < counts.length; u++) counts[u]! += counts[u - i]!;
  }
  return counts;
}
