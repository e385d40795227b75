/**
 * A one-dimensional random walk: the smallest model there is.
 *
 * rewind record examples/walk.ts --steps 1e6 --seed 42 -o walk.replay
 *
 * @module
 */

import type { PythonRandom } from "@rewind/cli";

/** Starts at the origin. */
export const init = 0;

/** One step to the right or to the left. */
export function step(x: number, rng: PythonRandom): number {
  return x + (rng.random() < 0.5 ? 1 : -1);
}

/** The position is its own observable. */
export const observe = { x: (x: number): number => x };
