/**
 * The stored states, or the inputs, of an opened artifact, read chunk by chunk when they are asked for.
 * This module is browser compatible.
 *
 * @module
 */

import type { ByteSource } from "../bytes/byte_source.ts";
import { CHUNK_CACHE_BYTES } from "../limits.ts";
import { itemOffsets } from "./chunk.ts";
import type { ChunkTable } from "./contents.ts";
import { readSection } from "./section.ts";

/** A chunk in memory. */
export interface Chunk {
  /** Index of its first item. */
  readonly first: number;
  /** Its canonical bytes. */
  readonly raw: Uint8Array;
  /** Where each item starts in them, and behind the last where it ends. */
  readonly offsets: Uint32Array;
}

/** Random access to the items of chunks; keeps those that were read last. */
export class ChunkedItems {
  readonly #source: ByteSource;
  readonly #table: ChunkTable;
  readonly #name: string;
  /** Chunks in memory, least recently used first. */
  readonly #cache = new Map<number, Chunk>();
  #cacheBytes = 0;
  /** The chunk of the last read, as most reads are for the same one. */
  #last = -1;
  #lastChunk: Chunk | undefined;

  /** Over the chunks of one kind; `name` is what messages call one. Nothing is read yet. */
  constructor(source: ByteSource, table: ChunkTable, name: string) {
    this.#source = source;
    this.#table = table;
    this.#name = name;
  }

  /** Number of items. */
  get length(): number {
    return this.#table.count;
  }

  /** Canonical bytes of one item; shared, not to be changed. */
  bytesAt(index: number): Uint8Array {
    const { first, raw, offsets } = this.chunkAt(index);
    return raw.subarray(offsets[index - first]!, offsets[index - first + 1]!);
  }

  /** The chunk that holds an item; shared, not to be changed. */
  chunkAt(index: number): Chunk {
    const chunk = this.#table.chunkOf(index);
    if (chunk !== this.#last) {
      this.#lastChunk = this.#load(chunk);
      this.#last = chunk;
    }
    return this.#lastChunk!;
  }

  /** Reads all chunks and checks them. @throws {ArtifactIntegrityError} At the first that is damaged. */
  check(): void {
    for (let chunk = 0; chunk < this.#table.length; chunk++) this.#read(chunk);
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
    const place = this.#table.place(chunk);
    const raw = readSection(this.#source, place, `${this.#name} ${chunk}`);
    const first = this.#table.startOf(chunk);
    return { first, raw, offsets: itemOffsets(raw, place.entry.count) };
  }
}

function bytesOf({ raw, offsets }: Chunk): number {
  return raw.length + offsets.byteLength;
}
