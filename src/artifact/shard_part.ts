/**
 * Parts: what one shard of a verification, or of statistics, found, as JSON that is the same for the same
 * run, shard and question. This module is browser compatible.
 *
 * @module
 */

import { spanCount } from "../engine/block_grid.ts";
import type { SeriesData } from "../engine/extras_data.ts";
import { checkShard, type Shard, shardSpans, statesOfSpans } from "../engine/shard.ts";
import type { IndexRange, MathKind, PartialStatsData, RunRecord } from "../engine/types.ts";
import type { BadBlock, MismatchCause, VerifyReport } from "../engine/verify_types.ts";
import { ShardError } from "../errors.ts";
import { PART_BYTES_MAX, PART_DEPTH_MAX, PART_VALUES_MAX } from "./limits.ts";
import { checkJsonBounds, type JsonBounds } from "./canonical_json.ts";
import { toHex } from "../bytes/hex.ts";
import { currentWriter } from "./saved_record.ts";
import { sha256Sync } from "../bytes/sha256.ts";

/** What the first field of a part says. */
export const PART_FORMAT: ShardPartHead["format"] = "rewind shard part";

/** Version of the format of parts. */
export const PART_VERSION: ShardPartHead["version"] = 1;

/** The run that a part is of, and what it was replayed with. */
export interface ShardedRun {
  /** Content hash of the run, lower-case hexadecimal. */
  readonly contentHash: string;
  /** SHA-256 of the source of the step module, lower-case hexadecimal; null if a function was given. */
  readonly sourceHash: string | null;
  /** Which `Math` the step saw. */
  readonly math: MathKind;
  /** Number of states T. */
  readonly steps: number;
  /** States per block. */
  readonly blockSize: number;
  /** Index of X_0 in the numbering of the run whose seed it uses. */
  readonly gridOffset: number;
  /** How many blocks lie between two checkpoints. */
  readonly stride: number;
}

/** What every part says of itself. */
export interface ShardPartHead {
  /** Always the same. */
  readonly format: "rewind shard part";
  /** Version of the format. */
  readonly version: 1;
  /** What was asked of the run. */
  readonly kind: "verify" | "stats";
  /** Program that made the part. */
  readonly tool: string;
  /** Engine that it ran on. */
  readonly engine: string;
  /** Fingerprint of that engine's `Math`. */
  readonly mathFingerprint: string;
  /** Which run. */
  readonly run: ShardedRun;
  /** Which shard of how many. */
  readonly shard: Shard;
  /** Its blocks. */
  readonly blocks: IndexRange;
  /** Their states. */
  readonly steps: IndexRange;
}

/** One bad block in a part; the block's states follow from its index. */
export interface BadBlockData {
  /** Index of the block. */
  readonly block: number;
  /** First difference between the recorded and the replayed state, if both are there. */
  readonly difference: {
    readonly path: string;
    readonly expected: string;
    readonly actual: string;
    readonly bits: number | null;
    readonly ulps: string | null;
  } | null;
  /** Why there is no replayed state, if the replay failed. */
  readonly error: string | null;
}

/** The part of a shard of a verification. */
export interface VerifyShardPart extends ShardPartHead {
  /** A verification. */
  readonly kind: "verify";
  /** Number of blocks that were replayed and compared. */
  readonly checked: number;
  /** Those that failed, in order. */
  readonly badBlocks: readonly BadBlockData[];
  /** Likely cause of the first failure, if it was looked for. */
  readonly cause: MismatchCause | null;
}

/**
 * What statistics are of: the states themselves (null), an observable that the step module exports, the text
 * of a function that ran in the sandbox, or that of a function of this process.
 */
export type ShardObservable =
  | null
  | { readonly name: string }
  | { readonly expression: string }
  | { readonly function: string };

