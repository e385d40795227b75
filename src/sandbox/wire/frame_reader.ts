/**
 * The parent's side of an answer: cuts output into frames and items, and trusts none of it.
 * This module is browser compatible.
 *
 * @module
 */

import { timingSafeEqual } from "@std/crypto/timing-safe-equal";
import { decodeState } from "../../codec/decode_state.ts";
import { SandboxError } from "../../errors.ts";
import {
  ACCOUNT_FLAG,
  FRAME_HEAD_BYTES,
  FRAME_KIND,
  FRAME_KIND_OFFSET,
  NONCE_BYTES,
} from "./frames.ts";

/** A frame that passed all checks of form. */
export interface Frame {
  /** One of {@linkcode FRAME_KIND}. */
  kind: number;
  /** Its content; still a claim. */
  payload: Uint8Array;
}

/**
 * Cuts a child's output into frames and refuses it at the first byte that is out of order: a wrong
 * nonce, job, index or kind, anything after an end, or more bytes than allowed.
 */
export class FrameReader {
  readonly #nonce: Uint8Array;
  /** The head of the frame that is being read, and how much of it is there. */
  readonly #head = new Uint8Array(FRAME_HEAD_BYTES);
  #headBytes = 0;
  /** Its payload, once the head is there: filled in place, as payloads may be a third of all memory. */
  #payload: Uint8Array | undefined;
  #payloadBytes = 0;
  #job = 0;
  #index = 0;
  #budget = 0;
  #open = false;

  /** Prepares to read frames that begin with `nonce`. */
  constructor(nonce: Uint8Array) {
    this.#nonce = nonce;
  }

  /** Expects the answer to the next job, of at most `bytesMax` bytes in all. */
  expect(bytesMax: number): void {
    this.#job++;
    this.#index = 0;
    this.#budget = bytesMax;
    this.#open = true;
  }

  /** Whether an answer is expected and has not ended. */
  get open(): boolean {
    return this.#open;
  }

  /**
   * Takes bytes of the child's output and gives the frames that they complete.
   *
   * @throws {SandboxError} If they cannot be part of an answer, or are too many.
   */
  *push(chunk: Uint8Array): Generator<Frame, void, void> {
    for (let offset = 0; offset < chunk.length;) {
      if (!this.#open) throw refuse("it sent bytes after its answer");
      if (this.#payload === undefined) {
        const part = chunk.subarray(offset, offset + FRAME_HEAD_BYTES - this.#headBytes);
        this.#head.set(part, this.#headBytes);
        this.#headBytes += part.length;
        offset += part.length;
        this.#checkNonce();
        if (this.#headBytes < FRAME_HEAD_BYTES) return;
        this.#payload = new Uint8Array(this.#checkHead());
      }
      const payload = this.#payload;
      const part = chunk.subarray(offset, offset + payload.length - this.#payloadBytes);
      payload.set(part, this.#payloadBytes);
      this.#payloadBytes += part.length;
      offset += part.length;
      if (this.#payloadBytes < payload.length) return;
      const kind = this.#head[FRAME_KIND_OFFSET]!;
      this.#endFrame();
      if (kind !== FRAME_KIND.items) {
        this.#open = false;
        if (offset < chunk.length) throw refuse("it sent bytes after its answer");
      }
      yield { kind, payload };
    }
  }

  #checkNonce(): void {
    const count = Math.min(this.#headBytes, NONCE_BYTES);
    // How long it takes must not tell a step how much of the nonce it has guessed.
    if (!timingSafeEqual(this.#head.subarray(0, count), this.#nonce.subarray(0, count))) {
      throw refuse("its output is not from the harness");
    }
  }

  /** Length of the payload that the head announces. */
  #checkHead(): number {
    const view = new DataView(this.#head.buffer, NONCE_BYTES);
    const length = view.getUint32(9, true);
    if (view.getUint32(0, true) !== this.#job || view.getUint32(4, true) !== this.#index) {
      throw refuse("its frames are out of order");
    }
    const kind = this.#head[FRAME_KIND_OFFSET]!;
    if (kind < FRAME_KIND.items || kind > FRAME_KIND.error) {
      throw refuse("it sent a frame of unknown kind");
    }
    if (FRAME_HEAD_BYTES + length > this.#budget) {
      throw new SandboxError(
        "output",
        `Cannot go on: the step's results exceed the limit for output`,
        { hint: "raise 'outputBytesMax' if you expect so much" },
      );
    }
    return length;
  }

  #endFrame(): void {
    this.#index++;
    this.#budget -= FRAME_HEAD_BYTES + this.#payloadBytes;
    this.#headBytes = 0;
    this.#payload = undefined;
    this.#payloadBytes = 0;
  }
}

/** The error for output that no honest child sends. */
export function refuse(why: string): SandboxError {
  return new SandboxError(
    "protocol",
    `Cannot trust the answer of the sandboxed process: ${why}; it was killed`,
  );
}

/** One part of an answer. */
export interface Item {
  /** Bytes of a state, of a {@linkcode ChildError} or of a mark; still a claim. */
  bytes: Uint8Array;
  /** Whether it is an account and no state: of an error, or of how far a recording is. */
  isAccount: boolean;
}

/**
 * Cuts the payload of an items frame: byte strings, each behind its length.
 *
 * @throws {SandboxError} If lengths and payload do not fit.
 */
export function decodeItems(payload: Uint8Array): Item[] {
  const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
  const items: Item[] = [];
  let offset = 0;
  while (offset < payload.length) {
    if (payload.length - offset < 4) throw refuse("an item is cut short");
    const head = view.getInt32(offset, true);
    const length = head & ~ACCOUNT_FLAG;
    offset += 4;
    if (length > payload.length - offset) throw refuse("an item is cut short");
    items.push({ bytes: payload.subarray(offset, offset + length), isAccount: head < 0 });
    offset += length;
  }
  return items;
}

/**
 * Decodes canonical data that a child claims.
 *
 * @throws {SandboxError} If it is not canonical data.
 */
export function decodeClaim(payload: Uint8Array): unknown {
  try {
    return decodeState(payload);
  } catch (cause) {
    throw new SandboxError("protocol", refuse("it is not canonical data").message, { cause });
  }
}
