/**
 * Records of a CSV file that go on over the end of a line, in a quoted field.
 *
 * @module
 */

import { LOG_LINE_BYTES_MAX } from "../../limits.ts";

const QUOTE = 0x22;
const NEWLINE = 0x0a;

/** Whether quotes are odd in number, so that a quoted field begins or ends. */
export function hasOddQuotes(bytes: Uint8Array, from: number, to: number): boolean {
  let odd = false;
  for (let i = from; i < to; i++) {
    if (bytes[i] === QUOTE) odd = !odd;
  }
  return odd;
}

/** The lines of a record whose quoted field goes on. */
export class OpenRecord {
  /** Line on which it began. */
  line = 0;
  #bytes = new Uint8Array(0);
  #length = 0;

  /** Whether there is one. */
  get begun(): boolean {
    return this.#length > 0;
  }

  /**
   * Adds a line; the whole record once a field ends in it, or it is longer than a record may be. It is valid
   * until the next call.
   */
  add(part: Uint8Array, { line, ends }: { line: number; ends: boolean }): Uint8Array | undefined {
    if (!this.begun) this.line = line;
    const end = this.#length + part.length;
    if (end >= this.#bytes.length) {
      const more = new Uint8Array(Math.max(end + 1, this.#bytes.length * 2));
      more.set(this.#bytes.subarray(0, this.#length));
      this.#bytes = more;
    }
    this.#bytes.set(part, this.#length);
    this.#bytes[end] = NEWLINE;
    this.#length = end + 1;
    if (!ends && this.#length <= LOG_LINE_BYTES_MAX) return undefined;
    this.#length = 0;
    return this.#bytes.subarray(0, end);
  }
}
