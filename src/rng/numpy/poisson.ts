/**
 * NumPy's Poisson draws: products of uniforms for small means, Hörmann's transformed rejection (PTRS,
 * 1993) from 10 on. This module is browser compatible.
 *
 * @module
 */

import { exp } from "../../math/exp.ts";
import { log } from "../../math/log.ts";
import { logGamma } from "./log_gamma.ts";
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
