/**
 * What the child reads from its stdin after the harness: requests, and the checkpoints that follow a
 * job, which are read one by one as the replay comes to them.
 * This module is browser compatible.
 *
 * @module
 */

import { decodeState } from "../../codec/decode_state.ts";
import type { CheckpointStore } from "../../engine/types.ts";
import { assertInvariant } from "../../errors.ts";
import type { MessageReader } from "../wire/message_reader.ts";

/** The next request; undefined when the parent has closed the stream. */
export function readRequest(messages: MessageReader): unknown {
  const bytes = messages.next();
  return bytes === undefined ? undefined : decodeState(bytes);
}

/** Checkpoints in the order in which the parent sends them; each can be read once. */
export class CheckpointStream implements CheckpointStore {
  /** Number of blocks of the run. */
  readonly length: number;
  readonly #messages: MessageReader;
  readonly #blocks: ArrayLike<number>;
  readonly #onBlock: (block: number) => void;
  #next = 0;

  /**
   * @param messages Where to read.
   * @param blocks Indices of the blocks, in the order in which their checkpoints come.
   * @param options Number of blocks of the run, and what to do before each block.
   */
  constructor(
    messages: MessageReader,
    blocks: ArrayLike<number>,
    options: { length: number; onBlock: (block: number) => void },
  ) {
    this.#messages = messages;
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
    const bytes = this.#messages.next();
    assertInvariant(bytes !== undefined, "the parent sends every checkpoint");
    this.#next++;
    return bytes;
  }
}
