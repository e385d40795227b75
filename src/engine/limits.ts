/**
 * The bounds of statistics and shards, each with its unit in the name; those of states and runs are in
 * `src/limits.ts`.
 * This module is browser compatible.
 *
 * @module
 */

/** Most different values of a series that are counted one by one. */
export const DISTINCT_VALUES_MAX = 2 ** 16;

/** Most shards that a run may be cut into. */
export const SHARDS_MAX = 2 ** 20;
