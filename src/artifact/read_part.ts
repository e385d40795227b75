/**
 * Reads parts of shards, which may come from anywhere: bounded, strict, nothing in them is believed but the
 * result itself. This module is browser compatible.
 *
 * @module
 */

import { fieldsOf, listOf } from "../codec/exact_fields.ts";
import { spanCount } from "../engine/block_grid.ts";
import type { IndexRange, PartialStats } from "../engine/types.ts";
import { extrasOfData } from "../engine/extras_data.ts";
import type { ExtrasPart } from "../engine/series_extras.ts";
import type { SeriesAsked } from "../engine/series_stats.ts";
import { partialOfData } from "../engine/partial_stats.ts";
import { type Shard, shardSpans, statesOfSpans } from "../engine/shard.ts";
import { MISMATCH_CAUSES, spanPlace } from "../engine/verify.ts";
import type { BadBlock, MismatchCause } from "../engine/verify_types.ts";
import { ShardError } from "../errors.ts";
import { PART_BYTES_MAX, PART_TEXT_UNITS_MAX } from "./limits.ts";
import { SHARDS_MAX } from "../engine/limits.ts";
import { STEPS_MAX } from "../limits.ts";
import { parseCanonicalJson } from "./canonical_json.ts";
import {
  PART_BOUNDS,
  PART_FORMAT,
  PART_VERSION,
  type ShardedRun,
  type ShardObservable,
} from "./shard_part.ts";
import type { StateDifference } from "../error_types.ts";

/** What every part has. */
interface ReadHead {
  /** Name for messages. */
  readonly name: string;
  readonly tool: string;
  readonly mathFingerprint: string;
  readonly run: ShardedRun;
  readonly shard: Shard;
}

/** A part of a verification, read and checked. */
export interface ReadVerifyPart extends ReadHead {
  readonly kind: "verify";
  readonly checked: number;
  readonly badBlocks: readonly BadBlock[];
  readonly cause: MismatchCause | undefined;
}

/** A part of statistics, read and checked. */
export interface ReadStatsPart extends ReadHead {
  readonly kind: "stats";
  readonly observable: ShardObservable;
  readonly partial: PartialStats;
  /** What else was asked for and taken; undefined for the moments of all states. */
  readonly series:
    | { readonly asked: SeriesAsked; readonly extras: ExtrasPart | undefined }
    | undefined;
}

/** A part, read and checked. */
export type ReadPart = ReadVerifyPart | ReadStatsPart;

const HEAD_FIELDS = [
  "format",
  "version",
  "kind",
  "tool",
  "engine",
  "mathFingerprint",
  "run",
  "shard",
  "blocks",
  "steps",
] as const;
const VERIFY_FIELDS = [...HEAD_FIELDS, "checked", "badBlocks", "cause"] as const;
const STATS_FIELDS = [...HEAD_FIELDS, "observable", "partial", "series"] as const;

const HASH = /^[0-9a-f]{64}$/;
const FINGERPRINT = /^[0-9a-f]{16}$/;
/** Names of programs and engines: one line that every terminal can show. */
const PROGRAM = /^[\x20-\x7e]{1,400}$/;
const DIGITS = /^(?:0|[1-9][0-9]{0,19})$/;
const FLOAT_BITS_MAX = 64;

/**
 * Reads the text of a part.
 *
 * @param name What to call it in messages.
 * @throws {ShardError} If it is no part, or not one that a shard of any run could give.
 */
export function readPart(text: string, name: string): ReadPart {
  if (text.length > PART_BYTES_MAX) {
    throw damaged(name, `it has more than ${PART_BYTES_MAX} bytes`);
  }
  let json: unknown;
  try {
    json = parseCanonicalJson(text.endsWith("\n") ? text.slice(0, -1) : text, PART_BOUNDS);
  } catch (error) {
    throw damaged(name, (error as Error).message);
  }
  return new PartReader(name).read(json);
}

function damaged(name: string, why: string): ShardError {
  return new ShardError(`Cannot read ${name}: ${why}`, { part: name, hint: "run the shard again" });
}

class PartReader {
  readonly #name: string;

  constructor(name: string) {
    this.#name = name;
  }

