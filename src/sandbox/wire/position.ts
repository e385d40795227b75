/**
 * Where user code is, as it can be told even of a realm that was killed.
 * This module is browser compatible.
 *
 * @module
 */

/** Stands for t while the step module is being evaluated. */
export const LOADING = -1;

/**
 * Three numbers, as a `Float64Array` has them: the index of the state being made or looked at, or
 * {@linkcode LOADING}; how many bytes of the answer the parent keeps, which count as memory of the pass; and which
 * part of its job the realm is at.
 */
export interface Position {
  /** The number at 0, 1 or 2. */
  [index: number]: number;
}
