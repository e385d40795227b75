/**
 * A growing buffer that the encoder writes msgpack forms to, each in its shortest way.
 * This module is browser compatible.
 *
 * @module
 */

import { STATE_BYTES_MAX } from "../limits.ts";
import { writeFloat64 } from "./float_bytes.ts";
import {
  charCodeAt,
  encodeUtf8,
  isSafeInteger,
  isWellFormed,
  NativeArrayBuffer,
  NativeUint8Array,
  typedArrayByteLength,
  typedArraySet,
} from "./intrinsics.ts";
import * as wire from "./wire_format.ts";

const CAPACITY_START_BYTES = 2 ** 10;
/** Scratch that is kept between states; a larger one is given back. */
const CAPACITY_KEPT_BYTES = 2 ** 20;
const UINT32_RANGE = 2 ** 32;
/** Below this length a loop beats the call of a built-in copy. */
const SMALL_COPY_BYTES = 64;
/** From this length on the engine's own encoder is faster than a loop, its call included. */
const LONG_TEXT_LENGTH = 64;

/** The buffer; `position` is how much is written. */
export class ByteSink {
  #buffer = new NativeArrayBuffer(CAPACITY_START_BYTES);
  #bytes = new NativeUint8Array(this.#buffer);
  // Kept beside: `length` is a getter on a prototype that step code can replace.
  #capacity = CAPACITY_START_BYTES;
  #position = 0;
  readonly #boundError: () => Error;

  /** `boundError` makes the error for a state above the limit. */
  constructor(boundError: () => Error) {
    this.#boundError = boundError;
  }

  /** Bytes written so far. */
  get position(): number {
    return this.#position;
  }

