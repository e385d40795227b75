/**
 * The generators as a sandboxed step sees them: the methods and nothing else, frozen, and dead once
 * the block for which they were made is over.
 * This module is browser compatible.
 *
 * The methods are written out, and live on a class, because only then does V8 inline them: a draw
 * through the facade costs what a draw costs. Closures made per method by one function share their
 * type feedback, and cost twice a draw; an object literal without prototype is a hash table to V8.
 *
 * @module
 */

import type { Rng } from "../rng/rng.ts";

/** A generator whose methods are called with whatever the step gave. */
type Draws = Record<string, (...args: unknown[]) => unknown>;

/** Stands in for the generator of a block that is over. */
const OVER = new Proxy({} as Draws, {
  get: () => (): never => {
    throw new Error(
      "the rng of an earlier block was used: take the rng that this call of step was given",
    );
  },
});

/** Methods of CPython's `random.Random`; `python` and `sfc32` have the same. */
class PythonFacade {
  #live: Draws;

  constructor(live: Draws) {
    this.#live = live;
  }

  static end(facade: PythonFacade): void {
    facade.#live = OVER;
  }

  get backend(): unknown {
    return this.#live.backend;
  }
  random(...args: unknown[]): unknown {
    return this.#live.random!(...args);
  }
  getrandbits(...args: unknown[]): unknown {
    return this.#live.getrandbits!(...args);
  }
  randbytes(...args: unknown[]): unknown {
    return this.#live.randbytes!(...args);
  }
  randrange(...args: unknown[]): unknown {
    return this.#live.randrange!(...args);
  }
  randint(...args: unknown[]): unknown {
    return this.#live.randint!(...args);
  }
  choice(...args: unknown[]): unknown {
    return this.#live.choice!(...args);
  }
  choices(...args: unknown[]): unknown {
    return this.#live.choices!(...args);
  }
  shuffle(...args: unknown[]): unknown {
    return this.#live.shuffle!(...args);
  }
  sample(...args: unknown[]): unknown {
    return this.#live.sample!(...args);
  }
  uniform(...args: unknown[]): unknown {
    return this.#live.uniform!(...args);
  }
  triangular(...args: unknown[]): unknown {
    return this.#live.triangular!(...args);
  }
  normalvariate(...args: unknown[]): unknown {
    return this.#live.normalvariate!(...args);
  }
  gauss(...args: unknown[]): unknown {
    return this.#live.gauss!(...args);
  }
  lognormvariate(...args: unknown[]): unknown {
    return this.#live.lognormvariate!(...args);
  }
  expovariate(...args: unknown[]): unknown {
    return this.#live.expovariate!(...args);
  }
  vonmisesvariate(...args: unknown[]): unknown {
    return this.#live.vonmisesvariate!(...args);
  }
  gammavariate(...args: unknown[]): unknown {
    return this.#live.gammavariate!(...args);
  }
  betavariate(...args: unknown[]): unknown {
    return this.#live.betavariate!(...args);
  }
  paretovariate(...args: unknown[]): unknown {
    return this.#live.paretovariate!(...args);
  }
  weibullvariate(...args: unknown[]): unknown {
    return this.#live.weibullvariate!(...args);
  }
  seed(...args: unknown[]): unknown {
    return this.#live.seed!(...args);
  }
  getstate(...args: unknown[]): unknown {
    return this.#live.getstate!(...args);
  }
  setstate(...args: unknown[]): unknown {
    return this.#live.setstate!(...args);
  }
}

/** Methods of NumPy's `Generator`; its bit generator stays out of reach, as it cannot be ended. */
class NumpyFacade {
  #live: Draws;

  constructor(live: Draws) {
    this.#live = live;
  }

  static end(facade: NumpyFacade): void {
    facade.#live = OVER;
  }

  get backend(): unknown {
    return this.#live.backend;
  }
  random(...args: unknown[]): unknown {
    return this.#live.random!(...args);
  }
  integers(...args: unknown[]): unknown {
    return this.#live.integers!(...args);
  }
  choice(...args: unknown[]): unknown {
    return this.#live.choice!(...args);
  }
  bytes(...args: unknown[]): unknown {
    return this.#live.bytes!(...args);
  }
  shuffle(...args: unknown[]): unknown {
    return this.#live.shuffle!(...args);
  }
  permutation(...args: unknown[]): unknown {
    return this.#live.permutation!(...args);
  }
  permuted(...args: unknown[]): unknown {
    return this.#live.permuted!(...args);
  }
  standardNormal(...args: unknown[]): unknown {
    return this.#live.standardNormal!(...args);
  }
  normal(...args: unknown[]): unknown {
    return this.#live.normal!(...args);
  }
  standardExponential(...args: unknown[]): unknown {
    return this.#live.standardExponential!(...args);
  }
  exponential(...args: unknown[]): unknown {
    return this.#live.exponential!(...args);
  }
  uniform(...args: unknown[]): unknown {
    return this.#live.uniform!(...args);
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

/** One generator, lent to the step block by block. */
export class LentRng {
  #facade: PythonFacade | NumpyFacade | undefined;
  #lender: Rng | undefined;

  /** The facade for `rng`; the same until {@linkcode LentRng.end}, and as long as `rng` is the same. */
  of(rng: Rng): object {
    if (rng !== this.#lender) this.#lend(rng);
    return this.#facade!;
  }

  /** Ends the block: the facade given out so far throws from now on. */
  end(): void {
    if (this.#facade instanceof NumpyFacade) NumpyFacade.end(this.#facade);
    else if (this.#facade !== undefined) PythonFacade.end(this.#facade);
    this.#facade = undefined;
    this.#lender = undefined;
  }

  #lend(rng: Rng): void {
    this.end();
    const draws = rng as unknown as Draws;
    this.#facade = rng.backend === "numpy" ? new NumpyFacade(draws) : new PythonFacade(draws);
    Object.freeze(this.#facade);
    this.#lender = rng;
  }
}