/** The part of a shard of statistics. */
export interface StatsShardPart extends ShardPartHead {
  /** Statistics. */
  readonly kind: "stats";
  /** What they are of. */
  readonly observable: ShardObservable;
  /** Their exact state. */
  readonly partial: PartialStatsData;
  /** Which states they are of and what else was taken; null for the moments of all. */
  readonly series: SeriesData | null;
}

/** What a shard found, as plain data: write it as `JSON.stringify` gives it, for `mergeShards`. */
export type ShardPart = VerifyShardPart | StatsShardPart;

/** What a part is made of besides its result. */
export interface PartOrigin {
  /** Content hash of the run. */
  readonly contentHash: string;
  /** Source of the step module that replayed it; undefined if it was a function of this process. */
  readonly source: string | undefined;
  /** Which shard. */
  readonly shard: Shard;
}

/**
 * The blocks of a run that a shard takes.
 *
 * @throws {RangeError} If there is no such shard.
 */
export function blocksOfShard(record: RunRecord, shard: Shard): IndexRange {
  checkShard(shard);
  return shardSpans(shard, spanCount(record));
}

/** The part of a verification; `cause` is that of its first bad block, if it was looked for. */
export function verifyPart(
  record: RunRecord,
  origin: PartOrigin,
  { report, cause }: { report: VerifyReport; cause?: MismatchCause | undefined },
): VerifyShardPart {
  return {
    ...partHead(record, origin, "verify"),
    checked: report.checked,
    badBlocks: report.badBlocks.map(badBlockData),
    cause: cause ?? null,
  };
}

/** The part of statistics. */
export function statsPart(
  record: RunRecord,
  origin: PartOrigin,
  { observable, partial, series = null }: {
    observable: ShardObservable;
    partial: PartialStatsData;
    series?: SeriesData | null;
  },
): StatsShardPart {
  return { ...partHead(record, origin, "stats"), observable, partial, series };
}

/** What the JSON of a part may hold. */
export const PART_BOUNDS: JsonBounds = { depthMax: PART_DEPTH_MAX, valuesMax: PART_VALUES_MAX };

/**
 * The bytes of a part's file.
 *
 * @throws {ShardError} If it is larger than what is read again.
 */
export function encodePart(part: ShardPart): Uint8Array {
  const text = JSON.stringify(part);
  const bytes = new TextEncoder().encode(`${text}\n`);
  try {
    if (bytes.length > PART_BYTES_MAX) throw new SyntaxError(`it has ${bytes.length} bytes`);
    checkJsonBounds(text, PART_BOUNDS);
  } catch (error) {
    throw new ShardError(
      `Cannot write the shard result: ${(error as Error).message}`,
      { hint: "use more and smaller shards" },
    );
  }
  return bytes;
}

function partHead<K extends "verify" | "stats">(
  record: RunRecord,
  { contentHash, source, shard }: PartOrigin,
  kind: K,
): ShardPartHead & { readonly kind: K } {
  const { tool, engine, mathFingerprint } = currentWriter();
  const { index, count } = shard;
  const { steps, blockSize, gridOffset, stride, math } = record;
  const blocks = shardSpans(shard, spanCount(record));
  const sourceHash = source === undefined
    ? null
    : toHex(sha256Sync(new TextEncoder().encode(source)));
  return {
    format: PART_FORMAT,
    version: PART_VERSION,
    kind,
    tool,
    engine,
    mathFingerprint,
    run: { contentHash, sourceHash, math, steps, blockSize, gridOffset, stride },
    shard: { index, count },
    blocks,
    steps: statesOfSpans(blocks, record),
  };
}

function badBlockData({ block, difference, error }: BadBlock): BadBlockData {
  return {
    block,
    difference: difference === undefined ? null : {
      path: difference.path,
      expected: difference.expected,
      actual: difference.actual,
      bits: difference.bits ?? null,
      ulps: difference.ulps === undefined ? null : `${difference.ulps}`,
    },
    error: error ?? null,
  };
}
