/**
 * The inputs of an opened artifact, as the engine reads them.
 * This module is browser compatible.
 *
 * @module
 */

import { InputChunk } from "../engine/input_chunk.ts";
import type { InputStore } from "../engine/types.ts";
import type { ChunkedItems } from "./chunked_items.ts";

/** Chunks that are kept; one takes some 100 KiB. */
const CHUNKS_KEPT_MAX = 256;

/** Random access to inputs; keeps the chunks that were read last, with what was decoded of them. */
export class ChunkedInputs implements InputStore {
  readonly #items: ChunkedItems;
  /** Chunks in memory, by the t of their first input, least recently used first. */
  readonly #cache = new Map<number, InputChunk>();
  #last: InputChunk | undefined;

  /** Over the items of chunks of inputs; nothing is read yet. */
  constructor(items: ChunkedItems) {
    this.#items = items;
  }

  /** Number of inputs. */
  get length(): number {
    return this.#items.length;
  }

  /** The chunk that holds the input of transition `t`. */
  chunkAt(t: number): InputChunk {
    const last = this.#last;
    if (last !== undefined && t >= last.first && t < last.end) return last;
    const { first, raw, offsets } = this.#items.chunkAt(t);
    const chunk = this.#cache.get(first) ?? InputChunk.fromItems(first, raw, offsets);
    this.#cache.delete(first);
    this.#cache.set(first, chunk);
    if (this.#cache.size > CHUNKS_KEPT_MAX) {
      // A Map iterates in insertion order: the first one is the oldest.
      for (const oldest of this.#cache.keys()) {
        this.#cache.delete(oldest);
        break;
      }
    }
    return this.#last = chunk;
  }
}
