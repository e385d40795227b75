/**
 * Stored states that were read already: to read one takes unpacking and hashing, which of large states one would
 * feel at every move.
 * This module is browser compatible.
 *
 * @module
 */

import type { CheckpointStore } from "../../../engine/types.ts";
import { PAGE_STORED_BYTES_MAX } from "../../limits.ts";
import { Kept } from "./kept.ts";

/** Keeps those read last. */
export class KeptCheckpoints implements CheckpointStore {
  readonly #store: CheckpointStore;
  readonly #kept = new Kept<Uint8Array>({ bytesMax: PAGE_STORED_BYTES_MAX });

  /** Over what is in the file. */
  constructor(store: CheckpointStore) {
    this.#store = store;
  }

  /** Number of checkpoints. */
  get length(): number {
    return this.#store.length;
  }

  /** Canonical bytes of one; shared, must not be changed. */
  bytesAt(index: number): Uint8Array {
    const known = this.#kept.get(index);
    if (known !== undefined) return known;
    const bytes = this.#store.bytesAt(index);
    this.#kept.set(index, bytes, bytes.length);
    return bytes;
  }
}
