/**
 * Regenerated states of a run whose states are numbers, kept for the next `get`: a jump into a block that
 * was walked before then costs a look-up instead of a replay.
 * This module is browser compatible.
 *
 * @module
 */

import { NUMBER_CACHE_STATES } from "../limits.ts";

/** What is known of one block: its first states, as many as were made. */
export interface NumberBlock {
  /** Room for all states of the block. */
  readonly values: Float64Array;
  /** How many of them are filled in. */
  filled: number;
}

/** The blocks that were used last. */
export class NumberCache {
  readonly #blocks = new Map<number, NumberBlock>();
  readonly #blocksMax: number;
  readonly #blockSize: number;

  /** Keeps as many blocks of `blockSize` numbers as the limit allows. */
  constructor(blockSize: number) {
    this.#blockSize = blockSize;
    this.#blocksMax = Math.floor(NUMBER_CACHE_STATES / blockSize);
  }

  /** The block, empty where nothing is known of it; undefined if blocks are too large to keep. */
  open(block: number): NumberBlock | undefined {
    const known = this.#blocks.get(block);
    if (known !== undefined) return known;
    if (this.#blocksMax === 0) return undefined;
    if (this.#blocks.size === this.#blocksMax) {
      // A Map iterates in insertion order: the first one is the oldest.
      for (const oldest of this.#blocks.keys()) {
        this.#blocks.delete(oldest);
        break;
      }
    }
    const fresh = { values: new Float64Array(this.#blockSize), filled: 0 };
    this.#blocks.set(block, fresh);
    return fresh;
  }
}
