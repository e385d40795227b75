/**
 * How many states and blocks a run may have, how long its blocks are by default, and which states a user
 * means.
 * This module is browser compatible.
 *
 * @module
 */

import { ArgumentRangeError } from "../errors.ts";
import { counted, grouped } from "../text/quantity.ts";
import { STEPS_MAX } from "../limits.ts";

/**
 * Number of states per block that {@linkcode record} takes by default: ceil(sqrt(steps)), computed
 * exactly, which minimizes checkpoints plus the longest replay.
 *
 * @param steps Number of states, an integer in [1, 2^52].
 * @returns The block size, an integer of at least 1.
 * @throws {RangeError} If `steps` is not such an integer.
 *
 * @example Usage
 * ```ts
 * import { defaultBlockSize } from "@rewind/cli";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(defaultBlockSize(1_000_000), 1000);
 * assertEquals(defaultBlockSize(1_000_001), 1001);
 * ```
 */
export function defaultBlockSize(steps: number): number {
  checkSteps(steps);
  // Below 2^52 the rounded root is off by less than one, so one comparison mends it exactly.
  const root = Math.floor(Math.sqrt(steps));
  return root * root >= steps ? root : root + 1;
}

/** Refuses anything but a whole number of states in [1, 2^52]. */
export function checkSteps(steps: number): void {
  if (!Number.isInteger(steps) || steps < 1 || steps > STEPS_MAX) {
    throw new ArgumentRangeError(
      `Cannot use 'steps': it must be an integer from 1 to 2^52, not ${steps}`,
    );
  }
}

/** Refuses anything but a whole number of states per block of at least 1. */
export function checkBlockSize(blockSize: number): void {
  if (!Number.isInteger(blockSize) || blockSize < 1 || blockSize > STEPS_MAX) {
    throw new ArgumentRangeError(
      `Cannot use 'blockSize': it must be an integer from 1 to 2^52, not ${blockSize}`,
    );
  }
}

/**
 * Turns a user's t, where negative values count from the end, into one in [0, steps).
 *
 * @throws {RangeError} If t is not an integer or the run has no such state.
 */
export function resolveStep(t: number, steps: number): number {
  const resolved = t < 0 ? t + steps : t;
  if (!Number.isInteger(resolved) || resolved < 0 || resolved >= steps) {
    throw new ArgumentRangeError(
      `Cannot read step ${grouped(t)}: the run has ${
        steps === 1 ? "step 0 only" : `steps 0 to ${grouped(steps - 1)}`
      }`,
      { hint: "-1 is the last step" },
    );
  }
  return resolved;
}

/**
 * Turns a user's range [from, to), where negative values count from the end, into a checked one.
 *
 * @throws {RangeError} If an end is not an integer or lies outside the run, or `from > to`.
 */
export function resolveRange(
  from: number | undefined,
  to: number | undefined,
  steps: number,
): [from: number, to: number] {
  const start = resolveBound(from ?? 0, steps);
  const end = resolveBound(to ?? steps, steps);
  if (start > end) {
    throw new ArgumentRangeError(
      `Cannot read the range [${grouped(start)}, ${grouped(end)}): it ends before it starts`,
    );
  }
  return [start, end];
}

/** Refuses anything but a whole distance in t of at least 1. */
export function checkEvery(every: number): void {
  if (Number.isInteger(every) && every >= 1) return;
  throw new ArgumentRangeError(
    `Cannot use 'every': it must be an integer of at least 1, not ${every}`,
  );
}

function resolveBound(bound: number, steps: number): number {
  const resolved = bound < 0 ? bound + steps : bound;
  if (!Number.isInteger(resolved) || resolved < 0 || resolved > steps) {
    throw new ArgumentRangeError(
      `Cannot read a range that ends at ${grouped(bound)}: the run has ${counted(steps, "step")}`,
    );
  }
  return resolved;
}
