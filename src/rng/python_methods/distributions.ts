/**
 * The real-valued distributions of CPython 3.11's `random.Random`, in its order of operations.
 * This module is browser compatible.
 *
 * `uniform`, `triangular` and `normalvariate` equal CPython's bit for bit. The others go through
 * log, exp, sin, cos, acos or pow, for which rewind has versions of its own that give the same bits
 * on every engine; CPython takes the platform's, so that those may differ from it by 1 ulp.
 * Where CPython raises OverflowError, these return Infinity.
 *
 * @module
 */

import { refuseSurplus } from "../draw_options.ts";
import { ArgumentRangeError, ArgumentTypeError } from "../../errors.ts";
import { exp } from "../../math/exp.ts";
import { acos } from "../../math/arcsine.ts";
import { log } from "../../math/log.ts";
import { pow } from "../../math/pow.ts";
import { cos, sin } from "../../math/trig.ts";
import { RandomSequences } from "./sequences.ts";

const TWO_PI = 2 * Math.PI;
/** 4 * exp(-0.5) / sqrt(2) */
const NV_MAGICCONST = 1.7155277699214135;
/** log(4) */
const LOG4 = 1.3862943611198906;
/** 1 + log(4.5) */
const SG_MAGICCONST = 2.504077396776274;

/**
 * The real-valued methods, the same for each backend that gives 32-bit words.
 *
 * @internal
 */
export abstract class RandomDistributions extends RandomSequences {
  /** The second value of the last pair that `gauss` made, until it is drawn. */
  protected gaussNext: number | null = null;

  /** Draws uniformly from [a, b), or [a, b] where rounding gives b. */
  uniform(a: number, b: number): number {
    requireNumber("uniform", "a", a);
    requireNumber("uniform", "b", b);
    return a + (b - a) * this.random();
  }

  /** Draws from the triangle over [low, high] with its peak at `mode`, by default the middle. */
  triangular(low = 0, high = 1, mode: number | null = null): number {
    requireNumber("triangular", "low", low);
    requireNumber("triangular", "high", high);
    if (mode !== null) requireNumber("triangular", "mode", mode);
    const u = this.random();
    if (mode === null) return triangle(u, 0.5, low, high);
    // Not for infinite ends: their distance is NaN
    if (high - low === 0) return low;
    return triangle(u, (mode - low) / (high - low), low, high);
  }

  /** Draws from the normal distribution, by the method of Kinderman and Monahan (1977). */
  normalvariate(mu = 0, sigma = 1): number {
    requireNumber("normalvariate", "mu", mu);
    requireNumber("normalvariate", "sigma", sigma);
    for (;;) {
      const u1 = this.random();
      const u2 = 1 - this.random();
      const z = NV_MAGICCONST * (u1 - 0.5) / u2;
      const zz = z * z / 4;
      // 1 - u <= -log(u) <= 1/u - 1 settles most draws without the logarithm; 1 - u is exact.
      if (zz <= 1 - u2 || (zz * u2 <= 1 - u2 && zz <= -log(u2))) return mu + z * sigma;
    }
  }

  /** Draws from the normal distribution in pairs, by Box and Muller; the second one is kept. */
  gauss(mu = 0, sigma = 1): number {
    requireNumber("gauss", "mu", mu);
    requireNumber("gauss", "sigma", sigma);
    let z = this.gaussNext;
    this.gaussNext = null;
    if (z === null) {
      const angle = this.random() * TWO_PI;
      const radius = Math.sqrt(-2 * log(1 - this.random()));
      z = cos(angle) * radius;
      this.gaussNext = sin(angle) * radius;
    }
    return mu + z * sigma;
  }

  /** Draws from the distribution whose logarithm is normal with `mu` and `sigma`. */
  lognormvariate(mu = 0, sigma = 1): number {
    requireNumber("lognormvariate", "mu", mu);
    requireNumber("lognormvariate", "sigma", sigma);
    return exp(this.normalvariate(mu, sigma));
  }

  /**
   * Draws from the exponential distribution of mean 1 / `lambd`; below 0 where `lambd` is.
   *
   * @throws {RangeError} If `lambd` is 0.
   */
  expovariate(lambd = 1): number {
    requireNumber("expovariate", "lambd", lambd);
    if (lambd === 0) refuse("expovariate", "'lambd' must not be 0", lambd);
    return -log(1 - this.random()) / lambd;
  }

  /**
   * Draws an angle in [0, 2 pi) around the mean angle `mu` with concentration `kappa` >= 0, by the
   * method of Best and Fisher.
   *
   * @throws {RangeError} If `kappa` is NaN, with which CPython would draw forever.
   */
  vonmisesvariate(mu: number, kappa: number): number {
    requireNumber("vonmisesvariate", "mu", mu);
    requireNumber("vonmisesvariate", "kappa", kappa);
    if (Number.isNaN(kappa)) {
      refuse("vonmisesvariate", "'kappa' must be a number other than NaN", kappa);
    }
    if (kappa <= 1e-6) return TWO_PI * this.random();
    const s = 0.5 / kappa;
    const r = s + Math.sqrt(1 + s * s);
    let z;
    for (;;) {
      z = cos(Math.PI * this.random());
      const d = z / (r + z);
      const u = this.random();
      if (u < 1 - d * d || u <= (1 - d) * exp(d)) break;
    }
    const q = 1 / r;
    const angle = acos((q + z) / (1 + q * z));
    return modulo(this.random() > 0.5 ? mu + angle : mu - angle, TWO_PI);
  }

