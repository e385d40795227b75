/**
 * What readers ask about the bytes of one line.
 * This module is browser compatible.
 *
 * @module
 */

/** Whether a byte is a space, a tab or a line break; a zero is none, as it marks damage. */
export function isBlankByte(byte: number): boolean {
  return byte === 0x20 || (byte <= 0x0d && byte >= 0x09);
}

/** Where a line's content starts: after the byte order mark that some editors put first. */
export function contentStart(bytes: Uint8Array, from: number, to: number, line: number): number {
  const marked = line === 1 && to - from >= 3 && bytes[from] === 0xef && bytes[from + 1] === 0xbb &&
    bytes[from + 2] === 0xbf;
  return marked ? from + 3 : from;
}

/** Whether a line holds nothing but blanks; the zeros of a file that was cut off by a crash are none. */
export function isBlank(bytes: Uint8Array, from: number, to: number): boolean {
  for (let i = from; i < to; i++) {
    if (!isBlankByte(bytes[i]!)) return false;
  }
  return true;
}

/** The start of a line for a message, on one line and without control characters. */
export function excerpt(bytes: Uint8Array, from: number, to: number): string {
  const text = new TextDecoder().decode(bytes.subarray(from, Math.min(to, from + 60)));
  // deno-lint-ignore no-control-regex -- control characters of a damaged file must not reach a terminal
  return text.replace(/[\u0000-\u001f\u007f-\u009f]/g, "?") + (to - from > 60 ? "..." : "");
}
