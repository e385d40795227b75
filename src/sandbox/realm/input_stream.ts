/**
 * The inputs that follow a record job, read as the recording comes to them.
 * This module is browser compatible.
 *
 * @module
 */

import { InputChunk } from "../../engine/input_chunk.ts";
import type { InputLog } from "../../engine/input_log.ts";
import { assertInvariant } from "../../errors.ts";
import type { RealmIo } from "./realm_io.ts";
import type { InputSource } from "../../engine/record_types.ts";

/** Inputs in the pieces in which the parent sends them; an empty message ends them. */
export class InputStream implements InputSource {
  /** The parent knows, and has checked it. */
  readonly length = undefined;
  /** What is there is there; only the next piece may have to be waited for. */
  readonly ahead = Infinity;
  readonly #io: Pick<RealmIo, "checkpoint">;
  /** The piece at hand, and the next of its inputs. */
  #piece = new InputChunk(0);
  #next = 0;
  #isOver = false;
  readonly #onAsked: () => void;

  /**
   * @param io Where to read.
   * @param onAsked Called where the parent sends a piece without inputs: it asks how far the recording is; and
   * at the end.
   */
  constructor(io: Pick<RealmIo, "checkpoint">, onAsked: () => void) {
    this.#io = io;
    this.#onAsked = onAsked;
  }

  /** How many are there without waiting. */
  get ready(): number {
    return this.#piece.end - this.#next;
  }

  pull(log: InputLog, count: number): number {
    if (this.isOver()) return 0;
    const end = Math.min(this.#next + count, this.#piece.end);
    const from = this.#next;
    while (this.#next < end) {
      const { bytes, to } = this.#piece.rowAt(this.#next);
      const until = Math.min(to, end);
      log.pushBytes(bytes, until - this.#next);
      this.#next = until;
    }
    return end - from;
  }

  isOver(): boolean {
    while (!this.#isOver && this.#next === this.#piece.end) {
      const bytes = this.#io.checkpoint();
      assertInvariant(bytes !== undefined, "the parent says where the inputs end");
      this.#isOver = bytes.length === 0;
      if (!this.#isOver) this.#piece = InputChunk.fromBytes(0, bytes);
      this.#next = 0;
      // What was made of them counts, though there may be too few of them.
      if (this.#isOver || this.#piece.end === 0) this.#onAsked();
    }
    return this.#isOver;
  }

  /** Reads what the recording did not need, so that the next request is next. */
  close(): void {
    while (!this.isOver()) this.#next = this.#piece.end;
  }
}
