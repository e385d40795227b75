/**
 * Regenerated states of a run whose states are numbers. A block that is jumped into for the second time is
 * made as a whole and kept, so that the third jump is a look-up and not a replay.
 * This module is browser compatible.
 *
 * @module
 */

import { NUMBER_CACHE_STATES } from "../limits.ts";

/** The blocks that were visited last: their states, or undefined after the first visit. */
export class NumberCache {
  readonly #blocks = new Map<number, Float64Array | undefined>();
  readonly #blocksMax: number;
  /** The block of the last look-up, as most look-ups are for the same one. */
  #last = -1;
  #lastValues: Float64Array | undefined;

  /** Keeps as many blocks of `blockSize` numbers as the limit allows. */
  constructor(blockSize: number) {
    this.#blocksMax = Math.floor(NUMBER_CACHE_STATES / blockSize);
  }

  /** The states of a block, if they are kept. */
  valuesOf(block: number): Float64Array | undefined {
    if (block !== this.#last) {
      this.#last = block;
      this.#lastValues = this.#blocks.get(block);
    }
    return this.#lastValues;
  }

  /** Notes a jump into a block; whether it is not the first one and there is room for its states. */
  visit(block: number): boolean {
    if (this.#blocks.has(block)) return this.#blocksMax > 0;
    this.#remember(block, undefined);
    return false;
  }

  /** Keeps the states of a block. */
  keep(block: number, values: Float64Array): void {
    this.#blocks.delete(block);
    this.#remember(block, values);
  }

  #remember(block: number, values: Float64Array | undefined): void {
    if (this.#blocks.size >= Math.max(this.#blocksMax, 1)) {
      // A Map iterates in insertion order: the first one is the oldest.
      for (const oldest of this.#blocks.keys()) {
        this.#blocks.delete(oldest);
        break;
      }
    }
    this.#blocks.set(block, values);
    this.#last = -1;
  }
}
