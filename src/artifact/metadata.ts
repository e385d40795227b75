/**
 * What is known of a run besides its states. This module is browser compatible.
 *
 * @module
 */

import type { MathKind, RunRecord } from "../engine/types.ts";
import type { RngName } from "../rng/backends.ts";

/** What `metadata` of a run tells. */
export interface RunMetadata {
  /** Number of states T. */
  readonly steps: number;
  /** Master seed. */
  readonly seed: bigint;
  /** States per block. */
  readonly blockSize: number;
  /** Number of blocks, and so of checkpoints. */
  readonly blocks: number;
  /** Generator backend. */
  readonly rng: RngName;
  /** Which `Math` the step saw. */
  readonly math: MathKind;
  /** Free text that names the step. */
  readonly stepId: string;
  /** Names of the observables computed while recording. */
  readonly observed: readonly string[];
  /** Whether the step's source is embedded. */
  readonly hasSource: boolean;
  /** For a branch: the t of the parent's state it started from. */
  readonly branchPoint: number | undefined;
  /** For a branch whose parent was saved or hashed: the parent's content hash. */
  readonly parentHash: string | undefined;
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
