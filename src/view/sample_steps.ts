/**
 * Which states of a run are shown in full.
 * This module is browser compatible.
 *
 * @module
 */

/** States that are spread evenly over the range. */
const SPREAD_MAX = 200;

/** States before the end, where most questions are. */
const TAIL_MAX = 16;

/** States before and from a point of interest on. */
const AROUND = { before: 2, after: 2 } as const;

/**
 * Ascending t of the states of [from, to) to be shown: evenly spread ones, and the last.
 *
 * @param limit Most of those that are evenly spread; the last ones come on top: a quarter as many, and at least one.
 */
export function sampleSteps(from: number, to: number, limit: number): number[] {
  const count = Math.max(1, Math.min(SPREAD_MAX, Math.floor(limit)));
  const every = Math.ceil((to - from) / count);
  const steps = new Set<number>();
  for (let t = from; t < to; t += every) steps.add(t);
  const tail = Math.max(1, Math.min(TAIL_MAX, Math.floor(limit / 4)));
  for (let t = Math.max(from, to - tail); t < to; t++) steps.add(t);
  return [...steps].sort((a, b) => a - b);
}

/** Ascending t of the states of [from, to) around some of them that are not in `known`. */
export function stepsAround(
  points: readonly number[],
  { from, to, known }: { from: number; to: number; known: readonly number[] },
): number[] {
  const steps = new Set<number>();
  for (const point of points) {
    for (let t = point - AROUND.before; t < point + AROUND.after; t++) {
      if (t >= from && t < to) steps.add(t);
    }
  }
  for (const t of known) steps.delete(t);
  return [...steps].sort((a, b) => a - b);
}
