/**
 * Bytes as lower-case hexadecimal text and back.
 * This module is browser compatible.
 *
 * @module
 */

import { ArgumentSyntaxError } from "../errors.ts";

/** Lower-case hexadecimal text of some bytes. */
export function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Bytes of lower-case hexadecimal text. @throws {SyntaxError} If the text is anything else. */
export function fromHex(text: string): Uint8Array {
  if (!/^(?:[0-9a-f]{2})*$/.test(text)) {
    throw new ArgumentSyntaxError("Cannot read the text: it is not lower-case hexadecimal");
  }
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}
