/**
 * Reads the chunks of one lane of an opened artifact when they are asked for, and keeps those read last.
 * This module is browser compatible.
 *
 * @module
 */

import type { ByteSource } from "../bytes/byte_source.ts";
import type { ChunkTable } from "./contents.ts";
import { CHUNK_CACHE_BYTES } from "./limits.ts";
import { readSection } from "./section.ts";

/** What a chunk's canonical bytes become. */
export interface ChunkForm<C> {
  /** What messages call one. */
  readonly name: string;
  /**
   * Takes the bytes of a chunk apart.
   *
   * @param first Index of its first item.
   * @throws {ArtifactIntegrityError} If they are not those of `count` items.
   */
  parse(raw: Uint8Array, first: number, count: number): C;
  /** How much memory it takes, in bytes. */
  sizeOf(chunk: C): number;
}

/** Chunks in memory, by their index. */
export class ChunkReader<C> {
  readonly #source: ByteSource;
  readonly #table: ChunkTable;
  readonly #form: ChunkForm<C>;
  /** Chunks in memory, least recently used first. */
  readonly #cache = new Map<number, C>();
  #cacheBytes = 0;
  /** The chunk of the last read, as most reads are for the same one. */
  #last = -1;
  #lastChunk: C | undefined;

  /** Over the chunks of one lane; nothing is read yet. */
  constructor(source: ByteSource, table: ChunkTable, form: ChunkForm<C>) {
    this.#source = source;
    this.#table = table;
    this.#form = form;
  }

  /** The chunk that holds an item; shared, not to be changed. */
  chunkOf(item: number): C {
    const chunk = this.#table.chunkOf(item);
    if (chunk !== this.#last) {
      this.#lastChunk = this.#load(chunk);
      this.#last = chunk;
    }
    return this.#lastChunk!;
  }

  /** Reads a chunk and checks it; it is not kept. @throws {ArtifactIntegrityError} If it is damaged. */
  read(chunk: number): C {
    const place = this.#table.place(chunk);
    const raw = readSection(this.#source, place, `${this.#form.name} ${chunk}`);
    return this.#form.parse(raw, this.#table.startOf(chunk), place.entry.count);
  }

  /** Reads all chunks and checks them. @throws {ArtifactIntegrityError} At the first that is damaged. */
  check(): void {
    for (let chunk = 0; chunk < this.#table.length; chunk++) this.read(chunk);
  }

  #load(chunk: number): C {
    const cached = this.#cache.get(chunk);
    if (cached !== undefined) {
      this.#cache.delete(chunk);
      this.#cache.set(chunk, cached);
      return cached;
    }
    const loaded = this.read(chunk);
    this.#cache.set(chunk, loaded);
    this.#cacheBytes += this.#form.sizeOf(loaded);
    for (const [oldest, content] of this.#cache) {
      if (this.#cacheBytes <= CHUNK_CACHE_BYTES || oldest === chunk) break;
      this.#cache.delete(oldest);
      this.#cacheBytes -= this.#form.sizeOf(content);
    }
    return loaded;
  }
}
