/**
 * What a child sends while it records: checkpoints, which are kept here as the budget says, in memory or in a
 * file that grows, marks that say how far it is, and the end.
 *
 * @module
 */

import { CheckpointLog } from "../../engine/checkpoint_log.ts";
import type { ExtendableRecord } from "../../engine/derived_inputs.ts";
import { blockOf, blockStart, type Grid, spanCount } from "../../engine/block_grid.ts";
import type { CheckpointKeeper, RunRecord, StorageBudget } from "../../engine/types.ts";
import { equalBytes } from "../../codec/compare_states.ts";
import { NondeterministicStepError, SandboxError } from "../../errors.ts";
import { SANDBOX_OUTPUT_BYTES_MAX } from "../wire/limits.ts";
import { decodeClaim, type Item, refuse } from "../wire/frame_reader.ts";
import type { KnownMark } from "../wire/answers.ts";
import { checkRecordEnd, checkRecordMark, type RecordEnd } from "./record_claims.ts";

/** What was asked for, and what the child said first. */
export interface RecordAsked extends Pick<Grid, "blockSize" | "gridOffset"> {
  /** Most states. */
  readonly steps: number;
  /** What may be stored. */
  readonly budget: StorageBudget | undefined;
  /** Names of the observables. */
  readonly observables: readonly string[];
  /** The run that is gone on with. */
  readonly goOn: ExtendableRecord | undefined;
  /** What keeps the checkpoints; it has those of the run that is gone on with. */
  readonly keeper: CheckpointKeeper;
  /** Called as checkpoints and marks come in, with the index of the last state that is known. */
  readonly onProgress: ((t: number) => void) | undefined;
  /**
   * Set where marks are asked for: called with each, behind the checkpoints before it. Without, checkpoints are
   * kept as they come in.
   */
  readonly onMark?: ((mark: KnownMark) => void) | undefined;
  /** Called there with the length of each checkpoint, which may still come to nothing. */
  readonly onCheckpoint?: ((length: number) => void) | undefined;
}

/** The end of a recording. */
export type AnswerEnd = RecordEnd & Pick<RunRecord, "stride"> & { readonly checkpoints: number };

/** Collects the answer to a record job. */
export class RecordAnswer {
  readonly #asked: RecordAsked;
  readonly #log: CheckpointLog;
  /** Checkpoints that came in behind the last mark. */
  #pending: Uint8Array[] = [];
  #pendingBytes = 0;
  /** The checkpoint that came in last, and its block. */
  #last: Uint8Array | undefined;
  #block: number;
  /** The run that is gone on with, until the child has come to its last state. */
  #resumed: ExtendableRecord | undefined;

