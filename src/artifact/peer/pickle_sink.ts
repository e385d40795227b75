/**
 * What a pickle is written to: bytes in frames, with CPython's rules of where frames begin and end.
 * This module is browser compatible.
 *
 * @module
 */

import { OP } from "./pickle_opcodes.ts";

/** A frame is closed once it has this many bytes; data as large stands outside of frames. */
const FRAME_BYTES_TARGET = 64 * 2 ** 10;
/** A shorter frame is written without its header. */
const FRAME_BYTES_MIN = 4;
const FRAME_HEADER_BYTES = 9;

/** The growing pickle. */
export class PickleSink {
  #buffer = new Uint8Array(256);
  #view = new DataView(this.#buffer.buffer);
  #length = 0;
  #isFraming = false;
  /** Offset of the open frame's header; -1 if none is open. */
  #frameOffset = -1;

  /** From here on bytes belong to frames. */
  startFraming(): void {
    this.#isFraming = true;
  }

  /** Between two opcodes: closes a frame that is long enough. */
  boundary(): void {
    if (
      this.#frameOffset >= 0 &&
      this.#length - this.#frameOffset - FRAME_HEADER_BYTES >= FRAME_BYTES_TARGET
    ) this.#closeFrame();
  }

  /** Writes one byte. */
  byte(value: number): void {
    const offset = this.#reserve(1);
    this.#buffer[offset] = value;
  }

  /** Writes an integer, the least significant of `size` (2 or 4) bytes first. */
  little(value: number, size: 2 | 4): void {
    const offset = this.#reserve(size);
    if (size === 2) this.#view.setUint16(offset, value, true);
    else this.#view.setUint32(offset, value, true);
  }

  /** Writes a float64, its most significant byte first. */
  float64(value: number): void {
    const offset = this.#reserve(8);
    this.#view.setFloat64(offset, value);
  }

  /** Writes bytes as they are. */
  bytes(bytes: Uint8Array): void {
    const offset = this.#reserve(bytes.length);
    this.#buffer.set(bytes, offset);
  }

  /** Writes bytes after their length, with the opcode for lengths of one byte or of four. */
  data(bytes: Uint8Array, short: number, long: number): void {
    const { length } = bytes;
    const isLarge = length >= FRAME_BYTES_TARGET;
    if (isLarge) {
      this.#closeFrame();
      this.#isFraming = false;
    }
    if (length <= 0xff) {
      this.byte(short);
      this.byte(length);
    } else {
      this.byte(long);
      this.little(length, 4);
    }
    this.bytes(bytes);
    if (isLarge) this.#isFraming = true;
  }

  /** Ends the pickle; the sink is not used after. */
  finish(): Uint8Array<ArrayBuffer> {
    this.#closeFrame();
    return this.#buffer.slice(0, this.#length);
  }

  #closeFrame(): void {
    const offset = this.#frameOffset;
    if (offset < 0) return;
    this.#frameOffset = -1;
    const bodyOffset = offset + FRAME_HEADER_BYTES;
    const bodyBytes = this.#length - bodyOffset;
    if (bodyBytes < FRAME_BYTES_MIN) {
      this.#buffer.copyWithin(offset, bodyOffset, this.#length);
      this.#length -= FRAME_HEADER_BYTES;
      return;
    }
    this.#buffer[offset] = OP.FRAME;
    this.#view.setBigUint64(offset + 1, BigInt(bodyBytes), true);
  }

  /**
   * Offset of `size` new bytes; opens a frame before them if bytes belong to one and none is open.
   * Replaces the buffer when it grows, so take the buffer only after.
   */
  #reserve(size: number): number {
    const opensFrame = this.#isFraming && this.#frameOffset < 0;
    const offset = this.#length + (opensFrame ? FRAME_HEADER_BYTES : 0);
    if (opensFrame) this.#frameOffset = this.#length;
    this.#length = offset + size;
    if (this.#length > this.#buffer.length) this.#grow();
    return offset;
  }

  #grow(): void {
    const buffer = new Uint8Array(Math.max(this.#length, 2 * this.#buffer.length));
    buffer.set(this.#buffer);
    this.#buffer = buffer;
    this.#view = new DataView(buffer.buffer);
  }
}
