/**
 * Where user code is: a number in memory that the child shares with its watchdog thread, so that a
 * child that is killed can still tell at which t.
 * This module is browser compatible.
 *
 * @module
 */

/** The module is being evaluated. */
export const LOADING = -1;

/**
 * Index of the state being made or looked at, or {@linkcode LOADING}; then how many bytes of the answer
 * the parent keeps, which count as memory of the pass.
 */
export type Position = Float64Array<SharedArrayBuffer>;

/** A position at the start: nothing but the module itself has run. */
export function createPosition(): Position {
  const position = new Float64Array(new SharedArrayBuffer(16));
  position[0] = LOADING;
  return position;
}
