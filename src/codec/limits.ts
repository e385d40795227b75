/**
 * The bounds of states as texts, each with its unit in the name; those of states and runs are in
 * `src/limits.ts`.
 * This module is browser compatible.
 *
 * @module
 */

/** Values that the JSON of one state may repeat, where an object is reached in several ways. */
export const JSON_REPEATS_MAX = 100_000;
