/**
 * The child's side of an answer: collects small items so that not each of them costs a system call.
 * This module is browser compatible.
 *
 * @module
 */

import { ACCOUNT_FLAG, encodeFrameHead, FRAME_KIND } from "./frames.ts";

/** Items are sent once they take this many bytes. */
const BATCH_BYTES = 64 * 1024;

/** And once this much time has passed, so that a parent that stops early has most of a recording. */
const BATCH_MS = 50;

/** Writes the frames of one job's answer. */
export class FrameWriter {
  readonly #write: (bytes: Uint8Array) => void;
  readonly #now: () => number;
  readonly #nonce: Uint8Array;
  readonly #job: number;
  #index = 0;
  #batch = new Uint8Array(BATCH_BYTES);
  #used = 0;
  #sentAt: number;

  /** Prepares the answer to job number `job`, which counts from 1. */
  constructor(
    output: { write: (bytes: Uint8Array) => void; now: () => number; nonce: Uint8Array },
    job: number,
  ) {
    this.#write = output.write;
    this.#now = output.now;
    this.#nonce = output.nonce;
    this.#job = job;
    this.#sentAt = output.now();
  }

  /**
   * Adds an item to the answer: a state, or an account of what went wrong in its place, or of how far a
   * recording is.
   */
  item(bytes: Uint8Array, isAccount = false): void {
    const length = 4 + bytes.length;
    if (this.#used + length > this.#batch.length) {
      this.flush();
      if (length > this.#batch.length) {
        const alone = new Uint8Array(length);
        putItem({ target: alone, offset: 0 }, bytes, isAccount);
        this.#send(FRAME_KIND.items, alone);
        return;
      }
    }
    putItem({ target: this.#batch, offset: this.#used }, bytes, isAccount);
    this.#used += length;
    if (this.#now() - this.#sentAt > BATCH_MS) this.flush();
  }

  /** Ends the answer, well (`end`) or not (`error`). */
  finish(kind: "end" | "error", payload: Uint8Array): void {
    this.flush();
    this.#send(FRAME_KIND[kind], payload);
  }

  /** Sends what was collected. */
  flush(): void {
    if (this.#used > 0) this.#send(FRAME_KIND.items, this.#batch.subarray(0, this.#used));
    this.#used = 0;
    this.#sentAt = this.#now();
  }

  #send(kind: number, payload: Uint8Array): void {
    const { length } = payload;
    this.#write(encodeFrameHead(this.#nonce, this.#job, { index: this.#index++, kind, length }));
    this.#write(payload);
  }
}

function putItem(
  { target, offset }: { target: Uint8Array; offset: number },
  bytes: Uint8Array,
  isAccount: boolean,
): void {
  const head = isAccount ? bytes.length | ACCOUNT_FLAG : bytes.length;
  new DataView(target.buffer, target.byteOffset).setUint32(offset, head, true);
  target.set(bytes, offset + 4);
}
