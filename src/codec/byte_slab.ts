/**
 * Room for many small encodings that are kept together, such as the checkpoints of a run: an array with memory of its
 * own costs more to make than a number to encode, and the collector more to free. This module is browser compatible.
 *
 * @module
 */

import { NativeArrayBuffer, NativeUint8Array } from "./intrinsics.ts";

/** Memory taken at a time. */
const SLAB_BYTES = 2 ** 14;

/** Larger ones get memory of their own. */
const SMALL_BYTES_MAX = 2 ** 8;

/** Gives out room; memory is given back only when all that shares it is dropped. */
export class ByteSlab {
  #buffer = new NativeArrayBuffer(0);
  #free = 0;

  /** Zeros, `length` of them; small arrays share one buffer. */
  take(length: number): Uint8Array<ArrayBuffer> {
    if (length > SMALL_BYTES_MAX) return new NativeUint8Array(length);
    if (length > this.#free) {
      this.#buffer = new NativeArrayBuffer(SLAB_BYTES);
      this.#free = SLAB_BYTES;
    }
    const offset = SLAB_BYTES - this.#free;
    this.#free -= length;
    return new NativeUint8Array(this.#buffer, offset, length);
  }
}
