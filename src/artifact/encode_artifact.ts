/**
 * Writes a run as the bytes of a `.replay` file, and computes its content hash. Calls no step.
 * This module is browser compatible.
 *
 * @module
 */

import { crc32 } from "../bytes/crc32.ts";
import { toHex } from "../bytes/hex.ts";
import { Sha256 } from "../bytes/sha256.ts";
import { ByteWriter } from "../bytes/varint.ts";
import type { RunRecord } from "../engine/types.ts";
import { ArgumentRangeError, assertInvariant } from "../errors.ts";
import { BLOCKS_MAX } from "../limits.ts";
import { INDEX_BYTES_MAX, SOURCE_BYTES_MAX } from "./limits.ts";
import { ContentHasher } from "./content_hash.ts";
import { encodeHeader } from "./encode_header.ts";
import { chunksOf } from "./lanes.ts";
import {
  END_MAGIC,
  FORMAT_VERSION,
  MAGIC,
  PRELUDE_BYTES,
  READER_VERSION_MIN,
  SECTION,
  TAIL_BYTES,
} from "./layout.ts";
import { encodeStretches, type RecordedStretch } from "./recorded_by.ts";
import { RunHasher } from "./run_hash.ts";
import { chunkHash, entriesOf, makeChunk, makeSection, type Section } from "./section.ts";

/**
 * Content hash of a run: lower-case hexadecimal SHA-256 Merkle root over header, stored states and inputs.
 * The same run has the same hash on every machine.
 */
export function contentHashOf(record: RunRecord): string {
  const run = saveable(record);
  const hasher = new RunHasher(run);
  for (const { kind, items } of chunksOf(run)) {
    hasher.chunk(kind, items.length, chunkHash(kind, items));
  }
  return hasher.finish(run);
}

/** The bytes of a run's `.replay` file, the same for the same run and account; in pieces, in order. */
export function* artifactPieces(
  record: RunRecord,
  stretches: readonly RecordedStretch[],
): Generator<Uint8Array, void, void> {
  const index = new IndexBuilder();
  const write = function* (section: Section): Generator<Uint8Array, void, void> {
    index.add(section);
    yield section.entryBytes;
    yield section.stored;
  };
  yield preludeBytes();
  for (const section of frontSections(record)) yield* write(section);
  for (const { kind, items } of chunksOf(saveable(record))) yield* write(makeChunk(kind, items));
  for (const section of endSections(record, stretches)) yield* write(section);
  yield index.finish();
}

/** The bytes of a run's `.replay` file in one piece. */
export function encodeArtifact(
  record: RunRecord,
  stretches: readonly RecordedStretch[],
): Uint8Array {
  const writer = new ByteWriter();
  for (const piece of artifactPieces(record, stretches)) writer.bytes(piece);
  return writer.finish();
}

/** First bytes of an artifact. */
export function preludeBytes(): Uint8Array {
  const prelude = new Uint8Array(PRELUDE_BYTES);
  prelude.set(MAGIC);
  prelude[MAGIC.length] = FORMAT_VERSION;
  prelude[MAGIC.length + 1] = READER_VERSION_MIN;
  return prelude;
}

/** The sections before the chunks: what is known when a recording starts. */
export function frontSections(record: RunRecord): Section[] {
  const sections = [
    makeSection(SECTION.front, encodeHeader(record, "front")),
    makeSection(SECTION.notes, encodeHeader(record, "notes")),
  ];
  const { source, sourceMap } = record;
  if (source === undefined) return sections;
  sections.push(makeSection(SECTION.source, encodeSource(source)));
  if (sourceMap !== undefined) {
    sections.push(makeSection(SECTION.sourceMap, new TextEncoder().encode(sourceMap)));
  }
  return sections;
}

/** The sections behind the chunks: what is known when a recording ends. */
export function endSections(
  record: RunRecord,
  stretches: readonly RecordedStretch[],
): [Section, Section] {
  return [
    makeSection(SECTION.end, encodeHeader(record, "end")),
    makeSection(SECTION.provenance, encodeStretches(stretches)),
  ];
}

/** Collects the entries of the sections that are written, and makes what stands behind them. */
export class IndexBuilder {
  readonly #entries = new ByteWriter();
  readonly #hasher = new ContentHasher();
  readonly #sha256 = new Sha256();

  /** No section is written yet. */
  constructor() {
    this.#sha256.update(preludeBytes());
  }

  /** Takes the entry of the next section. */
  add({ entry, entryBytes }: Pick<Section, "entry" | "entryBytes">): void {
    this.#entries.bytes(entryBytes);
    this.#sha256.update(entryBytes);
    this.#hasher.add(entry);
  }

  /** Takes the entries of several sections, one after the other. */
  addAll(entries: Uint8Array): void {
    for (const { place } of entriesOf(entries, 0)) this.add(place);
  }

  /** The entries so far, one after the other. */
  entries(): Uint8Array {
    return this.#entries.finish();
  }

  /** SHA-256 of the first bytes and the entries so far, and so of all that was written. */
  hash(): Uint8Array {
    return this.#sha256.digest();
  }

  /** The index and the tail: the last bytes of the file. */
  finish(): Uint8Array {
    const index = this.#entries.finish();
    if (index.length > INDEX_BYTES_MAX) {
      throw new ArgumentRangeError(
        "Cannot save the run: it has too many chunks: take a larger block size or --max-checkpoints",
      );
    }
    const bytes = new Uint8Array(index.length + TAIL_BYTES);
    const view = new DataView(bytes.buffer);
    bytes.set(index);
    view.setUint32(index.length, index.length, true);
    bytes.set(this.#hasher.digest(), index.length + 4);
    const crcAt = index.length + TAIL_BYTES - 8;
    view.setUint32(crcAt, crc32(bytes.subarray(0, crcAt), crc32(preludeBytes())), true);
    bytes.set(END_MAGIC, crcAt + 4);
    return bytes;
  }

  /** The content hash of the sections so far, lower-case hexadecimal. */
  contentHash(): string {
    return toHex(this.#hasher.digest());
  }
}

/** A run that knows its last state and does not exceed what a reader takes. */
function saveable(record: RunRecord): RunRecord & { readonly lastState: Uint8Array } {
  const { lastState, checkpoints } = record;
  assertInvariant(lastState !== undefined, "a run to be saved knows its last state");
  if (checkpoints.length > BLOCKS_MAX) {
    throw new ArgumentRangeError(
      `Cannot save the run: it has ${checkpoints.length} blocks, of which ${BLOCKS_MAX} are ` +
        "allowed",
      { hint: "use a larger block size" },
    );
  }
  return record as RunRecord & { readonly lastState: Uint8Array };
}

function encodeSource(source: string): Uint8Array {
  const bytes = new TextEncoder().encode(source);
  if (bytes.length > SOURCE_BYTES_MAX) {
    throw new ArgumentRangeError(
      `Cannot embed the step's source: it has ${bytes.length} bytes: at most ${SOURCE_BYTES_MAX} are allowed`,
    );
  }
  return bytes;
}
