/**
 * Random access to the states of a recorded run, each made anew from the checkpoint before it.
 * This module is browser compatible.
 *
 * @module
 */

import { blockOf, blockStart, spanOf, spanStart } from "./block_grid.ts";
import { NUMBER_CACHE_STATES } from "../limits.ts";
import { Replayer } from "./replay.ts";
import type { ReplayPlan, RunRecord } from "./types.ts";
import { decodeWith } from "./user_codec.ts";

/** A walk over the states of a run that remembers where it is. */
interface Cursor<S> {
  readonly replayer: Replayer<S>;
  span: number;
}

/** Makes states of one run. */
export class StateReader<S> {
  readonly #record: RunRecord;
  readonly #plan: ReplayPlan<S>;
  /** Where the last `get` stopped, so that increasing t cost one step each. */
  #cursor: Cursor<S> | undefined;
  /** States kept for later reads, once a span was seen to start with a number. */
  #numbers: NumberCache | undefined;
  /** False once a state was seen that is no number. */
  #isNumeric = true;

  /** Joins recorded data with what replays it. */
  constructor(record: RunRecord, plan: ReplayPlan<S>) {
    this.#record = record;
    this.#plan = plan;
  }

  /**
   * X_t, for a t that the run has, as a fresh value that the caller owns. Increasing t cost one step each;
   * any other t replays at most one span.
   */
  get(t: number): S {
    const record = this.#record;
    const block = blockOf(t, record);
    // Only runs of numbers have entries there, so S is number.
    const known = this.#numbers?.valuesOf(block);
    if (known !== undefined) return known[t - blockStart(block, record)] as S;
    const span = spanOf(t, record);
    let cursor = this.#cursor;
    if (cursor === undefined || cursor.span !== span || cursor.replayer.t > t) {
      if (t === spanStart(span, record)) return this.#decode(record.checkpoints.bytesAt(span));
      if (t === record.steps - 1 && record.lastState !== undefined) {
        return this.#decode(record.lastState);
      }
      const values = this.#numbers?.visit(block) ? this.#makeBlock(block) : undefined;
      if (values !== undefined) return values[t - blockStart(block, record)] as S;
      cursor = this.#startSpan(cursor, span);
    }
    if (cursor.replayer.t < t) {
      // While the step is at work the cursor is not to be trusted: the step may throw half way.
      this.#cursor = undefined;
      cursor.replayer.advance(t);
    }
    this.#cursor = cursor;
    return cursor.replayer.copy();
  }

  /** A replayer that stands on X_t, at first or, if one is given, after this. */
  seek(t: number, replayer: Replayer<S> = new Replayer(this.#plan)): Replayer<S> {
    const record = this.#record;
    const span = spanOf(t, record);
    replayer.start(span * record.stride, record.checkpoints.bytesAt(span));
    replayer.goTo(t);
    return replayer;
  }

  /** Moves a replayer that stands on X_{t-1} on to X_t, by way of the checkpoint where there is one. */
  next(replayer: Replayer<S>, t: number): void {
    if (t === spanStart(spanOf(t, this.#record), this.#record)) this.seek(t, replayer);
    else replayer.goTo(t);
  }

  /** Makes and keeps all states of a block; undefined if they are not all numbers. */
  #makeBlock(block: number): Float64Array | undefined {
    const record = this.#record;
    const first = blockStart(block, record);
    const last = Math.min(blockStart(block + 1, record), record.steps) - 1;
    const replayer = this.seek(first, this.#takeReplayer());
    const start: unknown = replayer.state;
    const values = new Float64Array(last - first + 1);
    if (typeof start === "number") values[0] = start;
    if (typeof start !== "number" || replayer.collect(last, values, first) < last) {
      this.#isNumeric = false;
      this.#numbers = undefined;
      return undefined;
    }
    this.#numbers!.keep(block, values);
    return values;
  }

  #startSpan(cursor: Cursor<S> | undefined, span: number): Cursor<S> {
    const start = spanStart(span, this.#record);
    const replayer = this.seek(start, cursor === undefined ? undefined : this.#takeReplayer());
    if (this.#isNumeric && typeof replayer.state === "number") {
      this.#numbers ??= new NumberCache(this.#record.blockSize);
    }
    return { replayer, span };
  }

  /** The cursor's replayer, for other use. */
  #takeReplayer(): Replayer<S> | undefined {
    const replayer = this.#cursor?.replayer;
    this.#cursor = undefined;
    return replayer;
  }

  #decode(bytes: Uint8Array): S {
    return decodeWith(this.#plan.codec, bytes);
  }
}

/**
 * Regenerated states of a run whose states are numbers. A block that is jumped into for the second time is
 * made as a whole and kept, so that the third jump is a look-up and not a replay. Holds the blocks that were
 * visited last: their states, or undefined after the first visit.
 */
export class NumberCache {
  readonly #blocks = new Map<number, Float64Array | undefined>();
  readonly #blocksMax: number;
  /** The block of the last look-up, as most look-ups are for the same one. */
  #last = -1;
  #lastValues: Float64Array | undefined;

  /** Keeps as many blocks of `blockSize` numbers as the limit allows. */
  constructor(blockSize: number) {
    this.#blocksMax = Math.floor(NUMBER_CACHE_STATES / blockSize);
  }

  /** The states of a block, if they are kept. */
  valuesOf(block: number): Float64Array | undefined {
    if (block !== this.#last) {
      this.#last = block;
      this.#lastValues = this.#blocks.get(block);
    }
    return this.#lastValues;
  }

  /** Notes a jump into a block; whether it is not the first one and there is room for its states. */
  visit(block: number): boolean {
    if (this.#blocks.has(block)) return this.#blocksMax > 0;
    this.#remember(block, undefined);
    return false;
  }

  /** Keeps the states of a block. */
  keep(block: number, values: Float64Array): void {
    this.#blocks.delete(block);
    this.#remember(block, values);
  }

  #remember(block: number, values: Float64Array | undefined): void {
    if (this.#blocks.size >= Math.max(this.#blocksMax, 1)) {
      // A Map iterates in insertion order: the first one is the oldest.
      for (const oldest of this.#blocks.keys()) {
        this.#blocks.delete(oldest);
        break;
      }
    }
    this.#blocks.set(block, values);
    this.#last = -1;
  }
}
