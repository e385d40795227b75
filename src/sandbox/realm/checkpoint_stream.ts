/**
 * The checkpoints that follow a job, read one by one as the replay comes to them.
 * This module is browser compatible.
 *
 * @module
 */

import type { CheckpointStore } from "../../engine/types.ts";
import { assertInvariant } from "../../errors.ts";
import type { RealmIo } from "./realm_io.ts";

/** Checkpoints in the order in which the parent sends them; each can be read once. */
export class CheckpointStream implements CheckpointStore {
  /** Number of blocks of the run. */
  readonly length: number;
  readonly #io: Pick<RealmIo, "checkpoint">;
  readonly #blocks: ArrayLike<number>;
  readonly #onBlock: (block: number) => void;
  #next = 0;

  /**
   * @param io Where to read.
   * @param blocks Indices of the blocks, in the order in which their checkpoints come.
   * @param options Number of blocks of the run, and what to do before each block.
   */
  constructor(
    io: Pick<RealmIo, "checkpoint">,
    blocks: ArrayLike<number>,
    options: { length: number; onBlock: (block: number) => void },
  ) {
    this.#io = io;
    this.#blocks = blocks;
    this.length = options.length;
    this.#onBlock = options.onBlock;
  }

  /** Canonical bytes of the checkpoint of `block`, which must be the next one. */
  bytesAt(block: number): Uint8Array {
    assertInvariant(block === this.#blocks[this.#next], "checkpoints are read in order");
    this.#onBlock(block);
    return this.#read();
  }

  /** Reads what the job did not need, so that the next request is next. */
  drain(): void {
    while (this.#next < this.#blocks.length) this.#read();
  }

  #read(): Uint8Array {
    const bytes = this.#io.checkpoint();
    assertInvariant(bytes !== undefined, "the parent sends every checkpoint");
    this.#next++;
    return bytes;
  }
}
