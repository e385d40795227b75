/**
 * What a predicate says: an object, a function or a promise counts as true whatever it will find.
 * This module is browser compatible.
 *
 * @module
 */

import { ArgumentTypeError } from "../errors.ts";

/** What messages call what decides where a search ends. */
export const PREDICATE = "the predicate";

/** What an answer is that is true whatever was asked; undefined for one that may be false. */
export function alwaysTrue(answer: unknown): string | undefined {
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
 * @throws {TypeError} If it gave an object or a function.
 */
export function holds(answer: unknown, who: string): boolean {
  if (typeof answer === "boolean") return answer;
  const what = alwaysTrue(answer);
  if (what === undefined) return Boolean(answer);
  throw new ArgumentTypeError(
    `Cannot use ${who}: it gives ${what}, which counts as true for every state: it must give true or false`,
  );
}
