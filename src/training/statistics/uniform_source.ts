/**
 * The source of randomness of bootstraps, which is always passed in.
 * This module is browser compatible.
 *
 * @module
 */

/** Uniform numbers in [0, 1): the source of randomness is always passed in. */
export type UniformSource = () => number;

/**
 * A small seeded source of uniform numbers for bootstraps (SplitMix32; 32 bits of state). Not one of
 * the generators of runs: nothing that it makes is ever stored as a draw.
 */
export function createUniformSource(seed: number): UniformSource {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x9e3779b9) >>> 0;
    let z = state;
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return ((z ^ (z >>> 15)) >>> 0) / 2 ** 32;
  };
}
