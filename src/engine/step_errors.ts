/**
 * The errors of a transition that could not be made.
 * This module is browser compatible.
 *
 * @module
 */

import { ArgumentRangeError, NondeterministicStepError, StepError } from "../errors.ts";
import type { AuthorPlace } from "../error_types.ts";

/** The error for a transition that has no input in a run with inputs. */
export function missingInput(t: number): ArgumentRangeError {
  return new ArgumentRangeError(
    `Cannot make state ${
      t + 1
    }: there is no input for the transition from state ${t}, the inputs ` +
      `ended after ${t}`,
  );
}

/** The error for a block whose replay leads to another X_t. */
export function replaysOtherwise(
  block: number,
  t: number,
  hint = "draw all randomness from rng, and nothing from clocks, I/O or variables outside the step",
): NondeterministicStepError {
  const problem = `a replay of block ${block} leads to another state ${t}`;
  return new NondeterministicStepError(t, `Cannot certify the run: ${problem}`, { hint });
}

/** The error for a step that threw while making X_t. */
export function stepError(t: number, cause: unknown): StepError {
  const error = new StepError(t, `Cannot make state ${t}: the step threw: ${errorText(cause)}`, {
    cause,
  });
  error.place = placeOf(cause);
  return error;
}

/** Where an error was thrown in this process, by its stack; undefined where the stack does not tell. */
function placeOf(cause: unknown): AuthorPlace | undefined {
  const [own] = filesOf(new Error());
  const folder = own?.file.replace(/engine\/[^/]*$/, "");
  // This package's own calls, such as those of the generator, are no place of the author's.
  return folder === undefined
    ? undefined
    : filesOf(cause).find(({ file }) => !file.startsWith(folder) && !/^(?:ext|node):/.test(file));
}

/** The places of a stack, innermost first. */
function filesOf(error: unknown): AuthorPlace[] {
  const stack = error instanceof Error ? error.stack : undefined;
  if (typeof stack !== "string") return [];
  return stack.split("\n").flatMap((line) => {
    const found = /^\s*at .*?\(?((?:\w+:\/\/|\/|[A-Z]:\\)[^()]*):(\d+):(\d+)\)?$/.exec(line);
    return found === null
      ? []
      : [{ file: found[1]!, line: Number(found[2]), column: Number(found[3]) }];
  });
}

/** Name and message of anything thrown, without calling code of its own. */
export function errorText(thrown: unknown): string {
  if (thrown instanceof Error) return `${thrown.name}: ${thrown.message}`;
  return typeof thrown === "object" || typeof thrown === "function"
    ? "a value that is not an Error"
    : String(thrown);
}
