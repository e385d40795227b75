/**
 * What a predicate says: an object, a function or a promise counts as true whatever it finds, and so does the -1 of
 * `findIndex`.
 * This module is browser compatible.
 *
 * @module
 */

import { ArgumentTypeError } from "../errors.ts";

/** What messages call what decides where a search ends. */
export const PREDICATE = "the predicate";

/** Why an answer is none, as it is true whatever was asked; undefined for one that may be. */
export function noAnswer(answer: unknown): string | undefined {
  const what = kindOf(answer);
  return what && `it gives ${what}, which counts as true: it must give true or false`;
}

function kindOf(answer: unknown): string | undefined {
  if (typeof answer === "number" && answer < 0) return `${answer}`;
  if (typeof answer === "function") return "a function";
  if (typeof answer !== "object" || answer === null) return undefined;
  if (typeof (answer as { then?: unknown }).then === "function") return "a promise";
  return Array.isArray(answer) || ArrayBuffer.isView(answer) ? "a list" : "an object";
}

/**
 * Whether a predicate holds.
 *
 * @param answer What it gave.
 * @param who What messages call it.
 * @throws {TypeError} If it gave an object, a function or a negative number.
 */
export function holds(answer: unknown, who: string): boolean {
  if (typeof answer === "boolean") return answer;
  const problem = noAnswer(answer);
  if (problem === undefined) return Boolean(answer);
  throw new ArgumentTypeError(`Cannot use ${who}: ${problem}`);
}