  /** What was written, as a fresh array of exactly its length, with memory of its own or of a slab. */
  result(slab: ByteSlab | undefined): Uint8Array<ArrayBuffer> {
    const length = this.#position;
    const result = slab === undefined ? new NativeUint8Array(length) : slab.take(length);
    if (length > SMALL_COPY_BYTES) {
      typedArraySet(result, new NativeUint8Array(this.#buffer, 0, length), 0);
      return result;
    }
    const bytes = this.#bytes;
    for (let i = 0; i < length; i++) result[i] = bytes[i]!;
    return result;
  }

  /** Empties the buffer. */
  clear(): void {
    this.#position = 0;
    if (this.#capacity > CAPACITY_KEPT_BYTES) this.#setCapacity(CAPACITY_START_BYTES);
  }

  /** Writes one byte. */
  byte(value: number): void {
    if (this.#position === this.#capacity) this.#grow(1);
    this.#bytes[this.#position++] = value;
  }

  /** Writes a number: the shortest integer form if it is a safe integer, else a float64. */
  number(value: number): void {
    // -0 passes the comparison, but its reciprocal tells.
    if ((value | 0) === value && (value !== 0 || 1 / value > 0)) this.#int32(value);
    else if (isSafeInteger(value) && value !== 0) this.#int64(value);
    else this.float64(value);
  }

  #int32(value: number): void {
    if (value >= -32 && value < 128) this.byte(value & 0xff);
    else if (value >= 0) this.#uint32(value);
    else if (value >= -0x80) this.#formed(wire.INT8, value, 1);
    else if (value >= -0x8000) this.#formed(wire.INT16, value, 2);
    else this.#formed(wire.INT32, value, 4);
  }

  #uint32(value: number): void {
    if (value < 0x100) this.#formed(wire.UINT8, value, 1);
    else if (value < 0x10000) this.#formed(wire.UINT16, value, 2);
    else this.#formed(wire.UINT32, value, 4);
  }

  #int64(value: number): void {
    if (value > 0 && value < UINT32_RANGE) {
      this.#uint32(value);
      return;
    }
    const low = value >>> 0;
    this.#formed(value < 0 ? wire.INT64 : wire.UINT64, (value - low) / UINT32_RANGE, 4);
    this.#reserve(4);
    this.#bigEndian(low, 4);
  }

  /** Writes a float64 with its type byte. */
  float64(value: number): void {
    this.#reserve(9);
    this.#bytes[this.#position] = wire.FLOAT64;
    writeFloat64(this.#bytes, this.#position + 1, value);
    this.#position += 9;
  }

  /** Writes the 8 bytes of a float64 alone. */
  float64Image(value: number): void {
    this.#reserve(8);
    writeFloat64(this.#bytes, this.#position, value);
    this.#position += 8;
  }

  /** Writes the header of an array of `length` values. */
  arrayHeader(length: number): void {
    if (length < 16) this.byte(wire.FIXARRAY | length);
    else if (length < 0x10000) this.#formed(wire.ARRAY16, length, 2);
    else this.#formed(wire.ARRAY32, length, 4);
  }

  /** Writes the header of a map of `size` keys and values. */
  mapHeader(size: number): void {
    if (size < 16) this.byte(wire.FIXMAP | size);
    else if (size < 0x10000) this.#formed(wire.MAP16, size, 2);
    else this.#formed(wire.MAP32, size, 4);
  }

  /** Writes the header of `length` bytes of plain binary. */
  binHeader(length: number): void {
    if (length < 0x100) this.#formed(wire.BIN8, length, 1);
    else if (length < 0x10000) this.#formed(wire.BIN16, length, 2);
    else this.#formed(wire.BIN32, length, 4);
  }

  /** Writes the header of an extension of `length` bytes. */
  extHeader(type: number, length: number): void {
    const fixed = wire.fixextOf(length);
    if (fixed !== undefined) this.byte(fixed);
    else if (length < 0x100) this.#formed(wire.EXT8, length, 1);
    else if (length < 0x10000) this.#formed(wire.EXT16, length, 2);
    else this.#formed(wire.EXT32, length, 4);
    this.byte(type);
  }

  /** Writes a reference to the object that was visited as number `number`. */
  reference(number: number): void {
    const size = number < 0x100 ? 1 : number < 0x10000 ? 2 : 4;
    this.extHeader(wire.EXT_REFERENCE, size);
    this.#reserve(size);
    this.#bigEndian(number, size);
  }

  /** Starts an extension whose length is not known yet; see {@linkcode ByteSink.closeExt}. */
  openExt(type: number): number {
    this.#formed(wire.EXT32, 0, 4);
    this.byte(type);
    return this.#position;
  }

  /** Ends the extension whose contents start at `start`, by putting in its length. */
  closeExt(start: number): void {
    const end = this.#position;
    this.#position = start - 5;
    this.#bigEndian(end - start, 4);
    this.#position = end;
  }

  /** Appends a copy of `source`, which has `length` bytes, and returns where it starts. */
  raw(source: Uint8Array, length: number): number {
    this.#reserve(length);
    const start = this.#position;
    typedArraySet(this.#bytes, source, start);
    this.#position += length;
    return start;
  }

  /** The buffer, for changing what was just written; valid until the next write. */
  get bytes(): Uint8Array {
    return this.#bytes;
  }

  /** Writes a string: UTF-8 if it is well-formed, else its UTF-16 code units in an extension. */
  string(text: string): void {
    const { length } = text;
    // Nearly all strings are short ASCII: write them as such, and start over if one is not.
    if (length < 32) {
      this.#reserve(1 + length);
      const bytes = this.#bytes;
      const start = this.#position;
      bytes[start] = wire.FIXSTR | length;
      let i = 0;
      for (; i < length; i++) {
        const unit = charCodeAt(text, i);
        if (unit >= 0x80) break;
        bytes[start + 1 + i] = unit;
      }
      if (i === length) {
        this.#position = start + 1 + length;
        return;
      }
    }
    if (length > STATE_BYTES_MAX) throw this.#boundError();
    if (!isWellFormed(text)) this.#utf16(text);
    else if (length < LONG_TEXT_LENGTH) this.#shortUtf8(text);
    else this.#longUtf8(text);
  }

  #stringHeader(size: number): void {
    if (size < 32) this.byte(wire.FIXSTR | size);
    else if (size < 0x100) this.#formed(wire.STR8, size, 1);
    else if (size < 0x10000) this.#formed(wire.STR16, size, 2);
    else this.#formed(wire.STR32, size, 4);
  }

  #longUtf8(text: string): void {
    const utf8 = encodeUtf8(text);
    const size = typedArrayByteLength(utf8);
    this.#stringHeader(size);
    this.raw(utf8, size);
  }

  #shortUtf8(text: string): void {
    const { length } = text;
    let size = length;
    for (let i = 0; i < length; i++) {
      const unit = charCodeAt(text, i);
      // Each half of a pair counts 2 of the 4 bytes that the pair takes.
      if (unit >= 0x80) size += unit < 0x800 || (unit & 0xf800) === 0xd800 ? 1 : 2;
    }
    this.#stringHeader(size);
    this.#reserve(size);
    const bytes = this.#bytes;
    let to = this.#position;
    for (let i = 0; i < length; i++) {
      let unit = charCodeAt(text, i);
      if (unit < 0x80) {
        bytes[to++] = unit;
        continue;
      }
      if (unit < 0x800) {
        bytes[to++] = 0xc0 | unit >> 6;
      } else {
        if ((unit & 0xf800) === 0xd800) {
          unit = 0x10000 + ((unit & 0x3ff) << 10 | charCodeAt(text, ++i) & 0x3ff);
          bytes[to++] = 0xf0 | unit >> 18;
          bytes[to++] = 0x80 | unit >> 12 & 0x3f;
        } else {
          bytes[to++] = 0xe0 | unit >> 12;
        }
        bytes[to++] = 0x80 | unit >> 6 & 0x3f;
      }
      bytes[to++] = 0x80 | unit & 0x3f;
    }
    this.#position = to;
  }

  #utf16(text: string): void {
    const { length } = text;
    this.extHeader(wire.EXT_UTF16, 2 * length);
    this.#reserve(2 * length);
    const bytes = this.#bytes;
    let to = this.#position;
    for (let i = 0; i < length; i++) {
      const unit = charCodeAt(text, i);
      bytes[to++] = unit & 0xff;
      bytes[to++] = unit >> 8;
    }
    this.#position = to;
  }

