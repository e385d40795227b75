/**
 * Refuses options that nobody reads: a misspelt one would change nothing, and say nothing.
 * This module is browser compatible.
 *
 * @module
 */

import { ArgumentTypeError } from "../errors.ts";
import { suggestion } from "../text/suggestion.ts";

/** The names that an options object of type `T` may have: all of them, each once. */
export type OptionNames<T> = { readonly [K in keyof T]-?: true };

/** What people write where another name is right. */
const OTHER_NAMES: Readonly<Record<string, string>> = {
  start: "from",
  begin: "from",
  end: "to",
  stop: "to",
  step: "every",
  observers: "observe",
  observables: "observe",
  block: "blockSize",
  parameters: "params",
  initial: "init",
  input: "inputs",
};

/**
 * Refuses an options object that has a name too many, or is none.
 *
 * @param options What was given; undefined is fine.
 * @param names All names that are read.
 * @param what What the options are of, for the message, such as `record`.
 * @throws {TypeError} If it is no object or has another name; the message names the nearest one that is right.
 */
export function checkOptionNames<T extends object>(
  options: T | undefined,
  names: OptionNames<T>,
  what: string,
): void {
  if (options === undefined) return;
  if (typeof options !== "object" || options === null) {
    throw new ArgumentTypeError(
      `Cannot take the options of ${what}: they must be an object, not ${
        options === null ? "null" : `of type ${typeof options}`
      }`,
    );
  }
  for (const name of Object.keys(options)) {
    if (Object.hasOwn(names, name)) continue;
    const known = Object.keys(names);
    const other = OTHER_NAMES[name];
    const meant = other !== undefined && known.includes(other)
      ? `did you mean '${other}'?`
      : suggestion(name, known);
    throw new ArgumentTypeError(`Unknown option '${name}' of ${what}`, {
      hint: meant ?? `the options are ${known.join(", ")}`,
    });
  }
}
