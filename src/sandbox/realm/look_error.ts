/**
 * Functions that look at the states of a trial, and what goes wrong in them at some state: that is a result of the
 * trial, as what its step throws is.
 * This module is browser compatible.
 *
 * @module
 */

import type { Position } from "../wire/position.ts";
import { UserCodeError } from "./user_code.ts";

/** A function that was asked about a state threw, or gave what it must not. */
export class LookError extends Error {
  /** Index of the state. */
  readonly t: number;

  /** Says what happened, as a sentence. */
  constructor(message: string, t: number) {
    super(message);
    this.t = t;
  }
}

/**
 * A function whose errors say whose they are and at which state. What it is denied, or always gives, is no matter of
 * one state.
 *
 * @param who What messages call it, such as `observe.mean`.
 */
export function looking<A extends unknown[], R>(
  who: string,
  look: (...args: A) => R,
  position: Position,
): (...args: A) => R {
  return (...args) => {
    try {
      return look(...args);
    } catch (error) {
      if (!(error instanceof UserCodeError) || error.denial !== undefined) throw error;
      throw new LookError(`${who} failed: ${error.name}: ${error.message}`, position[0]!);
    }
  };
}
