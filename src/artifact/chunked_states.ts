/**
 * The stored states of an opened artifact, read chunk by chunk when they are asked for.
 * This module is browser compatible.
 *
 * @module
 */

import type { ByteSource } from "../bytes/byte_source.ts";
import { itemOffsets } from "./chunk.ts";
import { type ChunkForm, ChunkReader } from "./chunk_reader.ts";
import type { ChunkTable } from "./contents.ts";

/** A chunk in memory. */
interface Chunk {
  /** Index of its first item. */
  readonly first: number;
  /** Its canonical bytes. */
  readonly raw: Uint8Array;
  /** Where each item starts in them, and behind the last where it ends. */
  readonly offsets: Uint32Array;
}

const FORM: ChunkForm<Chunk> = {
  name: "chunk of states",
  parse: (raw, first, count) => ({ first, raw, offsets: itemOffsets(raw, count) }),
  sizeOf: ({ raw, offsets }) => raw.length + offsets.byteLength,
};

/** Random access to the items of chunks; keeps those that were read last. */
export class ChunkedItems {
  /** Number of items. */
  readonly length: number;
  readonly #chunks: ChunkReader<Chunk>;

  /** Over the chunks of states; nothing is read yet. */
  constructor(source: ByteSource, table: ChunkTable) {
    this.length = table.count;
    this.#chunks = new ChunkReader(source, table, FORM);
  }

  /** Canonical bytes of one item; shared, not to be changed. */
  bytesAt(index: number): Uint8Array {
    const { first, raw, offsets } = this.#chunks.chunkOf(index);
    return raw.subarray(offsets[index - first]!, offsets[index - first + 1]!);
  }

  /** All items of a chunk; shared, not to be changed. */
  itemsOf(chunk: number): Uint8Array[] {
    const { raw, offsets } = this.#chunks.read(chunk);
    return Array.from(
      { length: offsets.length - 1 },
      (_, i) => raw.subarray(offsets[i]!, offsets[i + 1]!),
    );
  }

  /** Reads all chunks and checks them. @throws {ArtifactIntegrityError} At the first that is damaged. */
  check(): void {
    this.#chunks.check();
  }
}
