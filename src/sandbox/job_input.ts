/**
 * What the child reads from its stdin after the harness: requests, and the checkpoints that follow a
 * job, which are read one by one as the replay comes to them.
 * This module is browser compatible.
 *
 * @module
 */

import { decodeState } from "../codec/decode_state.ts";
import type { CheckpointStore } from "../engine/types.ts";
import { assertInvariant } from "../errors.ts";
import type { ChildIo } from "./child_io.ts";

/** As much is asked for at a time: a system call per message would take longer than many blocks. */
const BUFFER_BYTES = 64 * 1024;

/** Takes the messages of the parent apart. */
export class MessageReader {
  readonly #io: Pick<ChildIo, "read">;
  readonly #buffer = new Uint8Array(BUFFER_BYTES);
  readonly #view = new DataView(this.#buffer.buffer);
  /** What was read and not yet given out lies from here up to `#end`. */
  #start = 0;
  #end = 0;

  /** Reads from the parent, ahead of what is asked for. */
  constructor(io: Pick<ChildIo, "read">) {
    this.#io = io;
  }

  /** The next message; undefined when the parent has closed the stream. */
  next(): Uint8Array | undefined {
    if (!this.#require(4)) return undefined;
    const length = this.#view.getUint32(this.#start, true);
    this.#start += 4;
    const message = new Uint8Array(length);
    let filled = 0;
    while (filled < length) {
      if (this.#start === this.#end && !this.#require(1)) return undefined;
      const count = Math.min(length - filled, this.#end - this.#start);
      message.set(this.#buffer.subarray(this.#start, this.#start + count), filled);
      this.#start += count;
      filled += count;
    }
    return message;
  }

  /** Reads until so many bytes lie ready; false if the input ends first. */
  #require(bytes: number): boolean {
    if (this.#end - this.#start >= bytes) return true;
    this.#buffer.copyWithin(0, this.#start, this.#end);
    this.#end -= this.#start;
    this.#start = 0;
    while (this.#end < bytes) {
      const count = this.#io.read(this.#buffer.subarray(this.#end));
      if (count === null) return false;
      this.#end += count;
    }
    return true;
  }
}

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
