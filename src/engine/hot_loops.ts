/**
 * The hot loops: the only places where a recording or a replay calls a user's step.
 * This module is browser compatible.
 *
 * A call site that has seen several steps turns megamorphic and costs twice the time, so each step gets
 * its own copy of the loops, compiled from their text: they must not refer to anything outside themselves.
 * Where code generation is off (the sandbox, a strict content policy) the shared ones serve.
 *
 * @module
 */

import type { Rng } from "../rng/rng.ts";
import type { LoopPosition, Observable, StepFunction } from "./types.ts";
import type { StatsAccumulator } from "./stats.ts";

/** One copy of each loop. */
export type Loops = typeof SHARED_LOOPS;

/** Makes the states after `position.t` up to and with X_to; returns X_to. */
function advance<S>(
  step: StepFunction<S>,
  state: S,
  rng: Rng,
  params: unknown,
  position: LoopPosition,
  to: number,
): S {
  const { origin, inputs, first: from } = position;
  let t = position.t;
  try {
    while (t < to) {
      const input = inputs === undefined ? undefined : inputs[t - from];
      state = step(state, rng, params, origin + t, input);
      t++;
    }
  } finally {
    position.t = t;
    position.seen = t;
  }
  return state;
}

/** Keeps the states, up to the first that is no number. */
function collect<S>(
  step: StepFunction<S>,
  state: S,
  rng: Rng,
  params: unknown,
  position: LoopPosition,
  to: number,
  values: Float64Array,
  first: number,
): S {
  const { origin, inputs, first: from } = position;
  let t = position.t;
  let seen = t;
  try {
    while (t < to) {
      const input = inputs === undefined ? undefined : inputs[t - from];
      state = step(state, rng, params, origin + t, input);
      t++;
      if (typeof state === "number" && seen === t - 1) {
        values[t - first] = state;
        seen = t;
      }
    }
  } finally {
    position.t = t;
    position.seen = seen;
  }
  return state;
}

function observe<S>(
  step: StepFunction<S>,
  state: S,
  rng: Rng,
  params: unknown,
  position: LoopPosition,
  to: number,
  observables: readonly Observable<S>[],
  accumulators: readonly StatsAccumulator[],
): S {
  const { origin, inputs, first: from } = position;
  let t = position.t;
  let seen = t;
  try {
    if (observables.length === 1) {
      const observable = observables[0]!;
      const accumulator = accumulators[0]!;
      while (t < to) {
        const input = inputs === undefined ? undefined : inputs[t - from];
        state = step(state, rng, params, origin + t, input);
        t++;
        accumulator.add(observable(state));
        seen = t;
      }
    } else {
      while (t < to) {
        const input = inputs === undefined ? undefined : inputs[t - from];
        state = step(state, rng, params, origin + t, input);
        t++;
        for (let i = 0; i < observables.length; i++) {
          accumulators[i]!.add(observables[i]!(state));
        }
        seen = t;
      }
    }
  } finally {
    position.t = t;
    position.seen = seen;
  }
  return state;
}

/** Stops after the first state of which `predicate` says anything true; gives what it said. */
function search<S>(
  step: StepFunction<S>,
  state: S,
  rng: Rng,
  params: unknown,
  position: LoopPosition,
  to: number,
  predicate: (state: S, t: number) => unknown,
): { state: S; answer: unknown } {
  const { origin, inputs, first: from } = position;
  let t = position.t;
  let seen = t;
  let answer: unknown = false;
  try {
    while (t < to && !answer) {
      const input = inputs === undefined ? undefined : inputs[t - from];
      state = step(state, rng, params, origin + t, input);
      t++;
      answer = predicate(state, t);
      seen = t;
    }
  } finally {
    position.t = t;
    position.seen = seen;
  }
  return { state, answer };
}

/** The loops of all steps that have none of their own. */
export const SHARED_LOOPS = { advance, collect, observe, search };

/** Below this many transitions a fresh copy costs more (about 20 us to compile) than it saves. */
const FRESH_STEPS_MIN = 4096;

/** Copies already made, so that runs that share a step share warm code. */
const loopsByStep = new WeakMap<object, Loops>();

let copies = 0;

/** False once code could not be made from text: that does not change, and a sandbox counts who tries. */
let canCopy = true;

/** A copy of a loop with type feedback of its own; the loop itself for few steps, or where code cannot be made. */
export function loopOfItsOwn<F>(loop: F, steps = Infinity): F {
  if (steps < FRESH_STEPS_MIN || !canCopy) return loop;
  try {
    // The number keeps the engine from answering with code, and feedback, that it already has.
    return new Function(`/*${copies++}*/return (${loop});`)() as F;
  } catch (error) {
    if (!(error instanceof EvalError)) throw error;
    canCopy = false;
    return loop;
  }
}

/** The loops to run `step` with: copies, kept for as long as it lives, where the run is long enough to gain by it. */
export function loopsFor<S>(step: StepFunction<S>, steps: number): Loops {
  const known = loopsByStep.get(step);
  if (known !== undefined) return known;
  if (steps < FRESH_STEPS_MIN || !canCopy) return SHARED_LOOPS;
  const loops = {
    advance: loopOfItsOwn(advance),
    collect: loopOfItsOwn(collect),
    observe: loopOfItsOwn(observe),
    search: loopOfItsOwn(search),
  };
  loopsByStep.set(step, loops);
  return loops;
}

/** Has a step run by loops of its own. */
export function useLoops(step: object, loops: Loops): void {
  loopsByStep.set(step, loops);
}

/**
 * Finds out, before a step runs, whether code can be made from text here: where that is denied, and who tries
 * is counted, it must not be counted as the step's.
 */
export function settleCopies(): void {
  loopsFor((state) => state, FRESH_STEPS_MIN);
}
