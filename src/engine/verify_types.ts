/**
 * What a verification reports.
 * This module is browser compatible.
 *
 * @module
 */

import type { IndexRange, RemadeStart } from "./types.ts";
import type { StateDifference } from "../error_types.ts";

/**
 * A block whose replay did not give the recorded state at its end. Where the run stores only every n-th
 * checkpoint, the n blocks from one checkpoint to the next count as one.
 */
export interface BadBlock {
  /** Index of the block, which is that of the checkpoint it was replayed from. */
  readonly block: number;
  /** Index of the state it was replayed from. */
  readonly from: number;
  /** Index of the state that was compared. */
  readonly to: number;
  /** First difference between the recorded and the replayed state, if both are there. */
  readonly difference: StateDifference | undefined;
  /** Why there is no replayed state, if the replay failed. */
  readonly error: string | undefined;
}

/** Likely cause of a mismatch. */
export type MismatchCause =
  | "corrupted"
  | "code changed"
  | "engine changed"
  | "nondeterministic"
  | "states changed";

/** What a verification found. */
export interface VerifyReport {
  /** Whether every block that was compared gave the recorded state. */
  readonly ok: boolean;
  /** Number of blocks of the run; those from one checkpoint to the next count as one. */
  readonly blocks: number;
  /** Number of blocks that were replayed and compared. */
  readonly checked: number;
  /** The blocks that failed, in order. */
  readonly badBlocks: readonly BadBlock[];
  /**
   * Blocks that gave the recorded values, but with other objects that are one or share memory: no failure,
   * though a step that changes such an object goes on differently.
   */
  readonly otherSharing: readonly OtherSharing[];
}

/** A block whose replay gave the recorded values with another sharing. */
export interface OtherSharing {
  /** Index of the block. */
  readonly block: number;
  /** Index of the state that was compared. */
  readonly to: number;
  /** Where that shows first. */
  readonly difference: StateDifference;
}

/** What the comparison of one span gave. */
export type SpanVerdict = BadBlock | OtherSharing | undefined;

/** Which spans to verify, and how. */
export interface VerifySpansOptions {
  /** Goes on after one that differs, so that all of them are listed. */
  readonly full: boolean;
  /** Which spans. */
  readonly spans: IndexRange;
  /** Makes X_0 again; undefined where that is not to be compared. */
  readonly start: (() => RemadeStart) | undefined;
}
