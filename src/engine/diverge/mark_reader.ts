/**
 * Marks one by one, as they come in batches, and the step that threw as the last of them.
 * This module is browser compatible.
 *
 * @module
 */

import { StepError } from "../../errors.ts";
import type { Mark } from "./marks.ts";

/** Reads marks, and ends what makes them once that is done. */
export async function readMarks<T>(
  batches: AsyncIterable<readonly Mark[]>,
  read: (marks: MarkReader) => Promise<T>,
): Promise<T> {
  const marks = new MarkReader(batches);
  try {
    return await read(marks);
  } finally {
    await marks.end();
  }
}

/** The same of two. */
export async function readBoth<T>(
  before: AsyncIterable<readonly Mark[]>,
  after: AsyncIterable<readonly Mark[]>,
  read: (before: MarkReader, after: MarkReader) => Promise<T>,
): Promise<T> {
  return await readMarks(before, (old) => readMarks(after, (own) => read(old, own)));
}

/** Reads marks one by one. */
export class MarkReader {
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

  /** Ends what makes them. */
  async end(): Promise<void> {
    await this.#batches.return?.();
  }
}
