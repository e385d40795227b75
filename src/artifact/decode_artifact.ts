/**
 * Opens the bytes of a `.replay` file as a run: reads prelude, header, index and tail, checks all of
 * them, and leaves the chunks where they are until a state is asked for. Never runs code.
 * This module is browser compatible.
 *
 * @module
 */

import { decodeState } from "../codec/decode_state.ts";
import { equalBytes } from "../codec/compare_states.ts";
import { PLAIN_RECORD } from "../engine/record_defaults.ts";
import type { MathKind, RunRecord } from "../engine/types.ts";
import { ArtifactIntegrityError } from "../errors.ts";
import {
  BLOCKS_MAX,
  CHUNK_BYTES_TARGET,
  HEADER_BYTES_MAX,
  INDEX_BYTES_MAX,
  PROVENANCE_BYTES_MAX,
  SOURCE_BYTES_MAX,
  STATE_BYTES_MAX,
} from "../limits.ts";
import type { ByteSource } from "../bytes/byte_source.ts";
import { SHARED_CHUNK_BYTES_MAX } from "./chunk.ts";
import {
  ChunkedStates,
  type ChunkEntry,
  readSection,
  type SectionEntry,
} from "./chunked_states.ts";
import { crc32 } from "../bytes/crc32.ts";
import type { Provenance } from "./encode_artifact.ts";
import { decodeHeader, type HeaderFact, headerFacts, storedStates } from "./header.ts";
import type { Header } from "./header_fields.ts";
import { toHex } from "../bytes/hex.ts";
import {
  END_MAGIC,
  FILTER_INTEGER_DELTAS,
  FORMAT_VERSION,
  MAGIC,
  METHOD_DEFLATE,
  METHOD_STORED,
  PRELUDE_BYTES,
  READER_VERSION_MIN,
  type Tail,
  TAIL_BYTES,
} from "./layout.ts";
import { merkleRoot, sha256Sync } from "../bytes/sha256.ts";

/** An opened artifact. */
export interface OpenedArtifact {
  /** The run; its states are read when asked for. */
  readonly record: RunRecord;
  /** Content hash, lower-case hexadecimal; checked against the header and the chunks' hashes. */
  readonly contentHash: string;
  /** Where and by what the file was written; outside the content hash. */
  readonly provenance: Provenance;
  /** Format version of the file. */
  readonly formatVersion: number;
  /** Size of the file in bytes. */
  readonly fileBytes: number;
  /** What the header says, for people. */
  readonly facts: readonly HeaderFact[];
  /** SHA-256 of the embedded source, lower-case hexadecimal; undefined if none is embedded. */
  readonly sourceHash: string | undefined;
  /** Size of the embedded source in bytes of UTF-8; 0 if none is embedded. */
  readonly sourceBytes: number;
  /** Reads and checks every chunk. @throws {ArtifactIntegrityError} At the first that is damaged. */
  checkAll(): void;
}

interface Index {
  readonly source: SectionEntry | undefined;
  readonly chunks: readonly ChunkEntry[];
}

/** Whether some bytes start as an artifact of this format does. */
export function isArtifact(start: Uint8Array): boolean {
  return equalBytes(start.subarray(0, MAGIC.length), MAGIC);
}

/**
 * Opens an artifact.
 *
 * @throws {ArtifactIntegrityError} If it is damaged, cut short, of a newer version or no artifact.
 */
export function decodeArtifact(source: ByteSource): OpenedArtifact {
  const { headerLength, formatVersion, prelude } = readPrelude(source);
  const tail = readTail(source, headerLength, prelude);
  const headerBytes = source.read(PRELUDE_BYTES, headerLength);
  const index = readIndex(
    source.read(tail.indexOffset, tail.indexBytes),
    PRELUDE_BYTES + headerLength,
    tail.indexOffset,
  );
  checkRoot(headerBytes, index, tail);
  const header = decodeHeader(headerBytes);
  if (storedStates(header) > BLOCKS_MAX + 1) {
    throw damaged(`it has more than ${BLOCKS_MAX} blocks`);
  }
  if (index.chunks.reduce((sum, chunk) => sum + chunk.count, 0) !== storedStates(header)) {
    throw damaged("its index does not hold the number of states that its header asks for");
  }
  if ((index.source === undefined) !== (header.sourceHash === undefined)) {
    throw damaged("its header and its index disagree about an embedded source");
  }
  const states = new ChunkedStates(source, index.chunks);
  const provenance = readProvenance(
    source.read(tail.indexOffset + tail.indexBytes, tail.provenanceBytes),
  );
  return {
    record: recordOf(source, { header, index, states, math: provenance.math }),
    contentHash: toHex(tail.root),
    provenance,
    formatVersion,
    fileBytes: source.size,
    sourceHash: header.sourceHash,
    facts: headerFacts(header),
    sourceBytes: index.source?.rawBytes ?? 0,
    checkAll(): void {
      if (index.source !== undefined) readSource(source, index.source, header);
      for (let chunk = 0; chunk < index.chunks.length; chunk++) states.checkChunk(chunk);
    },
  };
}

