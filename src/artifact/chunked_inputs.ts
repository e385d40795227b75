/**
 * The inputs of an opened artifact, read chunk by chunk when they are asked for.
 * This module is browser compatible.
 *
 * @module
 */

import type { ByteSource } from "../bytes/byte_source.ts";
import { InputChunk } from "../engine/input_chunk.ts";
import type { InputStore } from "../engine/types.ts";
import { type ChunkForm, ChunkReader } from "./chunk_reader.ts";
import type { ChunkTable } from "./contents.ts";
import { damaged } from "./damaged.ts";

/** What a row takes besides its bytes: two numbers, and a place for its value. */
const ROW_BYTES = 20;

const FORM: ChunkForm<InputChunk> = {
  name: "chunk of inputs",
  parse(raw, first, count) {
    const chunk = InputChunk.fromBytes(first, raw);
    if (chunk.end !== first + count) throw damaged("a chunk of inputs has another number of them");
    return chunk;
  },
  // Decoded, all but small numbers are larger.
  sizeOf: ({ valueBytes, rows }) =>
    valueBytes + ROW_BYTES * rows + 4 * Math.max(0, valueBytes - 5 * rows),
};

/** Random access to inputs; keeps the chunks that were read last, with what was decoded of them. */
export class ChunkedInputs implements InputStore {
  /** Number of inputs. */
  readonly length: number;
  readonly #chunks: ChunkReader<InputChunk>;

  /** Over the chunks of inputs; nothing is read yet. */
  constructor(source: ByteSource, table: ChunkTable) {
    this.length = table.count;
    this.#chunks = new ChunkReader(source, table, FORM);
  }

  /** The chunk that holds the input of transition `t`. */
  chunkAt(t: number): InputChunk {
    return this.#chunks.chunkOf(t);
  }

  /** All inputs of a chunk; shared, not to be changed. */
  itemsOf(chunk: number): Uint8Array[] {
    const rows = this.#chunks.read(chunk);
    const items: Uint8Array[] = [];
    for (let t = rows.first; t < rows.end;) {
      const { bytes, to } = rows.rowAt(t);
      for (; t < to; t++) items.push(bytes);
    }
    return items;
  }

  /** Reads all chunks and checks them. @throws {ArtifactIntegrityError} At the first that is damaged. */
  check(): void {
    this.#chunks.check();
  }
}
