/**
 * Opens the bytes of a `.replay` file as a run: reads prelude, tail, index and header, checks all of them,
 * and leaves the chunks where they are until a state is asked for. Never runs code.
 * This module is browser compatible.
 *
 * @module
 */

import type { ByteSource } from "../bytes/byte_source.ts";
import { crc32 } from "../bytes/crc32.ts";
import { toHex } from "../bytes/hex.ts";
import { equalBytes } from "../codec/compare_states.ts";
import { spanCount } from "../engine/block_grid.ts";
import { PLAIN_RECORD } from "../engine/record_defaults.ts";
import type { RunRecord } from "../engine/types.ts";
import { BLOCKS_MAX } from "../limits.ts";
import { INDEX_BYTES_MAX } from "./limits.ts";
import { ChunkedInputs } from "./chunked_inputs.ts";
import { ChunkedItems } from "./chunked_states.ts";
import { type ArtifactContents, readContents } from "./contents.ts";
import { damaged } from "./damaged.ts";
import { decodeHeader, type HeaderFact, headerFacts } from "./header.ts";
import type { Header } from "./header_shape.ts";
import {
  END_MAGIC,
  FORMAT_VERSION,
  MAGIC,
  PRELUDE_BYTES,
  READER_VERSION_MIN,
  TAIL_BYTES,
} from "./layout.ts";
import { observedOf } from "./observed_field.ts";
import { decodeStretches, type RecordedStretch } from "./recorded_by.ts";
import { readSection, type SectionPlace } from "./section.ts";

/** An opened artifact. */
export interface OpenedArtifact {
  /** The run; its states are read when asked for. */
  readonly record: RunRecord;
  /** Content hash, lower-case hexadecimal; checked against the header and the chunks' hashes. */
  readonly contentHash: string;
  /** What recorded it; outside the content hash. */
  readonly stretches: readonly RecordedStretch[];
  /** Format version of the file. */
  readonly formatVersion: number;
  /** Size of the file in bytes. */
  readonly fileBytes: number;
  /** What the header says, for people. */
  readonly facts: readonly HeaderFact[];
  /** SHA-256 of the source, lower-case hexadecimal; undefined if none is known. */
  readonly sourceHash: string | undefined;
  /** Size of the embedded source in bytes of UTF-8; 0 if none is embedded. */
  readonly sourceBytes: number;
  /** Its sections. */
  readonly contents: ArtifactContents;
  /** What they are read from. */
  readonly source: ByteSource;
  /** Reads and checks all that was not read yet. @throws {ArtifactIntegrityError} Where it is damaged. */
  checkAll(): void;
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
  if (source.size < PRELUDE_BYTES + TAIL_BYTES) {
    const start = source.read(0, Math.min(source.size, MAGIC.length));
    throw isArtifact(start)
      ? damaged(`it is cut short: it has ${source.size} bytes`, source.size)
      : damaged("it is not a .replay file", 0);
  }
  const prelude = source.read(0, PRELUDE_BYTES);
  const formatVersion = checkPrelude(prelude);
  const { index, root, indexOffset } = readTail(source, prelude);
  const contents = readContents(index, { start: PRELUDE_BYTES, end: indexOffset });
  if (!equalBytes(contents.root, root)) {
    throw damaged("its content hash does not fit its sections", indexOffset);
  }
  return openContents(source, contents, { formatVersion, fileBytes: source.size });
}

/** Checks the first bytes of an artifact. @returns Its format version. */
export function checkPrelude(prelude: Uint8Array): number {
  if (!isArtifact(prelude)) throw damaged(describeForeign(prelude), 0);
  const formatVersion = prelude[MAGIC.length]!;
  const readerVersion = prelude[MAGIC.length + 1]!;
  if (readerVersion > FORMAT_VERSION) {
    throw damaged(
      `it was written by a newer program (format version ${formatVersion}): update rewind`,
      MAGIC.length,
    );
  }
  if (formatVersion < READER_VERSION_MIN || readerVersion !== READER_VERSION_MIN) {
    throw damaged(`it claims the unknown format version ${formatVersion}`, MAGIC.length);
  }
  return formatVersion;
}

function describeForeign(prelude: Uint8Array): string {
  const text = String.fromCharCode(...prelude.subarray(1, 4));
  return text === "RWD"
    ? "its first bytes were changed, as a transfer in text mode does: copy it as binary"
    : "it is not a .replay file";
}

