/**
 * The fixed parts of a `.replay` file, format version 2: what stands where. `docs/format.md` is the
 * specification.
 * This module is browser compatible.
 *
 * @module
 */

/** Version that this program writes. */
export const FORMAT_VERSION = 2;

/** Oldest reader that understands what this program writes. */
export const READER_VERSION_MIN = 2;

/**
 * First bytes of every artifact. As in PNG: a high bit that 7-bit channels clear, CR LF and LF that
 * newline translation changes, and ^Z that stops `type` on Windows.
 */
export const MAGIC: Uint8Array = Uint8Array.of(0x89, 0x52, 0x57, 0x44, 0x0d, 0x0a, 0x1a, 0x0a);

/** Last bytes of every artifact: a file that was cut short does not have them. */
export const END_MAGIC: Uint8Array = Uint8Array.of(0x52, 0x57, 0x44, 0x2e);

/** Magic, format version, reader version, header length (u32 little-endian). */
export const PRELUDE_BYTES = 14;

/** Index offset (u64), index length (u32), provenance length (u32), root (32), CRC (u32), end magic. */
export const TAIL_BYTES = 56;

/** How a section's bytes are stored. */
export const METHOD_STORED = 0;
/** Raw DEFLATE (RFC 1951). */
export const METHOD_DEFLATE = 1;

/** Chunk content as the states' lengths and bytes. */
export const FILTER_NONE = 0;
/** Chunk content as zigzag varint differences, for chunks whose states are all safe integers. */
export const FILTER_INTEGER_DELTAS = 1;

/** What the tail says. */
export interface Tail {
  /** Byte offset of the index; chunks end there. */
  readonly indexOffset: number;
  /** Length of the index in bytes. */
  readonly indexBytes: number;
  /** Length of the provenance section in bytes; it lies between index and tail. */
  readonly provenanceBytes: number;
  /** Merkle root: the content hash. */
  readonly root: Uint8Array;
  /** CRC-32 of prelude, index, provenance and the tail's bytes before it. */
  readonly crc: number;
}