function readPrelude(
  source: ByteSource,
): { headerLength: number; formatVersion: number; prelude: Uint8Array } {
  if (source.size < PRELUDE_BYTES + TAIL_BYTES) {
    const start = source.read(0, Math.min(source.size, MAGIC.length));
    throw isArtifact(start)
      ? damaged(`it is cut short: it has ${source.size} bytes`, source.size)
      : damaged("it is not a .replay file", 0);
  }
  const prelude = source.read(0, PRELUDE_BYTES);
  if (!isArtifact(prelude)) throw damaged(describeForeign(prelude), 0);
  const view = new DataView(prelude.buffer, prelude.byteOffset, prelude.byteLength);
  const formatVersion = view.getUint8(8);
  const readerVersion = view.getUint8(9);
  if (readerVersion > FORMAT_VERSION) {
    throw damaged(
      `it was written by a newer program (format version ${formatVersion}): update rewind`,
      8,
    );
  }
  if (formatVersion < READER_VERSION_MIN || readerVersion !== READER_VERSION_MIN) {
    throw damaged(`it claims the unknown format version ${formatVersion}`, 8);
  }
  const headerLength = view.getUint32(10, true);
  if (headerLength > HEADER_BYTES_MAX) throw damaged(`its header claims ${headerLength} bytes`, 10);
  return { headerLength, formatVersion, prelude };
}

function describeForeign(prelude: Uint8Array): string {
  const text = String.fromCharCode(...prelude.subarray(1, 4));
  return text === "RWD"
    ? "its first bytes were changed, as a transfer in text mode does: copy it as binary"
    : "it is not a .replay file";
}

