/**
 * Shards: the contiguous shares of a run's spans that tasks on several machines take.
 * This module is browser compatible.
 *
 * @module
 */

import { ArgumentRangeError } from "../errors.ts";
import { SHARDS_MAX } from "./limits.ts";
import { type Grid, spanStart } from "./block_grid.ts";
import type { IndexRange } from "./types.ts";

/** One of `count` contiguous shares of a run's spans. */
export interface Shard {
  /** Which share, from 0. */
  readonly index: number;
  /** How many shares there are; may be more than there are spans, some are empty then. */
  readonly count: number;
}

/**
 * Refuses anything but whole numbers with 0 <= index < count <= {@linkcode SHARDS_MAX}.
 *
 * @throws {RangeError} If they are not.
 */
export function checkShard({ index, count }: Shard): void {
  if (!Number.isInteger(count) || count < 1 || count > SHARDS_MAX) {
    throw new ArgumentRangeError(
      `Cannot use shard ${index}/${count}: the number of shards must be a whole number from 1 to ${SHARDS_MAX}`,
    );
  }
  if (!Number.isInteger(index) || index < 0 || index >= count) {
    throw new ArgumentRangeError(
      `Cannot use shard ${index}/${count}: shards are counted from 0: the last one is ${
        count - 1
      }/${count}`,
    );
  }
}

/** The spans [floor(i * B / n), floor((i + 1) * B / n)) of shard i of n, for a run of B spans. */
export function shardSpans({ index, count }: Shard, spans: number): IndexRange {
  // The product may exceed 2^53.
  const bound = (i: number): number => Number((BigInt(i) * BigInt(spans)) / BigInt(count));
  return { from: bound(index), to: bound(index + 1) };
}

/** The states of a range of spans. */
export function statesOfSpans({ from, to }: IndexRange, grid: Grid): IndexRange {
  return {
    from: Math.min(spanStart(from, grid), grid.steps),
    to: Math.min(spanStart(to, grid), grid.steps),
  };
}
