/**
 * NumPy's other discrete draws: geometric, negative binomial, Zipf, logarithmic series, multinomial.
 * This module is browser compatible.
 *
 * @module
 */

import { expm1 } from "../../math/exp.ts";
import { log, log1p } from "../../math/log.ts";
import { pow } from "../../math/pow.ts";
import type { BinomialSampler } from "./binomial.ts";
import { standardGamma } from "./gamma.ts";
import { poisson } from "./poisson.ts";
import { standardExponential } from "./ziggurat.ts";
import type { PCG64 } from "./pcg64.ts";

/** 2^63: what an int64 cannot hold any more, as float64 gives both that and the largest int64. */
const INT64_END = 2 ** 63;

/** Trials up to and with the first success of probability p in (0, 1]. */
export function geometric(bits: PCG64, p: number): number {
  return p >= 0.333333333333333333333333 ? geometricSearch(bits, p) : geometricInversion(bits, p);
}

function geometricSearch(bits: PCG64, p: number): number {
  const q = 1 - p;
  let count = 1;
  let probability = p;
  let sum = p;
  const u = bits.nextDouble();
  while (u > sum) {
    probability *= q;
    sum += probability;
    count++;
  }
  return count;
}

function geometricInversion(bits: PCG64, p: number): number {
  const count = Math.ceil(-standardExponential(bits) / log1p(-p));
  return Math.min(count, INT64_END);
}

/** Failures before the n-th success of probability p in (0, 1]; n > 0 need not be an integer. */
export function negativeBinomial(bits: PCG64, n: number, p: number): number {
  const mean = (1 - p) / p * standardGamma(bits, n);
  return poisson(bits, mean);
}

/** A Zipf (zeta) count of exponent a > 1 (Devroye 1986, X.6.1), cut off at the largest int64. */
export function zipf(bits: PCG64, a: number): number {
  // Above this the powers overflow, and anything but 1 is less likely than 3e-309
  if (a >= 1025) return 1;
  const am1 = a - 1;
  const b = pow(2, am1);
  const uMin = pow(INT64_END, -am1);
  for (;;) {
    const u01 = bits.nextDouble();
    const u = u01 * uMin + (1 - u01);
    const v = bits.nextDouble();
    const x = Math.floor(pow(u, -1 / am1));
    if (x > INT64_END || x < 1) continue;
    const t = pow(1 + 1 / x, am1);
    if (v * x * (t - 1) / (b - 1) <= t / b) return x;
  }
}

/** A logarithmic series count for p in [0, 1) (Kemp 1981, algorithm LK). */
export function logseries(bits: PCG64, p: number): number {
  const r = log1p(-p);
  for (;;) {
    const v = bits.nextDouble();
    if (v >= p) return 1;
    const q = -expm1(r * bits.nextDouble());
    if (v > q * q) return v >= q ? 1 : 2;
    const count = Math.floor(1 + log(v) / log(q));
    if (count >= 1 && v !== 0) return count;
  }
}

/** Fills `out` from `at` on with how many of n trials end in each of the outcomes. */
export function fillMultinomial(
  bits: PCG64,
  binomial: BinomialSampler,
  n: number,
  probabilities: Float64Array,
  out: Float64Array,
  at: number,
): void {
  const last = probabilities.length - 1;
  let left = n;
  let probabilityLeft = 1;
  for (let j = 0; j < last; j++) {
    const count = binomial.draw(bits, left, probabilities[j]! / probabilityLeft);
    out[at + j] = count;
    left -= count;
    if (left <= 0) return;
    probabilityLeft -= probabilities[j]!;
  }
  out[at + last] = left;
}
