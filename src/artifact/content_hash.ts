/**
 * The content hash of a run: a Merkle root of depth one over what an artifact says of it, whatever program
 * wrote it and however it is compressed. This module is browser compatible.
 *
 * @module
 */

import { Sha256 } from "../bytes/sha256.ts";
import { ByteWriter } from "../bytes/varint.ts";
import { HASHED_SECTIONS } from "./layout.ts";
import type { SectionEntry } from "./section.ts";

/** What goes into a content hash of a section. */
type HashedEntry = Pick<SectionEntry, "kind" | "count" | "hash">;

/** The first bytes that are hashed; a realm that is locked down has no `TextEncoder`. */
const DOMAIN = Uint8Array.from("rewind artifact 2\n", (letter) => letter.charCodeAt(0));

/** Takes the entries of an artifact's sections in their order, and gives the content hash. */
export class ContentHasher {
  readonly #sha256 = new Sha256();

  /** Nothing is taken in yet. */
  constructor() {
    this.#sha256.update(DOMAIN);
  }

  /** Takes the next section in: its kind, its count as a varint and its hash, if its kind is hashed. */
  add({ kind, count, hash }: HashedEntry): void {
    if (!HASHED_SECTIONS.includes(kind)) return;
    const writer = new ByteWriter();
    writer.varint(kind);
    writer.varint(count);
    writer.bytes(hash);
    this.#sha256.update(writer.finish());
  }

  /** SHA-256 of all that was taken in; 32 bytes. */
  digest(): Uint8Array {
    return this.#sha256.digest();
  }
}
