/**
 * Which items share a chunk, and the canonical bytes that they are together.
 * This module is browser compatible.
 *
 * @module
 */

import { ByteWriter } from "../bytes/varint.ts";
import { CHUNK_BYTES_TARGET } from "./limits.ts";

/**
 * Cuts a sequence of items into chunks. The rule is part of the format, as hashes are per chunk: a chunk
 * takes items until another one would bring it over 64 KiB, and at least one. A chunk is closed as soon as
 * no further item can fit, so that what is closed never depends on what is still to come.
 */
export class ChunkBuilder {
  #items: Uint8Array[];
  #bytes: number;

  /** Goes on with an open chunk that has these items; with an empty one by default. */
  constructor(open: readonly Uint8Array[] = []) {
    this.#items = [...open];
    this.#bytes = open.reduce((sum, item) => sum + item.length, 0);
  }

  /** Items of the chunk that is still open. */
  get open(): readonly Uint8Array[] {
    return this.#items;
  }

  /** Takes the next item; gives each chunk that is closed by it, at most two, to `close`. */
  add(item: Uint8Array, close: (items: readonly Uint8Array[]) => void): void {
    if (this.#items.length > 0 && this.#bytes + item.length > CHUNK_BYTES_TARGET) {
      close(this.take());
    }
    this.#items.push(item);
    this.#bytes += item.length;
    if (isFull(this.#bytes)) close(this.take());
  }

  /** Closes the open chunk; gives its items, none if it has none. */
  take(): Uint8Array[] {
    const items = this.#items;
    this.#items = [];
    this.#bytes = 0;
    return items;
  }
}

/** Whether no item can come to items of so many bytes in a chunk; the shortest item has one. */
export function isFull(itemBytes: number): boolean {
  return itemBytes >= CHUNK_BYTES_TARGET;
}

/** Canonical bytes of a chunk, over which its hash is taken: all lengths as varints, then all items. */
export function joinItems(items: readonly Uint8Array[]): Uint8Array {
  const lengths = new ByteWriter();
  for (const item of items) lengths.varint(item.length);
  const head = lengths.finish();
  const raw = new Uint8Array(items.reduce((sum, item) => sum + item.length, head.length));
  raw.set(head);
  let at = head.length;
  for (const item of items) {
    raw.set(item, at);
    at += item.length;
  }
  return raw;
}
