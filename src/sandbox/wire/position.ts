/**
 * Where user code is, as it can be told even of a realm that was killed.
 * This module is browser compatible.
 *
 * @module
 */

/** Stands for t while the step module is being evaluated. */
export const LOADING = -1;

/** Two numbers, such as a `Float64Array` has. */
export interface Position {
  /** The index of the state being made or looked at, or {@linkcode LOADING}. */
  0: number;
  /** How many bytes of the answer the parent keeps, which count as memory of the pass. */
  1: number;
}
