/**
 * A run as the bytes of a `.replay` file, and its content hash.
 * This module is browser compatible.
 *
 * @module
 */

import { encodeState } from "../codec/encode_state.ts";
import type { MathKind, RunRecord } from "../engine/types.ts";
import { assertInvariant } from "../errors.ts";
import { BLOCKS_MAX, SOURCE_BYTES_MAX } from "../limits.ts";
import { joinStates, pack, packChunk, type Packed, planChunks } from "./chunk.ts";
import { crc32 } from "../bytes/crc32.ts";
import { encodeHeader } from "./header.ts";
import {
  END_MAGIC,
  FORMAT_VERSION,
  MAGIC,
  PRELUDE_BYTES,
  READER_VERSION_MIN,
  TAIL_BYTES,
} from "./layout.ts";
import { toHex } from "../bytes/hex.ts";
import { merkleRoot, sha256 } from "../bytes/sha256.ts";

/** The program that writes an artifact, and what it runs on. */
export interface Writer {
  /** Program and version. */
  readonly tool: string;
  /** JavaScript engine and version. */
  readonly engine: string;
  /** Fingerprint of that engine's `Math`, hexadecimal. */
  readonly mathFingerprint: string;
}

/**
 * How a run was recorded: it lies outside the hashed part, as it may differ between two recordings of
 * the same run.
 */
export interface Provenance extends Writer {
  /** Which `Math` the step saw. */
  readonly math: MathKind;
}

/** The hashed content of an artifact, before it is laid out. */
interface Content {
  readonly header: Uint8Array;
  readonly source: Uint8Array | undefined;
  readonly chunks: readonly { states: readonly Uint8Array[]; raw: Uint8Array }[];
  readonly leaves: readonly Uint8Array[];
}

/**
 * Content hash of a run: lower-case hexadecimal SHA-256 Merkle root over header and stored states. The
 * same run has the same hash on every machine.
 */
export async function contentHashOf(record: RunRecord): Promise<string> {
  const { leaves } = await contentOf(record);
  return toHex(merkleRoot(leaves));
}

/** The bytes of a run's `.replay` file; the same for the same run and writer. */
export async function encodeArtifact(
  record: RunRecord,
  { tool, engine, mathFingerprint }: Writer,
): Promise<Uint8Array> {
  const { header, source, chunks, leaves } = await contentOf(record);
  const packedSource = source === undefined ? undefined : pack(source);
  const packedChunks = chunks.map(({ states, raw }) => ({
    count: states.length,
    ...packChunk(states, raw),
  }));
  const index = encodeState({
    source: packedSource === undefined ? undefined : [...sectionEntry(packedSource)],
    chunks: packedChunks.map((chunk, i) => [
      chunk.count,
      chunk.filter,
      ...sectionEntry(chunk),
      leaves[i + 1]!,
    ]),
  });
  return layOut({
    header,
    sections: [packedSource, ...packedChunks].flatMap((packed) => packed?.stored ?? []),
    index,
    provenance: encodeState({ tool, engine, math: record.math, mathFingerprint }),
    root: merkleRoot(leaves),
  });
}

function sectionEntry({ method, stored, rawBytes }: Packed): number[] {
  return [method, stored.length, rawBytes, crc32(stored)];
}

async function contentOf(record: RunRecord): Promise<Content> {
  assertInvariant(record.lastState !== undefined, "a run to be saved knows its last state");
  if (record.checkpoints.length > BLOCKS_MAX) {
    throw new RangeError(
      `Cannot save the run as it has ${record.checkpoints.length} blocks, of which ${BLOCKS_MAX} are ` +
        "allowed: take a larger block size",
    );
  }
  const states: Uint8Array[] = [];
  for (let block = 0; block < record.checkpoints.length; block++) {
    states.push(record.checkpoints.bytesAt(block));
  }
  states.push(record.lastState);
  const source = record.source === undefined ? undefined : encodeSource(record.source);
  const header = encodeHeader(record);
  const chunks = planChunks(states.map((state) => state.length)).map(([from, to]) => {
    const members = states.slice(from, to);
    return { states: members, raw: joinStates(members) };
  });
  const leaves = await Promise.all([header, ...chunks.map((chunk) => chunk.raw)].map(sha256));
  return { header, source, chunks, leaves };
}

function encodeSource(source: string): Uint8Array {
  const bytes = new TextEncoder().encode(source);
  if (bytes.length > SOURCE_BYTES_MAX) {
    throw new RangeError(
      `Cannot embed the step's source as it has ${bytes.length} bytes: at most ${SOURCE_BYTES_MAX} are allowed`,
    );
  }
  return bytes;
}

function layOut(parts: {
  header: Uint8Array;
  sections: readonly Uint8Array[];
  index: Uint8Array;
  provenance: Uint8Array;
  root: Uint8Array;
}): Uint8Array {
  const { header, sections, index, provenance, root } = parts;
  const indexOffset = sections.reduce(
    (offset, section) => offset + section.length,
    PRELUDE_BYTES + header.length,
  );
  const file = new Uint8Array(indexOffset + index.length + provenance.length + TAIL_BYTES);
  const view = new DataView(file.buffer);
  file.set(MAGIC, 0);
  view.setUint8(8, FORMAT_VERSION);
  view.setUint8(9, READER_VERSION_MIN);
  view.setUint32(10, header.length, true);
  let offset = PRELUDE_BYTES;
  for (const section of [header, ...sections, index, provenance]) {
    file.set(section, offset);
    offset += section.length;
  }
  view.setBigUint64(offset, BigInt(indexOffset), true);
  view.setUint32(offset + 8, index.length, true);
  view.setUint32(offset + 12, provenance.length, true);
  file.set(root, offset + 16);
  const structure = crc32(
    file.subarray(indexOffset, offset + 48),
    crc32(file.subarray(0, PRELUDE_BYTES)),
  );
  view.setUint32(offset + 48, structure, true);
  file.set(END_MAGIC, offset + 52);
  return file;
}
