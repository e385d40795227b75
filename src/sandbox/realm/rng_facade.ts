/**
 * The generators as a sandboxed step sees them: the methods and nothing else, frozen, and dead while
 * no block is being made.
 * This module is browser compatible.
 *
 * The methods are written out, and live on a class, because only then does V8 inline them. Where the
 * facade is a constant to the function that hands it over (see `StepModule`), a draw through it costs
 * what a draw costs; where it is looked up per call, 1.5 ns more. Closures made per method by one
 * function share their type feedback, and cost twice a draw; an object literal without prototype is a
 * hash table to V8.
 *
 * @module
 */

import type { Rng } from "../../rng/rng.ts";
import { takeDenials } from "./user_code.ts";

/** A generator whose methods are called with whatever the step gave. */
type Draws = Record<string, (...args: unknown[]) => unknown>;

/** Whether no block is being made, so that a draw would belong to none. */
let isOver = true;

/** Lets the facades draw, from the start of a block. What the harness asked for before is not the step's. */
export function openDraws(): void {
  takeDenials();
  isOver = false;
}

/** Makes every draw throw, from the end of a block or job. */
export function closeDraws(): void {
  isOver = true;
}

function refuseDraw(): never {
  throw new Error("rng was used outside of a step: draw only in step, from the rng it is given");
}

/** Methods of CPython's `random.Random`; `python` and `sfc32` have the same. */
class PythonFacade {
  readonly #live: Draws;

  constructor(live: Draws) {
    this.#live = live;
  }

  get backend(): unknown {
    return this.#live.backend;
  }
  random(...args: unknown[]): unknown {
    if (isOver) refuseDraw();
    return this.#live.random!(...args);
  }
  getrandbits(...args: unknown[]): unknown {
    if (isOver) refuseDraw();
    return this.#live.getrandbits!(...args);
  }
  randbytes(...args: unknown[]): unknown {
    if (isOver) refuseDraw();
    return this.#live.randbytes!(...args);
  }
  randrange(...args: unknown[]): unknown {
    if (isOver) refuseDraw();
    return this.#live.randrange!(...args);
  }
  randint(...args: unknown[]): unknown {
    if (isOver) refuseDraw();
    return this.#live.randint!(...args);
  }
  choice(...args: unknown[]): unknown {
    if (isOver) refuseDraw();
    return this.#live.choice!(...args);
  }
  choices(...args: unknown[]): unknown {
    if (isOver) refuseDraw();
    return this.#live.choices!(...args);
  }
  shuffle(...args: unknown[]): unknown {
    if (isOver) refuseDraw();
    return this.#live.shuffle!(...args);
  }
  sample(...args: unknown[]): unknown {
    if (isOver) refuseDraw();
    return this.#live.sample!(...args);
  }
  uniform(...args: unknown[]): unknown {
    if (isOver) refuseDraw();
    return this.#live.uniform!(...args);
  }
  triangular(...args: unknown[]): unknown {
    if (isOver) refuseDraw();
    return this.#live.triangular!(...args);
  }
  normalvariate(...args: unknown[]): unknown {
    if (isOver) refuseDraw();
    return this.#live.normalvariate!(...args);
  }
  gauss(...args: unknown[]): unknown {
    if (isOver) refuseDraw();
    return this.#live.gauss!(...args);
  }
  lognormvariate(...args: unknown[]): unknown {
    if (isOver) refuseDraw();
    return this.#live.lognormvariate!(...args);
  }
  expovariate(...args: unknown[]): unknown {
    if (isOver) refuseDraw();
    return this.#live.expovariate!(...args);
  }
  vonmisesvariate(...args: unknown[]): unknown {
    if (isOver) refuseDraw();
    return this.#live.vonmisesvariate!(...args);
  }
  gammavariate(...args: unknown[]): unknown {
    if (isOver) refuseDraw();
    return this.#live.gammavariate!(...args);
  }
  betavariate(...args: unknown[]): unknown {
    if (isOver) refuseDraw();
    return this.#live.betavariate!(...args);
  }
  paretovariate(...args: unknown[]): unknown {
    if (isOver) refuseDraw();
    return this.#live.paretovariate!(...args);
  }
  weibullvariate(...args: unknown[]): unknown {
    if (isOver) refuseDraw();
    return this.#live.weibullvariate!(...args);
  }
  seed(...args: unknown[]): unknown {
    if (isOver) refuseDraw();
    return this.#live.seed!(...args);
  }
  getstate(...args: unknown[]): unknown {
    if (isOver) refuseDraw();
    return this.#live.getstate!(...args);
  }
  setstate(...args: unknown[]): unknown {
    if (isOver) refuseDraw();
    return this.#live.setstate!(...args);
  }
}

