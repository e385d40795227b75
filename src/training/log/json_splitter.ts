/**
 * Cuts the records out of a stream of JSON that is not one object per line: the objects of a list,
 * those of one list inside an object, or objects that follow one another over several lines.
 * This module is browser compatible.
 *
 * @module
 */

import { LOG_LINE_BYTES_MAX } from "../limits.ts";
import type { LineHandler } from "./line_splitter.ts";

/** Length of the longest key that is remembered while looking for the list. */
const KEY_BYTES_MAX = 64;

/** How a stream of JSON ended. */
export type JsonEnd =
  /** After the last record and whatever closes around it. */
  | "complete"
  /** In the middle. */
  | "truncated"
  /** Without the list that was looked for. */
  | "no_list";

/** See the module. */
export class JsonSplitter {
  readonly #onRecord: LineHandler;
  /** Key whose list holds the records; undefined for a list or objects at the top. */
  readonly #listKey: string | undefined;
  #line = 1;
  #depth = 0;
  #inString = false;
  #escaped = false;
  /** Depth outside the records: 0 for objects at the top, 1 in a list, 2 in a list inside an object. */
  #outside = -1;
  #listSeen = false;
  #key = "";
  #lastKey = "";
  #recordLine = 0;
  #carry: Uint8Array[] = [];
  #carried = 0;
  #inRecord = false;

  /** Calls `onRecord` per object, with the line on which it starts. */
  constructor(onRecord: LineHandler, listKey?: string) {
    this.#onRecord = onRecord;
    this.#listKey = listKey;
  }

  /** Lines begun so far. */
  get lineCount(): number {
    return this.#line;
  }

  /** Takes the next chunk; it may be reused after the call. */
  push(chunk: Uint8Array): void {
    let start = 0;
    for (let i = 0; i < chunk.length; i++) {
      const c = chunk[i]!;
      if (c === 0x0a) this.#line++;
      if (this.#inString) {
        if (this.#escaped) this.#escaped = false;
        else if (c === 0x5c) this.#escaped = true;
        else if (c === 0x22) {
          this.#inString = false;
          this.#lastKey = this.#key;
        } else if (!this.#inRecord && this.#key.length < KEY_BYTES_MAX) {
          this.#key += String.fromCharCode(c);
        }
        continue;
      }
      switch (c) {
        case 0x22:
          this.#inString = true;
          this.#key = "";
          break;
        case 0x7b:
        case 0x5b:
          if (c === 0x7b && this.#startsRecord()) {
            this.#inRecord = true;
            this.#recordLine = this.#line;
            start = i;
          } else if (!this.#inRecord) this.#enter(c);
          this.#depth++;
          break;
        case 0x7d:
        case 0x5d:
          this.#depth--;
          if (this.#inRecord && this.#depth === this.#outside) {
            this.#emit(chunk, start, i + 1);
          } else if (this.#listKey !== undefined && this.#depth < this.#outside) this.#outside = -1;
          break;
      }
    }
    if (this.#inRecord) this.#keep(chunk.slice(start));
  }

  /** Says how the stream ended. */
  end(): JsonEnd {
    if (this.#listKey !== undefined && !this.#listSeen) return "no_list";
    return this.#depth > 0 || this.#inString ? "truncated" : "complete";
  }

  #startsRecord(): boolean {
    if (this.#inRecord) return false;
    if (this.#listKey === undefined && this.#depth === 0) this.#outside = 0;
    return this.#depth === this.#outside;
  }

  #enter(c: number): void {
    if (c !== 0x5b) return;
    const here = this.#listKey === undefined
      ? this.#depth === 0
      : this.#depth === 1 && this.#lastKey === this.#listKey;
    if (!here) return;
    this.#outside = this.#depth + 1;
    this.#listSeen = true;
  }

  #emit(chunk: Uint8Array, start: number, end: number): void {
    this.#inRecord = false;
    if (this.#carried === 0) {
      this.#onRecord(chunk, start, end, this.#recordLine);
      return;
    }
    const whole = new Uint8Array(this.#carried + end);
    let at = 0;
    for (const part of this.#carry) {
      whole.set(part, at);
      at += part.length;
    }
    whole.set(chunk.subarray(0, end), at);
    this.#carry = [];
    this.#carried = 0;
    this.#onRecord(whole, 0, whole.length, this.#recordLine);
  }

  #keep(part: Uint8Array): void {
    // A record beyond the limit is kept only up to it: cut short, it will not parse.
    if (this.#carried > LOG_LINE_BYTES_MAX) return;
    this.#carry.push(part);
    this.#carried += part.length;
  }
}
