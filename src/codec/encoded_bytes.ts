/**
 * The bytes that the decoder reads, and the values in them that hold no others. Refuses what is not in its canonical
 * form, and nothing is allocated before its length is known to be there.
 * This module is browser compatible.
 *
 * @module
 */

import { ArtifactIntegrityError } from "../errors.ts";
import { bigintFromBytes } from "./bigint_bytes.ts";
import { isCanonicalNaN64, readFloat64 } from "./float_bytes.ts";
import {
  charCodeAt,
  decodeUtf8,
  fromCharCode,
  fromCharCodes,
  isSafeInteger,
  isWellFormed,
  NativeUint8Array,
  typedArrayBuffer,
  typedArrayByteOffset,
} from "./intrinsics.ts";
import * as wire from "./wire_format.ts";

const UINT32_RANGE = 2 ** 32;
/** UTF-16 text is put together from pieces of this length. */
const UTF16_PIECE_LENGTH = 1024;

/** A position in bytes. */
export class EncodedBytes {
  readonly bytes: Uint8Array;
  /** The next byte. */
  position = 0;
  /** End of what may be read: of the bytes, or of the innermost extension that holds values. */
  end: number;

  /** Starts at the first of `length` bytes. */
  constructor(bytes: Uint8Array, length: number) {
    this.bytes = bytes;
    this.end = length;
  }

  /** The error that refuses the bytes; `offset` is where that shows. */
  refusal(why: string, offset: number, cause?: unknown): ArtifactIntegrityError {
    return new ArtifactIntegrityError(
      `Cannot decode the state: it ${why} (byte ${offset})`,
      cause === undefined ? { offset } : { offset, cause },
    );
  }

  /** Moves past `count` bytes and returns where they start. */
  take(count: number): number {
    const start = this.position;
    if (count > this.end - start) {
      throw this.refusal(
        `ends too early: ${count} bytes are needed where ${this.end - start} are left`,
        start,
      );
    }
    this.position = start + count;
    return start;
  }

  /** An unsigned integer of `size` bytes. */
  uint(size: number): number {
    const bytes = this.bytes;
    let at = this.take(size);
    let value = bytes[at++]!;
    for (let i = 1; i < size; i++) value = value * 0x100 + bytes[at++]!;
    return value;
  }

  /** A length of `size` bytes that could not have been written in a shorter form. */
  length(size: number, least: number): number {
    const start = this.position;
    const length = this.uint(size);
    if (length < least) throw this.refusal("has a length that is not in its shortest form", start);
    return length;
  }

  /** The value of a form that is complete in itself and no string; undefined for any other form. */
  scalar(form: number, start: number): number | boolean | null | undefined {
    switch (form) {
      case wire.NIL:
        return null;
      case wire.FALSE:
        return false;
      case wire.TRUE:
        return true;
      case wire.FLOAT64:
        return this.#float64(start);
      case wire.UINT8:
        return this.#shortest(this.uint(1), 0x80, start);
      case wire.UINT16:
        return this.#shortest(this.uint(2), 0x100, start);
      case wire.UINT32:
        return this.#shortest(this.uint(4), 0x10000, start);
      case wire.UINT64:
        return this.#uint64(start);
      case wire.INT8:
        return this.#negative(1, -33, start);
      case wire.INT16:
        return this.#negative(2, -0x81, start);
      case wire.INT32:
        return this.#negative(4, -0x8001, start);
      case wire.INT64:
        return this.#int64(start);
      default:
        return undefined;
    }
  }

