/**
 * The errors of a transition that could not be made.
 * This module is browser compatible.
 *
 * @module
 */

import { ArgumentRangeError, StepError } from "../errors.ts";

/** The error for a transition that has no input in a run with inputs. */
export function missingInput(t: number): ArgumentRangeError {
  return new ArgumentRangeError(
    `Cannot make state ${
      t + 1
    }: there is no input for the transition from state ${t}, the inputs ` +
      `ended after ${t}`,
  );
}

/** The error for a step that threw while making X_t. */
export function stepError(t: number, cause: unknown): StepError {
  return new StepError(t, `Cannot make state ${t}: the step threw: ${errorText(cause)}`, {
    cause,
  });
}

/** Name and message of anything thrown, without calling code of its own. */
export function errorText(thrown: unknown): string {
  if (thrown instanceof Error) return `${thrown.name}: ${thrown.message}`;
  return typeof thrown === "object" || typeof thrown === "function"
    ? "a value that is not an Error"
    : String(thrown);
}
