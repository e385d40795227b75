/**
 * The content hash of a run, also while it is recorded: it needs no state twice.
 * This module is browser compatible.
 *
 * @module
 */

import { toHex } from "../bytes/hex.ts";
import { sha256Sync } from "../bytes/sha256.ts";
import type { RunRecord } from "../engine/types.ts";
import { ContentHasher } from "./content_hash.ts";
import { ChunkBuilder, joinItems } from "./cut_chunks.ts";
import { encodeHeader } from "./encode_header.ts";
import { SECTION } from "./layout.ts";
import type { ChunkKind } from "./section.ts";

/** What is known of a run before its first state. */
export type RunFront = Omit<RunRecord, "checkpoints" | "steps" | "lastState" | "observed">;

/** What is known of it at its end. */
export type RunEnd =
  & Pick<RunRecord, "steps" | "stride" | "observables" | "observed" | "failure">
  & { readonly lastState: Uint8Array };

/** Takes a run in from its front to its end. */
export class RunHasher {
  readonly #hasher = new ContentHasher();

  /** Takes what is known before the first state. */
  constructor(front: RunFront) {
    this.#header(front as RunRecord, "front");
  }

  /** Takes the next chunk: of how many items, and the hash of its canonical bytes. */
  chunk(kind: ChunkKind, count: number, hash: Uint8Array): void {
    this.#hasher.add({ kind, count, hash });
  }

  /** Takes what is known at the end; the hash as lower-case hexadecimal. */
  finish(end: RunEnd): string {
    this.#header(end as unknown as RunRecord, "end");
    return toHex(this.#hasher.digest());
  }

  #header(record: RunRecord, part: "front" | "end"): void {
    const hash = sha256Sync(encodeHeader(record, part));
    this.#hasher.add({ kind: SECTION[part], count: 1, hash });
  }
}

/** Takes the stored states of a run without inputs as they are made, and keeps none of them. */
export class StatesHasher {
  readonly #run: RunHasher;
  readonly #states = new ChunkBuilder();

  /** Takes what is known before the first state. */
  constructor(front: RunFront) {
    this.#run = new RunHasher(front);
  }

  /** Takes the next stored state, which must not be changed. */
  state(bytes: Uint8Array): void {
    this.#states.add(bytes, (items) => this.#chunk(items));
  }

  /** Takes what is known at the end; the hash as lower-case hexadecimal. */
  finish(end: RunEnd): string {
    this.state(end.lastState);
    this.#chunk(this.#states.take());
    return this.#run.finish(end);
  }

  #chunk(items: readonly Uint8Array[]): void {
    if (items.length === 0) return;
    this.#run.chunk(SECTION.states, items.length, sha256Sync(joinItems(items)));
  }
}
