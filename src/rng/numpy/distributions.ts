/**
 * The distributions with parameters of NumPy's `Generator`: checks, defaults and sizes around the
 * samplers. This module is browser compatible.
 *
 * @module
 */

import { refuseSurplus, requireOptions } from "../draw_options.ts";
import { ArgumentRangeError } from "../../errors.ts";
import {
  refuseDraw,
  requireAboveOne,
  requireCount,
  requireDefined,
  requireNonNegative,
  requireNumber,
  requireNumbers,
  requirePoissonMean,
  requirePositive,
  requirePositiveProbability,
  requireProbability,
  requireProbabilityBelowOne,
} from "./arguments.ts";
import { BinomialSampler } from "./binomial.ts";
import { kahanSum } from "./choice.ts";
import * as continuous from "./continuous.ts";
import * as discrete from "./discrete.ts";
import * as gammas from "./gamma.ts";
import { fillCounts, fillMarginals, hypergeometric, listItems } from "./hypergeometric.ts";
import { poisson } from "./poisson.ts";
import { drawSize, drawVectors, Float64Pool } from "./size.ts";
import { standardExponential } from "./ziggurat.ts";
import type { PCG64 } from "./pcg64.ts";
import type {
  Draw,
  MultivariateHypergeometricOptions,
  Size,
  SizeOptions,
  VectorDraw,
} from "./types.ts";

/** From here on NumPy's hypergeometric sampler would lose precision. */
const HYPERGEOMETRIC_MAX = 10 ** 9;

/**
 * Largest noncentrality with up to one degree of freedom. The degrees are then raised by twice a Poisson
 * count, which must fit an int64; beyond it C leaves open what NumPy draws.
 */
const NONCENTRALITY_MAX = 2 ** 63 - 20 * 2 ** 31;

/**
 * The distributions that `NumpyGenerator` has besides uniform and normal ones. Counts are numbers, which
 * a Float64Array holds if there are several: all that NumPy can draw is exact in float64, but the
 * largest int64, given as 2^63. Every method throws a RangeError for a parameter out of its range, and a
 * TypeError for one that is not a number.
 */
export abstract class NumpyDistributions {
  /** The generator of random bits; its state is this generator's. */
  abstract readonly bitGenerator: PCG64;
  /** @internal Where arrays of draws come from. */
  protected readonly arrays: Float64Pool = new Float64Pool();
  readonly #binomial = new BinomialSampler();

  /** Exponential with mean `scale` >= 0. */
  exponential<S extends Size | undefined = undefined>(
    scale = 1,
    options: SizeOptions<S> | undefined = undefined,
  ): Draw<S> {
    requireNonNegative("exponential", "scale", scale);
    const bits = this.bitGenerator;
    return drawSize(this.arrays, options, () => scale * standardExponential(bits));
  }

  /** Gamma of `shape` >= 0 and `scale` >= 0. */
  gamma<S extends Size | undefined = undefined>(
    shape: number,
    scale = 1,
    options: SizeOptions<S> | undefined = undefined,
  ): Draw<S> {
    requireNonNegative("gamma", "shape", shape);
    requireDefined("gamma", "shape", shape);
    requireNonNegative("gamma", "scale", scale);
    const bits = this.bitGenerator;
    return drawSize(this.arrays, options, () => scale * gammas.standardGamma(bits, shape));
  }

  /** Beta with a, b > 0. */
  beta<S extends Size | undefined = undefined>(
    a: number,
    b: number,
    options?: SizeOptions<S>,
  ): Draw<S> {
    requirePositive("beta", "a", a);
    requirePositive("beta", "b", b);
    requireDefined("beta", "a", a);
    requireDefined("beta", "b", b);
    const bits = this.bitGenerator;
    return drawSize(this.arrays, options, () => gammas.beta(bits, a, b));
  }

