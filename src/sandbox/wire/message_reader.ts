/**
 * Takes the input of a sandbox child apart: messages of the parent, each behind its length. The bootstrap
 * reads the texts by it that it starts with, the harness all that follows.
 * This module is browser compatible.
 *
 * @module
 */

/** Waits for input; the number of bytes put into `target`, null where the input ends. */
export type InputRead = (target: Uint8Array) => number | null;

/** As much is asked for at a time: a system call per message would take longer than many blocks. */
const BUFFER_BYTES = 64 * 1024;

/** Reads message after message. */
export class MessageReader {
  readonly #read: InputRead;
  readonly #buffer = new Uint8Array(BUFFER_BYTES);
  readonly #view = new DataView(this.#buffer.buffer);
  /** What was read and not yet given out lies from here up to `#end`. */
  #start = 0;
  #end = 0;

  /** Reads ahead of what is asked for: nobody else may read the same input. */
  constructor(read: InputRead) {
    this.#read = read;
  }

  /** The next message; undefined when the parent has closed the stream. */
  next(): Uint8Array | undefined {
    if (!this.#require(4)) return undefined;
    const length = this.#view.getUint32(this.#start, true);
    this.#start += 4;
    const message = new Uint8Array(length);
    let filled = 0;
    while (filled < length) {
      if (this.#start === this.#end && !this.#require(1)) return undefined;
      const count = Math.min(length - filled, this.#end - this.#start);
      message.set(this.#buffer.subarray(this.#start, this.#start + count), filled);
      this.#start += count;
      filled += count;
    }
    return message;
  }

  /** Reads until so many bytes lie ready; false if the input ends first. */
  #require(bytes: number): boolean {
    if (this.#end - this.#start >= bytes) return true;
    this.#buffer.copyWithin(0, this.#start, this.#end);
    this.#end -= this.#start;
    this.#start = 0;
    while (this.#end < bytes) {
      const count = this.#read(this.#buffer.subarray(this.#end));
      if (count === null) return false;
      this.#end += count;
    }
    return true;
  }
}
