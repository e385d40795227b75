/**
 * Writes the sections of a recording that grows anew, as they would be if it had been another one from its
 * start: one that keeps every other checkpoint only, or one that has inputs.
 * This module is browser compatible.
 *
 * @module
 */

import type { ByteSource } from "../../bytes/byte_source.ts";
import { type Grid, spanStart } from "../../engine/block_grid.ts";
import type { InputStore } from "../../engine/types.ts";
import { isFull } from "../cut_chunks.ts";
import { ChunkedInputs } from "../chunked_inputs.ts";
import { ChunkedItems } from "../chunked_states.ts";
import { type ChunkTable, readBegun } from "../contents.ts";
import { giveInputs, Lanes } from "../lanes.ts";
import { PRELUDE_BYTES } from "../layout.ts";
import { makeChunk, type Section, sectionBytes, type SectionPlace } from "../section.ts";

/** A recording as it stands. */
export interface Standing {
  /** Its sections so far. */
  readonly source: ByteSource;
  /** Their entries. */
  readonly entries: Uint8Array;
  /** What is still open. */
  readonly lanes: Lanes;
  /** Where its checkpoints lie in what is written anew. */
  readonly grid: Omit<Grid, "steps">;
}

/**
 * Yields the sections with half of the checkpoints; inputs stay, in their place among the others. Returns the
 * lanes, with what is open then.
 */
export function* thinnedSections(standing: Standing): Generator<Section, Lanes, void> {
  const { source, entries, lanes, grid } = standing;
  const { front, states, inputs } = readBegun(entries, PRELUDE_BYTES);
  for (const place of front) yield asItLies(source, place);
  const items = new ChunkedItems(source, states);
  const inputItems = new ChunkedInputs(source, inputs);
  const next = new Lanes({ inputs: lanes.openInputs });
  const count = states.count + lanes.openStates.length;
  let input = 0;
  for (let i = 0; i < count; i += 2) {
    const t = spanStart(i / 2, grid);
    while (input < inputs.length && closedBy(inputs, inputItems, input) < t) {
      yield asItLies(source, inputs.place(input++));
    }
    next.state(i < states.count ? items.bytesAt(i) : lanes.openStates[i - states.count]!);
    for (const { kind, items: closed } of next.take()) yield makeChunk(kind, closed);
  }
  while (input < inputs.length) yield asItLies(source, inputs.place(input++));
  return next;
}

/** Yields the sections with the inputs of the transitions before X_to. Returns the lanes, as above. */
export function* sectionsWithInputs(
  { source, entries, lanes, grid }: Standing,
  inputs: InputStore,
  to: number,
): Generator<Section, Lanes, void> {
  const { front, states } = readBegun(entries, PRELUDE_BYTES);
  for (const place of front) yield asItLies(source, place);
  const items = new ChunkedItems(source, states);
  const next = new Lanes();
  const count = states.count + lanes.openStates.length;
  let given = 0;
  for (let i = 0; i <= count; i++) {
    for (const end = i < count ? Math.min(to, spanStart(i, grid)) : to; given < end;) {
      given = giveInputs(next, inputs, { from: given, to: end });
      for (const { kind, items: closed } of next.take()) yield makeChunk(kind, closed);
    }
    if (i === count) break;
    next.state(i < states.count ? items.bytesAt(i) : lanes.openStates[i - states.count]!);
    for (const { kind, items: closed } of next.take()) yield makeChunk(kind, closed);
  }
  return next;
}

/** The transition whose input closed a chunk of inputs. */
function closedBy(table: ChunkTable, items: ChunkedInputs, chunk: number): number {
  const members = items.itemsOf(chunk);
  const end = table.startOf(chunk) + members.length;
  return isFull(members.reduce((sum, item) => sum + item.length, 0)) ? end - 1 : end;
}

function asItLies(source: ByteSource, place: SectionPlace): Section {
  const { entry, entryBytes, offset } = place;
  const stored = source.read(offset, sectionBytes(place)).slice(entryBytes.length);
  return { entry, entryBytes, stored };
}