  /** Chi-square with `df` > 0 degrees of freedom. */
  chisquare<S extends Size | undefined = undefined>(
    df: number,
    options?: SizeOptions<S>,
  ): Draw<S> {
    requirePositive("chisquare", "df", df);
    requireDefined("chisquare", "df", df);
    const bits = this.bitGenerator;
    return drawSize(this.arrays, options, () => gammas.chisquare(bits, df));
  }

  /** Noncentral chi-square with `df` > 0 and noncentrality `nonc` >= 0. */
  noncentralChisquare<S extends Size | undefined = undefined>(
    df: number,
    nonc: number,
    options?: SizeOptions<S>,
  ): Draw<S> {
    requirePositive("noncentralChisquare", "df", df);
    requireDefined("noncentralChisquare", "df", df);
    requireNoncentrality("noncentralChisquare", df, nonc);
    const bits = this.bitGenerator;
    return drawSize(this.arrays, options, () => gammas.noncentralChisquare(bits, df, nonc));
  }

  /** Fisher's F with `dfnum`, `dfden` > 0 degrees of freedom. */
  f<S extends Size | undefined = undefined>(
    dfnum: number,
    dfden: number,
    options?: SizeOptions<S>,
  ): Draw<S> {
    requirePositive("f", "dfnum", dfnum);
    requirePositive("f", "dfden", dfden);
    requireDefined("f", "dfnum", dfnum);
    requireDefined("f", "dfden", dfden);
    const bits = this.bitGenerator;
    return drawSize(this.arrays, options, () => gammas.fisherF(bits, dfnum, dfden));
  }

  /** Noncentral F with `dfnum`, `dfden` > 0 and noncentrality `nonc` >= 0. */
  noncentralF<S extends Size | undefined = undefined>(
    dfnum: number,
    dfden: number,
    nonc: number,
    options?: SizeOptions<S>,
  ): Draw<S> {
    requirePositive("noncentralF", "dfnum", dfnum);
    requirePositive("noncentralF", "dfden", dfden);
    requireDefined("noncentralF", "dfnum", dfnum);
    requireDefined("noncentralF", "dfden", dfden);
    requireNoncentrality("noncentralF", dfnum, nonc);
    const bits = this.bitGenerator;
    return drawSize(this.arrays, options, () => gammas.noncentralF(bits, dfnum, dfden, nonc));
  }

  /** Student's t with `df` > 0 degrees of freedom. */
  standardT<S extends Size | undefined = undefined>(
    df: number,
    options?: SizeOptions<S>,
  ): Draw<S> {
    requirePositive("standardT", "df", df);
    requireDefined("standardT", "df", df);
    const bits = this.bitGenerator;
    return drawSize(this.arrays, options, () => gammas.standardT(bits, df));
  }

  /** Cauchy of location 0 and scale 1. */
  standardCauchy<S extends Size | undefined = undefined>(options?: SizeOptions<S>): Draw<S> {
    const bits = this.bitGenerator;
    return drawSize(this.arrays, options, () => continuous.standardCauchy(bits));
  }

  /** Pareto II (Lomax) of shape a > 0. */
  pareto<S extends Size | undefined = undefined>(a: number, options?: SizeOptions<S>): Draw<S> {
    requirePositive("pareto", "a", a);
    const bits = this.bitGenerator;
    return drawSize(this.arrays, options, () => continuous.pareto(bits, a));
  }

  /** Weibull of shape a >= 0 and scale 1. */
  weibull<S extends Size | undefined = undefined>(a: number, options?: SizeOptions<S>): Draw<S> {
    requireNonNegative("weibull", "a", a);
    const bits = this.bitGenerator;
    return drawSize(this.arrays, options, () => continuous.weibull(bits, a));
  }

  /** Power function distribution on [0, 1] of exponent a - 1, a > 0. */
  power<S extends Size | undefined = undefined>(a: number, options?: SizeOptions<S>): Draw<S> {
    requirePositive("power", "a", a);
    const bits = this.bitGenerator;
    return drawSize(this.arrays, options, () => continuous.power(bits, a));
  }

