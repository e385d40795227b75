/**
 * Compression of an artifact's sections, with bounds on what it may unpack to.
 * This module is browser compatible.
 *
 * @module
 */

import { deflateSync, inflateSync } from "fflate";
import { ArtifactIntegrityError } from "../errors.ts";
import { DEFLATED_BYTES_MAX } from "./limits.ts";
import { damaged } from "./damaged.ts";
import { METHOD_DEFLATE, METHOD_STORED } from "./layout.ts";

/** Bytes as they lie in the file, and how to get the content back. */
export interface Packed {
  /** METHOD_STORED or METHOD_DEFLATE. */
  readonly method: number;
  /** The bytes in the file. */
  readonly stored: Uint8Array;
  /** Length after decompression. */
  readonly rawBytes: number;
}

/** Most that DEFLATE can expand: 258 bytes from two bits, and the block's frame. */
const DEFLATE_RATIO_MAX = 1032;

/** Compression is tried on this many bytes before a whole section of noise is worked through. */
const SAMPLE_BYTES = 4096;

/**
 * Compresses a section, where that makes it smaller.
 *
 * @param raw Its canonical bytes, or what a filter made of them.
 * @param level How hard to try, 1 to 9: of what has little to find 9 takes ten times as long as 6.
 */
export function pack(raw: Uint8Array, level: 6 | 9 = 9): Packed {
  if (raw.length <= DEFLATED_BYTES_MAX && worthCompressing(raw)) {
    const stored = deflateSync(raw, { level });
    if (stored.length < raw.length) return { method: METHOD_DEFLATE, stored, rawBytes: raw.length };
  }
  return { method: METHOD_STORED, stored: raw, rawBytes: raw.length };
}

/**
 * Undoes {@linkcode pack}. Allocates the claimed size only if the stored bytes could hold as much.
 *
 * @throws {ArtifactIntegrityError} If the stored bytes do not give exactly the claimed size.
 */
export function unpack({ method, stored, rawBytes }: Packed): Uint8Array {
  if (method === METHOD_STORED) {
    if (stored.length !== rawBytes) throw damaged("a section does not have the size it claims");
    return stored;
  }
  if (rawBytes > stored.length * DEFLATE_RATIO_MAX || rawBytes > DEFLATED_BYTES_MAX) {
    throw damaged("a section claims more than its bytes can hold");
  }
  let raw: Uint8Array;
  try {
    // One byte more than is claimed shows what does not fit.
    raw = inflateSync(stored, { out: new Uint8Array(rawBytes + 1) });
  } catch (cause) {
    throw new ArtifactIntegrityError(
      "Cannot read the .replay file: a compressed section is damaged",
      { cause },
    );
  }
  if (raw.length !== rawBytes) throw damaged("a section does not have the size it claims");
  return raw;
}

function worthCompressing(raw: Uint8Array): boolean {
  if (raw.length <= 2 * SAMPLE_BYTES) return true;
  const start = (raw.length - SAMPLE_BYTES) >>> 1;
  const sample = raw.subarray(start, start + SAMPLE_BYTES);
  return deflateSync(sample, { level: 1 }).length < SAMPLE_BYTES * 0.9;
}
