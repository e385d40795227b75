/**
 * Shards: the contiguous shares of a run's blocks that tasks on several machines take.
 * This module is browser compatible.
 *
 * @module
 */

import { ArgumentRangeError } from "../errors.ts";
import { SHARDS_MAX } from "../limits.ts";

/** One of `count` contiguous shares of a run's blocks. */
export interface Shard {
  /** Which share, from 0. */
  readonly index: number;
  /** How many shares there are; may be more than there are blocks, some are empty then. */
  readonly count: number;
}

/** A range [from, to) of blocks, or of states; may be empty. */
export interface IndexRange {
  /** First index. */
  readonly from: number;
  /** One past the last index. */
  readonly to: number;
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

/** The blocks [floor(i * B / n), floor((i + 1) * B / n)) of shard i of n, for a run of B blocks. */
export function shardBlocks({ index, count }: Shard, blocks: number): IndexRange {
  // The product may exceed 2^53.
  const bound = (i: number): number => Number((BigInt(i) * BigInt(blocks)) / BigInt(count));
  return { from: bound(index), to: bound(index + 1) };
}

/** The states of a range of blocks. */
export function statesOfBlocks(
  { from, to }: IndexRange,
  { steps, blockSize }: { readonly steps: number; readonly blockSize: number },
): IndexRange {
  return { from: Math.min(from * blockSize, steps), to: Math.min(to * blockSize, steps) };
}

/** The indices of a range, in order. */
export function* indicesOf({ from, to }: IndexRange): Generator<number, void, void> {
  for (let index = from; index < to; index++) yield index;
}
