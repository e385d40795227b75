/**
 * What a child sends while it records: checkpoints, which are kept here as the budget says, and the end.
 *
 * @module
 */

import { CheckpointLog, MemoryCheckpoints } from "../../engine/checkpoint_log.ts";
import type { ExtendableRecord } from "../../engine/extension_inputs.ts";
import { blockOf, blockStart, type Grid, spanCount } from "../../engine/grid.ts";
import type { RunRecord, Shims, StorageBudget } from "../../engine/types.ts";
import { equalBytes } from "../../codec/compare_states.ts";
import { NondeterministicStepError, SandboxError } from "../../errors.ts";
import { type Item, refuse } from "../wire/frame_reader.ts";
import type { TrialRequest } from "../wire/requests.ts";
import { checkRecordEnd, type RecordEnd } from "./claims.ts";

/** What was asked for, and what the child said first. */
export interface RecordAsked extends Pick<Grid, "blockSize" | "gridOffset"> {
  /** Most states. */
  readonly steps: number;
  /** What may be stored. */
  readonly budget: StorageBudget | undefined;
  /** The run that is gone on with. */
  readonly goOn: ExtendableRecord | undefined;
  /** What is asked of the run besides. */
  readonly trial: TrialRequest | undefined;
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
  #block: number;
  /** The run that is gone on with, until the child has come to its last state. */
  #resumed: ExtendableRecord | undefined;

  constructor(asked: RecordAsked) {
    this.#asked = asked;
    const { goOn, budget } = asked;
    const lengths: number[] = [];
    for (let i = 0; i < (goOn?.checkpoints.length ?? 0); i++) {
      const bytes = goOn!.checkpoints.bytesAt(i);
      this.#kept.push(bytes);
      lengths.push(bytes.length);
      this.#last = bytes;
    }
    this.#log = new CheckpointLog(this.#kept, { budget, stride: goOn?.stride ?? 1, lengths });
    this.#block = Math.max(0, this.#log.nextBlock - this.#log.stride);
    this.#resumed = goOn;
  }

  /** Takes checkpoints in the order in which they come. */
  take(items: readonly Item[]): void {
    for (const { bytes } of items) {
      if (this.#resumed !== undefined) {
        checkResumed(this.#resumed, bytes);
        this.#resumed = undefined;
        continue;
      }
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
    const { goOn } = this.#asked;
    if (isAborted && goOn !== undefined && this.#block === blockOf(goOn.steps - 1, this.#asked)) {
      return { ...goOn, notes: [], frames: [], trial: undefined };
    }
    if (!isAborted || this.#last === undefined) throw error;
    return {
      steps: blockStart(this.#block, this.#asked) + 1,
      lastState: this.#last,
      observables: [],
      observed: {},
      accumulators: {},
      failure: undefined,
      notes: [],
      frames: [],
      trial: undefined,
      checkpoints: this.#kept,
      stride: this.#log.stride,
    };
  }
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

/** What a run needs of what it was offered: nothing for loading, if the module did not ask for it. */
export function recordedShims(offered: Shims | undefined, isLoadUsed: boolean): Shims | undefined {
  if (offered === undefined) return undefined;
  const { load, ...rest } = offered;
  const shims: Shims = load === true && isLoadUsed ? { ...rest, load } : rest;
  return Object.keys(shims).length === 0 ? undefined : shims;
}