function readTail(
  source: ByteSource,
  prelude: Uint8Array,
): { index: Uint8Array; root: Uint8Array; indexOffset: number } {
  const tailOffset = source.size - TAIL_BYTES;
  const tail = source.read(tailOffset, TAIL_BYTES);
  if (!equalBytes(tail.subarray(TAIL_BYTES - END_MAGIC.length), END_MAGIC)) {
    throw damaged("it is cut short or has bytes after its end", tailOffset + TAIL_BYTES - 4);
  }
  const view = new DataView(tail.buffer, tail.byteOffset, tail.byteLength);
  const indexBytes = view.getUint32(0, true);
  const indexOffset = tailOffset - indexBytes;
  if (indexBytes > INDEX_BYTES_MAX || indexOffset < PRELUDE_BYTES) {
    throw damaged(`its tail claims an index of ${indexBytes} bytes`, tailOffset);
  }
  const crcAt = TAIL_BYTES - 8;
  const index = source.read(indexOffset, indexBytes);
  const crc = crc32(tail.subarray(0, crcAt), crc32(index, crc32(prelude)));
  if (crc !== view.getUint32(crcAt, true)) {
    throw damaged("its index, tail or first bytes are damaged (CRC-32 differs)", indexOffset);
  }
  return { index, root: tail.slice(4, crcAt), indexOffset };
}

/**
 * Opens what the sections of an artifact hold.
 *
 * @throws {ArtifactIntegrityError} If they do not make a run.
 */
export function openContents(
  source: ByteSource,
  contents: ArtifactContents,
  { formatVersion, fileBytes }: Pick<OpenedArtifact, "formatVersion" | "fileBytes">,
): OpenedArtifact {
  const header = decodeHeader({
    front: readSection(source, contents.front, "its header"),
    notes: readSection(source, contents.notes, "its header"),
    end: readSection(source, contents.end, "its header"),
  });
  const stretches = decodeStretches(readSection(source, contents.provenance, "its provenance"));
  checkCounts(header, contents);
  const states = new ChunkedItems(source, contents.states);
  const inputs = new ChunkedInputs(source, contents.inputs);
  const embedded = (place: SectionPlace | undefined, what: string): EmbeddedText | undefined =>
    place && new EmbeddedText(source, place, what);
  const text = embedded(contents.source, "its embedded source");
  const map = embedded(contents.sourceMap, "its source map");
  const record = recordOf(header, { states, inputs, text, map });
  return {
    record,
    contentHash: toHex(contents.root),
    stretches,
    formatVersion,
    fileBytes,
    sourceHash: header.sourceHash,
    facts: headerFacts(header),
    sourceBytes: contents.source?.entry.rawBytes ?? 0,
    contents,
    source,
    checkAll(): void {
      text?.read();
      map?.read();
      states.check();
      inputs.check();
      // Reads the exact sums.
      void record.observed;
    },
  };
}

function checkCounts(
  header: Header,
  { states, inputs, source, sourceMap }: ArtifactContents,
): void {
  const checkpoints = spanCount(header);
  if (checkpoints > BLOCKS_MAX) throw damaged(`it has more than ${BLOCKS_MAX} checkpoints`);
  if (states.count !== checkpoints + 1) {
    throw damaged("it does not hold the number of states that its header asks for");
  }
  // Of a run whose step failed there is the input that it failed on too.
  const transitions = header.steps - (header.failure === undefined ? 1 : 0);
  if (inputs.count !== 0 && inputs.count !== transitions) {
    throw damaged("it does not hold one input per transition");
  }
  // Without a source the hash may be that of one which was left out.
  if (source !== undefined && toHex(source.entry.hash) !== header.sourceHash) {
    throw damaged("its header names another source than the one that it carries");
  }
  if (sourceMap !== undefined && source === undefined) {
    throw damaged("it carries a source map without a source");
  }
}

/** A section that is a text, read once when it is asked for. */
class EmbeddedText {
  readonly #source: ByteSource;
  readonly #place: SectionPlace;
  readonly #what: string;
  #text: string | undefined;

  constructor(source: ByteSource, place: SectionPlace, what: string) {
    this.#source = source;
    this.#place = place;
    this.#what = what;
  }

  read(): string {
    this.#text ??= this.#decode();
    return this.#text;
  }

  #decode(): string {
    const bytes = readSection(this.#source, this.#place, this.#what);
    try {
      return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    } catch {
      throw damaged(`${this.#what} is not UTF-8`, this.#place.offset);
    }
  }
}

function recordOf(
  header: Header,
  parts: {
    states: ChunkedItems;
    inputs: ChunkedInputs;
    text: EmbeddedText | undefined;
    map: EmbeddedText | undefined;
  },
): RunRecord {
  const { states, inputs, text, map } = parts;
  const { observables, observed: entries, ...fields } = header;
  const observed = observedOf(observables, entries);
  const last = states.length - 1;
  return {
    ...PLAIN_RECORD,
    ...fields,
    start: header.start ?? (header.branchPoint === undefined ? "init" : "parent"),
    observables,
    accumulators: observed.accumulators,
    get observed() {
      return observed.observed;
    },
    checkpoints: { length: last, bytesAt: (i) => states.bytesAt(i) },
    inputs: inputs.length === 0 ? undefined : inputs,
    get lastState(): Uint8Array {
      return states.bytesAt(last);
    },
    get source(): string | undefined {
      return text?.read();
    },
    get sourceMap(): string | undefined {
      return map?.read();
    },
  };
}
