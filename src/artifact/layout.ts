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

/** First bytes of the tail file of an unfinished artifact. */
export const TAIL_FILE_MAGIC: Uint8Array = Uint8Array.of(
  ...[0x89, 0x52, 0x57, 0x54, 0x0d, 0x0a, 0x1a, 0x0a],
);

/** Last bytes of every artifact: a file that was cut short does not have them. */
export const END_MAGIC: Uint8Array = Uint8Array.of(0x52, 0x57, 0x44, 0x2e);

/** Magic, format version, reader version; the sections follow. */
export const PRELUDE_BYTES = 10;

/** Index length (u32 little-endian), content hash (32), CRC (u32), end magic. */
export const TAIL_BYTES = 44;

/** What a section holds: the first byte of its entry. Those of an artifact stand in this order. */
export const SECTION = {
  /** The fields of the header that are known when a recording starts. */
  front: 1,
  /** Fields outside the content hash. */
  notes: 2,
  /** The step module's source. */
  source: 3,
  /** Several consecutive stored states. */
  states: 4,
  /** The inputs of several consecutive transitions. */
  inputs: 5,
  /** The fields of the header that are known when a recording ends. */
  end: 6,
  /** Which programs recorded. */
  provenance: 7,
  /** In a tail file: how far the recording has come. */
  position: 8,
  /** Where in the author's files the source of the step module comes from. */
  sourceMap: 9,
} as const;

/** One of {@linkcode SECTION}. */
export type SectionKind = typeof SECTION[keyof typeof SECTION];

/** Sections whose hashes make the content hash, together with their kind and count. */
export const HASHED_SECTIONS: readonly SectionKind[] = [
  SECTION.front,
  SECTION.states,
  SECTION.inputs,
  SECTION.end,
];

/** How a section's bytes are stored. */
export const METHOD_STORED = 0;
/** Raw DEFLATE (RFC 1951). */
export const METHOD_DEFLATE = 1;

/** Content as it is: of a chunk its items' lengths and bytes. */
export const FILTER_NONE = 0;
/** Chunk content as zigzag varint differences, for chunks of states that all are safe integers. */
export const FILTER_INTEGER_DELTAS = 1;
/** Chunk content as columns of differences, for chunks of inputs. */
export const FILTER_COLUMNS = 2;
