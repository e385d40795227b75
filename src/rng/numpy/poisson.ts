/**
 * NumPy's Poisson draws: products of uniforms for small means, Hörmann's transformed rejection (PTRS,
 * 1993) from 10 on. This module is browser compatible.
 *
 * @module
 */

import { exp } from "../../math/exp.ts";
import { log } from "../../math/log.ts";
import type { PCG64 } from "./pcg64.ts";

/** A Poisson count of mean lam >= 0. */
export function poisson(bits: PCG64, lam: number): number {
  if (lam >= 10) return poissonRejection(bits, lam);
  return lam === 0 ? 0 : poissonProduct(bits, lam);
}

function poissonProduct(bits: PCG64, lam: number): number {
  const end = exp(-lam);
  let count = 0;
  let product = bits.nextDouble();
  while (product > end) {
    count++;
    product *= bits.nextDouble();
  }
  return count;
}

function poissonRejection(bits: PCG64, lam: number): number {
  const logLam = log(lam);
  const b = 0.931 + 2.53 * Math.sqrt(lam);
  const a = -0.059 + 0.02483 * b;
  const inverseAlpha = 1.1239 + 1.1328 / (b - 3.4);
  const vr = 0.9277 - 3.6224 / (b - 2);
  for (;;) {
    const u = bits.nextDouble() - 0.5;
    const v = bits.nextDouble();
    const us = 0.5 - Math.abs(u);
    const k = Math.floor((2 * a / us + b) * u + lam + 0.43);
    if (us >= 0.07 && v <= vr) return k;
    if (k < 0 || (us < 0.013 && v > us)) continue;
    const height = log(v) + log(inverseAlpha) - log(a / (us * us) + b);
    if (height <= -lam + k * logLam - logGamma(k + 1)) return k;
  }
}

/** Coefficients of the asymptotic series (Zhang and Jin 1996, section 3.1.1), last one first. */
const SERIES = [
  -1.39243221690590e+00,
  1.796443723688307e-01,
  -2.955065359477124e-02,
  6.410256410256410e-03,
  -1.917526917526918e-03,
  8.417508417508418e-04,
  -5.952380952380952e-04,
  7.936507936507937e-04,
  -2.777777777777778e-03,
  8.333333333333333e-02,
];
const LOG_2_PI = 1.8378770664093453;
const HALF_LOG_2_PI = 0.9189385332046728;

/** log(gamma(x)) for x > 0: the series at x + n >= 6, then n steps down by the recurrence. */
export function logGamma(x: number): number {
  if (x === 1 || x === 2) return 0;
  const n = x < 7 ? Math.trunc(7 - x) : 0;
  let x0 = x + n;
  const x2 = (1 / x0) * (1 / x0);
  let sum = SERIES[0]!;
  for (let k = 1; k < SERIES.length; k++) sum = sum * x2 + SERIES[k]!;
  let result = sum / x0 + 0.5 * LOG_2_PI + (x0 - 0.5) * log(x0) - x0;
  for (let k = 0; k < n; k++) {
    result -= log(x0 - 1);
    x0 -= 1;
  }
  return result;
}

/** NumPy keeps the first 126 in a table. */
const TABLE_SIZE = 126;
let table: Float64Array | undefined;

/** log(k!) for an integer k >= 0: correctly rounded up to 125, Stirling's series above. */
export function logFactorial(k: number): number {
  if (k < TABLE_SIZE) return (table ??= makeTable())[k]!;
  return (k + 0.5) * log(k) - k + (HALF_LOG_2_PI + (1 / k) * (1 / 12 - 1 / (360 * k * k)));
}

/** The logarithms of the correctly rounded factorials, which are NumPy's table to the last bit. */
function makeTable(): Float64Array {
  let factorial = 1n;
  return Float64Array.from({ length: TABLE_SIZE }, (_, k) => {
    if (k > 0) factorial *= BigInt(k);
    return log(Number(factorial));
  });
}
