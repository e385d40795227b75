/**
 * Tells data that is no text from its first bytes, and what it is, so that it is refused by name instead
 * of being searched for numbers.
 * This module is browser compatible.
 *
 * @module
 */

const SIGNATURES: readonly (readonly [signature: string, what: string])[] = [
  ["\x89PNG", "a PNG image"],
  ["\xff\xd8\xff", "a JPEG image"],
  ["GIF8", "a GIF image"],
  ["%PDF", "a PDF document"],
  ["\x93NUMPY", "a NumPy array"],
  ["PK\x03\x04", "a zip file, as torch.save and numpy.savez write it"],
  ["\x28\xb5\x2f\xfd", "Zstandard data: unpack it with zstd -d"],
  ["\xfd7zXZ\x00", "xz data: unpack it with xz -d"],
  ["BZh", "bzip2 data: unpack it with bunzip2"],
  ["\x1f\x8b", "gzip data inside gzip: unpack it once with gunzip"],
  ["\x04\x22\x4d\x18", "LZ4 data: unpack it with lz4 -d"],
  ["7z\xbc\xaf\x27\x1c", "a 7z archive"],
  ["PAR1", "a Parquet table: export it as CSV or JSON Lines"],
  ["ARROW1", "an Arrow table: export it as CSV or JSON Lines"],
  ["FEA1", "a Feather table: export it as CSV or JSON Lines"],
  ["\x89HDF", "an HDF5 file: export it as CSV or JSON Lines"],
  ["\x7fELF", "a program"],
];

/** Share of control characters from which text is none. */
const CONTROL_SHARE_MAX = 0.05;

/** Share of bytes that are no UTF-8 from which text is none; text in an older encoding has fewer. */
const INVALID_SHARE_MAX = 0.3;

/** What the data is if it is no text; undefined for text, damaged as it may be. */
export function binaryKind(head: Uint8Array): string | undefined {
  for (const [signature, what] of SIGNATURES) {
    if (startsWith(head, signature)) return what;
  }
  if (head[0] === 0x80 && head[1]! >= 2 && head[1]! <= 5) return "a Python pickle";
  const control = controlShare(head);
  const text = new TextDecoder().decode(head);
  let invalid = 0;
  for (let at = -1; (at = text.indexOf("\ufffd", at + 1)) >= 0;) invalid++;
  return control > CONTROL_SHARE_MAX || invalid > INVALID_SHARE_MAX * text.length
    ? "binary data"
    : undefined;
}

function startsWith(bytes: Uint8Array, signature: string): boolean {
  for (let i = 0; i < signature.length; i++) {
    if (bytes[i] !== signature.charCodeAt(i)) return false;
  }
  return true;
}

/** Share of control characters that no text has; a run of zeros, as a crash leaves it, counts as one. */
function controlShare(bytes: Uint8Array): number {
  let control = 0;
  let length = 0;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i]!;
    if (byte === 0 && bytes[i - 1] === 0) continue;
    length++;
    const isLayout = byte >= 0x07 && byte <= 0x0d || byte === 0x1b;
    if (byte < 0x20 && !isLayout) control++;
  }
  return control / Math.max(1, length);
}
