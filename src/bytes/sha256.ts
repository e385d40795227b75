/**
 * SHA-256, at once or through Web Crypto, and the Merkle root over an artifact's content.
 * This module is browser compatible.
 *
 * @module
 */

import { sha256 as nobleSha256 } from "@noble/hashes/sha2.js";

/** SHA-256 through Web Crypto: several times faster on large input. */
export async function sha256(bytes: Uint8Array): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes as Uint8Array<ArrayBuffer>));
}

/** SHA-256 at once, for reads that cannot wait. */
export function sha256Sync(bytes: Uint8Array): Uint8Array {
  return nobleSha256(bytes);
}

/**
 * The Merkle root of an artifact: SHA-256 of a domain text and the SHA-256 of the header and of every
 * chunk's canonical bytes, in order. It does not depend on how the chunks are compressed.
 *
 * @param leaves Hashes of 32 bytes: the header's, then the chunks'.
 */
export function merkleRoot(leaves: readonly Uint8Array[]): Uint8Array {
  const domain = new TextEncoder().encode("rewind artifact 2\n");
  const bytes = new Uint8Array(domain.length + leaves.length * 32);
  bytes.set(domain);
  leaves.forEach((leaf, i) => bytes.set(leaf, domain.length + i * 32));
  return sha256Sync(bytes);
}
