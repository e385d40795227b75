/**
 * What calls a step: V8 compiles it for the one step that it calls, so it can be copied.
 * This module is browser compatible.
 *
 * @module
 */

import type { StepFunction } from "../../engine/types.ts";
import type { Rng } from "../../rng/rng.ts";
import type { Position } from "../wire/position.ts";
import { swallowedDenial, UserCodeError } from "./user_code.ts";

type AnyFunction = (...args: unknown[]) => unknown;

/** Gives the facade to hand to the step in the place of a generator. */
export type FacadePick = (rng: Rng) => object;

/** Code that calls one step only. */
export interface HotCode {
  /** The wrapper that the loops of recordings and replays call. */
  readonly hotStep: typeof hotStep;
  /** Has a wrapped step run by such loops too. */
  readonly run: (step: object) => void;
}

/** The step behind the guards. */
export function guardStep(
  userStep: AnyFunction,
  pick: FacadePick,
  { position, wrap }: { position: Position; wrap: typeof hotStep },
): { readonly step: StepFunction<unknown>; readonly lastError: () => UserCodeError | undefined } {
  let last: UserCodeError | undefined;
  const step = wrap(userStep, pick, {
    position,
    failed: (thrown) => last = new UserCodeError("step", thrown),
    checkDenials() {
      const swallowed = swallowedDenial("step");
      if (swallowed !== undefined) throw last = swallowed;
    },
  });
  return { step, lastError: () => last };
}

/**
 * The hot wrapper: hands over the facade, counts, and stops what is thrown at the border. It refers to nothing
 * outside itself, so that it can be copied by its text.
 */
export function hotStep(
  userStep: AnyFunction,
  pick: FacadePick,
  { position, failed, checkDenials }: {
    position: Position;
    failed: (thrown: unknown) => Error;
    checkDenials: () => void;
  },
): StepFunction<unknown> {
  return (state, rng, params, t, input) => {
    const facade = pick(rng);
    position[0]!++;
    let next: unknown;
    try {
      next = userStep(state, facade, params, t, input);
    } catch (thrown) {
      throw failed(thrown);
    }
    checkDenials();
    return next;
  };
}
