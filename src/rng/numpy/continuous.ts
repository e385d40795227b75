/**
 * NumPy's other continuous draws, each from a few uniforms, normals or exponentials.
 * This module is browser compatible.
 *
 * @module
 */

import { exp, expm1 } from "../../math/exp.ts";
import { acos } from "../../math/arcsine.ts";
import { log } from "../../math/log.ts";
import { pow } from "../../math/pow.ts";
import { cos } from "../../math/trig.ts";
import { standardExponential, standardNormal } from "./ziggurat.ts";
import type { PCG64 } from "./pcg64.ts";

/** A Cauchy float64 of location 0 and scale 1. */
export function standardCauchy(bits: PCG64): number {
  const numerator = standardNormal(bits);
  return numerator / standardNormal(bits);
}

/** A Lomax (Pareto II) float64 of shape a > 0. */
export function pareto(bits: PCG64, a: number): number {
  return expm1(standardExponential(bits) / a);
}

/** A Weibull float64 of shape a >= 0 and scale 1. */
export function weibull(bits: PCG64, a: number): number {
  return a === 0 ? 0 : pow(standardExponential(bits), 1 / a);
}

/** A float64 in [0, 1] of density a * x^(a - 1), a > 0. */
export function power(bits: PCG64, a: number): number {
  return pow(-expm1(-standardExponential(bits)), 1 / a);
}

/** A Laplace float64. */
export function laplace(bits: PCG64, loc: number, scale: number): number {
  for (;;) {
    const u = bits.nextDouble();
    if (u >= 0.5) return loc - scale * log(2 - u - u);
    if (u > 0) return loc + scale * log(u + u);
  }
}

/** A Gumbel float64. */
export function gumbel(bits: PCG64, loc: number, scale: number): number {
  for (;;) {
    const u = 1 - bits.nextDouble();
    if (u < 1) return loc - scale * log(-log(u));
  }
}

/** A logistic float64. */
export function logistic(bits: PCG64, loc: number, scale: number): number {
  for (;;) {
    const u = bits.nextDouble();
    if (u > 0) return loc + scale * log(u / (1 - u));
  }
}

/** The exponential of a normal float64. */
export function lognormal(bits: PCG64, mean: number, sigma: number): number {
  return exp(mean + sigma * standardNormal(bits));
}

/** A Rayleigh float64. */
export function rayleigh(bits: PCG64, scale: number): number {
  return scale * Math.sqrt(2 * standardExponential(bits));
}

/** An inverse Gaussian float64 (Michael, Schucany and Haas 1976). */
export function wald(bits: PCG64, mean: number, scale: number): number {
  const normal = standardNormal(bits);
  const y = mean * normal * normal;
  const d = 1 + Math.sqrt(1 + 4 * scale / y);
  const x = mean * (1 - 2 / d);
  return bits.nextDouble() <= mean / (mean + x) ? x : mean * mean / x;
}

/** A triangular float64 for left <= mode <= right, left < right. */
export function triangular(bits: PCG64, left: number, mode: number, right: number): number {
  const base = right - left;
  const leftBase = mode - left;
  const u = bits.nextDouble();
  return u <= leftBase / base
    ? left + Math.sqrt(u * (leftBase * base))
    : right - Math.sqrt((1 - u) * ((right - mode) * base));
}

/** An angle in [-pi, pi] from the von Mises distribution (Best and Fisher 1979). */
export function vonmises(bits: PCG64, mu: number, kappa: number): number {
  if (Number.isNaN(kappa)) return NaN;
  // As good as uniform
  if (kappa < 1e-8) return Math.PI * (2 * bits.nextDouble() - 1);
  if (kappa > 1e6) return wrappedNormal(bits, mu, kappa);
  const s = vonmisesEnvelope(kappa);
  let w;
  for (;;) {
    const z = cos(Math.PI * bits.nextDouble());
    w = (1 + s * z) / (s + z);
    const y = kappa * (s - w);
    const v = bits.nextDouble();
    if (y * (2 - y) - v >= 0 || log(y / v) + 1 - y >= 0) break;
  }
  const angle = (bits.nextDouble() < 0.5 ? -acos(w) : acos(w)) + mu;
  const wrapped = (Math.abs(angle) + Math.PI) % (2 * Math.PI) - Math.PI;
  return angle < 0 ? -wrapped : wrapped;
}

/** Parameter of the wrapped Cauchy envelope; for small kappa the start of its series. */
function vonmisesEnvelope(kappa: number): number {
  if (kappa < 1e-5) return 1 / kappa + kappa;
  const r = 1 + Math.sqrt(1 + 4 * kappa * kappa);
  const rho = (r - Math.sqrt(2 * r)) / (2 * kappa);
  return (1 + rho * rho) / (2 * rho);
}

function wrappedNormal(bits: PCG64, mu: number, kappa: number): number {
  let angle = mu + Math.sqrt(1 / kappa) * standardNormal(bits);
  if (angle < -Math.PI) angle += 2 * Math.PI;
  if (angle > Math.PI) angle -= 2 * Math.PI;
  return angle;
}
