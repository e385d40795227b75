/**
 * CRC-32C (Castagnoli), as in the frames of TensorBoard's event files.
 * This module is browser compatible.
 *
 * @module
 */

import { crc32, crcTable } from "./crc32.ts";

const CASTAGNOLI = crcTable(0x82f63b78);

/** CRC-32C; of "123456789" it is 0xE3069283. */
export function crc32c(bytes: Uint8Array): number {
  return crc32(bytes, 0, CASTAGNOLI);
}

/** CRC-32C masked as TFRecord stores it, so that a checksum of checksums is no weakness. */
export function maskedCrc32c(bytes: Uint8Array): number {
  const c = crc32c(bytes);
  return (((c >>> 15) | (c << 17)) + 0xa282ead8) >>> 0;
}
