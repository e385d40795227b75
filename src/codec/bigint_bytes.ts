/**
 * Integers of any size as bytes: a sign byte (0 or 1), then the magnitude, most significant byte
 * first, without leading zeros. This module is browser compatible.
 *
 * @module
 */

import { bigintToString, charCodeAt, NativeBigInt, NativeUint8Array } from "./intrinsics.ts";

// Text in base 16 is the one conversion whose cost engines keep linear in both directions.
const HEX_DIGITS = "0123456789abcdef";

/** So many bytes are turned into an integer by their hex text; longer ones are halved. */
const HEX_BYTES_MAX = 256;

/** The bytes of an integer; zero is the sign byte 0 alone. */
export function bigintToBytes(value: bigint): Uint8Array<ArrayBuffer> {
  if (value === 0n) return new NativeUint8Array(1);
  const hex = bigintToString(value < 0n ? -value : value, 16);
  const length = 1 + ((hex.length + 1) >> 1);
  const bytes = new NativeUint8Array(length);
  bytes[0] = value < 0n ? 1 : 0;
  // From the last digit on, so that an odd count of digits leaves the first byte half filled.
  let digit = hex.length - 1;
  for (let at = length - 1; at > 0; at--, digit -= 2) {
    const high = digit > 0 ? digitValue(charCodeAt(hex, digit - 1)) : 0;
    bytes[at] = high << 4 | digitValue(charCodeAt(hex, digit));
  }
  return bytes;
}

/**
 * The integer whose magnitude is `bytes[from, to)`.
 *
 * @throws {RangeError | SyntaxError} If it is larger than the engine can hold.
 */
export function bigintFromBytes(
  bytes: Uint8Array,
  from: number,
  to: number,
  isNegative: boolean,
): bigint {
  if (from === to) return 0n;
  const magnitude = magnitudeOf(bytes, from, to);
  return isNegative ? -magnitude : magnitude;
}

/** By halves: the hex text of megabytes, built digit by digit, would take a hundred times their memory. */
function magnitudeOf(bytes: Uint8Array, from: number, to: number): bigint {
  if (to - from > HEX_BYTES_MAX) {
    const middle = from + ((to - from) >> 1);
    const low = magnitudeOf(bytes, middle, to);
    return magnitudeOf(bytes, from, middle) << NativeBigInt((to - middle) * 8) | low;
  }
  let hex = "0x";
  for (let i = from; i < to; i++) hex += HEX_DIGITS[bytes[i]! >> 4]! + HEX_DIGITS[bytes[i]! & 15]!;
  return NativeBigInt(hex);
}

function digitValue(charCode: number): number {
  return charCode < 0x3a ? charCode - 0x30 : charCode - 0x61 + 10;
}
