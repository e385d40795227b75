/**
 * The records of a zip file (PKWARE APPNOTE.TXT 6.3.10, section 4.3) that reader and writer share.
 * All numbers in them are little-endian. This module is browser compatible.
 *
 * @module
 */

/** Signature of a local file header (4.3.7). */
export const LOCAL_SIGNATURE = 0x04034b50;
/** Signature of a header in the central directory (4.3.12). */
export const CENTRAL_SIGNATURE = 0x02014b50;
/** Signature of the end of central directory record (4.3.16). */
export const END_SIGNATURE = 0x06054b50;
/** Signature of the zip64 end of central directory record (4.3.14). */
export const END64_SIGNATURE = 0x06064b50;
/** Signature of the locator of the zip64 end record (4.3.15). */
export const LOCATOR64_SIGNATURE = 0x07064b50;

/** Length of a local file header without name and extra field, in bytes. */
export const LOCAL_BYTES = 30;
/** Length of a central header without name, extra field and comment, in bytes. */
export const CENTRAL_BYTES = 46;
/** Length of the end record without comment, in bytes. */
export const END_BYTES = 22;
/** Length of the zip64 end record without extensible data, in bytes. */
export const END64_BYTES = 56;
/** Length of the locator of the zip64 end record, in bytes. */
export const LOCATOR64_BYTES = 20;

/** Compression method: as it is. */
export const STORED = 0;
/** Compression method: deflate. */
export const DEFLATED = 8;

/** In a 16-bit field: the true number is in the zip64 record. */
export const UINT16_IN_ZIP64 = 0xffff;
/** In a 32-bit field: the true number is in the zip64 record or extra field. */
export const UINT32_IN_ZIP64 = 0xffffffff;
/** Tag of the zip64 extra field (4.5.3). */
export const EXTRA_ZIP64 = 0x0001;
