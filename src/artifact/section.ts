/**
 * Sections: what an artifact is made of. Each stands behind an entry that says what it holds, how long it
 * is and what its hash is, so that a file reads from its start; the index at its end repeats the entries.
 * This module is browser compatible.
 *
 * @module
 */

import type { ByteSource } from "../bytes/byte_source.ts";
import { crc32 } from "../bytes/crc32.ts";
import { sha256Sync } from "../bytes/sha256.ts";
import { ByteReader, ByteWriter } from "../bytes/varint.ts";
import { equalBytes } from "../codec/compare_states.ts";
import {
  HEADER_BYTES_MAX,
  PROVENANCE_BYTES_MAX,
  SOURCE_BYTES_MAX,
  SOURCE_MAP_BYTES_MAX,
} from "./limits.ts";
import { STATE_BYTES_MAX } from "../limits.ts";
import { InputChunk } from "../engine/input_chunk.ts";
import { joinItems } from "./cut_chunks.ts";
import { packChunk, SHARED_CHUNK_BYTES_MAX, unfilterChunk } from "./chunk.ts";
import { damaged } from "./damaged.ts";
import { fromColumns, toColumns } from "./input_columns.ts";
import {
  FILTER_COLUMNS,
  FILTER_INTEGER_DELTAS,
  FILTER_NONE,
  METHOD_DEFLATE,
  SECTION,
  type SectionKind,
} from "./layout.ts";
import { pack, type Packed, unpack } from "./compress.ts";

/** What an entry says of its section. */
export interface SectionEntry {
  /** What it holds. */
  readonly kind: SectionKind;
  /** FILTER_NONE, or what else the kind may have gone through. */
  readonly filter: number;
  /** METHOD_STORED or METHOD_DEFLATE. */
  readonly method: number;
  /** Number of items of a chunk; 1 for every other section. */
  readonly count: number;
  /** Length in the file, without the entry. */
  readonly storedBytes: number;
  /** Length after decompression. */
  readonly rawBytes: number;
  /** SHA-256 of the canonical bytes. */
  readonly hash: Uint8Array;
}

/** A section as it lies in a file. */
export interface SectionPlace {
  /** What its entry says. */
  readonly entry: SectionEntry;
  /** The entry's own bytes, with the CRC-32 at their end. */
  readonly entryBytes: Uint8Array;
  /** Byte offset of the entry in the file. */
  readonly offset: number;
}

/** A section that is ready to be written: its bytes follow those of its entry. */
export interface Section {
  /** What its entry says. */
  readonly entry: SectionEntry;
  /** The entry's own bytes. */
  readonly entryBytes: Uint8Array;
  /** The section's bytes. */
  readonly stored: Uint8Array;
}

/** Length of a hash. */
const HASH_BYTES = 32;

/** Length of the checksum behind an entry. */
const CRC_BYTES = 4;

/** Most bytes of an entry: kind, coding, three varints of at most 8, hash, checksum. */
export const ENTRY_BYTES_MAX: number = 2 + 3 * 8 + HASH_BYTES + CRC_BYTES;

/** Most canonical bytes of the kinds that are no chunks. */
const RAW_BYTES_MAX: Readonly<Partial<Record<SectionKind, number>>> = {
  [SECTION.front]: HEADER_BYTES_MAX,
  [SECTION.notes]: HEADER_BYTES_MAX,
  [SECTION.source]: SOURCE_BYTES_MAX,
  [SECTION.sourceMap]: SOURCE_MAP_BYTES_MAX,
  [SECTION.end]: HEADER_BYTES_MAX,
  [SECTION.provenance]: PROVENANCE_BYTES_MAX,
  [SECTION.position]: HEADER_BYTES_MAX + STATE_BYTES_MAX,
};

/** Kinds of sections that hold several items. */
export type ChunkKind = typeof SECTION.states | typeof SECTION.inputs;

