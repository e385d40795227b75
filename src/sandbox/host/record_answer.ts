/**
 * What a child sends while it records: checkpoints, which are kept here as the budget says, and the end.
 *
 * @module
 */

import { CheckpointLog, MemoryCheckpoints } from "../../engine/checkpoint_log.ts";
import { blockStart, type Grid, spanCount } from "../../engine/grid.ts";
import type { RunRecord, StorageBudget } from "../../engine/types.ts";
import { SandboxError } from "../../errors.ts";
import { type Item, refuse } from "../wire/frame_reader.ts";
import { checkRecordEnd, type RecordEnd } from "./claims.ts";

/** What was asked for, and what the child said first. */
export interface RecordAsked extends Pick<Grid, "blockSize" | "gridOffset"> {
  /** Most states. */
  readonly steps: number;
  /** What may be stored. */
  readonly budget: StorageBudget | undefined;
  /** Called as checkpoints come in, with the index of the last state that is known. */
  readonly onProgress: ((t: number) => void) | undefined;
}

/** Collects the answer to a record job. */
export class RecordAnswer {
  readonly #asked: RecordAsked;
  readonly #kept = new MemoryCheckpoints();
  readonly #log: CheckpointLog;
  /** The checkpoint that came in last, and its block. */
  #last: Uint8Array | undefined;
  #block = 0;

  constructor(asked: RecordAsked) {
    this.#asked = asked;
    this.#log = new CheckpointLog(this.#kept, asked);
  }

  /** Takes checkpoints in the order in which they come. */
  take(items: readonly Item[]): void {
    for (const { bytes } of items) {
      this.#block = this.#log.nextBlock;
      this.#last = bytes;
      this.#log.push(bytes);
    }
    if (items.length > 0) this.#asked.onProgress?.(blockStart(this.#block, this.#asked));
  }

  /** Checks what the child says last. */
  end(claim: unknown): RecordEnd & Pick<RunRecord, "checkpoints" | "stride"> {
    const end = checkRecordEnd(claim, this.#asked);
    const { stride } = this.#log;
    if (spanCount({ ...this.#asked, steps: end.steps, stride }) !== this.#log.count) {
      throw refuse("it has another number of checkpoints than states");
    }
    return { ...end, checkpoints: this.#kept, stride };
  }

  /**
   * What there is of a run whose recording was aborted: up to the last checkpoint that came in, without
   * statistics.
   *
   * @throws {unknown} `error`, if it is something else, or if nothing came in.
   */
  aborted(error: unknown): RecordEnd & Pick<RunRecord, "checkpoints" | "stride"> {
    const isAborted = error instanceof SandboxError && error.reason === "aborted";
    if (!isAborted || this.#last === undefined) throw error;
    return {
      steps: blockStart(this.#block, this.#asked) + 1,
      lastState: this.#last,
      observables: [],
      observed: {},
      accumulators: {},
      failure: undefined,
      notes: [],
      checkpoints: this.#kept,
      stride: this.#log.stride,
    };
  }
}
