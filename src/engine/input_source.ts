/**
 * Where a recording's inputs come from: a list, anything that can be iterated over, or another run.
 * This module is browser compatible.
 *
 * @module
 */

import { ArgumentRangeError, ArgumentTypeError } from "../errors.ts";
import { counted } from "../text/quantity.ts";
import { encodeInput, type InputLog, UNDEFINED_BYTES } from "./input_log.ts";
import type { InputStore } from "./types.ts";
import type { Inputs, InputSource } from "./record_types.ts";

/** Reads ahead where that asks nobody for anything. */
const AHEAD_MAX = 512;

/**
 * The source behind what a user gave.
 *
 * @throws {TypeError} If it is neither a list nor can be iterated over.
 */
export function inputSourceOf(inputs: Inputs): InputSource {
  const given = inputs as Partial<ArrayLike<unknown> & Iterable<unknown> & AsyncIterable<unknown>>;
  if (typeof given === "object" && given !== null) {
    if (isSource(given)) return given;
    if (Array.isArray(given) || ArrayBuffer.isView(given)) return new ListSource(inputs as never);
    if (typeof given[Symbol.iterator] === "function") return new IteratorSource(inputs as never);
    if (typeof given[Symbol.asyncIterator] === "function") {
      throw new ArgumentTypeError(
        "Cannot take 'inputs': they come asynchronously",
        { hint: "use openRecorder and call advance(input) for each" },
      );
    }
    if (Number.isInteger(given.length)) return new ListSource(inputs as never);
  }
  throw new ArgumentTypeError(
    `Cannot take 'inputs': they must be a list with one value per transition, or something to iterate ` +
      `over, not ${given === null ? "null" : `of type ${typeof given}`}`,
  );
}

function isSource(given: object): given is InputSource {
  return typeof (given as Partial<InputSource>).pull === "function";
}

class ListSource implements InputSource {
  readonly ahead = AHEAD_MAX;
  readonly #list: ArrayLike<unknown>;
  #next = 0;

  constructor(list: ArrayLike<unknown>) {
    this.#list = list;
  }

  get length(): number {
    return this.#list.length;
  }

  pull(log: InputLog, count: number): number {
    const end = Math.min(this.#next + count, this.#list.length);
    const from = this.#next;
    while (this.#next < end) log.push(this.#list[this.#next++]);
    return end - from;
  }

  isOver(): boolean {
    return this.#next >= this.#list.length;
  }

  close(): void {}
}

/** One at a time: what comes next may depend on the state that is there by then. */
class IteratorSource implements InputSource {
  readonly length = undefined;
  readonly ahead = 1;
  readonly #iterator: Iterator<unknown>;
  #isDone = false;

  constructor(iterable: Iterable<unknown>) {
    this.#iterator = iterable[Symbol.iterator]();
  }

  pull(log: InputLog, count: number): number {
    let pulled = 0;
    for (; pulled < count && !this.#isDone; pulled++) {
      const { done, value } = this.#iterator.next();
      if (done) {
        this.#isDone = true;
        break;
      }
      log.push(value);
    }
    return pulled;
  }

  isOver(): boolean {
    this.#isDone ||= this.#iterator.next().done === true;
    return this.#isDone;
  }

  close(): void {
    if (!this.#isDone) this.#iterator.return?.();
    this.#isDone = true;
  }
}

/** The inputs of a run from some transition on, some of them replaced. */
export class StoreSource implements InputSource {
  readonly ahead = AHEAD_MAX;
  readonly #store: InputStore | undefined;
  readonly #end: number;
  readonly #replaced: ReadonlyMap<number, unknown>;
  #next: number;

  /**
   * @param store Inputs of the other run; without, all are undefined.
   * @param range Which of them, by its transitions.
   * @param replaced What to give in the place of some, by the other run's transitions.
   */
  constructor(
    store: InputStore | undefined,
    range: { from: number; to: number },
    replaced: ReadonlyMap<number, unknown> = new Map(),
  ) {
    this.#store = store;
    this.#next = range.from;
    this.#end = Math.max(range.from, range.to);
    this.#replaced = replaced;
    this.length = this.#end - range.from;
  }

  readonly length: number;

  pull(log: InputLog, count: number): number {
    const from = this.#next;
    const end = Math.min(from + count, this.#end);
    while (this.#next < end) {
      const t = this.#next;
      if (this.#replaced.has(t)) {
        log.pushBytes(encodeInput(this.#replaced.get(t), t), 1);
        this.#next++;
        continue;
      }
      const { bytes, to } = this.#rowAt(t);
      let until = Math.min(to, end);
      for (const other of this.#replaced.keys()) if (other > t && other < until) until = other;
      log.pushBytes(bytes, until - t);
      this.#next = until;
    }
    return end - from;
  }

  isOver(): boolean {
    return this.#next >= this.#end;
  }

  close(): void {}

  #rowAt(t: number): { bytes: Uint8Array; to: number } {
    return this.#store?.chunkAt(t).rowAt(t) ?? { bytes: UNDEFINED_BYTES, to: Infinity };
  }
}

/** Refuses, before anything is done, a list with another number of inputs than there are transitions. */
export function checkInputCount(
  source: InputSource | undefined,
  { steps, until }: { steps: number; until?: unknown },
): void {
  const transitions = steps - 1;
  if (source?.length === undefined || source.length === transitions) return;
  if (source.length < transitions && until !== undefined) return;
  throw new ArgumentRangeError(
    `Cannot record: there are ${counted(source.length, "input")}, and ${
      counted(steps, "state")
    } have ${counted(transitions, "transition")}, which take one each`,
  );
}