/** Methods of NumPy's `Generator`; its bit generator stays out of reach, as it cannot be ended. */
class NumpyFacade {
  readonly #live: Draws;

  constructor(live: Draws) {
    this.#live = live;
  }

  get backend(): unknown {
    return this.#live.backend;
  }
  spawn(...args: unknown[]): unknown {
    if (isOver) refuseDraw();
    return (this.#live.spawn!(...args) as Rng[]).map(facadeOf);
  }
  random(...args: unknown[]): unknown {
    if (isOver) refuseDraw();
    return this.#live.random!(...args);
  }
  standardNormal(...args: unknown[]): unknown {
    if (isOver) refuseDraw();
    return this.#live.standardNormal!(...args);
  }
  standardExponential(...args: unknown[]): unknown {
    if (isOver) refuseDraw();
    return this.#live.standardExponential!(...args);
  }
  standardGamma(...args: unknown[]): unknown {
    if (isOver) refuseDraw();
    return this.#live.standardGamma!(...args);
  }
  normal(...args: unknown[]): unknown {
    if (isOver) refuseDraw();
    return this.#live.normal!(...args);
  }
  uniform(...args: unknown[]): unknown {
    if (isOver) refuseDraw();
    return this.#live.uniform!(...args);
  }
  integers(...args: unknown[]): unknown {
    if (isOver) refuseDraw();
    return this.#live.integers!(...args);
  }
  bytes(...args: unknown[]): unknown {
    if (isOver) refuseDraw();
    return this.#live.bytes!(...args);
  }
  choice(...args: unknown[]): unknown {
    if (isOver) refuseDraw();
    return this.#live.choice!(...args);
  }
  shuffle(...args: unknown[]): unknown {
    if (isOver) refuseDraw();
    return this.#live.shuffle!(...args);
  }
  permutation(...args: unknown[]): unknown {
    if (isOver) refuseDraw();
    return this.#live.permutation!(...args);
  }
  permuted(...args: unknown[]): unknown {
    if (isOver) refuseDraw();
    return this.#live.permuted!(...args);
  }
  exponential(...args: unknown[]): unknown {
    if (isOver) refuseDraw();
    return this.#live.exponential!(...args);
  }
  gamma(...args: unknown[]): unknown {
    if (isOver) refuseDraw();
    return this.#live.gamma!(...args);
  }
  beta(...args: unknown[]): unknown {
    if (isOver) refuseDraw();
    return this.#live.beta!(...args);
  }
  chisquare(...args: unknown[]): unknown {
    if (isOver) refuseDraw();
    return this.#live.chisquare!(...args);
  }
  noncentralChisquare(...args: unknown[]): unknown {
    if (isOver) refuseDraw();
    return this.#live.noncentralChisquare!(...args);
  }
  f(...args: unknown[]): unknown {
    if (isOver) refuseDraw();
    return this.#live.f!(...args);
  }
  noncentralF(...args: unknown[]): unknown {
    if (isOver) refuseDraw();
    return this.#live.noncentralF!(...args);
  }
  standardT(...args: unknown[]): unknown {
    if (isOver) refuseDraw();
    return this.#live.standardT!(...args);
  }
  standardCauchy(...args: unknown[]): unknown {
    if (isOver) refuseDraw();
    return this.#live.standardCauchy!(...args);
  }
  pareto(...args: unknown[]): unknown {
    if (isOver) refuseDraw();
    return this.#live.pareto!(...args);
  }
  weibull(...args: unknown[]): unknown {
    if (isOver) refuseDraw();
    return this.#live.weibull!(...args);
  }
  power(...args: unknown[]): unknown {
    if (isOver) refuseDraw();
    return this.#live.power!(...args);
  }
  laplace(...args: unknown[]): unknown {
    if (isOver) refuseDraw();
    return this.#live.laplace!(...args);
  }
  gumbel(...args: unknown[]): unknown {
    if (isOver) refuseDraw();
    return this.#live.gumbel!(...args);
  }
  logistic(...args: unknown[]): unknown {
    if (isOver) refuseDraw();
    return this.#live.logistic!(...args);
  }
  lognormal(...args: unknown[]): unknown {
    if (isOver) refuseDraw();
    return this.#live.lognormal!(...args);
  }
  rayleigh(...args: unknown[]): unknown {
    if (isOver) refuseDraw();
    return this.#live.rayleigh!(...args);
  }
  wald(...args: unknown[]): unknown {
    if (isOver) refuseDraw();
    return this.#live.wald!(...args);
  }
  vonmises(...args: unknown[]): unknown {
    if (isOver) refuseDraw();
    return this.#live.vonmises!(...args);
  }
  triangular(...args: unknown[]): unknown {
    if (isOver) refuseDraw();
    return this.#live.triangular!(...args);
  }
  poisson(...args: unknown[]): unknown {
    if (isOver) refuseDraw();
    return this.#live.poisson!(...args);
  }
  binomial(...args: unknown[]): unknown {
    if (isOver) refuseDraw();
    return this.#live.binomial!(...args);
  }
  negativeBinomial(...args: unknown[]): unknown {
    if (isOver) refuseDraw();
    return this.#live.negativeBinomial!(...args);
  }
  geometric(...args: unknown[]): unknown {
    if (isOver) refuseDraw();
    return this.#live.geometric!(...args);
  }
  hypergeometric(...args: unknown[]): unknown {
    if (isOver) refuseDraw();
    return this.#live.hypergeometric!(...args);
  }
  logseries(...args: unknown[]): unknown {
    if (isOver) refuseDraw();
    return this.#live.logseries!(...args);
  }
  zipf(...args: unknown[]): unknown {
    if (isOver) refuseDraw();
    return this.#live.zipf!(...args);
  }
  multinomial(...args: unknown[]): unknown {
    if (isOver) refuseDraw();
    return this.#live.multinomial!(...args);
  }
  multivariateHypergeometric(...args: unknown[]): unknown {
    if (isOver) refuseDraw();
    return this.#live.multivariateHypergeometric!(...args);
  }
  dirichlet(...args: unknown[]): unknown {
    if (isOver) refuseDraw();
    return this.#live.dirichlet!(...args);
  }
}

for (const { prototype } of [PythonFacade, NumpyFacade]) {
  Reflect.deleteProperty(prototype, "constructor");
  Object.setPrototypeOf(prototype, null);
  for (const key of Reflect.ownKeys(prototype)) {
    const { value, get } = Object.getOwnPropertyDescriptor(prototype, key)!;
    Object.freeze(value ?? get);
  }
  Object.freeze(prototype);
}

/** A facade for one generator. */
export function facadeOf(rng: Rng): object {
  const draws = rng as unknown as Draws;
  const facade = rng.backend === "numpy" ? new NumpyFacade(draws) : new PythonFacade(draws);
  return Object.freeze(facade);
}

/** Picks the facade for a generator that is not known in advance. */
export class FacadePicker {
  #rng: Rng | undefined;
  #facade: object = {};

  /** The facade for `rng`; the same as long as `rng` is the same. */
  of(rng: Rng): object {
    if (rng !== this.#rng) {
      this.#rng = rng;
      this.#facade = facadeOf(rng);
    }
    return this.#facade;
  }
}
