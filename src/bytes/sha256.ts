/**
 * SHA-256, at once and piece by piece.
 * This module is browser compatible.
 *
 * @module
 */

import { sha256 as nobleSha256 } from "@noble/hashes/sha2.js";

/** The runtime's own SHA-256. */
type NativeHash = (bytes: Uint8Array) => Uint8Array;

/** From so many hashed bytes on it pays to load the runtime's own SHA-256: eight times as fast. */
const NATIVE_FROM_BYTES = 8 * 2 ** 20;

let hashedBytes = 0;
let native: NativeHash | null | undefined;

/** SHA-256 of some bytes. */
export function sha256Sync(bytes: Uint8Array): Uint8Array {
  hashedBytes += bytes.length;
  if (hashedBytes < NATIVE_FROM_BYTES) return nobleSha256(bytes);
  native ??= findNative() ?? null;
  return native === null ? nobleSha256(bytes) : native(bytes);
}

/** What the parts of `node:crypto` that are used here look like. */
interface NodeCrypto {
  createHash(algorithm: string): {
    update(bytes: Uint8Array): { digest(): Uint8Array };
  };
}

/** Deno, Node and Bun give it without an import, which could not wait here; browsers do not have it. */
function findNative(): NativeHash | undefined {
  const { process } = globalThis as {
    process?: { getBuiltinModule?: (name: string) => unknown };
  };
  const crypto = process?.getBuiltinModule?.("node:crypto") as NodeCrypto | undefined;
  if (crypto === undefined) return undefined;
  return (bytes) => new Uint8Array(crypto.createHash("sha256").update(bytes).digest());
}

/** SHA-256 of bytes that come piece by piece. */
export class Sha256 {
  readonly #hash = nobleSha256.create();

  /** Takes the next bytes. */
  update(bytes: Uint8Array): void {
    this.#hash.update(bytes);
  }

  /** The hash of all that came so far; more may follow. */
  digest(): Uint8Array {
    return this.#hash.clone().digest();
  }
}
