/**
 * What every run shows of its record, whether its step runs here or in the sandbox.
 * This module is browser compatible.
 *
 * @module
 */

import { copyState } from "../codec/copy_state.ts";
import type { RngName } from "../rng/backends.ts";
import type { ReplayPlan, RunFailure, RunRecord, Stats } from "./types.ts";
import type { RunMetadata } from "./record_types.ts";

/** Read access to what is known of a run without calling its step. */
export class RecordView {
  /** The run as plain data. */
  readonly record: RunRecord;

  /** Over a record, which is not copied. */
  constructor(record: RunRecord) {
    this.record = record;
  }

  /** Number of states T. */
  get steps(): number {
    return this.record.steps;
  }

  /** Master seed. */
  get seed(): bigint {
    return this.record.seed;
  }

  /** States per block. */
  get blockSize(): number {
    return this.record.blockSize;
  }

  /** Generator backend. */
  get rng(): RngName {
    return this.record.rng;
  }

  /** A copy of the parameters handed to every step. */
  get params(): unknown {
    return copyState(this.record.params);
  }

  /** Statistics of the observables that were computed while recording; of a file, its claims. */
  get observed(): Readonly<Record<string, Stats>> {
    return this.record.observed;
  }

  /** The t of the root run at which X_0 lies; 0 unless this is a branch. */
  get origin(): number {
    return this.record.origin;
  }

  /** For a branch: the t of the parent's state it started from. */
  get branchPoint(): number | undefined {
    return this.record.branchPoint;
  }

  /** Why the run is shorter than asked for, if a step threw. Foreign text: escape it to print it. */
  get failure(): RunFailure | undefined {
    return this.record.failure;
  }
}

/** What is known of a run besides its states, from its record. */
export function metadataOf(
  record: RunRecord,
  {
    hasSource = record.source !== undefined,
    parentHash = record.parentHash,
  }: { hasSource?: boolean; parentHash?: string | undefined } = {},
): RunMetadata {
  return {
    steps: record.steps,
    seed: record.seed,
    blockSize: record.blockSize,
    blocks: record.checkpoints.length,
    rng: record.rng,
    math: record.math,
    stepId: record.stepId,
    observed: record.observables,
    hasSource,
    branchPoint: record.branchPoint,
    parentHash,
  };
}

/** The plan for replaying a recorded run with a step. */
export function replayPlan<S>(
  record: RunRecord,
  functions: Pick<ReplayPlan<S>, "step" | "codec">,
): ReplayPlan<S> {
  const { steps, seed, rng, params, origin, blockSize, gridOffset, generatorState, inputs } =
    record;
  return {
    ...{ steps, seed, rng, params, origin, blockSize, gridOffset, generatorState, inputs },
    step: functions.step,
    codec: functions.codec,
  };
}
