/**
 * The epidemic of sir.ts with two draws per day, whatever its state: each number of people is the quantile of
 * one uniform draw. Campaigns that share seeds between contact rates compare like with like then: the same
 * luck on the same day.
 *
 * rewind sweep examples/sir_inversion.ts --steps 200 --seeds 0..199 --param contact=0.0004,0.00041 -o pairs
 *
 * @module
 */

import type { PythonRandom } from "@rewind/cli";

/** People by health. */
export interface State {
  /** Not yet infected. */
  susceptible: number;
  /** Infected and infectious. */
  infected: number;
  /** Recovered and immune. */
  recovered: number;
}

/** Rates per day. */
export interface Params {
  /** Chance that one infected infects one susceptible. */
  contact: number;
  /** Chance that one infected recovers. */
  recovery: number;
}

/** The rates without any measure. */
export const params: Params = { contact: 0.0004, recovery: 0.1 };

/** One thousand people, five of them ill. */
export const init: State = { susceptible: 995, infected: 5, recovered: 0 };

/** The smallest k to which a binomial variable of n trials falls with a probability of at least u. */
function binomialQuantile(u: number, n: number, p: number): number {
  if (n === 0 || p <= 0) return 0;
  if (p >= 1) return n;
  // From the mode outwards nothing underflows: weights relative to the mode's, then the sum from below.
  const odds = p / (1 - p);
  const mode = Math.min(n, Math.floor((n + 1) * p));
  const weights: number[] = [];
  weights[mode] = 1;
  let total = 1;
  let first = mode;
  for (let k = mode; k > 0 && weights[k]! > 1e-18; k--) {
    weights[k - 1] = (weights[k]! * k) / ((n - k + 1) * odds);
    total += weights[k - 1]!;
    first = k - 1;
  }
  let last = mode;
  for (let k = mode; k < n && weights[k]! > 1e-18; k++) {
    weights[k + 1] = (weights[k]! * (n - k) * odds) / (k + 1);
    total += weights[k + 1]!;
    last = k + 1;
  }
  let sum = 0;
  for (let k = first; k < last; k++) {
    sum += weights[k]!;
    if (sum >= u * total) return k;
  }
  return last;
}

/** One day: one draw for the infections and one for the recoveries. */
export function step(state: State, rng: PythonRandom, { contact, recovery }: Params): State {
  let escape = 1;
  for (let i = 0; i < state.infected; i++) escape *= 1 - contact;
  const infections = binomialQuantile(rng.random(), state.susceptible, 1 - escape);
  const recoveries = binomialQuantile(rng.random(), state.infected, recovery);
  return {
    susceptible: state.susceptible - infections,
    infected: state.infected + infections - recoveries,
    recovered: state.recovered + recoveries,
  };
}

/** How many are ill. */
export const observe = { infected: (state: State): number => state.infected };
