/**
 * TFRecord files, the frames around TensorBoard's events: a length with its masked CRC-32C, the data with
 * its own.
 * This module is browser compatible.
 *
 * @module
 */

import { LOG_LINE_BYTES_MAX } from "../../limits.ts";
import { maskedCrc32c } from "../../../bytes/crc32c.ts";

const LENGTH_BYTES = 12;
const TRAILER_BYTES = 4;

/** Whether bytes start as a TFRecord file does: a plausible length and its checksum. */
export function isTfRecord(head: Uint8Array): boolean {
  if (head.length < LENGTH_BYTES) return false;
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  return maskedCrc32c(head.subarray(0, 8)) === view.getUint32(8, true);
}

/** Takes what the frames hold. */
export interface FrameTaker {
  /** Takes the data of a frame, valid during the call. */
  event(data: Uint8Array): void;
  /** Takes note of damage. */
  damage(kind: "damaged" | "truncated", detail: string): void;
}

/** Cuts a stream into TFRecord frames and checks them. */
export class FrameReader {
  readonly #events: FrameTaker;
  #buffer = new Uint8Array(0);
  #filled = 0;
  #stopped = false;

  /** Hands on what it cuts out. */
  constructor(events: FrameTaker) {
    this.#events = events;
  }

  /** Reads the frames that end in this chunk; false once the rest of the file cannot be read. */
  push(chunk: Uint8Array): boolean {
    if (this.#filled + chunk.length > this.#buffer.length) {
      const grown = new Uint8Array((this.#filled + chunk.length) * 2);
      grown.set(this.#buffer.subarray(0, this.#filled));
      this.#buffer = grown;
    }
    this.#buffer.set(chunk, this.#filled);
    this.#filled += chunk.length;
    const view = new DataView(this.#buffer.buffer);
    let at = 0;
    while (this.#filled - at >= LENGTH_BYTES) {
      const length = view.getUint32(at, true) + view.getUint32(at + 4, true) * 2 ** 32;
      const lengthGood = maskedCrc32c(this.#buffer.subarray(at, at + 8)) ===
        view.getUint32(at + 8, true);
      if (!lengthGood || length > LOG_LINE_BYTES_MAX) {
        // Zeros at the end are a file whose last blocks never reached the disk.
        const zeros = this.#buffer.subarray(at, this.#filled).every((byte) => byte === 0);
        this.#events.damage(
          zeros ? "truncated" : "damaged",
          zeros
            ? "it ends in zeros"
            : "the length of a record is damaged, the rest of the file was left out",
        );
        this.#stopped = true;
        return false;
      }
      const end = at + LENGTH_BYTES + length + TRAILER_BYTES;
      if (end > this.#filled) break;
      const data = this.#buffer.subarray(at + LENGTH_BYTES, end - TRAILER_BYTES);
      if (maskedCrc32c(data) === view.getUint32(end - TRAILER_BYTES, true)) {
        this.#events.event(data);
      } else this.#events.damage("damaged", "a checksum is wrong");
      at = end;
    }
    this.#buffer.copyWithin(0, at, this.#filled);
    this.#filled -= at;
    return true;
  }

  /** Takes note of a frame that is cut short. */
  end(): void {
    if (!this.#stopped && this.#filled > 0) {
      this.#events.damage("truncated", "the last record is cut short");
    }
  }
}