  /** Writes a type byte and a number of 1, 2 or 4 bytes. */
  #formed(form: number, value: number, size: number): void {
    this.#reserve(1 + size);
    this.#bytes[this.#position++] = form;
    this.#bigEndian(value, size);
  }

  #bigEndian(value: number, size: number): void {
    const bytes = this.#bytes;
    for (let shift = (size - 1) * 8; shift >= 0; shift -= 8) {
      bytes[this.#position++] = value >>> shift;
    }
  }

  #reserve(count: number): void {
    if (this.#position + count > this.#capacity) this.#grow(count);
  }

  #grow(count: number): void {
    const needed = this.#position + count;
    if (needed > STATE_BYTES_MAX) throw this.#boundError();
    const doubled = 2 * this.#capacity;
    this.#setCapacity(
      doubled < needed ? needed : doubled > STATE_BYTES_MAX ? STATE_BYTES_MAX : doubled,
    );
  }

  #setCapacity(capacity: number): void {
    const previous = new NativeUint8Array(this.#buffer, 0, this.#position);
    this.#buffer = new NativeArrayBuffer(capacity);
    this.#bytes = new NativeUint8Array(this.#buffer);
    this.#capacity = capacity;
    typedArraySet(this.#bytes, previous, 0);
  }
}

/** Memory taken at a time. */
const SLAB_BYTES = 2 ** 14;

/** Larger ones get memory of their own. */
const SMALL_BYTES_MAX = 2 ** 8;

/**
 * Room for many small encodings that are kept together, such as the checkpoints of a run: an array with memory of its
 * own costs more to make than a number to encode, and the collector more to free. Memory is given back only when all
 * that shares it is dropped.
 */
export class ByteSlab {
  #buffer = new NativeArrayBuffer(0);
  #free = 0;

  /** Zeros, `length` of them; small arrays share one buffer. */
  take(length: number): Uint8Array<ArrayBuffer> {
    if (length > SMALL_BYTES_MAX) return new NativeUint8Array(length);
    if (length > this.#free) {
      this.#buffer = new NativeArrayBuffer(SLAB_BYTES);
      this.#free = SLAB_BYTES;
    }
    const offset = SLAB_BYTES - this.#free;
    this.#free -= length;
    return new NativeUint8Array(this.#buffer, offset, length);
  }
}
