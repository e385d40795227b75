/**
 * States of the generator sfc32.
 * This module is browser compatible.
 *
 * @module
 */

/**
 * What `getstate` returns: the name, the words a, b, c and counter, and the value that `gauss`
 * keeps. Plain data, so it can be part of a run's state.
 */
export type Sfc32RandomState = [
  name: "sfc32",
  words: [a: number, b: number, c: number, counter: number],
  gaussNext: number | null,
];

/** State of sfc32 with what the methods over it keep, as plain data. */
export interface Sfc32GeneratorState {
  /** The words a, b and c and the counter. */
  readonly words: Uint32Array;
  /** The second value that `gauss` keeps; null if there is none. */
  readonly gauss: number | null;
}
