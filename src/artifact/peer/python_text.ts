/**
 * Python strings as bytes and back: UTF-8 in which lone surrogates have three bytes
 * (`errors="surrogatepass"`), as pickles hold them. This module is browser compatible.
 *
 * @module
 */

import { equalBytes } from "../../codec/compare_states.ts";

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const encoder = new TextEncoder();

/** Units that are made a string at a time; engines bound the number of arguments. */
const CHUNK_UNITS = 2 ** 12;

/** The bytes of a string; a lone surrogate becomes the three bytes of its number. */
export function encodePythonText(text: string): Uint8Array {
  return text.isWellFormed() ? encoder.encode(text) : encodeUnits(text);
}

/**
 * The string that bytes hold; undefined if they are not such UTF-8, or hold the two halves of a
 * surrogate pair apart, which are two characters in Python and cannot be told from one here.
 */
export function decodePythonText(bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes);
  } catch {
    // Not well-formed. Decoded leniently, it has to give the same bytes again.
    const text = decodeUnits(bytes);
    return equalBytes(encodeUnits(text), bytes) ? text : undefined;
  }
}

function encodeUnits(text: string): Uint8Array {
  const bytes = new Uint8Array(3 * text.length);
  let length = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.codePointAt(i)!;
    if (code < 0x80) {
      bytes[length++] = code;
      continue;
    }
    if (code < 0x800) {
      bytes[length++] = 0xc0 | code >> 6;
    } else {
      if (code < 0x10000) {
        bytes[length++] = 0xe0 | code >> 12;
      } else {
        bytes[length++] = 0xf0 | code >> 18;
        bytes[length++] = 0x80 | code >> 12 & 0x3f;
        i++;
      }
      bytes[length++] = 0x80 | code >> 6 & 0x3f;
    }
    bytes[length++] = 0x80 | code & 0x3f;
  }
  return bytes.subarray(0, length);
}

/** Decodes bytes without looking whether each may stand where it is. */
function decodeUnits(bytes: Uint8Array): string {
  const units = new Uint16Array(bytes.length);
  let length = 0;
  for (let i = 0; i < bytes.length; i++) {
    let code = bytes[i]!;
    if (code >= 0xf0) {
      code = (code & 0x07) << 18 | (bytes[++i]! & 0x3f) << 12 | (bytes[++i]! & 0x3f) << 6 |
        bytes[++i]! & 0x3f;
      units[length++] = 0xd800 + (code - 0x10000 >> 10);
      code = 0xdc00 | code & 0x3ff;
    } else if (code >= 0xe0) {
      code = (code & 0x0f) << 12 | (bytes[++i]! & 0x3f) << 6 | bytes[++i]! & 0x3f;
    } else if (code >= 0x80) {
      code = (code & 0x1f) << 6 | bytes[++i]! & 0x3f;
    }
    units[length++] = code;
  }
  const chunks: string[] = [];
  for (let from = 0; from < length; from += CHUNK_UNITS) {
    const chunk = units.subarray(from, Math.min(from + CHUNK_UNITS, length));
    // Unlike spreading, this does not run the iterator of the array.
    chunks.push(Reflect.apply(String.fromCharCode, undefined, chunk));
  }
  return chunks.join("");
}
