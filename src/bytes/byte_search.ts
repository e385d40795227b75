/**
 * Finds bytes four at a time. `Uint8Array.indexOf` looks at one by one, and costs as much again to call.
 * This module is browser compatible.
 *
 * @module
 */

const NONE = new Uint8Array(0);

/** Searches byte arrays; a class, as it keeps its view of the last one. */
export class ByteSearch {
  #bytes: Uint8Array = NONE;
  #view: DataView = new DataView(NONE.buffer);

  /** Index of the first `byte` in [from, to); -1 if there is none. */
  find(bytes: Uint8Array, byte: number, from: number, to: number): number {
    if (bytes !== this.#bytes) {
      this.#bytes = bytes;
      this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    }
    const view = this.#view;
    const pattern = Math.imul(byte, 0x01010101);
    const last = to - 8;
    let i = from;
    // A byte that equals becomes 0, and subtracting 1 from a 0 sets its high bit.
    for (; i <= last; i += 8) {
      const x = view.getInt32(i, true) ^ pattern;
      const y = view.getInt32(i + 4, true) ^ pattern;
      if ((((x - ONES) & ~x) | ((y - ONES) & ~y)) & HIGH_BITS) break;
    }
    for (; i < to; i++) if (bytes[i] === byte) return i;
    return -1;
  }
}

const ONES = 0x01010101;
const HIGH_BITS = 0x80808080;
