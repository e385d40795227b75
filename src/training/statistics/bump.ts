/**
 * Where the mean of a serial sample leaves its level and comes back, with a p-value that takes the sample's
 * autocorrelation into account.
 * This module is browser compatible.
 *
 * @module
 */

import { exp } from "../../math/mod.ts";
import { longRunVariance } from "./change_point.ts";
import { normalEquivalent } from "../../math/special_functions.ts";

/** The most likely temporary change of the mean. */
export interface Bump {
  /** Its first index. */
  readonly from: number;
  /** The index after its last. */
  readonly to: number;
  /** Difference of the means inside and outside, in long-run standard errors. */
  readonly zScore: number;
  /** Probability of as large a one anywhere without any change. */
  readonly p: number;
  /** Mean outside. */
  readonly outside: number;
  /** Mean inside. */
  readonly inside: number;
  /** Sum of squares that it leaves. */
  readonly cost: number;
}

/** Shortest bump; what is shorter is left to the test for outliers. */
const LENGTH_MIN = 6;
/** Each length that is tried is so many times the one before. */
const LENGTH_GROWTH = 1.2;

/** A window is tried at so many places within its own length; its ends are refined afterwards. */
const STRIDES = 32;

/**
 * The best single window of `values[from .. to)`, at most half of it and with at least six values on each
 * side: the maximum over its place and length of the difference of the means inside and outside. The
 * p-value bounds that maximum as in Siegmund (Sequential Analysis, 1985) for scans over all lengths.
 */
export function findBump(values: Float64Array, from: number, to: number): Bump {
  const n = to - from;
  const prefix = new Float64Array(n + 1);
  for (let k = 0; k < n; k++) prefix[k + 1] = prefix[k]! + values[from + k]!;
  const total = prefix[n]!;
  let best = 0;
  let start = 0;
  let end = 0;
  for (let length = LENGTH_MIN; 2 * length <= n; length = Math.ceil(length * LENGTH_GROWTH)) {
    const weight = Math.sqrt(length * (n - length) / n);
    const stride = Math.max(1, Math.floor(length / STRIDES));
    for (let i = LENGTH_MIN; i + length <= n - LENGTH_MIN; i += stride) {
      const inside = prefix[i + length]! - prefix[i]!;
      const gap = Math.abs(inside / length - (total - inside) / (n - length)) * weight;
      if (gap > best) {
        best = gap;
        start = i;
        end = i + length;
      }
    }
  }
  if (end === 0) return NO_BUMP;
  [start, end] = refine(prefix, start, end);
  const length = end - start;
  const sum = prefix[end]! - prefix[start]!;
  const inside = sum / length;
  const outside = (total - sum) / (n - length);
  const residuals = new Float64Array(n);
  let cost = 0;
  for (let k = 0; k < n; k++) {
    const residual = values[from + k]! - (k >= start && k < end ? inside : outside);
    residuals[k] = residual;
    cost += residual * residual;
  }
  const { variance, df } = longRunVariance(residuals);
  const statistic = Math.abs(inside - outside) * Math.sqrt(length * (n - length) / n);
  const zScore = variance > 0 ? normalEquivalent(statistic / Math.sqrt(variance), df) : Infinity;
  return {
    from: from + start,
    to: from + end,
    zScore,
    p: bumpTail(zScore, n),
    outside,
    inside,
    cost,
  };
}

const NO_BUMP: Bump = {
  from: 0,
  to: 0,
  zScore: 0,
  p: 1,
  outside: NaN,
  inside: NaN,
  cost: Infinity,
};

/** Moves both ends, one at a time, as long as that makes the difference weigh more. */
function refine(prefix: Float64Array, start: number, end: number): [number, number] {
  const n = prefix.length - 1;
  const weigh = (i: number, k: number): number => {
    const length = k - i;
    if (i < LENGTH_MIN || k > n - LENGTH_MIN || length < LENGTH_MIN) return -1;
    const inside = prefix[k]! - prefix[i]!;
    return Math.abs(inside / length - (prefix[n]! - inside) / (n - length)) *
      Math.sqrt(length * (n - length) / n);
  };
  const reach = Math.ceil((end - start) * (LENGTH_GROWTH - 1)) + 1;
  let best: [number, number] = [start, end];
  for (let i = start - reach; i <= start + reach; i++) {
    if (weigh(i, end) > weigh(...best)) best = [i, end];
  }
  const [left] = best;
  for (let k = end - reach; k <= end + reach; k++) {
    if (weigh(left, k) > weigh(...best)) best = [left, k];
  }
  return best;
}

function bumpTail(z: number, n: number): number {
  if (z < 3) return 1;
  if (!Number.isFinite(z)) return 0;
  return Math.min(1, n / LENGTH_MIN * z ** 3 * exp(-z * z / 2) / Math.sqrt(2 * Math.PI) / 2);
}
