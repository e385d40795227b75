/**
 * In the place of `src/codec/intrinsics.ts` where generators are bundled into a step module: the sandbox
 * has no TextEncoder, and seeds are decimal digits.
 * This module is browser compatible.
 *
 * @module
 */

/** Bytes of a text of ASCII characters. */
export function encodeUtf8(text: string): Uint8Array {
  return Uint8Array.from(text, (unit) => unit.charCodeAt(0));
}
