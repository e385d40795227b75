/**
 * One of the two runs that are compared, as the comparison asks for it: made in this process, or by a child.
 * This module is browser compatible.
 *
 * @module
 */

import { decodeState } from "../../codec/decode_state.ts";
import { encodeState } from "../../codec/encode_state.ts";
import { plainView } from "../../codec/plain_view.ts";
import { Replayer } from "../replay.ts";
import type { BlockStart, ReplayPlan, RunRecord, TracedDraw } from "../types.ts";
import { errorText } from "../step_errors.ts";
import { decodeWith } from "../user_codec.ts";
import { type Mark, type MarkRequest, marksOf } from "./marks.ts";

/** A traced transition. */
export interface Look {
  /** Its draws, in order, up to where the step threw if it did. */
  readonly draws: readonly TracedDraw[];
  /** What it threw, as text; undefined if it did not. */
  readonly error: string | undefined;
  /** The same as an error, with its place where that is known. */
  readonly cause: Error | undefined;
  /** Whether the generator moved by these draws only. */
  readonly isWhole: boolean;
}

/** A run that can be made again, from the start of any block whose first state is known. */
export interface Side {
  /** Where blocks and checkpoints lie, and how long it is. */
  readonly record: RunRecord;
  /** Canonical bytes of X_0. */
  readonly start: Uint8Array;
  /** Whether it has to give the states of its record. */
  readonly isRecorded: boolean;
  /**
   * Makes states and marks them, as many together as come together.
   *
   * @throws {StepError} If the step throws.
   */
  marks(request: MarkRequest): AsyncIterable<readonly Mark[]>;
  /** What makes it in this process, state by state, where those are plain data. */
  replayer?(): Replayer<unknown> | undefined;
  /** Looks at the transition into X_t, which lies in the block of `start`. */
  look(start: BlockStart, t: number): Promise<Look>;
  /** Of canonical bytes of a state those of what functions of it see; undefined where these are the same. */
  shown(bytes: Uint8Array): Promise<Uint8Array | undefined>;
}

/** Marks that are given out together: to change from one run to the other costs more than a short block. */
const MARKS_MAX = 64;
const MARKS_BYTES_MAX = 2 ** 20;

/** A run that is made in this process. */
export class LocalSide<S> implements Side {
  readonly record: RunRecord;
  readonly start: Uint8Array;
  readonly isRecorded: boolean;
  readonly #plan: ReplayPlan<S>;

  /**
   * @param record The recorded run.
   * @param plan How it is made again, here.
   * @param start X_0 where it is not the recorded one.
   */
  constructor(record: RunRecord, plan: ReplayPlan<S>, start?: Uint8Array) {
    this.record = record;
    this.#plan = plan;
    this.isRecorded = start === undefined;
    this.start = start ?? record.checkpoints.bytesAt(0);
  }

  async *marks(request: MarkRequest): AsyncGenerator<readonly Mark[]> {
    const replayer = new Replayer(this.#plan);
    let batch: Mark[] = [];
    let bytes = 0;
    let thrown: { readonly error: unknown } | undefined;
    const marks = marksOf({ replayer, grid: this.record }, request);
    for (;;) {
      let next: IteratorResult<Mark, void>;
      try {
        next = marks.next();
      } catch (error) {
        thrown = { error };
        break;
      }
      if (next.done) break;
      batch.push(next.value);
      bytes += next.value.state.length;
      if (batch.length < MARKS_MAX && bytes < MARKS_BYTES_MAX) continue;
      yield batch;
      batch = [];
      bytes = 0;
    }
    if (batch.length > 0) yield batch;
    if (thrown !== undefined) throw thrown.error;
  }

  shown(bytes: Uint8Array): Promise<Uint8Array | undefined> {
    const { codec } = this.#plan;
    return Promise.resolve(
      codec && encodeState(plainView(decodeWith(codec, bytes), decodeState(bytes))),
    );
  }

  replayer(): Replayer<unknown> | undefined {
    return this.#plan.codec === undefined ? new Replayer<unknown>(this.#plan as never) : undefined;
  }

  look({ block, bytes }: BlockStart, t: number): Promise<Look> {
    const replayer = new Replayer(this.#plan);
    const { draws, thrown, isWhole } = replayer.look(() => {
      replayer.start(block, bytes);
      replayer.goTo(t - 1);
    });
    const cause = thrown?.error;
    const error = thrown === undefined
      ? undefined
      : errorText(cause instanceof Error && cause.cause !== undefined ? cause.cause : cause);
    const known = cause instanceof Error ? cause : undefined;
    return Promise.resolve({ draws, error, cause: known, isWhole });
  }
}
