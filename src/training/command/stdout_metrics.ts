/**
 * Picks metrics out of what a command prints, while it prints it: the JSON objects that stand alone on a
 * line go into a log of their own, however much there is around them.
 *
 * @module
 */

import { LineSplitter } from "../log/line_splitter.ts";
import { isBlankByte } from "../log/line_text.ts";

const NEWLINE = Uint8Array.of(0x0a);
const BRACE_OPEN = 0x7b;
const BRACE_CLOSE = 0x7d;
const BUFFER_BYTES = 1 << 16;

/** See the module. The log is made with its first line. */
export class StdoutMetrics {
  /** The log. */
  readonly path: string;
  /** Why nothing more is kept, such as a full disk. */
  error: string | undefined;
  readonly #fs: typeof import("node:fs");
  readonly #splitter: LineSplitter;
  readonly #buffer = new Uint8Array(BUFFER_BYTES);
  #used = 0;
  #ended = false;
  #file: number | undefined;

  /** Writes to `path`, in the place of what is there. */
  constructor(fs: typeof import("node:fs"), path: string) {
    this.#fs = fs;
    this.path = path;
    this.#splitter = new LineSplitter((bytes, from, to) => this.#line(bytes, from, to), () => {});
  }

  /** Takes what was printed next. */
  push(chunk: Uint8Array): void {
    this.#splitter.push(chunk);
  }

  /** Ends the log; gives back whether there is one. */
  end(): boolean {
    if (this.#ended) return this.#file !== undefined;
    this.#ended = true;
    const { bytes } = this.#splitter.end();
    this.#line(bytes, 0, bytes.length);
    this.flush();
    if (this.#file === undefined) return false;
    this.#fs.closeSync(this.#file);
    return true;
  }

  /** Writes what was found so far. */
  flush(): void {
    if (this.#used > 0) this.#write(this.#buffer.subarray(0, this.#used));
    this.#used = 0;
  }

  #line(bytes: Uint8Array, from: number, to: number): void {
    while (from < to && isBlankByte(bytes[from]!)) from++;
    if (from === to || bytes[from] !== BRACE_OPEN) return;
    while (isBlankByte(bytes[to - 1]!)) to--;
    if (bytes[to - 1] !== BRACE_CLOSE) return;
    this.#keep(bytes.subarray(from, to));
    this.#keep(NEWLINE);
  }

  #keep(part: Uint8Array): void {
    if (this.#used + part.length > BUFFER_BYTES) this.flush();
    if (part.length > BUFFER_BYTES) this.#write(part);
    else {
      this.#buffer.set(part, this.#used);
      this.#used += part.length;
    }
  }

  #write(bytes: Uint8Array): void {
    if (this.error !== undefined) return;
    try {
      this.#file ??= this.#fs.openSync(this.path, "w");
      for (let done = 0; done < bytes.length;) {
        done += this.#fs.writeSync(this.#file, bytes, done, bytes.length - done);
      }
    } catch (error) {
      // The command goes on: what it wrote so far is worth comparing.
      this.error = error instanceof Error ? error.message : String(error);
    }
  }
}
