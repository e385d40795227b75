/**
 * The lanes of an artifact, stored states and inputs, cut into chunks in the one order in which they stand
 * in a file: a chunk stands where it was closed by what came in next.
 * This module is browser compatible.
 *
 * @module
 */

import type { InputStore, RunRecord } from "../engine/types.ts";
import { spanStart } from "../engine/block_grid.ts";
import { CHUNK_BYTES_TARGET } from "./limits.ts";
import { ChunkBuilder } from "./cut_chunks.ts";
import { SECTION } from "./layout.ts";
import type { ChunkKind } from "./section.ts";

/** The items of a chunk that is closed. */
export interface ClosedChunk {
  /** Of which lane. */
  readonly kind: ChunkKind;
  /** Canonical bytes of its items. */
  readonly items: readonly Uint8Array[];
}

/** Takes states and inputs in the order of t, an input before the state that it leads to. */
export class Lanes {
  readonly #states: ChunkBuilder;
  readonly #inputs: ChunkBuilder;
  #closed: ClosedChunk[] = [];

  /** Goes on with chunks that were left open; with none by default. */
  constructor(
    { states = [], inputs = [] }: {
      states?: readonly Uint8Array[];
      inputs?: readonly Uint8Array[];
    } = {},
  ) {
    this.#states = new ChunkBuilder(states);
    this.#inputs = new ChunkBuilder(inputs);
  }

  /** States of the chunk that is still open. */
  get openStates(): readonly Uint8Array[] {
    return this.#states.open;
  }

  /** Inputs of the chunk that is still open. */
  get openInputs(): readonly Uint8Array[] {
    return this.#inputs.open;
  }

  /** Takes the next stored state. */
  state(bytes: Uint8Array): void {
    this.#states.add(bytes, (items) => this.#close(SECTION.states, items));
  }

  /** Takes the next input. */
  input(bytes: Uint8Array): void {
    this.#inputs.add(bytes, (items) => this.#close(SECTION.inputs, items));
  }

  /** The chunks that would be closed if the run ended with a state now; nothing changes. */
  closing(lastState: Uint8Array): ClosedChunk[] {
    const lanes = new Lanes({ states: this.openStates, inputs: this.openInputs });
    lanes.finish(lastState);
    return lanes.take();
  }

  /** Takes the last state of the run and closes what is open. */
  finish(lastState: Uint8Array): void {
    this.state(lastState);
    this.#close(SECTION.inputs, this.#inputs.take());
    this.#close(SECTION.states, this.#states.take());
  }

  /** The chunks that were closed since this was last asked. */
  take(): ClosedChunk[] {
    const closed = this.#closed;
    if (closed.length > 0) this.#closed = [];
    return closed;
  }

  #close(kind: ClosedChunk["kind"], items: readonly Uint8Array[]): void {
    if (items.length > 0) this.#closed.push({ kind, items });
  }
}

/** Gives a lane some inputs, of one row, and no more than a chunk holds; returns up to which transition. */
export function giveInputs(
  lanes: Pick<Lanes, "input">,
  inputs: InputStore,
  { from, to }: { from: number; to: number },
): number {
  const row = inputs.chunkAt(from).rowAt(from);
  const end = Math.min(row.to, to, from + CHUNK_BYTES_TARGET);
  for (let t = from; t < end; t++) lanes.input(row.bytes);
  return end;
}

/** The chunks of a whole run, in the order in which they stand in its file. */
export function* chunksOf(
  record: RunRecord & { readonly lastState: Uint8Array },
): Generator<ClosedChunk, void, void> {
  const { checkpoints, inputs } = record;
  const lanes = new Lanes();
  let input = 0;
  const takeInputs = function* (to: number): Generator<ClosedChunk, void, void> {
    if (inputs === undefined) return;
    while (input < to) {
      input = giveInputs(lanes, inputs, { from: input, to });
      yield* lanes.take();
    }
  };
  for (let i = 0; i < checkpoints.length; i++) {
    yield* takeInputs(spanStart(i, record));
    lanes.state(checkpoints.bytesAt(i));
    yield* lanes.take();
  }
  yield* takeInputs(inputs?.length ?? 0);
  lanes.finish(record.lastState);
  yield* lanes.take();
}
