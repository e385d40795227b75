/**
 * The tail file of an unfinished artifact: the sections that would follow its closed chunks if the recording
 * ended now, behind what says which chunks these are.
 * This module is browser compatible.
 *
 * @module
 */

import { type ByteSource, bytesSource } from "../../bytes/byte_source.ts";
import { equalBytes } from "../../codec/compare_states.ts";
import { ByteWriter } from "../../bytes/varint.ts";
import { damaged } from "../damaged.ts";
import { FORMAT_VERSION, READER_VERSION_MIN, SECTION, TAIL_FILE_MAGIC } from "../layout.ts";
import {
  ENTRY_BYTES_MAX,
  makeSection,
  readEntry,
  readSection,
  type Section,
  sectionBytes,
} from "../section.ts";
import { decodePosition, encodePosition, type Position } from "./position.ts";

/** First bytes of a tail file: magic, format version, reader version. */
const HEAD_BYTES: number = TAIL_FILE_MAGIC.length + 2;

/** One account of where a recording stands. */
export interface TailGroup {
  /** Which part of the artifact it belongs to, and how the recording goes on. */
  readonly position: Position;
  /** The sections that would follow that part. */
  readonly sections: Uint8Array;
  /** All of the account, as {@linkcode encodeGroup} gave it. */
  readonly bytes: Uint8Array;
}

/** Bytes of one account: the position behind its entry, then the sections behind theirs. */
export function encodeGroup(position: Position, sections: readonly Section[]): Uint8Array {
  const writer = new ByteWriter();
  for (const section of [makeSection(SECTION.position, encodePosition(position)), ...sections]) {
    writer.bytes(section.entryBytes);
    writer.bytes(section.stored);
  }
  return writer.finish();
}

/** First bytes of a tail file; one or two accounts follow. */
export function tailFileHead(): Uint8Array {
  return Uint8Array.of(...TAIL_FILE_MAGIC, FORMAT_VERSION, READER_VERSION_MIN);
}

/**
 * Reads a tail file: one account, or two while an artifact is replaced by a thinner one.
 *
 * @throws {ArtifactIntegrityError} If it is damaged.
 */
export function readTailFile(bytes: Uint8Array): TailGroup[] {
  const source = bytesSource(bytes);
  if (!equalBytes(bytes.subarray(0, HEAD_BYTES), tailFileHead())) {
    throw damaged("the file beside it, which ends in .tail, is none of an unfinished recording");
  }
  const starts: { start: number; position: Position; sections: number }[] = [];
  for (let at = HEAD_BYTES; at < bytes.length;) {
    const place = readEntry(bytes.subarray(at, at + ENTRY_BYTES_MAX), at);
    const next = at + sectionBytes(place);
    if (next > bytes.length) throw damaged("its tail is cut short", at);
    if (place.entry.kind === SECTION.position) {
      const position = decodePosition(readSection(source, place, "its tail"));
      starts.push({ start: at, position, sections: next });
    } else if (starts.length === 0) {
      throw damaged("its tail does not begin with a position", at);
    }
    at = next;
  }
  if (starts.length === 0 || starts.length > 2) throw damaged("its tail has no position");
  return starts.map(({ start, position, sections }, i) => {
    const end = starts[i + 1]?.start ?? bytes.length;
    return {
      position,
      sections: bytes.subarray(sections, end),
      bytes: bytes.subarray(start, end),
    };
  });
}

/** The beginning of one source, and bytes behind it, as one. */
export function joinedSource(source: ByteSource, length: number, behind: Uint8Array): ByteSource {
  return {
    size: length + behind.length,
    read: (offset, count) =>
      offset < length
        ? source.read(offset, count)
        : behind.subarray(offset - length, offset - length + count),
  };
}
