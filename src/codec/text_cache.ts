/**
 * Short ASCII texts by their bytes. A state has the same few property names over and over; finding one
 * again is much cheaper than making it. This module is browser compatible.
 *
 * @module
 */

import { charCodeAt, fromCharCode } from "./intrinsics.ts";

/** Longest text that is looked up. */
export const CACHED_TEXT_BYTES = 32;

const SLOTS = 512;
const texts: string[] = new Array(SLOTS).fill("");

/** The text of `bytes[start, start + length)`, or undefined if that is not all ASCII. */
export function cachedText(bytes: Uint8Array, start: number, length: number): string | undefined {
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
