/**
 * Statistics over some blocks of a run: the one loop behind statistics of whole runs and of parts.
 * This module is browser compatible.
 *
 * @module
 */

import type { Replayer } from "./replay.ts";
import { StatsAccumulator } from "./stats.ts";
import type { Observable, RunRecord } from "./types.ts";

/** What to observe, and of which run. */
export interface BlockObservation<S> {
  /** The run; only what replaying takes of it. */
  readonly record: Pick<RunRecord, "steps" | "blockSize" | "checkpoints">;
  /** Function of the state. */
  readonly observable: Observable<S>;
}

/** Replays blocks in the order given and takes in every state of them. */
export function observeBlocks<S>(
  replayer: Replayer<S>,
  blocks: Iterable<number>,
  { record, observable }: BlockObservation<S>,
): StatsAccumulator {
  const { steps, blockSize, checkpoints } = record;
  const accumulator = new StatsAccumulator();
  for (const block of blocks) {
    const first = block * blockSize;
    replayer.start(block, first, checkpoints.bytesAt(block));
    accumulator.add(observable(replayer.state));
    const last = Math.min(first + blockSize, steps) - 1;
    replayer.observe(last, [observable], [accumulator]);
  }
  return accumulator;
}
