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

/** The next request; undefined when the parent has closed the stream. */
export function readRequest(io: Pick<ChildIo, "read">): unknown {
  const bytes = readMessage(io);
  return bytes === undefined ? undefined : decodeState(bytes);
}

function readMessage(io: Pick<ChildIo, "read">): Uint8Array | undefined {
  const head = new Uint8Array(4);
  if (!io.read(head)) return undefined;
  const bytes = new Uint8Array(new DataView(head.buffer).getUint32(0, true));
  return io.read(bytes) ? bytes : undefined;
}

/** Checkpoints in the order in which the parent sends them; each can be read once. */
export class CheckpointStream implements CheckpointStore {
  /** Number of blocks of the run. */
  readonly length: number;
  readonly #io: Pick<ChildIo, "read">;
  readonly #blocks: readonly number[];
  readonly #onBlock: (block: number) => void;
  #next = 0;

  /**
   * @param io Where to read.
   * @param blocks Indices of the blocks, in the order in which their checkpoints come.
   * @param options Number of blocks of the run, and what to do before each block.
   */
  constructor(
    io: Pick<ChildIo, "read">,
    blocks: readonly number[],
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
    const bytes = readMessage(this.#io);
    assertInvariant(bytes !== undefined, "the parent sends every checkpoint");
    this.#next++;
    return bytes;
  }
}
