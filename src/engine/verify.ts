/**
 * Compares replayed blocks with recorded ones. What replays them is passed in, so the same comparison
 * serves a replay in this process and one in the sandbox.
 * This module is browser compatible.
 *
 * @module
 */

import { describeDifference, equalBytes } from "../codec/compare_states.ts";
import { decodeState } from "../codec/decode_state.ts";
import { RewindError, type StateDifference } from "../errors.ts";
import { blockCount, blockReach } from "./blocks.ts";
import { type IndexRange, indicesOf } from "./shard.ts";
import type { RunRecord } from "./types.ts";

/** A block whose replay did not give the recorded state at its end. */
export interface BadBlock {
  /** Index of the block. */
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

/** Causes that a replay can show, in a file that is whole. */
export const MISMATCH_CAUSES: readonly MismatchCause[] = [
  "code changed",
  "engine changed",
  "nondeterministic",
  "states changed",
];

/** What a verification found. */
export interface VerifyReport {
  /** Whether every block that was compared gave the recorded state. */
  readonly ok: boolean;
  /** Number of blocks of the run. */
  readonly blocks: number;
  /** Number of blocks that were replayed and compared. */
  readonly checked: number;
  /** The blocks that failed, in order. */
  readonly badBlocks: readonly BadBlock[];
}

/** The recorded state that ends a block; undefined where the artifact holds none. */
export function recordedEnd(record: RunRecord, block: number): Uint8Array | undefined {
  const next = block + 1;
  return next < record.checkpoints.length ? record.checkpoints.bytesAt(next) : record.lastState;
}

/** Compares one replayed block with the recorded one; undefined if they agree. */
export function judgeBlock(
  record: RunRecord,
  block: number,
  replayed: Uint8Array,
): BadBlock | undefined {
  const expected = recordedEnd(record, block);
  if (expected === undefined || equalBytes(expected, replayed)) return undefined;
  return {
    ...blockSpan(record, block),
    difference: describeDifference(decodeState(expected), decodeState(replayed)),
    error: undefined,
  };
}

/** The entry for a block whose replay failed. */
export function failedBlock(record: RunRecord, block: number, error: string): BadBlock {
  return { ...blockSpan(record, block), difference: undefined, error };
}

/** Collects the verdicts on all blocks, or on some of them, into a report. */
export function reportOf(record: RunRecord, checked: number, bad: BadBlock[]): VerifyReport {
  return {
    ok: bad.length === 0,
    blocks: blockCount(record.steps, record.blockSize),
    checked,
    badBlocks: bad.sort((a, b) => a.block - b.block),
  };
}

/** One sentence on a failed verification, for an error message. */
export function describeFailure(report: VerifyReport): string {
  const first = report.badBlocks[0]!;
  const what = first.error ??
    (first.difference === undefined
      ? "the bytes differ"
      : `${first.difference.path}: recorded ${first.difference.expected}, replayed ${first.difference.actual}`);
  const others = report.badBlocks.length - 1;
  return `Cannot verify the run: block ${first.block} does not replay to state ${first.to}: ${what}` +
    (others > 0 ? `; ${others} more ${others === 1 ? "block differs" : "blocks differ"}` : "");
}

/**
 * Replays blocks in this process and compares them.
 *
 * @param record The recorded run.
 * @param replay Gives the bytes of the state that ends a block; it may throw.
 * @param options Which blocks; with `full`, goes on after one that differs, so that all of them are listed.
 */
export function verifyBlocks(
  record: RunRecord,
  replay: (block: number) => Uint8Array,
  { full, blocks }: { full: boolean; blocks: IndexRange },
): VerifyReport {
  const bad: BadBlock[] = [];
  let checked = 0;
  for (const block of indicesOf(blocks)) {
    if (recordedEnd(record, block) === undefined) continue;
    const found = verifyBlock(record, block, replay);
    checked++;
    if (found !== undefined) {
      bad.push(found);
      if (!full) break;
    }
  }
  return reportOf(record, checked, bad);
}

function verifyBlock(
  record: RunRecord,
  block: number,
  replay: (block: number) => Uint8Array,
): BadBlock | undefined {
  try {
    return judgeBlock(record, block, replay(block));
  } catch (error) {
    // A damaged artifact is no verdict on the step.
    if (error instanceof RewindError && error.code === "ARTIFACT_INTEGRITY") throw error;
    return failedBlock(record, block, error instanceof Error ? error.message : String(error));
  }
}

/** The index of a block, and the first and last state of its replay. */
export function blockSpan(
  record: Pick<RunRecord, "steps" | "blockSize">,
  block: number,
): { block: number; from: number; to: number } {
  return {
    block,
    from: block * record.blockSize,
    to: blockReach(block, record.steps, record.blockSize),
  };
}