  /** Laplace (double exponential) around `loc` of `scale` >= 0. */
  laplace<S extends Size | undefined = undefined>(
    loc = 0,
    scale = 1,
    options: SizeOptions<S> | undefined = undefined,
  ): Draw<S> {
    requireNumber("laplace", "loc", loc);
    requireNonNegative("laplace", "scale", scale);
    const bits = this.bitGenerator;
    return drawSize(this.arrays, options, () => continuous.laplace(bits, loc, scale));
  }

  /** Gumbel of mode `loc` and `scale` >= 0. */
  gumbel<S extends Size | undefined = undefined>(
    loc = 0,
    scale = 1,
    options: SizeOptions<S> | undefined = undefined,
  ): Draw<S> {
    requireNumber("gumbel", "loc", loc);
    requireNonNegative("gumbel", "scale", scale);
    const bits = this.bitGenerator;
    return drawSize(this.arrays, options, () => continuous.gumbel(bits, loc, scale));
  }

  /** Logistic around `loc` of `scale` >= 0. */
  logistic<S extends Size | undefined = undefined>(
    loc = 0,
    scale = 1,
    options: SizeOptions<S> | undefined = undefined,
  ): Draw<S> {
    requireNumber("logistic", "loc", loc);
    requireNonNegative("logistic", "scale", scale);
    const bits = this.bitGenerator;
    return drawSize(this.arrays, options, () => continuous.logistic(bits, loc, scale));
  }

  /** Log-normal; `mean` and `sigma` >= 0 are those of the logarithm. */
  lognormal<S extends Size | undefined = undefined>(
    mean = 0,
    sigma = 1,
    options: SizeOptions<S> | undefined = undefined,
  ): Draw<S> {
    requireNumber("lognormal", "mean", mean);
    requireNonNegative("lognormal", "sigma", sigma);
    const bits = this.bitGenerator;
    return drawSize(this.arrays, options, () => continuous.lognormal(bits, mean, sigma));
  }

  /** Rayleigh of mode `scale` >= 0. */
  rayleigh<S extends Size | undefined = undefined>(
    scale = 1,
    options: SizeOptions<S> | undefined = undefined,
  ): Draw<S> {
    requireNonNegative("rayleigh", "scale", scale);
    const bits = this.bitGenerator;
    return drawSize(this.arrays, options, () => continuous.rayleigh(bits, scale));
  }

  /** Wald (inverse Gaussian) of `mean` > 0 and `scale` > 0. */
  wald<S extends Size | undefined = undefined>(
    mean: number,
    scale: number,
    options?: SizeOptions<S>,
  ): Draw<S> {
    requirePositive("wald", "mean", mean);
    requirePositive("wald", "scale", scale);
    const bits = this.bitGenerator;
    return drawSize(this.arrays, options, () => continuous.wald(bits, mean, scale));
  }

  /** Von Mises angle in [-pi, pi] around `mu` of concentration `kappa` >= 0. */
  vonmises<S extends Size | undefined = undefined>(
    mu: number,
    kappa: number,
    options?: SizeOptions<S>,
  ): Draw<S> {
    requireNumber("vonmises", "mu", mu);
    requireNonNegative("vonmises", "kappa", kappa);
    const bits = this.bitGenerator;
    return drawSize(this.arrays, options, () => continuous.vonmises(bits, mu, kappa));
  }

  /** Triangular with left <= mode <= right and left < right. */
  triangular<S extends Size | undefined = undefined>(
    left: number,
    mode: number,
    right: number,
    options?: SizeOptions<S>,
  ): Draw<S> {
    requireNumber("triangular", "left", left);
    requireNumber("triangular", "mode", mode);
    requireNumber("triangular", "right", right);
    if (left > mode) refuseDraw("triangular", "mode", `at least left, ${left}`, mode);
    if (mode > right) refuseDraw("triangular", "mode", `at most right, ${right}`, mode);
    if (left === right) refuseDraw("triangular", "right", "above left", right);
    const bits = this.bitGenerator;
    return drawSize(this.arrays, options, () => continuous.triangular(bits, left, mode, right));
  }

