/**
 * States of the generator of CPython.
 * This module is browser compatible.
 *
 * @module
 */

/**
 * What `getstate` returns, in CPython's shape: the version, 624 words of state and the index of the
 * next one, and the value that `gauss` keeps. Plain data, so it can be part of a run's state.
 */
export type PythonRandomState = [version: 3, words: number[], gaussNext: number | null];

/** State of MT19937 with what the methods over it keep, as plain data. */
export interface PythonGeneratorState {
  /** 624 words and the index of the next one, at most 624. */
  readonly words: Uint32Array;
  /** The second value that `gauss` keeps; null if there is none. */
  readonly gauss: number | null;
}