/** The filter that chunks of a kind may have gone through. */
const FILTERS: Readonly<Partial<Record<SectionKind, number>>> = {
  [SECTION.states]: FILTER_INTEGER_DELTAS,
  [SECTION.inputs]: FILTER_COLUMNS,
};

/** Most canonical bytes of a chunk of several items. */
const SHARED_BYTES_MAX: Readonly<Record<ChunkKind, number>> = {
  [SECTION.states]: SHARED_CHUNK_BYTES_MAX,
  // Of each input of one byte there may be two more: how often it comes, and its length.
  [SECTION.inputs]: 2 * SHARED_CHUNK_BYTES_MAX,
};

/** Whether sections of a kind hold several items. */
export function isChunk(kind: SectionKind): kind is ChunkKind {
  return kind === SECTION.states || kind === SECTION.inputs;
}

/** A section of one value. */
export function makeSection(kind: SectionKind, raw: Uint8Array): Section {
  return sectionOf({ kind, filter: FILTER_NONE, count: 1 }, raw, pack(raw));
}

/** A section of several items. */
export function makeChunk(kind: ChunkKind, items: readonly Uint8Array[]): Section {
  const raw = chunkBytes(kind, items);
  const { filter, ...packed } = kind === SECTION.inputs ? packInputs(raw) : packChunk(items, raw);
  return sectionOf({ kind, filter, count: items.length }, raw, packed);
}

/** SHA-256 of the canonical bytes of a chunk, which is all of it that goes into a content hash. */
export function chunkHash(kind: ChunkKind, items: readonly Uint8Array[]): Uint8Array {
  return sha256Sync(chunkBytes(kind, items));
}

/** Canonical bytes of a chunk. Of inputs, which seldom change, equal ones in a row stand there once. */
function chunkBytes(kind: ChunkKind, items: readonly Uint8Array[]): Uint8Array {
  if (kind === SECTION.states) return joinItems(items);
  const rows = new InputChunk(0);
  for (const item of items) rows.push(item);
  return rows.toBytes();
}

/** How hard inputs are compressed: they come in all the time. */
const INPUTS_LEVEL = 6;

/** The smaller form of a chunk of inputs. */
function packInputs(raw: Uint8Array): Packed & { filter: number } {
  const plain = pack(raw, INPUTS_LEVEL);
  const columns = pack(toColumns(raw), INPUTS_LEVEL);
  return columns.stored.length < plain.stored.length
    ? { filter: FILTER_COLUMNS, ...columns }
    : { filter: FILTER_NONE, ...plain };
}

function sectionOf(
  { kind, filter, count }: Pick<SectionEntry, "kind" | "filter" | "count">,
  raw: Uint8Array,
  { method, stored, rawBytes }: Packed,
): Section {
  const hash = sha256Sync(raw);
  const entry = { kind, filter, method, count, storedBytes: stored.length, rawBytes, hash };
  return { entry, entryBytes: encodeEntry(entry, stored), stored };
}

function encodeEntry(entry: SectionEntry, stored: Uint8Array): Uint8Array {
  const writer = new ByteWriter();
  writer.bytes(Uint8Array.of(entry.kind, (entry.filter << 4) | entry.method));
  writer.varint(entry.count);
  writer.varint(entry.storedBytes);
  writer.varint(entry.rawBytes);
  writer.bytes(entry.hash);
  const head = writer.finish();
  const bytes = new Uint8Array(head.length + CRC_BYTES);
  bytes.set(head);
  new DataView(bytes.buffer).setUint32(head.length, crc32(stored, crc32(head)), true);
  return bytes;
}

/**
 * Reads the entry at the start of some bytes, which need not end with it.
 *
 * @param at Where they lie in the file.
 * @throws {ArtifactIntegrityError} If it is none that this version knows, or claims more than it may.
 */
