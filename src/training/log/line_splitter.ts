/**
 * Cuts a stream of byte chunks into lines without copying those that lie in one chunk.
 * This module is browser compatible.
 *
 * @module
 */

import { LOG_LINE_BYTES_MAX } from "../limits.ts";
import { ByteSearch } from "../../bytes/byte_search.ts";

const NEWLINE = 0x0a;

/** Takes one line: the bytes [from, to), without its newline, valid only during the call. */
export type LineHandler = (bytes: Uint8Array, from: number, to: number, line: number) => void;

/** See the module. Lines are counted from 1. */
export class LineSplitter {
  readonly #onLine: LineHandler;
  readonly #onLong: (line: number) => void;
  readonly #newline: number;
  readonly #search = new ByteSearch();
  #carry = new Uint8Array(0);
  #carried = 0;
  #tooLong = false;
  #line = 1;

  /** Calls `onLine` per line, or `onLong` for one of more than `LOG_LINE_BYTES_MAX` bytes. */
  constructor(onLine: LineHandler, onLong: (line: number) => void, newline: number = NEWLINE) {
    this.#newline = newline;
    this.#onLine = onLine;
    this.#onLong = onLong;
  }

  /** How many lines ended so far. */
  get lineCount(): number {
    return this.#line - 1;
  }

  /** Takes the next chunk; it may be reused after the call. */
  push(chunk: Uint8Array): void {
    let from = 0;
    if (this.#carried > 0 || this.#tooLong) {
      const end = this.#search.find(chunk, this.#newline, 0, chunk.length);
      this.#keep(chunk.subarray(0, end < 0 ? chunk.length : end));
      if (end < 0) return;
      this.#emitCarry();
      from = end + 1;
    }
    for (;;) {
      const end = this.#search.find(chunk, this.#newline, from, chunk.length);
      if (end < 0) break;
      this.#emit(chunk, from, end);
      from = end + 1;
    }
    if (from < chunk.length) this.#keep(chunk.subarray(from));
  }

  /** The bytes after the last newline (valid until the next call) and the number of their line. */
  end(): { bytes: Uint8Array; line: number } {
    if (this.#tooLong) this.#onLong(this.#line);
    const bytes = this.#carry.subarray(0, this.#tooLong ? 0 : this.#carried);
    this.#carried = 0;
    this.#tooLong = false;
    return { bytes, line: this.#line };
  }

  #emit(bytes: Uint8Array, from: number, to: number): void {
    if (to - from > LOG_LINE_BYTES_MAX) this.#onLong(this.#line++);
    else this.#onLine(bytes, from, to, this.#line++);
  }

  #emitCarry(): void {
    if (this.#tooLong) this.#onLong(this.#line++);
    else this.#emit(this.#carry, 0, this.#carried);
    this.#carried = 0;
    this.#tooLong = false;
  }

  #keep(part: Uint8Array): void {
    const length = this.#carried + part.length;
    if (this.#tooLong || length > LOG_LINE_BYTES_MAX) {
      this.#tooLong = true;
      this.#carry = new Uint8Array(0);
      this.#carried = 0;
      return;
    }
    if (length > this.#carry.length) {
      const grown = new Uint8Array(Math.max(length, this.#carry.length * 2, 4096));
      grown.set(this.#carry.subarray(0, this.#carried));
      this.#carry = grown;
    }
    this.#carry.set(part, this.#carried);
    this.#carried = length;
  }
}
