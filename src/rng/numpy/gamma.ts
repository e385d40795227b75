/**
 * NumPy's gamma draws and what is made of them: beta, chi-square, F, Student's t, Dirichlet.
 * This module is browser compatible.
 *
 * @module
 */

import { exp } from "../../math/exp.ts";
import { log, log1p } from "../../math/log.ts";
import { pow } from "../../math/pow.ts";
import { poisson } from "./poisson.ts";
import {
  nextFloat,
  standardExponential,
  standardExponential32,
  standardNormal,
  standardNormal32,
} from "./ziggurat.ts";
import type { PCG64 } from "./pcg64.ts";

/** A gamma float64 of scale 1 for shape >= 0 (Marsaglia and Tsang 2000; below 1 Ahrens and Dieter 1974). */
export function standardGamma(bits: PCG64, shape: number): number {
  if (shape === 1) return standardExponential(bits);
  if (shape === 0) return 0;
  if (shape < 1) return smallGamma(bits, shape);
  const b = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * b);
  for (;;) {
    let x;
    let v;
    do {
      x = standardNormal(bits);
      v = 1 + c * x;
    } while (v <= 0);
    v = v * v * v;
    const u = bits.nextDouble();
    if (u < 1 - 0.0331 * (x * x) * (x * x)) return b * v;
    if (log(u) < 0.5 * x * x + b * (1 - v + log(v))) return b * v;
  }
}

function smallGamma(bits: PCG64, shape: number): number {
  for (;;) {
    const u = bits.nextDouble();
    const v = standardExponential(bits);
    if (u <= 1 - shape) {
      const x = pow(u, 1 / shape);
      if (x <= v) return x;
    } else {
      const y = -log((1 - u) / shape);
      const x = pow(1 - shape + shape * y, 1 / shape);
      if (x <= v + y) return x;
    }
  }
}

/** The same in float32 arithmetic, from float32 draws. */
export function standardGamma32(bits: PCG64, shape: number): number {
  const f = Math.fround;
  const a = f(shape);
  if (a === 1) return standardExponential32(bits);
  if (a === 0) return 0;
  if (a < 1) return smallGamma32(bits, a);
  const b = f(a - f(1 / 3));
  const c = f(1 / f(Math.sqrt(f(9 * b))));
  for (;;) {
    let x;
    let v;
    do {
      x = standardNormal32(bits);
      v = f(1 + f(c * x));
    } while (v <= 0);
    v = f(f(v * v) * v);
    const u = nextFloat(bits);
    const square = f(x * x);
    if (u < f(1 - f(f(f(0.0331) * square) * square))) return f(b * v);
    const bound = f(f(f(0.5 * x) * x) + f(b * f(f(1 - v) + f(log(v)))));
    if (f(log(u)) < bound) return f(b * v);
  }
}

function smallGamma32(bits: PCG64, shape: number): number {
  const f = Math.fround;
  const inverse = f(1 / shape);
  for (;;) {
    const u = nextFloat(bits);
    const v = standardExponential32(bits);
    if (u <= f(1 - shape)) {
      const x = f(pow(u, inverse));
      if (x <= v) return x;
    } else {
      const y = f(-log(f(f(1 - u) / shape)));
      const x = f(pow(f(f(1 - shape) + f(shape * y)), inverse));
      if (x <= f(v + y)) return x;
    }
  }
}

/** Below this the beta distribution has nothing but 0 and 1 that float64 could tell apart. */
const BETA_TINY = 3e-103;

/** A beta float64 for a, b > 0 (Jöhnk 1964 where both are at most 1, else from two gammas). */
export function beta(bits: PCG64, a: number, b: number): number {
  if (a > 1 || b > 1) {
    const x = standardGamma(bits, a);
    const y = standardGamma(bits, b);
    return x / (x + y);
  }
  if (a < BETA_TINY && b < BETA_TINY) return (a + b) * bits.nextDouble() < a ? 1 : 0;
  for (;;) {
    const u = bits.nextDouble();
    const v = bits.nextDouble();
    const x = pow(u, 1 / a);
    const y = pow(v, 1 / b);
    const sum = x + y;
    if (!(sum <= 1 && u + v > 0)) continue;
    if (x > 0 && y > 0) return x / sum;
    // A power underflowed: the ratio is still known from the logarithms
    const delta = log(u) / a - log(v) / b;
    return delta > 0 ? exp(-log1p(exp(-delta))) : exp(delta - log1p(exp(delta)));
  }
}

/** A chi-square float64 with df > 0 degrees of freedom. */
export function chisquare(bits: PCG64, df: number): number {
  return 2 * standardGamma(bits, df / 2);
}

/** A chi-square float64 of noncentrality nonc >= 0. */
export function noncentralChisquare(bits: PCG64, df: number, nonc: number): number {
  if (Number.isNaN(nonc)) return NaN;
  if (nonc === 0) return chisquare(bits, df);
  if (df > 1) {
    const central = chisquare(bits, df - 1);
    const n = standardNormal(bits) + Math.sqrt(nonc);
    return central + n * n;
  }
  return chisquare(bits, df + 2 * poisson(bits, nonc / 2));
}

/** A Fisher F float64. */
export function fisherF(bits: PCG64, dfnum: number, dfden: number): number {
  const numerator = chisquare(bits, dfnum) * dfden;
  const denominator = chisquare(bits, dfden) * dfnum;
  return numerator / denominator;
}

/** A Fisher F float64 of noncentrality nonc >= 0. */
export function noncentralF(bits: PCG64, dfnum: number, dfden: number, nonc: number): number {
  const numerator = noncentralChisquare(bits, dfnum, nonc) * dfden;
  return numerator / (chisquare(bits, dfden) * dfnum);
}

/** A Student's t float64 with df > 0 degrees of freedom. */
export function standardT(bits: PCG64, df: number): number {
  const numerator = standardNormal(bits);
  const denominator = standardGamma(bits, df / 2);
  return Math.sqrt(df / 2) * numerator / Math.sqrt(denominator);
}

/** Below this largest parameter gammas could all underflow to 0, so that sticks are broken instead. */
const DIRICHLET_SMALL = 0.1;

/** Fills `out` from `at` on with one Dirichlet vector for parameters >= 0. */
export function fillDirichlet(
  bits: PCG64,
  alpha: Float64Array,
  out: Float64Array,
  at: number,
): void {
  const k = alpha.length;
  if (alpha.every((a) => a < DIRICHLET_SMALL)) {
    breakStick(bits, alpha, out, at);
    return;
  }
  let sum = 0;
  for (let j = 0; j < k; j++) {
    const gamma = standardGamma(bits, alpha[j]!);
    out[at + j] = gamma;
    sum += gamma;
  }
  const scale = 1 / sum;
  for (let j = 0; j < k; j++) out[at + j]! *= scale;
}

function breakStick(bits: PCG64, alpha: Float64Array, out: Float64Array, at: number): void {
  const last = alpha.length - 1;
  const rest = alpha.slice();
  for (let j = last - 1; j >= 0; j--) rest[j] = rest[j + 1]! + alpha[j]!;
  // All parameters 0: NumPy leaves the vector at 0
  if (!(rest[0]! > 0)) return;
  let stick = 1;
  for (let j = 0; j < last; j++) {
    const piece = beta(bits, alpha[j]!, rest[j + 1]!);
    out[at + j] = stick * piece;
    stick *= 1 - piece;
    if (rest[j + 1] === 0) break;
  }
  out[at + last] = stick;
}
