/**
 * Small arrays for sized draws, cut one after the other from a larger one: making a typed array of its
 * own for eight numbers takes longer than drawing them. This module is browser compatible.
 *
 * @module
 */

/** Arrays of more elements get memory of their own. */
const POOLED_LENGTH_MAX = 32;

/** Elements that are allocated at a time: 4 KiB, which one array that is kept can hold on to. */
const CHUNK_LENGTH = 512;

/** Gives arrays of zeros; no two share an element. */
export class Float64Pool {
  #chunk = new ArrayBuffer(0);
  #used = CHUNK_LENGTH;

  /** A new array of `length` zeros. */
  take(length: number): Float64Array<ArrayBuffer> {
    if (length === 0 || length > POOLED_LENGTH_MAX) return new Float64Array(length);
    // A caller may have transferred the buffer behind one of its arrays.
    if (this.#used + length > CHUNK_LENGTH || this.#chunk.byteLength === 0) {
      this.#chunk = new ArrayBuffer(8 * CHUNK_LENGTH);
      this.#used = 0;
    }
    const array = new Float64Array(this.#chunk, 8 * this.#used, length);
    this.#used += length;
    return array;
  }

  /** Starts anew: where the next array lies then depends on nothing that was drawn before. */
  reset(): void {
    this.#used = CHUNK_LENGTH;
  }
}
