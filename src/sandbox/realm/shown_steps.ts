/**
 * What observables are shown while a run is recorded: a step that gives no state is blamed, not the observable that cannot
 * look at it.
 * This module is browser compatible.
 *
 * @module
 */

import type { Observable, Observation } from "../../engine/types.ts";
import { StateEncodingError } from "../../errors.ts";
import { UserCodeError } from "./user_code.ts";

/**
 * An observable that is shown what a step gives: where that is no state, and it cannot make anything of it, it is the
 * step's doing.
 *
 * @param who What messages call it.
 */
export function shownSteps(who: string, look: Observable<unknown>): Observable<unknown> {
  return (state) => {
    let seen: Observation | undefined;
    try {
      seen = look(state);
    } catch (error) {
      throw noState(who, state) ?? error;
    }
    const problem = seen === undefined ? noState(who, state) : undefined;
    if (problem !== undefined) throw problem;
    return seen;
  };
}

/** The error for what a step must not give; undefined for a state. */
function noState(who: string, given: unknown): Error | undefined {
  if (given === undefined) {
    const text =
      "the state is undefined: the step must return the next state, also where it changes it in place";
    return new UserCodeError(who, new TypeError(text));
  }
  if (!(given instanceof Promise)) return undefined;
  return new StateEncodingError("state", "is a Promise: a step must be synchronous");
}
