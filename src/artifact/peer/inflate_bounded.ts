/**
 * Deflate streams back to bytes, stopping as soon as they give more than was announced.
 * This module is browser compatible.
 *
 * @module
 */

import { Inflate } from "fflate";
import { ArtifactIntegrityError } from "../../errors.ts";
import { damaged } from "./damage.ts";

/**
 * Input handed over at a time: deflate makes at most 1032 bytes of one, so a bomb is noticed
 * after 17 MB at the latest. (`inflateSync` with a buffer drops what does not fit, but goes on.)
 */
const PIECE_BYTES = 2 ** 14;

/**
 * Inflates a raw deflate stream of exactly `size` bytes.
 *
 * @throws {ArtifactIntegrityError} If the stream is damaged or gives more or fewer bytes.
 */
export function inflateBounded(
  compressed: Uint8Array,
  size: number,
  what: string,
): Uint8Array<ArrayBuffer> {
  const result = new Uint8Array(size);
  let position = 0;
  const inflate = new Inflate((chunk) => {
    if (chunk.length > size - position) {
      throw damaged(`${what} inflates to more than the ${size} bytes that its header says`);
    }
    result.set(chunk, position);
    position += chunk.length;
  });
  for (let from = 0; from < compressed.length || from === 0; from += PIECE_BYTES) {
    const piece = compressed.subarray(from, from + PIECE_BYTES);
    pushPiece(inflate, piece, from + PIECE_BYTES >= compressed.length, what);
  }
  if (position !== size) {
    throw damaged(`${what} inflates to ${position} bytes where its header says ${size}`);
  }
  return result;
}

function pushPiece(inflate: Inflate, piece: Uint8Array, isLast: boolean, what: string): void {
  try {
    inflate.push(piece, isLast);
  } catch (error) {
    if (error instanceof ArtifactIntegrityError) throw error;
    throw damaged(`the compressed data of ${what} is damaged`, { cause: error });
  }
}