  constructor(asked: RecordAsked) {
    this.#asked = asked;
    const { goOn, budget, keeper } = asked;
    this.#last = goOn?.checkpoints.bytesAt(goOn.checkpoints.length - 1);
    this.#log = new CheckpointLog(keeper, {
      budget,
      stride: goOn?.stride ?? 1,
      lengths: goOn === undefined ? [] : checkpointLengths(goOn),
    });
    this.#block = Math.max(0, this.#log.nextBlock - this.#log.stride);
    this.#resumed = goOn;
  }

  /** Takes checkpoints and marks in the order in which they come. */
  take(items: readonly Item[]): void {
    const { onMark, onProgress } = this.#asked;
    for (const { bytes, isAccount } of items) {
      if (isAccount) {
        this.#mark(bytes);
      } else if (this.#resumed !== undefined) {
        checkResumed(this.#resumed, bytes);
        this.#resumed = undefined;
      } else if (onMark === undefined) {
        this.#push(bytes);
      } else {
        this.#keepPending(bytes);
      }
    }
    if (items.length > 0 && onMark === undefined) {
      onProgress?.(blockStart(this.#block, this.#asked));
    }
  }

  /** Checks what the child says last. */
  end(claim: unknown): AnswerEnd {
    const end = checkRecordEnd(claim, this.#asked);
    this.#checkObservables(end.observables);
    this.#pushPending();
    const { stride, count } = this.#log;
    if (spanCount({ ...this.#asked, steps: end.steps, stride }) !== count) {
      throw refuse("it has another number of checkpoints than states");
    }
    return { ...end, stride, checkpoints: count };
  }

  /**
   * What there is in memory of a run whose recording was aborted: up to the last checkpoint that came in, without
   * statistics.
   *
   * @throws {unknown} `error`, if it is something else, if nothing came in, or if a file keeps what did.
   */
  aborted(error: unknown): AnswerEnd {
    const isAborted = error instanceof SandboxError && error.reason === "aborted";
    const { goOn, onMark } = this.#asked;
    if (!isAborted || onMark !== undefined) throw error;
    const { stride, count } = this.#log;
    if (goOn !== undefined && this.#block === blockOf(goOn.steps - 1, this.#asked)) {
      return { ...goOn, notes: [], frames: [], doubts: [], checkpoints: count };
    }
    if (this.#last === undefined) throw error;
    return {
      steps: blockStart(this.#block, this.#asked) + 1,
      lastState: this.#last,
      observables: [],
      observed: {},
      accumulators: {},
      failure: undefined,
      notes: [],
      frames: [],
      doubts: [],
      checkpoints: count,
      stride,
    };
  }

  #mark(bytes: Uint8Array): void {
    const { onMark, onProgress } = this.#asked;
    if (onMark === undefined) throw refuse("it said how far it is, and was not asked");
    const mark = checkRecordMark(decodeClaim(bytes), this.#asked);
    this.#checkObservables(Object.keys(mark.accumulators));
    this.#pushPending();
    const { stride, count } = this.#log;
    const { t, lastState = this.#last } = mark;
    const isThere = mark.lastState !== undefined || t === blockStart(this.#block, this.#asked);
    const grid = { ...this.#asked, steps: t + 1, stride };
    if (lastState === undefined || !isThere || spanCount(grid) !== count) {
      throw refuse("it has another number of checkpoints than states");
    }
    onMark({ ...mark, lastState });
    onProgress?.(t);
  }

  #checkObservables(names: readonly string[]): void {
    const { observables } = this.#asked;
    if (isSameNames(names, observables)) return;
    throw refuse("it has other observables than it said before");
  }

  /** Keeps a checkpoint in memory until a mark follows, as one soon does however long the recording is. */
  #keepPending(bytes: Uint8Array): void {
    if (this.#pendingBytes > SANDBOX_OUTPUT_BYTES_MAX) {
      throw refuse("it does not say how far it is");
    }
    this.#pending.push(bytes);
    this.#pendingBytes += bytes.length;
    this.#asked.onCheckpoint?.(bytes.length);
  }

  #pushPending(): void {
    const pending = this.#pending;
    this.#pending = [];
    this.#pendingBytes = 0;
    for (const bytes of pending) this.#push(bytes);
  }

  #push(bytes: Uint8Array): void {
    this.#block = this.#log.nextBlock;
    this.#last = bytes;
    this.#log.push(bytes);
    if (this.#log.count > spanCount({ ...this.#asked, stride: this.#log.stride })) {
      throw refuse("it has another number of checkpoints than states");
    }
  }
}

/** Whether two lists have the same names, each once. */
export function isSameNames(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && new Set([...a, ...b]).size === a.length;
}

/** Lengths of the checkpoints of a run; without a budget of bytes nobody asks, and they need not be read. */
export function checkpointLengths({ checkpoints, budget }: RunRecord): Float64Array {
  const lengths = new Float64Array(checkpoints.length);
  if (budget?.bytesMax === undefined) return lengths;
  for (let i = 0; i < lengths.length; i++) lengths[i] = checkpoints.bytesAt(i).length;
  return lengths;
}

/** Holds the last state that the child came to against the one that is known. */
function checkResumed({ steps, lastState }: ExtendableRecord, bytes: Uint8Array): void {
  if (equalBytes(bytes, lastState)) return;
  throw new NondeterministicStepError(
    steps - 1,
    `Cannot go on from state ${
      steps - 1
    }: the step, replayed from the checkpoint before, leads to another state`,
    { hint: "use the step that made the run, and let it depend on its arguments only" },
  );
}
