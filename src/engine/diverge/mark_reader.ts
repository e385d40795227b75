/**
 * Marks one by one, as they come in batches, and the step that threw as the last of them.
 * This module is browser compatible.
 *
 * @module
 */

import { StepError } from "../../errors.ts";
import type { Mark } from "./marks.ts";

/** Reads marks; dispose of it to end what makes them. */
export class MarkReader implements AsyncDisposable {
  readonly #batches: AsyncIterator<readonly Mark[]>;
  #batch: readonly Mark[] = [];
  #next = 0;

  /** Asks for nothing yet. */
  constructor(batches: AsyncIterable<readonly Mark[]>) {
    this.#batches = batches[Symbol.asyncIterator]();
  }

  /** The next mark, the error of the step in its place, or undefined behind the last. */
  async next(): Promise<Mark | StepError | undefined> {
    while (this.#next === this.#batch.length) {
      let next: IteratorResult<readonly Mark[]>;
      try {
        next = await this.#batches.next();
      } catch (error) {
        if (error instanceof StepError) return error;
        throw error;
      }
      if (next.done) return undefined;
      this.#batch = next.value;
      this.#next = 0;
    }
    return this.#batch[this.#next++];
  }

  /** Ends it. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#batches.return?.();
  }
}