function readTail(source: ByteSource, headerLength: number, prelude: Uint8Array): Tail {
  const tailOffset = source.size - TAIL_BYTES;
  const bytes = source.read(tailOffset, TAIL_BYTES);
  if (!equalBytes(bytes.subarray(52), END_MAGIC)) {
    throw damaged("it is cut short or has bytes after its end", tailOffset + 52);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const tail: Tail = {
    indexOffset: Number(view.getBigUint64(0, true)),
    indexBytes: view.getUint32(8, true),
    provenanceBytes: view.getUint32(12, true),
    root: bytes.slice(16, 48),
    crc: view.getUint32(48, true),
  };
  if (tail.indexBytes > INDEX_BYTES_MAX || tail.provenanceBytes > PROVENANCE_BYTES_MAX) {
    throw damaged("its tail claims sections over the limits", tailOffset);
  }
  if (
    tail.indexOffset < PRELUDE_BYTES + headerLength ||
    tail.indexOffset + tail.indexBytes + tail.provenanceBytes !== tailOffset
  ) {
    throw damaged("its sections do not fill it exactly", tailOffset);
  }
  const covered = source.read(tail.indexOffset, tailOffset + 48 - tail.indexOffset);
  if (crc32(covered, crc32(prelude)) !== tail.crc) {
    throw damaged("its index, tail or first bytes are damaged (CRC-32 differs)", tail.indexOffset);
  }
  return tail;
}

function readIndex(bytes: Uint8Array, start: number, end: number): Index {
  const value = decodeState(bytes) as { source?: unknown; chunks?: unknown };
  if (
    typeof value !== "object" || value === null || Object.keys(value).join() !== "source,chunks" ||
    !Array.isArray(value.chunks) || value.chunks.length === 0
  ) {
    throw damaged("its index does not have the fields of format version 2");
  }
  let offset = start;
  const section = (fields: unknown[], rawBytesMax: number): SectionEntry => {
    const [method, storedBytes, rawBytes, crc] = fields.map((field) => integer(field));
    if (method !== METHOD_STORED && method !== METHOD_DEFLATE) {
      throw damaged(`its index names the unknown compression method ${method}`);
    }
    if (rawBytes! > rawBytesMax) throw damaged(`its index claims a section of ${rawBytes} bytes`);
    const entry = { offset, method, storedBytes: storedBytes!, rawBytes: rawBytes!, crc: crc! };
    offset += storedBytes!;
    if (offset > end) throw damaged("its index claims sections beyond their end");
    return entry;
  };
  const source = value.source === undefined
    ? undefined
    : section(fieldsOf(value.source, 4), SOURCE_BYTES_MAX);
  const chunks = value.chunks.map((entry: unknown): ChunkEntry => {
    const fields = fieldsOf(entry, 7);
    const hash = fields[6];
    const count = integer(fields[0]);
    const filter = integer(fields[1]);
    if (!(hash instanceof Uint8Array) || hash.length !== 32 || count === 0) {
      throw damaged("its index has a bad entry");
    }
    if (filter > FILTER_INTEGER_DELTAS) {
      throw damaged(`its index names the unknown filter ${filter}`);
    }
    // A state that is too large for a chunk with others has one of its own.
    if (count > CHUNK_BYTES_TARGET) throw damaged(`its index has a chunk of ${count} states`);
    const rawBytesMax = count > 1 ? SHARED_CHUNK_BYTES_MAX : STATE_BYTES_MAX + 16;
    return { count, filter, hash, ...section(fields.slice(2, 6), rawBytesMax) };
  });
  if (offset !== end) throw damaged("its sections leave a hole before the index", offset);
  return { source, chunks };
}

function fieldsOf(value: unknown, length: number): unknown[] {
  if (Array.isArray(value) && value.length === length) return value;
  throw damaged("its index has a bad entry");
}

function integer(value: unknown): number {
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= 0) return value;
  throw damaged("its index has a bad entry");
}

function checkRoot(header: Uint8Array, index: Index, tail: Tail): void {
  const root = merkleRoot([sha256Sync(header), ...index.chunks.map((chunk) => chunk.hash)]);
  if (!equalBytes(root, tail.root)) {
    throw damaged("its content hash does not fit its header and index", PRELUDE_BYTES);
  }
}

function recordOf(
  source: ByteSource,
  parts: { header: Header; index: Index; states: ChunkedStates; math: MathKind },
): RunRecord {
  const { header, index, states, math } = parts;
  const blocks = storedStates(header) - 1;
  const section = index.source;
  let text: string | undefined;
  return {
    ...PLAIN_RECORD,
    ...header,
    start: header.start ?? (header.branchPoint === undefined ? "init" : "parent"),
    math,
    checkpoints: { length: blocks, bytesAt: (block) => states.bytesAt(block) },
    get lastState(): Uint8Array {
      return states.bytesAt(blocks);
    },
    get source(): string | undefined {
      if (section !== undefined) text ??= readSource(source, section, header);
      return text;
    },
  };
}

function readSource(source: ByteSource, section: SectionEntry, header: Header): string {
  const bytes = readSection(source, section, "its embedded source");
  if (toHex(sha256Sync(bytes)) !== header.sourceHash) {
    throw damaged(
      "its embedded source does not have the hash that its header names",
      section.offset,
    );
  }
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw damaged("its embedded source is not UTF-8", section.offset);
  }
}

function readProvenance(bytes: Uint8Array): Provenance {
  const value = decodeState(bytes) as Record<string, unknown>;
  if (
    typeof value !== "object" || value === null ||
    Object.keys(value).join() !== "tool,engine,math,mathFingerprint" ||
    !Object.values(value).every((field) => typeof field === "string") ||
    (value.math !== "engine" && value.math !== "portable")
  ) {
    throw damaged("its provenance does not have the fields of format version 2");
  }
  return value as unknown as Provenance;
}

function damaged(why: string, offset?: number): ArtifactIntegrityError {
  return new ArtifactIntegrityError(
    `Cannot read the artifact as ${why}`,
    offset === undefined ? {} : { offset },
  );
}
