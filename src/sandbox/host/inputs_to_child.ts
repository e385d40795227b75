/**
 * The inputs of a recording in the sandbox: kept here, and sent to the child that records.
 *
 * @module
 */

import { chunkBytesOf, InputLog } from "../../engine/input_log.ts";
import { INPUT_IDLE_MS, INPUT_SETTLE_MS } from "../wire/limits.ts";
import type { Messages } from "./sandbox_child.ts";
import type { InputSource } from "../../engine/record_types.ts";

/** Most inputs that are sent in one message. */
const MESSAGE_INPUTS_MAX = 4096;

/** Inputs on their way to a child. */
export class RecordedInputs {
  /** All inputs so far. */
  readonly log: InputLog;
  /** The first transition whose input is sent. */
  readonly #first: number;
  readonly #source: InputSource | AsyncIterable<readonly unknown[]>;
  readonly #transitions: number;
  /** How far the recording is known to be; infinitely far where nobody says. */
  #heardT: number;
  readonly #allHeard = Promise.withResolvers<void>();

  /**
   * @param source Where they come from.
   * @param transitions How many are needed; one more is sent, if there is one, so that the child can refuse it.
   * @param options Those of a run that is gone on with, and which of them are sent again; whether it is said how
   * far the recording has come.
   */
  constructor(
    source: InputSource | AsyncIterable<readonly unknown[]>,
    transitions: number,
    { before = { log: new InputLog(), first: 0 }, isHeard }: {
      before?: { log: InputLog; first: number };
      isHeard: boolean;
    },
  ) {
    this.#source = source;
    this.#transitions = transitions;
    this.log = before.log;
    this.#first = before.first;
    this.#heardT = isHeard ? -1 : Infinity;
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

  async *#live(
    source: AsyncIterable<readonly unknown[]>,
  ): AsyncGenerator<Uint8Array, void, void> {
    if (this.#first < this.log.length) yield this.#since(this.#first);
    try {
      for await (const batch of withPauses(source)) {
        const from = this.log.length;
        // One more than needed is sent, so that the child can refuse it.
        for (const input of batch.slice(0, this.#transitions + 1 - from)) this.log.push(input);
        // What has no inputs in it asks how far the recording is.
        yield this.#since(from);
        if (this.log.length > this.#transitions) return;
      }
    } catch (error) {
      // The child comes to what it was given, and says so, before it is ended.
      yield this.#since(this.log.length);
      if (this.#heardT < this.log.length) await firstOf(this.#allHeard.promise, INPUT_SETTLE_MS);
      throw error;
    }
  }

  /** Says that the recording has come to X_t, and that this is known here. */
  heard(t: number): void {
    this.#heardT = t;
    if (t >= this.log.length) this.#allHeard.resolve();
  }

  /** What came in from a transition on, as one chunk. */
  #since(from: number): Uint8Array {
    return chunkBytesOf(this.log, { from, to: this.log.length });
  }
}

/** What comes in, and an empty list wherever nothing has come for a while. */
async function* withPauses(
  source: AsyncIterable<readonly unknown[]>,
): AsyncGenerator<readonly unknown[], void, void> {
  const iterator = source[Symbol.asyncIterator]();
  try {
    let next = iterator.next();
    let isNew = false;
    for (;;) {
      const came = isNew ? await firstOf(next, INPUT_IDLE_MS) : await next;
      if (came === undefined) {
        yield [];
        isNew = false;
        continue;
      }
      if (came.done) return;
      yield came.value;
      isNew = true;
      next = iterator.next();
    }
  } finally {
    // Not waited for: it may itself wait for an input that never comes.
    void iterator.return?.();
  }
}

/** What a promise gives; undefined if that takes longer. */
async function firstOf<T>(promise: Promise<T>, ms: number): Promise<T | undefined> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const pause = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), ms);
  });
  try {
    return await Promise.race([promise, pause]);
  } finally {
    clearTimeout(timer);
  }
}
