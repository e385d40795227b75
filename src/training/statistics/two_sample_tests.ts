/**
 * Two-sample tests and effect sizes for metric series, which are as a rule correlated from step to step: every
 * test takes that into account and says its n.
 * This module is browser compatible.
 *
 * @module
 */

import { kolmogorovTail, studentTwoSided } from "../../math/special_functions.ts";
import { autocorrelationTime } from "./autocorrelation.ts";
import { summarize } from "./summary.ts";

/** Result of Welch's t test. */
export interface WelchResult {
  /** The statistic; its sign is that of mean(b) - mean(a). */
  readonly t: number;
  /** Welch-Satterthwaite degrees of freedom. */
  readonly df: number;
  /** Two-sided p-value; NaN where it cannot be computed. */
  readonly p: number;
  /** Values in each sample. */
  readonly n: readonly [number, number];
  /** Independent values that each sample is worth, given its autocorrelation; what t and df use. */
  readonly nEffective: readonly [number, number];
  /** Means of both samples. */
  readonly means: readonly [number, number];
  /** Hedges' g: the difference of means in pooled standard deviations, corrected for small samples. */
  readonly effectSize: number;
}

/** Result of the two-sample Kolmogorov-Smirnov test. */
export interface KolmogorovSmirnovResult {
  /** Largest distance of the two empirical distribution functions, in [0, 1]. */
  readonly d: number;
  /** p-value: exact for small independent samples, by the limit distribution otherwise. */
  readonly p: number;
  /** Values in each sample. */
  readonly n: readonly [number, number];
  /** Independent values that each sample is worth. */
  readonly nEffective: readonly [number, number];
}

/** Options of {@linkcode welchTest} and {@linkcode ksTest}. */
export interface TwoSampleOptions {
  /** Whether the values of a sample are consecutive steps of a run (default false: independent). */
  serial?: boolean;
}

/**
 * Welch's t test for equal means, with the exact p-value of Student's distribution.
 *
 * @example Usage
 * ```ts
 * import { welchTest } from "@rewind/cli/training";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const { t, df, p } = welchTest([3, 4, 1, 2.1], [490, 498, 500, 496]);
 * assertAlmostEquals(t, 219.04, 0.01);
 * assertAlmostEquals(df, 3.52, 0.01);
 * assertAlmostEquals(p, 2.08e-8, 1e-10);
 * ```
 */
export function welchTest(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  options: TwoSampleOptions = {},
): WelchResult {
  const x = summarize(a);
  const y = summarize(b);
  const nEffective = effectiveCounts(a, b, options);
  const squaredX = x.variance / nEffective[0];
  const squaredY = y.variance / nEffective[1];
  const error = squaredX + squaredY;
  const difference = y.mean - x.mean;
  // Constant samples: equal ones do not differ, unequal ones differ beyond doubt.
  const t = error > 0
    ? difference / Math.sqrt(error)
    : difference === 0
    ? 0
    : difference * Infinity;
  const df = error > 0
    ? error * error /
      (squaredX * squaredX / Math.max(nEffective[0] - 1, 1e-3) +
        squaredY * squaredY / Math.max(nEffective[1] - 1, 1e-3))
    : x.n + y.n - 2;
  const pooled = ((x.n - 1) * x.variance + (y.n - 1) * y.variance) / (x.n + y.n - 2);
  const small = 1 - 3 / (4 * (x.n + y.n) - 9);
  return {
    t,
    df,
    p: x.n > 1 && y.n > 1 ? studentTwoSided(t, df) : NaN,
    n: [x.n, y.n],
    nEffective,
    means: [x.mean, y.mean],
    effectSize: difference === 0 ? 0 : difference / Math.sqrt(pooled) * small,
  };
}

/** The two-sample Kolmogorov-Smirnov test for equal distributions; ties are handled. */
export function ksTest(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  options: TwoSampleOptions = {},
): KolmogorovSmirnovResult {
  const x = Float64Array.from(a).sort();
  const y = Float64Array.from(b).sort();
  const n = x.length;
  const m = y.length;
  if (n === 0 || m === 0) return { d: NaN, p: NaN, n: [n, m], nEffective: [n, m] };
  let i = 0;
  let j = 0;
  // In units of 1/(n m), so that the exact count below compares integers.
  let largest = 0;
  while (i < n && j < m) {
    const value = Math.min(x[i]!, y[j]!);
    while (i < n && x[i]! === value) i++;
    while (j < m && y[j]! === value) j++;
    largest = Math.max(largest, Math.abs(i * m - j * n));
  }
  const nEffective = effectiveCounts(a, b, options);
  const independent = nEffective[0] === n && nEffective[1] === m;
  const d = largest / (n * m);
  let p: number;
  if (independent && n * m <= 250_000) {
    p = ksExactTail(n, m, largest);
  } else {
    const root = Math.sqrt(nEffective[0] * nEffective[1] / (nEffective[0] + nEffective[1]));
    // Stephens' correction makes the limit good from about four values on.
    p = kolmogorovTail((root + 0.12 + 0.11 / root) * d);
  }
  return { d, p, n: [n, m], nEffective };
}

/**
 * P(D >= largest/(n m)) over all orders of n + m distinct values: the share of lattice paths from (0,0)
 * to (n,m) that leave the band |i m - j n| < largest (Hodges 1957), as probabilities to avoid overflow.
 */
function ksExactTail(n: number, m: number, largest: number): number {
  if (largest === 0) return 1;
  // row[j]: share of the paths to (i, j) that have stayed inside the band.
  let row = new Float64Array(m + 1);
  for (let i = 0; i <= n; i++) {
    const next = new Float64Array(m + 1);
    for (let j = 0; j <= m; j++) {
      if (Math.abs(i * m - j * n) >= largest) continue;
      if (i === 0 && j === 0) next[j] = 1;
      else {
        const fromLeft = i > 0 ? row[j]! * i : 0;
        const fromBelow = j > 0 ? next[j - 1]! * j : 0;
        next[j] = (fromLeft + fromBelow) / (i + j);
      }
    }
    row = next;
  }
  return Math.min(1, Math.max(0, 1 - row[m]!));
}

function effectiveCounts(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  { serial = false }: TwoSampleOptions,
): [number, number] {
  return serial
    ? [a.length / autocorrelationTime(a), b.length / autocorrelationTime(b)]
    : [a.length, b.length];
}