  read(json: unknown): ReadPart {
    const { format, version, kind } = (json ?? {}) as Record<string, unknown>;
    if (format !== PART_FORMAT) throw damaged(this.#name, "it is no part that a shard writes");
    if (version !== PART_VERSION) {
      throw damaged(
        this.#name,
        `it is not of format version ${PART_VERSION}, which this rewind reads`,
      );
    }
    if (kind === "verify") return this.#verifyPart(json);
    return this.#need(kind === "stats" ? this.#statsPart(json) : undefined, "kind");
  }

  #verifyPart(json: unknown): ReadVerifyPart {
    const fields = this.#need(fieldsOf(json, VERIFY_FIELDS), "list of fields");
    const { head, blocks } = this.#head(fields);
    const { from, to } = blocks;
    const badBlocks = this.#need(
      listOf(fields.badBlocks, (bad) => badBlockOf(bad, blocks, head.run)),
      "badBlocks",
    );
    this.#check(
      badBlocks.every(({ block }, i) => i === 0 || badBlocks[i - 1]!.block < block),
      "badBlocks",
    );
    const { checked } = fields;
    // Only the last block of all may have no recorded end.
    const isLast = to === spanCount(head.run) && to > from;
    this.#check(
      (checked === to - from || (isLast && checked === to - from - 1)) &&
        badBlocks.length <= checked,
      "checked",
    );
    const cause = fields.cause === null
      ? undefined
      : this.#need(MISMATCH_CAUSES.find((known) => known === fields.cause), "cause");
    this.#check(cause === undefined || badBlocks.length > 0, "cause");
    return { ...head, kind: "verify", checked: checked as number, badBlocks, cause };
  }

  #statsPart(json: unknown): ReadStatsPart {
    const fields = this.#need(fieldsOf(json, STATS_FIELDS), "list of fields");
    const { head, blocks } = this.#head(fields);
    const states = statesOfSpans(blocks, head.run);
    const { steps } = head.run;
    const series = fields.series === null
      ? undefined
      : this.#need(extrasOfData(fields.series, { states, steps }), "series");
    const count = series?.count ?? states.to - states.from;
    return {
      ...head,
      kind: "stats",
      observable: this.#observable(fields.observable),
      partial: this.#need(partialOfData(fields.partial, count), "partial"),
      series,
    };
  }

  #head(
    fields: Readonly<Record<typeof HEAD_FIELDS[number], unknown>>,
  ): { head: ReadHead; blocks: IndexRange } {
    const run = this.#run(fields.run);
    const shard = this.#shard(fields.shard);
    const blocks = shardSpans(shard, spanCount(run));
    this.#check(isRange(fields.blocks, blocks), "blocks");
    this.#check(isRange(fields.steps, statesOfSpans(blocks, run)), "steps");
    this.#text(fields.engine, PROGRAM, "engine");
    const head = {
      name: this.#name,
      tool: this.#text(fields.tool, PROGRAM, "tool"),
      mathFingerprint: this.#text(fields.mathFingerprint, FINGERPRINT, "mathFingerprint"),
      run,
      shard,
    };
    return { head, blocks };
  }

  #run(claim: unknown): ShardedRun {
    const fields = this.#need(
      fieldsOf(claim, [
        "contentHash",
        "sourceHash",
        "math",
        "steps",
        "blockSize",
        "gridOffset",
        "stride",
      ]),
      "run",
    );
    const { math, sourceHash, steps, blockSize, gridOffset, stride } = fields;
    this.#check(math === "engine" || math === "portable", "run.math");
    this.#check(isWhole(steps, 1, STEPS_MAX), "run.steps");
    this.#check(isWhole(blockSize, 1, STEPS_MAX), "run.blockSize");
    this.#check(isWhole(gridOffset, 0, STEPS_MAX), "run.gridOffset");
    this.#check(isWhole(stride, 1, STEPS_MAX), "run.stride");
    return {
      contentHash: this.#text(fields.contentHash, HASH, "run.contentHash"),
      sourceHash: sourceHash === null ? null : this.#text(sourceHash, HASH, "run.sourceHash"),
      math: math as ShardedRun["math"],
      steps: steps as number,
      blockSize: blockSize as number,
      gridOffset: gridOffset as number,
      stride: stride as number,
    };
  }

  #shard(claim: unknown): Shard {
    const { index, count } = this.#need(fieldsOf(claim, ["index", "count"]), "shard");
    this.#check(isWhole(count, 1, SHARDS_MAX), "shard.count");
    this.#check(isWhole(index, 0, (count as number) - 1), "shard.index");
    return { index: index as number, count: count as number };
  }

  #observable(claim: unknown): ShardObservable {
    if (claim === null) return null;
    for (const key of ["name", "expression", "function"] as const) {
      const text = fieldsOf(claim, [key])?.[key];
      if (typeof text === "string") return { [key]: text } as unknown as ShardObservable;
    }
    throw this.#fault("observable");
  }

  #text(claim: unknown, pattern: RegExp, field: string): string {
    this.#check(typeof claim === "string" && pattern.test(claim), field);
    return claim as string;
  }

  #need<T>(value: T | undefined, field: string): T {
    if (value === undefined) throw this.#fault(field);
    return value;
  }

  #check(holds: boolean, field: string): void {
    if (!holds) throw this.#fault(field);
  }

  #fault(field: string): ShardError {
    return damaged(this.#name, `its ${field} is not one that a shard of a run could give`);
  }
}

function badBlockOf(
  claim: unknown,
  blocks: IndexRange,
  run: ShardedRun,
): BadBlock | undefined {
  const fields = fieldsOf(claim, ["block", "difference", "error"]);
  if (fields === undefined) return undefined;
  const { block, error } = fields;
  if (!isWhole(block, blocks.from, blocks.to - 1)) return undefined;
  const difference = fields.difference === null ? null : differenceOf(fields.difference);
  if (difference === undefined || !(error === null || isShortText(error))) return undefined;
  if (difference !== null && error !== null) return undefined;
  return {
    ...spanPlace(block, run),
    difference: difference ?? undefined,
    error: error ?? undefined,
  };
}

function differenceOf(claim: unknown): StateDifference | undefined {
  const fields = fieldsOf(claim, ["path", "expected", "actual", "bits", "ulps"]);
  if (fields === undefined) return undefined;
  const { path, expected, actual, bits, ulps } = fields;
  if (!isShortText(path) || !isShortText(expected) || !isShortText(actual)) return undefined;
  if (bits !== null && !isWhole(bits, 0, FLOAT_BITS_MAX)) return undefined;
  if (ulps !== null && !(typeof ulps === "string" && DIGITS.test(ulps))) return undefined;
  return {
    path,
    expected,
    actual,
    ...(bits === null ? {} : { bits }),
    ...(ulps === null ? {} : { ulps: BigInt(ulps) }),
  };
}

function isShortText(claim: unknown): claim is string {
  return typeof claim === "string" && claim.length <= PART_TEXT_UNITS_MAX;
}

function isWhole(claim: unknown, min: number, max: number): claim is number {
  return Number.isInteger(claim) && (claim as number) >= min && (claim as number) <= max;
}

function isRange(claim: unknown, { from, to }: IndexRange): boolean {
  const fields = fieldsOf(claim, ["from", "to"]);
  return fields !== undefined && fields.from === from && fields.to === to;
}
