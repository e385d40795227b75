/**
 * Takes up a recording again: finds which chunks of a finished or unfinished artifact are closed for good,
 * whatever comes, and what the lanes held when the others were still open.
 * This module is browser compatible.
 *
 * @module
 */

import type { ByteSource } from "../../bytes/byte_source.ts";
import { isFull } from "../cut_chunks.ts";
import { ChunkedInputs } from "../chunked_inputs.ts";
import { ChunkedItems } from "../chunked_states.ts";
import type { ArtifactContents, ChunkTable } from "../contents.ts";
import { damaged } from "../damaged.ts";

/** Where a recording can be taken up again. */
export interface Reopened {
  /** Length of the beginning of the file that stays as it is. */
  readonly prefixBytes: number;
  /** The entries of the sections in it. */
  readonly entries: Uint8Array;
  /** States of the chunk that is open again. */
  readonly states: readonly Uint8Array[];
  /** Inputs of the chunk that is open again. */
  readonly inputs: readonly Uint8Array[];
}

/** A lane that is open again. */
interface ReopenedLane {
  /** The first chunk that is not closed any more; the number of chunks if all are. */
  readonly chunk: number;
  /** Items that are in the lane again. */
  readonly items: readonly Uint8Array[];
}

/**
 * Opens the lanes of an artifact again, without its last state, which need not be a checkpoint.
 *
 * @throws {ArtifactIntegrityError} If its chunks are damaged, or cut in another way than the format says.
 */
export function reopen(source: ByteSource, contents: ArtifactContents): Reopened {
  const states = reopenStates(
    contents.states,
    new ChunkedItems(source, contents.states),
  );
  const inputs = reopenLast(
    contents.inputs,
    new ChunkedInputs(source, contents.inputs),
  );
  const firsts = [
    { at: contents.endEntry, offset: contents.end.offset },
    ...firstOf(contents.states, states.chunk),
    ...firstOf(contents.inputs, inputs.chunk),
  ];
  const first = firsts.reduce((a, b) => b.at < a.at ? b : a);
  // What follows the first open chunk must be open too: chunks stand where they were closed.
  const open = contents.states.length - states.chunk + contents.inputs.length - inputs.chunk;
  const behind = [contents.states, contents.inputs].reduce(
    (count, table) => count + chunksFrom(table, first.at),
    0,
  );
  if (open !== behind) throw damaged("its chunks are not cut as the format says");
  return {
    prefixBytes: first.offset,
    entries: contents.index.subarray(0, first.at),
    states: states.items,
    inputs: inputs.items,
  };
}

function firstOf(table: ChunkTable, chunk: number): { at: number; offset: number }[] {
  return chunk === table.length
    ? []
    : [{ at: table.entryOf(chunk), offset: table.place(chunk).offset }];
}

/** Number of chunks whose entries stand at or behind a place in the index. */
function chunksFrom(table: ChunkTable, at: number): number {
  let count = 0;
  while (count < table.length && table.entryOf(table.length - 1 - count) >= at) count++;
  return count;
}

/** The lane of states; the last state leaves it, and may have closed the chunk before its own. */
function reopenStates(table: ChunkTable, items: ChunkedItems): ReopenedLane {
  const last = table.length - 1;
  const open = items.itemsOf(last).slice(0, -1);
  if (open.length > 0) return { chunk: last, items: open };
  if (last === 0) throw damaged("it has no checkpoint");
  const before = items.itemsOf(last - 1);
  return isFull(bytesOf(before)) ? { chunk: last, items: [] } : { chunk: last - 1, items: before };
}

/** The lane of inputs, whose last chunk was closed at the end if it is not full. */
function reopenLast(table: ChunkTable, items: ChunkedInputs): ReopenedLane {
  if (table.length === 0) return { chunk: 0, items: [] };
  const last = items.itemsOf(table.length - 1);
  return isFull(bytesOf(last))
    ? { chunk: table.length, items: [] }
    : { chunk: table.length - 1, items: last };
}

function bytesOf(items: readonly Uint8Array[]): number {
  return items.reduce((sum, item) => sum + item.length, 0);
}
