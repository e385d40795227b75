/**
 * What an artifact holds and where: its sections, from the entries that stand before them.
 * This module is browser compatible.
 *
 * @module
 */

import type { ByteSource } from "../bytes/byte_source.ts";
import { ByteWriter } from "../bytes/varint.ts";
import { ContentHasher } from "./content_hash.ts";
import { damaged } from "./damaged.ts";
import { SECTION, type SectionKind } from "./layout.ts";
import {
  entriesOf,
  ENTRY_BYTES_MAX,
  isChunk,
  readEntry,
  sectionBytes,
  type SectionPlace,
} from "./section.ts";

/** The sections of an artifact. */
export interface ArtifactContents {
  /** Header fields of the front. */
  readonly front: SectionPlace;
  /** Header fields outside the content hash. */
  readonly notes: SectionPlace;
  /** The step module's source, if it is embedded. */
  readonly source: SectionPlace | undefined;
  /** The source map of that module, if there is one. */
  readonly sourceMap: SectionPlace | undefined;
  /** Chunks of states. */
  readonly states: ChunkTable;
  /** Chunks of inputs. */
  readonly inputs: ChunkTable;
  /** Header fields of the end. */
  readonly end: SectionPlace;
  /** What recorded it. */
  readonly provenance: SectionPlace;
  /** The content hash that follows from the entries. */
  readonly root: Uint8Array;
  /** All entries, one after the other. */
  readonly index: Uint8Array;
  /** Where the entry of the end stands in the index. */
  readonly endEntry: number;
}

/** Chunks of one kind, in order, in 24 bytes each besides the index. */
export class ChunkTable {
  readonly #index: Uint8Array;
  /** Offset of each entry in the index. */
  readonly #entries: number[] = [];
  /** Offset of each chunk in the file. */
  readonly #offsets: number[] = [];
  /** Number of items before each chunk. */
  readonly #starts: number[] = [];
  #count = 0;

  /** Over an index, whose bytes are not copied. */
  constructor(index: Uint8Array) {
    this.#index = index;
  }

  /** Number of chunks. */
  get length(): number {
    return this.#starts.length;
  }

  /** Number of items in all chunks. */
  get count(): number {
    return this.#count;
  }

  /** Adds the next chunk, whose entry lies at `at` in the index. */
  add(place: SectionPlace, at: number): void {
    this.#entries.push(at);
    this.#offsets.push(place.offset);
    this.#starts.push(this.#count);
    this.#count += place.entry.count;
  }

  /** Where the entry of a chunk stands in the index. */
  entryOf(chunk: number): number {
    return this.#entries[chunk]!;
  }

  /** Where a chunk lies. */
  place(chunk: number): SectionPlace {
    const at = this.#entries[chunk]!;
    return readEntry(this.#index.subarray(at, at + ENTRY_BYTES_MAX), this.#offsets[chunk]!);
  }

  /** Index of the first item of a chunk. */
  startOf(chunk: number): number {
    return this.#starts[chunk]!;
  }

  /** The chunk that holds an item. */
  chunkOf(item: number): number {
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if (this.#starts[middle]! <= item) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

/** In which order sections stand; those of chunks are mixed. */
const RANKS: ReadonlyMap<SectionKind, number> = new Map([
  [SECTION.front, 0],
  [SECTION.notes, 1],
  [SECTION.source, 2],
  [SECTION.sourceMap, 3],
  [SECTION.states, 4],
  [SECTION.inputs, 4],
  [SECTION.end, 5],
  [SECTION.provenance, 6],
]);

/**
 * Reads the entries of an index.
 *
 * @param index The entries of all sections, one after the other.
 * @param range Where the sections begin and end in the file; they fill it exactly.
 * @throws {ArtifactIntegrityError} If they do not, or are not those of an artifact.
 */
export function readContents(
  index: Uint8Array,
  range: { start: number; end: number },
): ArtifactContents {
  const single = new Map<SectionKind, SectionPlace>();
  const tables = { states: new ChunkTable(index), inputs: new ChunkTable(index) };
  const hasher = new ContentHasher();
  let end = range.start;
  let rank = -1;
  let endEntry = 0;
  for (const { at, place } of entriesOf(index, range.start)) {
    const { kind } = place.entry;
    const next = RANKS.get(kind) ?? -1;
    if (next < rank || (next === rank && !isChunk(kind))) {
      throw damaged("its sections are out of order", place.offset);
    }
    rank = next;
    if (kind === SECTION.states) tables.states.add(place, at);
    else if (kind === SECTION.inputs) tables.inputs.add(place, at);
    else single.set(kind, place);
    if (kind === SECTION.end) endEntry = at;
    hasher.add(place.entry);
    end = place.offset + sectionBytes(place);
    if (end > range.end) throw damaged("its index claims sections beyond their end", end);
  }
  if (end !== range.end) throw damaged("its sections leave a hole before the index", end);
  const need = (kind: SectionKind): SectionPlace => {
    const place = single.get(kind);
    if (place === undefined) throw damaged("it lacks a section that every artifact has");
    return place;
  };
  return {
    front: need(SECTION.front),
    notes: need(SECTION.notes),
    source: single.get(SECTION.source),
    sourceMap: single.get(SECTION.sourceMap),
    ...tables,
    end: need(SECTION.end),
    provenance: need(SECTION.provenance),
    root: hasher.digest(),
    index,
    endEntry,
  };
}

/** The sections of an artifact whose end is not written yet. */
export interface BegunContents {
  /** Those before the chunks. */
  readonly front: readonly SectionPlace[];
  /** Chunks of states. */
  readonly states: ChunkTable;
  /** Chunks of inputs. */
  readonly inputs: ChunkTable;
}

/** Reads entries that this program wrote, of sections that follow each other from `start` on. */
export function readBegun(index: Uint8Array, start: number): BegunContents {
  const front: SectionPlace[] = [];
  const states = new ChunkTable(index);
  const inputs = new ChunkTable(index);
  for (const { at, place } of entriesOf(index, start)) {
    const { kind } = place.entry;
    if (kind === SECTION.states) states.add(place, at);
    else if (kind === SECTION.inputs) inputs.add(place, at);
    else front.push(place);
  }
  return { front, states, inputs };
}

/**
 * Collects the entries of sections that follow each other, as an index has them.
 *
 * @param range Where the sections begin and end.
 * @throws {ArtifactIntegrityError} If they do not fill it exactly.
 */
export function scanEntries(
  source: ByteSource,
  range: { start: number; end: number },
): Uint8Array {
  const writer = new ByteWriter();
  let offset = range.start;
  while (offset < range.end) {
    const length = Math.min(ENTRY_BYTES_MAX, range.end - offset);
    const place = readEntry(source.read(offset, length), offset);
    writer.bytes(place.entryBytes);
    offset += sectionBytes(place);
  }
  if (offset !== range.end) throw damaged("it is cut short within a section", offset);
  return writer.finish();
}
