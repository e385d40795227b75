/**
 * The stored states of an opened artifact, read chunk by chunk when they are asked for.
 * This module is browser compatible.
 *
 * @module
 */

import { equalBytes } from "../codec/compare_states.ts";
import { ArtifactIntegrityError } from "../errors.ts";
import { CHUNK_CACHE_BYTES } from "../limits.ts";
import type { ByteSource } from "../bytes/byte_source.ts";
import { stateOffsets, unfilterChunk, unpack } from "./chunk.ts";
import { crc32 } from "../bytes/crc32.ts";
import { sha256Sync } from "../bytes/sha256.ts";

/** Where a section lies in the file and how it is stored. */
export interface SectionEntry {
  /** Byte offset in the file. */
  readonly offset: number;
  /** METHOD_STORED or METHOD_DEFLATE. */
  readonly method: number;
  /** Length in the file. */
  readonly storedBytes: number;
  /** Length after decompression. */
  readonly rawBytes: number;
  /** CRC-32 of the bytes in the file. */
  readonly crc: number;
}

/** One chunk in an artifact's index. */
export interface ChunkEntry extends SectionEntry {
  /** Number of states in it. */
  readonly count: number;
  /** FILTER_NONE or FILTER_INTEGER_DELTAS. */
  readonly filter: number;
  /** SHA-256 of its canonical bytes. */
  readonly hash: Uint8Array;
}

/** Reads a section and checks it. @throws {ArtifactIntegrityError} If it is damaged. */
export function readSection(source: ByteSource, entry: SectionEntry, name: string): Uint8Array {
  const stored = source.read(entry.offset, entry.storedBytes);
  if (crc32(stored) !== entry.crc) {
    throw new ArtifactIntegrityError(
      `Cannot read the artifact as ${name} is damaged (CRC-32 differs)`,
      { offset: entry.offset },
    );
  }
  return unpack({ method: entry.method, stored, rawBytes: entry.rawBytes });
}

/** A chunk in memory. */
interface Chunk {
  /** Its canonical bytes. */
  readonly raw: Uint8Array;
  /** Where each state starts in them, and behind the last where it ends. */
  readonly offsets: Uint32Array;
}

/** Random access to the stored states; keeps the chunks that were read last. */
export class ChunkedStates {
  readonly #source: ByteSource;
  readonly #chunks: readonly ChunkEntry[];
  /** Index of the first state of each chunk. */
  readonly #starts: readonly number[];
  /** Chunks in memory, least recently used first. */
  readonly #cache = new Map<number, Chunk>();
  #cacheBytes = 0;
  /** The chunk of the last read, as most reads are for the same one. */
  #last = -1;
  #lastChunk: Chunk | undefined;

  /** Over the chunks of an index; nothing is read yet. */
  constructor(source: ByteSource, chunks: readonly ChunkEntry[]) {
    this.#source = source;
    this.#chunks = chunks;
    let start = 0;
    this.#starts = chunks.map((chunk) => (start += chunk.count) - chunk.count);
  }

  /** Canonical bytes of one stored state; shared, not to be changed. */
  bytesAt(index: number): Uint8Array {
    const chunk = this.#chunkOf(index);
    if (chunk !== this.#last) {
      this.#lastChunk = this.#load(chunk);
      this.#last = chunk;
    }
    const { raw, offsets } = this.#lastChunk!;
    const place = index - this.#starts[chunk]!;
    return raw.subarray(offsets[place]!, offsets[place + 1]!);
  }

  /** Reads one chunk and checks it. @throws {ArtifactIntegrityError} If it is damaged. */
  checkChunk(chunk: number): void {
    this.#read(chunk);
  }

  #chunkOf(index: number): number {
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if (this.#starts[middle]! <= index) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  #load(chunk: number): Chunk {
    const cached = this.#cache.get(chunk);
    if (cached !== undefined) {
      this.#cache.delete(chunk);
      this.#cache.set(chunk, cached);
      return cached;
    }
    const loaded = this.#read(chunk);
    this.#cache.set(chunk, loaded);
    this.#cacheBytes += bytesOf(loaded);
    for (const [oldest, content] of this.#cache) {
      if (this.#cacheBytes <= CHUNK_CACHE_BYTES || oldest === chunk) break;
      this.#cache.delete(oldest);
      this.#cacheBytes -= bytesOf(content);
    }
    return loaded;
  }

  #read(chunk: number): Chunk {
    const entry = this.#chunks[chunk]!;
    const name = `chunk ${chunk}`;
    const raw = unfilterChunk(readSection(this.#source, entry, name), entry.filter, entry.count);
    if (!equalBytes(sha256Sync(raw), entry.hash)) {
      throw new ArtifactIntegrityError(
        `Cannot read the artifact as ${name} does not have the hash that the index names`,
        { offset: entry.offset },
      );
    }
    return { raw, offsets: stateOffsets(raw, entry.count) };
  }
}

function bytesOf({ raw, offsets }: Chunk): number {
  return raw.length + offsets.byteLength;
}