  /**
   * Draws from the gamma distribution of shape `alpha` and scale `beta`, with mean alpha * beta.
   *
   * @throws {RangeError} If `alpha` or `beta` is not greater than 0, or `alpha` not below 2^1023.
   */
  gammavariate(alpha: number, beta: number): number {
    requireShape("gammavariate", "alpha", alpha);
    requireNumber("gammavariate", "beta", beta);
    if (!(beta > 0)) refuse("gammavariate", "'beta' must be greater than 0", beta);
    if (alpha > 1) return this.#gammaAboveOne(alpha) * beta;
    if (alpha === 1) return -log(1 - this.random()) * beta;
    return this.#gammaBelowOne(alpha) * beta;
  }

  /**
   * Draws from the beta distribution over [0, 1].
   *
   * @throws {RangeError} If `alpha` or `beta` is not greater than 0 and below 2^1023.
   */
  betavariate(alpha: number, beta: number): number {
    requireShape("betavariate", "alpha", alpha);
    requireShape("betavariate", "beta", beta);
    const y = this.gammavariate(alpha, 1);
    return y === 0 ? 0 : y / (y + this.gammavariate(beta, 1));
  }

  /**
   * Draws from the Pareto distribution over [1, inf) of shape `alpha`.
   *
   * @throws {RangeError} If `alpha` is 0.
   */
  paretovariate(alpha: number): number {
    requireNumber("paretovariate", "alpha", alpha);
    if (alpha === 0) refuse("paretovariate", "'alpha' must not be 0", alpha);
    return pow(1 - this.random(), -1 / alpha);
  }

  /**
   * Draws from the Weibull distribution of scale `alpha` and shape `beta`.
   *
   * @throws {RangeError} If `beta` is 0.
   */
  weibullvariate(alpha: number, beta: number): number {
    requireNumber("weibullvariate", "alpha", alpha);
    requireNumber("weibullvariate", "beta", beta);
    if (beta === 0) refuse("weibullvariate", "'beta' must not be 0", beta);
    return alpha * pow(-log(1 - this.random()), 1 / beta);
  }

  /** R. C. H. Cheng, Applied Statistics 26 (1977), 71-74: shapes above 1. */
  #gammaAboveOne(alpha: number): number {
    const ainv = Math.sqrt(2 * alpha - 1);
    const bbb = alpha - LOG4;
    const ccc = alpha + ainv;
    for (;;) {
      const u1 = this.random();
      if (!(1e-7 < u1 && u1 < 0.9999999)) continue;
      const u2 = 1 - this.random();
      const v = log(u1 / (1 - u1)) / ainv;
      const x = alpha * exp(v);
      const z = u1 * u1 * u2;
      const r = bbb + ccc * v - x;
      if (r + SG_MAGICCONST - 4.5 * z >= 0 || r >= log(z)) return x;
    }
  }

  /** Algorithm GS of Kennedy and Gentle, "Statistical Computing" (1980): shapes below 1. */
  #gammaBelowOne(alpha: number): number {
    const b = (Math.E + alpha) / Math.E;
    for (;;) {
      const p = b * this.random();
      const x = p <= 1 ? pow(p, 1 / alpha) : -log((b - p) / alpha);
      const u = this.random();
      if (u <= (p > 1 ? pow(x, alpha - 1) : exp(-x))) return x;
    }
  }
}

refuseSurplus(RandomDistributions.prototype, {
  1: "expovariate paretovariate",
  2: "uniform normalvariate gauss lognormvariate vonmisesvariate gammavariate " +
    "betavariate weibullvariate",
  3: "triangular",
});

/** The value at quantile `u` of the triangle over [low, high] whose peak is at quantile `c`. */
function triangle(u: number, c: number, low: number, high: number): number {
  if (u > c) return high + (low - high) * Math.sqrt((1 - u) * (1 - c));
  return low + (high - low) * Math.sqrt(u * c);
}

/** Python's `%` for a positive divisor: the result is never negative. */
function modulo(value: number, divisor: number): number {
  const rest = value % divisor;
  return rest < 0 ? rest + divisor : rest + 0;
}

/** Refuses text, bigints and the like, which arithmetic would turn into something else. */
function requireNumber(method: string, name: string, value: number): void {
  if (typeof value === "number") return;
  throw new ArgumentTypeError(
    `Cannot draw by ${method}: '${name}' must be a number: current value is ${String(value)}`,
  );
}

/** Refuses what is no shape of a gamma draw; from 2^1023 on CPython would draw forever. */
function requireShape(method: string, name: string, value: number): void {
  requireNumber(method, name, value);
  if (!(value > 0)) refuse(method, `'${name}' must be greater than 0`, value);
  if (value >= 2 ** 1023) refuse(method, `'${name}' must be below 2^1023`, value);
}

function refuse(method: string, why: string, value: number): never {
  throw new ArgumentRangeError(`Cannot draw by ${method}: ${why}: current value is ${value}`);
}
