/**
 * A model that breaks late: a rare shock starts a growth that ends, hundreds of thousands of steps into
 * the run, in infinity minus infinity. Find the first NaN, look at the state before it, fork from there
 * with a fix.
 *
 * rewind record examples/late_nan.ts --steps 1e6 --seed 7 -o nan.replay
 * rewind find nan.replay --where 's => Number.isNaN(s.value)'
 *
 * @module
 */

import type { PythonRandom } from "@rewind/cli";

/** A value and how strongly it feeds back on itself. */
export interface State {
  /** What the model follows. */
  value: number;
  /** Below 1 the value decays; a rare shock lifts it above. */
  gain: number;
}

/** Decaying towards zero. */
export const init: State = { value: 1, gain: 0.9 };

/** Standard deviations beyond which a shock damages the model: one in about 600,000. */
const RARE = 4.8;

/** One step of feedback and noise. */
export function step(state: State, rng: PythonRandom): State {
  const shock = rng.normalvariate(0, 1);
  const gain = Math.abs(shock) > RARE ? 2 : state.gain;
  const force = state.value * gain;
  return { value: force * gain - force * (gain - 1) + shock, gain };
}

/** How large the value is. */
export const observe = { magnitude: (state: State): number => Math.abs(state.value) };
