/**
 * A stochastic SIR epidemic: susceptible, infected, recovered people, in whole numbers. Fork it with
 * another contact rate to see what a measure at day 20 would have changed.
 *
 * rewind record examples/sir.ts --steps 200 --seed 11 -o sir.replay
 * rewind branch sir.replay 20 --param contact=0.0001 -o measure.replay
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

/** One day. */
export function step(state: State, rng: PythonRandom, { contact, recovery }: Params): State {
  let escape = 1;
  for (let i = 0; i < state.infected; i++) escape *= 1 - contact;
  let infections = 0;
  for (let i = 0; i < state.susceptible; i++) if (rng.random() >= escape) infections++;
  let recoveries = 0;
  for (let i = 0; i < state.infected; i++) if (rng.random() < recovery) recoveries++;
  return {
    susceptible: state.susceptible - infections,
    infected: state.infected + infections - recoveries,
    recovered: state.recovered + recoveries,
  };
}

/** The three numbers, and as a vector for their covariance. */
export const observe = {
  infected: (state: State): number => state.infected,
  all: (state: State): number[] => [state.susceptible, state.infected, state.recovered],
};

/** Three bars, as high as there are people. */
export function picture(
  { susceptible, infected, recovered }: State,
  _params: Params,
  t: number,
): unknown {
  const people = susceptible + infected + recovered;
  return {
    box: [0, 0, 3, people],
    layers: [
      { kind: "text", text: `Day ${t}` },
      {
        kind: "bars",
        values: [susceptible, infected, recovered],
        names: ["susceptible", "infected", "recovered"],
        path: "people",
      },
    ],
  };
}