export function readEntry(bytes: Uint8Array, at: number): SectionPlace {
  const reader = new ByteReader(bytes);
  const kind = reader.byte();
  const coding = reader.byte();
  const count = reader.varint();
  const storedBytes = reader.varint();
  const rawBytes = reader.varint();
  const hash = reader.bytes(HASH_BYTES);
  reader.bytes(CRC_BYTES);
  const length = bytes.length - reader.remaining;
  if (!isKind(kind)) throw damaged(`it has a section of the unknown kind ${kind}`, at);
  const entry: SectionEntry = {
    kind,
    filter: coding >>> 4,
    method: coding & 15,
    count,
    storedBytes,
    rawBytes,
    hash,
  };
  checkEntry(entry, at);
  return { entry, entryBytes: bytes.subarray(0, length), offset: at };
}

/** The entries of an index, with the place of each in it; their sections follow each other from `start` on. */
export function* entriesOf(
  index: Uint8Array,
  start: number,
): Generator<{ at: number; place: SectionPlace }, void, void> {
  let offset = start;
  for (let at = 0; at < index.length;) {
    const place = readEntry(index.subarray(at, at + ENTRY_BYTES_MAX), offset);
    yield { at, place };
    at += place.entryBytes.length;
    offset += sectionBytes(place);
  }
}

function isKind(kind: number): kind is SectionKind {
  return (Object.values(SECTION) as number[]).includes(kind);
}

function checkEntry({ kind, filter, method, count, rawBytes }: SectionEntry, at: number): void {
  if (method > METHOD_DEFLATE) {
    throw damaged(`a section names the unknown compression method ${method}`, at);
  }
  if (filter !== FILTER_NONE && filter !== FILTERS[kind]) {
    throw damaged(`a section names the unknown filter ${filter}`, at);
  }
  if (count === 0 || (count > 1 && !isChunk(kind))) {
    throw damaged(`a section claims to hold ${count} items`, at);
  }
  // An item that is too large for a chunk with others has one of its own.
  const rawBytesMax = RAW_BYTES_MAX[kind] ??
    (count > 1 ? SHARED_BYTES_MAX[kind as ChunkKind] : STATE_BYTES_MAX + 16);
  if (rawBytes > rawBytesMax) throw damaged(`a section claims to hold ${rawBytes} bytes`, at);
  if (count > rawBytesMax) throw damaged(`a section claims to hold ${count} items`, at);
}

/** Length of a section in the file, its entry included. */
export function sectionBytes({ entry, entryBytes }: SectionPlace | Section): number {
  return entryBytes.length + entry.storedBytes;
}

/**
 * Reads a section and checks it.
 *
 * @returns Its canonical bytes.
 * @throws {ArtifactIntegrityError} If it is damaged.
 */
export function readSection(source: ByteSource, place: SectionPlace, name: string): Uint8Array {
  const { entry, entryBytes, offset } = place;
  const bytes = source.read(offset, sectionBytes(place));
  if (!equalBytes(bytes.subarray(0, entryBytes.length), entryBytes)) {
    throw damaged(`${name} is damaged (what stands before it is not what the index says)`, offset);
  }
  const stored = bytes.subarray(entryBytes.length);
  const head = entryBytes.length - CRC_BYTES;
  const crc = new DataView(entryBytes.buffer, entryBytes.byteOffset + head).getUint32(0, true);
  if (crc32(stored, crc32(entryBytes.subarray(0, head))) !== crc) {
    throw damaged(`${name} is damaged (CRC-32 differs)`, offset);
  }
  const { method, rawBytes, filter, count } = entry;
  const unpacked = unpack({ method, stored, rawBytes });
  const raw = filter === FILTER_COLUMNS
    ? fromColumns(unpacked)
    : unfilterChunk(unpacked, filter, count);
  if (!equalBytes(sha256Sync(raw), entry.hash)) {
    throw damaged(`${name} does not have the hash that stands before it`, offset);
  }
  return raw;
}
