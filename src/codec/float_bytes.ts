/**
 * The byte images of floating point numbers: a single NaN, and one byte order on every machine.
 * This module is browser compatible.
 *
 * @module
 */

import { LITTLE_ENDIAN } from "./intrinsics.ts";
import type { TypedArray } from "./types.ts";

const float64 = new Float64Array(1);
const float64Bytes = new Uint8Array(float64.buffer);
// Exclusive-or mask from the position on the wire (most significant first) to that in memory.
const FLIP = LITTLE_ENDIAN ? 7 : 0;

/** Writes a float64 as 8 bytes, most significant first; NaN always as 7ff8000000000000. */
export function writeFloat64(bytes: Uint8Array, offset: number, value: number): void {
  if (value !== value) {
    writeNaN(bytes, offset, 8, 7);
    return;
  }
  float64[0] = value;
  for (let i = 0; i < 8; i++) bytes[offset + i] = float64Bytes[i ^ FLIP]!;
}

/** Reads what {@linkcode writeFloat64} wrote. */
export function readFloat64(bytes: Uint8Array, offset: number): number {
  for (let i = 0; i < 8; i++) float64Bytes[i ^ FLIP] = bytes[offset + i]!;
  return float64[0]!;
}

/** Whether 8 bytes that read as NaN are its canonical image. */
export function isCanonicalNaN64(bytes: Uint8Array, offset: number): boolean {
  return isNaNImage(bytes, offset, 8, 7);
}

/** Index of the first NaN in `array[from..length)`, or `length`. */
export function indexOfNaN(array: TypedArray, from: number, length: number): number {
  let i = from;
  while (i < length && array[i] === array[i]) i++;
  return i;
}

/** Writes the little-endian image of the canonical NaN of `elementBytes` (2, 4 or 8) bytes. */
export function writeElementNaN(bytes: Uint8Array, offset: number, elementBytes: number): void {
  writeNaN(bytes, offset, elementBytes, 0);
}

/** Whether the little-endian element at `offset`, which reads as NaN, is the canonical image. */
export function isElementNaN(bytes: Uint8Array, offset: number, elementBytes: number): boolean {
  return isNaNImage(bytes, offset, elementBytes, 0);
}

/** Byte `i`, counted from the least significant, of the canonical NaN: exponent and quiet bit set. */
function nanByte(i: number, elementBytes: number): number {
  if (i === elementBytes - 1) return elementBytes === 2 ? 0x7e : 0x7f;
  if (i === elementBytes - 2 && elementBytes > 2) return elementBytes === 4 ? 0xc0 : 0xf8;
  return 0;
}

function writeNaN(bytes: Uint8Array, offset: number, size: number, flip: number): void {
  for (let i = 0; i < size; i++) bytes[offset + i] = nanByte(i ^ flip, size);
}

function isNaNImage(bytes: Uint8Array, offset: number, size: number, flip: number): boolean {
  for (let i = 0; i < size; i++) {
    if (bytes[offset + i] !== nanByte(i ^ flip, size)) return false;
  }
  return true;
}

/** Reverses the bytes of each element in `bytes[from, to)`: what a big-endian machine needs. */
export function swapElements(
  bytes: Uint8Array,
  from: number,
  to: number,
  elementBytes: number,
): void {
  for (let start = from; start < to; start += elementBytes) {
    for (let i = 0; i < elementBytes >> 1; i++) {
      const low = bytes[start + i]!;
      bytes[start + i] = bytes[start + elementBytes - 1 - i]!;
      bytes[start + elementBytes - 1 - i] = low;
    }
  }
}
