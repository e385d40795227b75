/**
 * The inputs of a recording in the sandbox: kept here, and sent to the child that records.
 *
 * @module
 */

import { InputChunk } from "../../engine/input_chunk.ts";
import { InputLog } from "../../engine/input_log.ts";
import type { InputSource } from "../../engine/input_source.ts";
import type { Messages } from "./sandbox_child.ts";

/** Most inputs that are sent in one message. */
const MESSAGE_INPUTS_MAX = 4096;

/** Inputs on their way to a child. */
export class RecordedInputs {
  /** All inputs so far. */
  readonly log: InputLog;
  /** The first transition whose input is sent. */
  readonly #first: number;
  readonly #source: InputSource | AsyncIterable<unknown>;
  readonly #transitions: number;

  /**
   * @param source Where they come from.
   * @param transitions How many are needed; one more is sent, if there is one, so that the child can refuse it.
   * @param before Those of a run that is gone on with, and which of them are sent again.
   */
  constructor(
    source: InputSource | AsyncIterable<unknown>,
    transitions: number,
    before: { log: InputLog; first: number } = { log: new InputLog(), first: 0 },
  ) {
    this.#source = source;
    this.#transitions = transitions;
    this.log = before.log;
    this.#first = before.first;
  }

  /** The messages that the child reads behind the job. */
  messages(): Messages {
    const source = this.#source;
    return "pull" in source ? this.#pulled(source) : this.#live(source);
  }

  /** The inputs of a run of which so many were used; undefined if none is something else than undefined. */
  recorded(count: number): InputLog | undefined {
    this.log.truncate(count);
    return this.log.isUsed ? this.log : undefined;
  }

  *#pulled(source: InputSource): Generator<Uint8Array, void, void> {
    const log = this.log;
    if (this.#first < log.length) yield this.#since(this.#first);
    while (log.length <= this.#transitions) {
      const from = log.length;
      const count = Math.min(MESSAGE_INPUTS_MAX, this.#transitions + 1 - from);
      if (source.pull(log, count) === 0) break;
      yield this.#since(from);
    }
    source.close();
    yield new Uint8Array(0);
  }

  async *#live(source: AsyncIterable<unknown>): AsyncGenerator<Uint8Array, void, void> {
    if (this.#first < this.log.length) yield this.#since(this.#first);
    for await (const input of source) {
      const from = this.log.length;
      this.log.push(input);
      yield this.#since(from);
      if (this.log.length > this.#transitions) return;
    }
  }

  /** What came in from a transition on, as one chunk. */
  #since(from: number): Uint8Array {
    const piece = new InputChunk(0);
    for (let t = from; t < this.log.length;) {
      const { bytes, to } = this.log.chunkAt(t).rowAt(t);
      piece.push(bytes, to - t);
      t = to;
    }
    return piece.toBytes();
  }
}
