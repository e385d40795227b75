/**
 * Integers of variable length, least significant seven bits first (LEB128), in their shortest form.
 * This module is browser compatible.
 *
 * @module
 */

import { ArtifactIntegrityError } from "../errors.ts";

/** Collects bytes and varints into one growing buffer. */
export class ByteWriter {
  #bytes = new Uint8Array(1024);
  #length = 0;

  /** Appends a non-negative integer of at most 2^54 as a varint. */
  varint(value: number): void {
    this.#reserve(8);
    while (value >= 128) {
      this.#bytes[this.#length++] = (value % 128) | 128;
      value = Math.floor(value / 128);
    }
    this.#bytes[this.#length++] = value;
  }

  /** Appends bytes as they are. */
  bytes(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  /** A copy of all that was appended. */
  finish(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }

  #reserve(more: number): void {
    const needed = this.#length + more;
    if (needed <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(needed, this.#bytes.length * 2));
    larger.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = larger;
  }
}

/** Reads varints from a buffer, refusing to run over its end. */
export class ByteReader {
  readonly #bytes: Uint8Array;
  #offset = 0;

  /** Reads from the start of `bytes`, which is not copied. */
  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** Bytes not read yet. */
  get remaining(): number {
    return this.#bytes.length - this.#offset;
  }

  /** Next byte. */
  byte(): number {
    return this.bytes(1)[0]!;
  }

  /** Next bytes; shared, not copied. */
  bytes(length: number): Uint8Array {
    if (length > this.remaining) throw this.#error("it ends within a section's entry");
    this.#offset += length;
    return this.#bytes.subarray(this.#offset - length, this.#offset);
  }

  /** Next varint, at most 2^54 and in its shortest form. */
  varint(): number {
    let value = 0;
    let scale = 1;
    for (let i = 0; i < 8; i++) {
      const byte = this.#bytes[this.#offset];
      if (byte === undefined) throw this.#error("it ends within a number");
      this.#offset++;
      value += (byte & 127) * scale;
      if (byte < 128) {
        if (byte === 0 && i > 0) throw this.#error("a number is not in its shortest form");
        return value;
      }
      scale *= 128;
    }
    throw this.#error("a number is longer than 8 bytes");
  }

  #error(why: string): ArtifactIntegrityError {
    return new ArtifactIntegrityError(`Cannot read the .replay file: ${why}`);
  }
}
