/**
 * Tail probabilities of the distributions that the tests here need: normal, Student, Kolmogorov.
 * This module is browser compatible.
 *
 * @module
 */

import { exp, log, log1p, pow, sin } from "./mod.ts";

/** Lanczos coefficients for g = 7, n = 9 (Godfrey); relative error below 1e-14. */
const LANCZOS = [
  0.99999999999980993,
  676.5203681218851,
  -1259.1392167224028,
  771.32342877765313,
  -176.61502916214059,
  12.507343278686905,
  -0.13857109526572012,
  9.9843695780195716e-6,
  1.5056327351493116e-7,
];

/** Natural logarithm of |Gamma(x)| for finite x that is not 0, -1, -2, ... */
export function logGamma(x: number): number {
  if (x < 0.5) return log(Math.PI / Math.abs(sin(Math.PI * x))) - logGamma(1 - x);
  const shifted = x - 1;
  let sum = LANCZOS[0]!;
  for (let i = 1; i < LANCZOS.length; i++) sum += LANCZOS[i]! / (shifted + i);
  const base = shifted + 7.5;
  return 0.5 * log(2 * Math.PI) + (shifted + 0.5) * log(base) - base + log(sum);
}

/**
 * The regularised incomplete beta function I_x(a, b) for a, b > 0 and x in [0, 1], by Lentz's
 * continued fraction (DLMF 8.17.22); relative error about 1e-13.
 */
export function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  // The fraction converges fast only left of the mean; the other side is its mirror image.
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(1 - x, b, a);
  const front = exp(
    logGamma(a + b) - logGamma(a) - logGamma(b) + a * log(x) + b * log(1 - x),
  ) / a;
  const tiny = 1e-300;
  let c = 1;
  let d = 1 - (a + b) * x / (a + 1);
  d = 1 / (Math.abs(d) < tiny ? tiny : d);
  let fraction = d;
  for (let m = 1; m <= 10_000; m++) {
    const even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 + even * d;
    c = 1 + even / c;
    d = 1 / (Math.abs(d) < tiny ? tiny : d);
    c = Math.abs(c) < tiny ? tiny : c;
    fraction *= d * c;
    const odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 + odd * d;
    c = 1 + odd / c;
    d = 1 / (Math.abs(d) < tiny ? tiny : d);
    c = Math.abs(c) < tiny ? tiny : c;
    const change = d * c;
    fraction *= change;
    if (Math.abs(change - 1) < 1e-15) break;
  }
  return Math.min(1, front * fraction);
}

/** Probability that |T| >= |t| for Student's T with `df` degrees of freedom (any positive number). */
export function studentTwoSided(t: number, df: number): number {
  if (Number.isNaN(t) || Number.isNaN(df)) return NaN;
  if (!Number.isFinite(t)) return 0;
  return incompleteBeta(df / (df + t * t), df / 2, 0.5);
}

/** Probability that |Z| >= |z| for a standard normal Z. */
export function normalTwoSided(z: number): number {
  const x = Math.abs(z);
  if (x < 2) return 1 - erfSeries(x / Math.SQRT2);
  return erfcFraction(x / Math.SQRT2);
}

/** erf(x) by its Maclaurin series (DLMF 7.6.1), for |x| below about 2. */
function erfSeries(x: number): number {
  let term = x;
  let sum = x;
  for (let n = 1; n < 100; n++) {
    term *= -x * x / n;
    const add = term / (2 * n + 1);
    sum += add;
    if (Math.abs(add) < 1e-17 * Math.abs(sum)) break;
  }
  return 2 / Math.sqrt(Math.PI) * sum;
}

/** erfc(x) by its continued fraction (DLMF 7.9.3), for x above about 0.7. */
function erfcFraction(x: number): number {
  let tail = 0;
  for (let k = 200; k >= 1; k--) tail = k / 2 / (x + tail);
  return exp(-x * x) / Math.sqrt(Math.PI) / (x + tail);
}

/** Q(x) = P(sup |Brownian bridge| > x): the limit distribution of sqrt(n) D of Kolmogorov and Smirnov. */
export function kolmogorovTail(x: number): number {
  if (x <= 0) return 1;
  if (x < 1) {
    // The theta function's other expansion converges where the usual one does not.
    const y = exp(-Math.PI * Math.PI / (8 * x * x));
    let sum = 0;
    for (let k = 1; k <= 19; k += 2) sum += pow(y, k * k);
    return 1 - Math.sqrt(2 * Math.PI) / x * sum;
  }
  let sum = 0;
  for (let k = 1; k <= 50; k++) {
    const term = exp(-2 * k * k * x * x);
    sum += k % 2 === 1 ? term : -term;
    if (term < 1e-300) break;
  }
  return Math.min(1, 2 * sum);
}

/** The normal deviate that is as unlikely as Student's t (Wallace 1959), within 1% of either tail. */
export function normalEquivalent(t: number, df: number): number {
  const size = Math.sqrt(df * log1p(t * t / df)) * (8 * df + 1) / (8 * df + 3);
  return t < 0 ? -size : size;
}
