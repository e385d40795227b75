/**
 * Bytes that are read piece by piece: from memory here, from a file in `artifact/artifact_file.ts`.
 * This module is browser compatible.
 *
 * @module
 */

/** Random access to the bytes of an artifact. */
export interface ByteSource {
  /** Length in bytes. */
  readonly size: number;
  /**
   * Reads exactly `length` bytes; the caller does not change them.
   *
   * @throws {ArtifactIntegrityError} If fewer are there.
   */
  read(offset: number, length: number): Uint8Array;
}

/** A byte source over bytes in memory, which are not copied. */
export function bytesSource(bytes: Uint8Array): ByteSource {
  return {
    size: bytes.length,
    read: (offset, length) => bytes.subarray(offset, offset + length),
  };
}
