/**
 * Where user code is, as it can be told even of a realm that was killed.
 * This module is browser compatible.
 *
 * @module
 */

/** Stands for t while the step module is being evaluated. */
export const LOADING = -1;

/**
 * Two numbers, as a `Float64Array` has them: the index of the state being made or looked at, or
 * {@linkcode LOADING}; then how many bytes of the answer the parent keeps, which count as memory of the pass.
 */
export interface Position {
  /** The number at 0 or 1. */
  [index: number]: number;
}