  /** Poisson count of mean `lam` >= 0. */
  poisson<S extends Size | undefined = undefined>(
    lam = 1,
    options: SizeOptions<S> | undefined = undefined,
  ): Draw<S> {
    requirePoissonMean("poisson", "lam", lam);
    const bits = this.bitGenerator;
    return drawSize(this.arrays, options, () => poisson(bits, lam));
  }

  /** Successes in `n` trials of probability `p`. */
  binomial<S extends Size | undefined = undefined>(
    n: number,
    p: number,
    options?: SizeOptions<S>,
  ): Draw<S> {
    requireCount("binomial", "n", n);
    requireProbability("binomial", "p", p);
    const bits = this.bitGenerator;
    return drawSize(this.arrays, options, () => this.#binomial.draw(bits, n, p));
  }

  /** Failures before the `n`-th success of probability `p` in (0, 1]; `n` > 0 may be a fraction. */
  negativeBinomial<S extends Size | undefined = undefined>(
    n: number,
    p: number,
    options?: SizeOptions<S>,
  ): Draw<S> {
    requirePositive("negativeBinomial", "n", n);
    requireDefined("negativeBinomial", "n", n);
    requirePositiveProbability("negativeBinomial", "p", p);
    // Ten standard deviations above its mean, the gamma draw must still be a mean for poisson
    const meanMax = (1 - p) / p * (n + 10 * Math.sqrt(n));
    requirePoissonMean("negativeBinomial", "(1 - p) / p * (n + 10 * sqrt(n))", meanMax);
    const bits = this.bitGenerator;
    return drawSize(this.arrays, options, () => discrete.negativeBinomial(bits, n, p));
  }

  /** Trials up to and with the first success of probability `p` in (0, 1]. */
  geometric<S extends Size | undefined = undefined>(
    p: number,
    options?: SizeOptions<S>,
  ): Draw<S> {
    requirePositiveProbability("geometric", "p", p);
    const bits = this.bitGenerator;
    return drawSize(this.arrays, options, () => discrete.geometric(bits, p));
  }

  /** How many of `nsample` items, taken from `ngood` + `nbad` < 2 * 10^9, are good. */
  hypergeometric<S extends Size | undefined = undefined>(
    ngood: number,
    nbad: number,
    nsample: number,
    options?: SizeOptions<S>,
  ): Draw<S> {
    requireCount("hypergeometric", "ngood", ngood);
    requireCount("hypergeometric", "nbad", nbad);
    requireCount("hypergeometric", "nsample", nsample);
    if (ngood >= HYPERGEOMETRIC_MAX) {
      refuseDraw("hypergeometric", "ngood", `below ${HYPERGEOMETRIC_MAX}`, ngood);
    }
    if (nbad >= HYPERGEOMETRIC_MAX) {
      refuseDraw("hypergeometric", "nbad", `below ${HYPERGEOMETRIC_MAX}`, nbad);
    }
    if (nsample > ngood + nbad) {
      refuseDraw("hypergeometric", "nsample", `at most ngood + nbad, ${ngood + nbad}`, nsample);
    }
    const bits = this.bitGenerator;
    return drawSize(this.arrays, options, () => hypergeometric(bits, ngood, nbad, nsample));
  }

  /** Logarithmic series count for `p` in [0, 1). */
  logseries<S extends Size | undefined = undefined>(
    p: number,
    options?: SizeOptions<S>,
  ): Draw<S> {
    requireProbabilityBelowOne("logseries", "p", p);
    const bits = this.bitGenerator;
    return drawSize(this.arrays, options, () => discrete.logseries(bits, p));
  }

  /** Zipf (zeta) count of exponent a > 1. */
  zipf<S extends Size | undefined = undefined>(a: number, options?: SizeOptions<S>): Draw<S> {
    requireAboveOne("zipf", "a", a);
    const bits = this.bitGenerator;
    return drawSize(this.arrays, options, () => discrete.zipf(bits, a));
  }

  /** How many of `n` trials end in each outcome; the last probability is what the others leave. */
  multinomial<S extends Size | undefined = undefined>(
    n: number,
    pvals: ArrayLike<number>,
    options?: SizeOptions<S>,
  ): VectorDraw<S> {
    requireCount("multinomial", "n", n);
    const probabilities = requireNumbers("multinomial", "pvals", pvals);
    if (probabilities.length === 0) {
      throw new ArgumentRangeError("Cannot draw from multinomial: pvals is empty");
    }
    for (const p of probabilities) requireProbability("multinomial", "pvals", p);
    const sum = kahanSum(probabilities.subarray(0, -1));
    if (sum > 1 + 1e-12) {
      refuseDraw("multinomial", "the sum of pvals but the last", "at most 1", sum);
    }
    const bits = this.bitGenerator;
    return drawVectors(
      this.arrays,
      options,
      probabilities.length,
      (out, at) => discrete.fillMultinomial(bits, this.#binomial, n, probabilities, out, at),
    );
  }

  /** How many items of each color are among `nsample`, taken from `colors[i]` items of color i. */
  multivariateHypergeometric<S extends Size | undefined = undefined>(
    colors: ArrayLike<number>,
    nsample: number,
    options?: MultivariateHypergeometricOptions<S>,
  ): VectorDraw<S> {
    const method = "multivariateHypergeometric";
    const counts = Array.from(requireNumbers(method, "colors", colors));
    for (const count of counts) requireCount(method, "colors", count);
    requireCount(method, "nsample", nsample);
    const total = counts.reduce((sum, count) => sum + count, 0);
    if (nsample > total) refuseDraw(method, "nsample", `at most the sum, ${total}`, nsample);
    requireOptions(options, ["size", "method"]);
    const { method: how = "marginals", size } = options ?? {};
    if (how !== "marginals" && how !== "count") {
      throw new ArgumentRangeError(
        `Cannot draw from ${method} by '${how}': method must be 'marginals' or 'count'`,
      );
    }
    if (total >= HYPERGEOMETRIC_MAX) {
      refuseDraw(method, "the sum of colors", `below ${HYPERGEOMETRIC_MAX}`, total);
    }
    const bits = this.bitGenerator;
    const choices = how === "count" ? listItems(counts) : undefined;
    return drawVectors(
      this.arrays,
      size === undefined ? undefined : { size } as SizeOptions<S>,
      counts.length,
      (out, at) =>
        choices === undefined
          ? fillMarginals(bits, counts, nsample, out, at)
          : fillCounts(bits, counts, nsample, choices, out, at),
    );
  }

  /** Dirichlet vector for parameters >= 0; its components add up to 1. */
  dirichlet<S extends Size | undefined = undefined>(
    alpha: ArrayLike<number>,
    options?: SizeOptions<S>,
  ): VectorDraw<S> {
    const parameters = requireNumbers("dirichlet", "alpha", alpha);
    for (const a of parameters) {
      // -0 too, with which NumPy may never come to an end
      requireNonNegative("dirichlet", "alpha", a);
      requireDefined("dirichlet", "alpha", a);
    }
    const bits = this.bitGenerator;
    return drawVectors(
      this.arrays,
      options,
      parameters.length,
      (out, at) => gammas.fillDirichlet(bits, parameters, out, at),
    );
  }
}

refuseSurplus(NumpyDistributions.prototype, {
  1: "standardCauchy",
  2: "exponential chisquare standardT pareto weibull power rayleigh poisson geometric " +
    "logseries zipf dirichlet",
  3: "gamma beta noncentralChisquare f laplace gumbel logistic lognormal wald vonmises " +
    "binomial negativeBinomial multinomial multivariateHypergeometric",
  4: "noncentralF triangular hypergeometric",
});

function requireNoncentrality(method: string, df: number, nonc: number): void {
  requireNonNegative(method, "nonc", nonc);
  if (df <= 1 && nonc > NONCENTRALITY_MAX) {
    refuseDraw(method, "nonc", `at most ${NONCENTRALITY_MAX} for up to 1 degree of freedom`, nonc);
  }
}
