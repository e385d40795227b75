/**
 * CRC-32 (IEEE 802.3, as in zip and PNG): finds every single-bit flip in a section of a file.
 * This module is browser compatible.
 *
 * @module
 */

/** The table of a checksum by its polynomial, bits reversed: what each byte does to 32 bits. */
export function crcTable(polynomial: number): Uint32Array {
  const table = new Uint32Array(256);
  for (let byte = 0; byte < 256; byte++) {
    let value = byte;
    for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ polynomial : value >>> 1;
    table[byte] = value;
  }
  return table;
}

const IEEE = crcTable(0xedb88320);

/**
 * CRC-32 of some bytes, or of several pieces one after the other.
 *
 * @param bytes The bytes.
 * @param previous CRC-32 of the bytes before them; 0 for none.
 * @param table The table of another polynomial than that of IEEE.
 * @returns An integer in [0, 2^32).
 */
export function crc32(bytes: Uint8Array, previous = 0, table = IEEE): number {
  let value = ~previous;
  for (let i = 0; i < bytes.length; i++) {
    value = (value >>> 8) ^ table[(value ^ bytes[i]!) & 0xff]!;
  }
  return ~value >>> 0;
}
