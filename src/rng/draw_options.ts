/**
 * The check that the last argument of a draw is an object of options, for all backends.
 * This module is browser compatible.
 *
 * @module
 */

import { ArgumentTypeError } from "../errors.ts";

/**
 * Refuses options that are no object: `rng.random(5)` in Python is `rng.random({ size: 5 })` here.
 *
 * @throws {TypeError} if they are neither an object nor undefined
 */
export function requireOptions(
  options: object | undefined,
  example = "{ size: 5 } or { axis: 0 }",
): void {
  if (options === undefined || (typeof options === "object" && options !== null)) return;
  throw new ArgumentTypeError(
    `Cannot draw with the options ${String(options)}: they must be an object such as ${example}`,
  );
}