  #shortest(value: number, least: number, start: number): number {
    if (value < least) throw this.#longInteger(start);
    return value;
  }

  /** A negative integer of `size` bytes, at most `most`. */
  #negative(size: number, most: number, start: number): number {
    const range = 2 ** (8 * size);
    const value = this.uint(size) - range;
    if (value > most || value < -range / 2) throw this.#longInteger(start);
    return value;
  }

  #longInteger(start: number): ArtifactIntegrityError {
    return this.refusal("has an integer that is not in its shortest form", start);
  }

  #uint64(start: number): number {
    const high = this.uint(4);
    const low = this.uint(4);
    if (high === 0) throw this.#longInteger(start);
    return this.#safe(high * UINT32_RANGE + low, start);
  }

  #int64(start: number): number {
    const high = this.uint(4) - UINT32_RANGE;
    const value = high * UINT32_RANGE + this.uint(4);
    if (high < -(2 ** 31) || value >= -(2 ** 31)) throw this.#longInteger(start);
    return this.#safe(value, start);
  }

  #safe(value: number, start: number): number {
    if (!isSafeInteger(value)) {
      throw this.refusal("has an integer beyond 2^53 - 1 that is no bigint", start);
    }
    return value;
  }

  #float64(start: number): number {
    const at = this.take(8);
    const value = readFloat64(this.bytes, at);
    if (value !== value && !isCanonicalNaN64(this.bytes, at)) {
      throw this.refusal("has a NaN other than 7ff8000000000000", start);
    }
    if (isSafeInteger(value) && (value !== 0 || 1 / value > 0)) {
      throw this.refusal("has an integer in the form of a float64", start);
    }
    return value;
  }

  /** Text of `length` bytes of UTF-8. */
  utf8(length: number): string {
    const start = this.take(length);
    const bytes = this.bytes;
    if (length <= CACHED_TEXT_BYTES) {
      const text = cachedText(bytes, start, length);
      if (text !== undefined) return text;
    }
    try {
      return decodeUtf8(this.view(start, length));
    } catch (error) {
      throw this.refusal("has a string that is not valid UTF-8, or is too long", start, error);
    }
  }

  /** Text of `length` bytes of UTF-16 units, which is not well-formed. */
  utf16(length: number, start: number): string {
    if (length % 2 !== 0) throw this.refusal("has UTF-16 text of an odd length", start);
    let at = this.take(length);
    const bytes = this.bytes;
    let text = "";
    for (const end = at + length; at < end;) {
      // Unit by unit the engine would build a chain with a link for each, of sixteen times its size.
      const units: number[] = [];
      for (let i = 0; i < UTF16_PIECE_LENGTH && at < end; i++, at += 2) {
        units[i] = bytes[at]! | bytes[at + 1]! << 8;
      }
      text += fromCharCodes(units);
    }
    if (isWellFormed(text)) throw this.refusal("has well-formed text as UTF-16", start);
    return text;
  }

  /** An integer of `length` bytes, sign included. */
  bigint(length: number, start: number): bigint {
    const at = this.take(length);
    const bytes = this.bytes;
    const sign = length === 0 ? 2 : bytes[at]!;
    // No magnitude is zero, which has no sign; a leading zero byte would be a second image.
    if (sign > 1 || (length === 1 ? sign !== 0 : bytes[at + 1] === 0)) {
      throw this.refusal("has a bigint that is not in its canonical form", start);
    }
    try {
      return bigintFromBytes(bytes, at + 1, at + length, sign === 1);
    } catch (error) {
      throw this.refusal("has a bigint larger than this engine can hold", start, error);
    }
  }

  /** A view on some of the bytes. */
  view(start: number, length: number): Uint8Array {
    const bytes = this.bytes;
    return new NativeUint8Array(
      typedArrayBuffer(bytes),
      typedArrayByteOffset(bytes) + start,
      length,
    );
  }
}

/** Longest text that is looked up. */
const CACHED_TEXT_BYTES = 32;

/**
 * Short ASCII texts by their bytes. A state has the same few property names over and over; finding one again is much
 * cheaper than making it.
 */
const SLOTS = 512;
const texts: string[] = new Array(SLOTS).fill("");

/** The text of `bytes[start, start + length)`, or undefined if that is not all ASCII. */
function cachedText(bytes: Uint8Array, start: number, length: number): string | undefined {
  if (length === 0) return "";
  const slot = slotOf(bytes, start, length);
  const cached = texts[slot]!;
  if (isTextOf(cached, bytes, start, length)) return cached;
  let text = "";
  for (let i = start; i < start + length; i++) {
    const byte = bytes[i]!;
    if (byte >= 0x80) return undefined;
    text += fromCharCode(byte);
  }
  texts[slot] = text;
  return text;
}

/** Names differ in length, start, middle or end often enough; a clash only costs time. */
function slotOf(bytes: Uint8Array, start: number, length: number): number {
  const middle = bytes[start + (length >> 1)]!;
  const last = bytes[start + length - 1]!;
  return (length * 5 + bytes[start]! * 7 + middle * 31 + last * 101) & SLOTS - 1;
}

function isTextOf(text: string, bytes: Uint8Array, start: number, length: number): boolean {
  if (text.length !== length) return false;
  for (let i = 0; i < length; i++) if (charCodeAt(text, i) !== bytes[start + i]) return false;
  return true;
}
