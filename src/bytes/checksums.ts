/**
 * CRC-32 (IEEE, as in W&B's transaction logs) and CRC-32C (Castagnoli, as in TensorBoard's event files).
 * This module is browser compatible.
 *
 * @module
 */

const IEEE = makeTable(0xedb88320);
const CASTAGNOLI = makeTable(0x82f63b78);

function makeTable(polynomial: number): Uint32Array {
  const table = new Uint32Array(256);
  for (let n = 0; n < 256; n++) {
    let c = n;
    for (let k = 0; k < 8; k++) c = c & 1 ? (c >>> 1) ^ polynomial : c >>> 1;
    table[n] = c;
  }
  return table;
}

function checksum(table: Uint32Array, bytes: Uint8Array): number {
  let c = 0xffffffff;
  for (let i = 0; i < bytes.length; i++) c = (c >>> 8) ^ table[(c ^ bytes[i]!) & 0xff]!;
  return (c ^ 0xffffffff) >>> 0;
}

/** CRC-32 as zip and zlib use it; of "123456789" it is 0xCBF43926. */
export function crc32(bytes: Uint8Array): number {
  return checksum(IEEE, bytes);
}

/** CRC-32C; of "123456789" it is 0xE3069283. */
export function crc32c(bytes: Uint8Array): number {
  return checksum(CASTAGNOLI, bytes);
}

/** CRC-32C masked as TFRecord stores it, so that a checksum of checksums is no weakness. */
export function maskedCrc32c(bytes: Uint8Array): number {
  const c = crc32c(bytes);
  return (((c >>> 15) | (c << 17)) + 0xa282ead8) >>> 0;
}
