/**
 * Python strings as bytes and back: UTF-8 in which lone surrogates have three bytes
 * (`errors="surrogatepass"`), as pickles hold them. This module is browser compatible.
 *
 * @module
 */

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const encoder = new TextEncoder();

/** The bytes of a string; a lone surrogate becomes the three bytes of its number. */
export function encodePythonText(text: string): Uint8Array {
  if (text.isWellFormed()) return encoder.encode(text);
  const bytes: number[] = [];
  for (const character of text) {
    const code = character.codePointAt(0)!;
    if (code < 0xd800 || code > 0xdfff) bytes.push(...encoder.encode(character));
    else bytes.push(0xe0 | code >> 12, 0x80 | code >> 6 & 0x3f, 0x80 | code & 0x3f);
  }
  return Uint8Array.from(bytes);
}

/**
 * The string that bytes hold; undefined if they are not such UTF-8, or hold the two halves of a
 * surrogate pair apart, which are two characters in Python and cannot be told from one here.
 */
export function decodePythonText(bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes);
  } catch {
    // Not well-formed: what is left to be is a string with lone surrogates.
  }
  let text = "";
  let from = 0;
  for (let i = 0; i + 2 < bytes.length; i++) {
    if (bytes[i] !== 0xed || bytes[i + 1]! < 0xa0) continue;
    const piece = decodeWellFormed(bytes.subarray(from, i));
    if (piece === undefined) return undefined;
    text += piece +
      String.fromCharCode(0xd000 | (bytes[i + 1]! & 0x3f) << 6 | bytes[i + 2]! & 0x3f);
    i += 2;
    from = i + 1;
  }
  const rest = decodeWellFormed(bytes.subarray(from));
  if (rest === undefined) return undefined;
  text += rest;
  return sameBytes(encodePythonText(text), bytes) ? text : undefined;
}

function decodeWellFormed(bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes);
  } catch {
    return undefined;
  }
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}
