/**
 * The bounds of states as texts, each with its unit in the name; those of states and runs are in
 * `src/limits.ts`.
 * This module is browser compatible.
 *
 * @module
 */

/** Values that the JSON of one state may repeat, where an object is reached in several ways. */
export const JSON_REPEATS_MAX = 100_000;

/** Levels of objects in the arguments and results of a step's draws, as JSON. */
export const DRAWS_DEPTH_MAX = 16;

/** Values that they may repeat, and the objects that are written of them in all. */
export const DRAWS_REPEATS_MAX = 1000;
export const DRAWS_OBJECTS_MAX = 20_000;
