/**
 * Merges the parts of all shards of a run into what one machine would have found.
 * This module is browser compatible.
 *
 * @module
 */

import { quoteText } from "../text/quote_text.ts";
import { spanCount } from "../engine/block_grid.ts";
import { type ExtrasPart, SeriesExtras } from "../engine/series_extras.ts";
import {
  extrasAsked,
  type SeriesAsked,
  seriesResult,
  type SeriesStats,
} from "../engine/series_stats.ts";
import { StatsAccumulator } from "../engine/stats.ts";
import type { Stats } from "../engine/types.ts";
import type { BadBlock, MismatchCause, VerifyReport } from "../engine/verify_types.ts";
import { ArgumentTypeError, ShardError } from "../errors.ts";
import { type ReadPart, readPart } from "./read_part.ts";
import type { ShardedRun, ShardObservable, ShardPart } from "./shard_part.ts";

/** The verdict on a whole run. */
export interface MergedVerification {
  /** A verification. */
  readonly kind: "verify";
  /** The run. */
  readonly run: ShardedRun;
  /** Number of shards. */
  readonly shards: number;
  /** What `verify` with `full` finds. */
  readonly report: VerifyReport;
  /** Likely cause of the first failure, if the shard that has it looked for it. */
  readonly cause: MismatchCause | undefined;
}

/** Statistics of a whole run. */
export interface MergedStats {
  /** Statistics. */
  readonly kind: "stats";
  /** The run. */
  readonly run: ShardedRun;
  /** Number of shards. */
  readonly shards: number;
  /** What they are of. */
  readonly observable: ShardObservable;
  /** What `stats` gives, bit for bit. */
  readonly stats: SeriesStats;
  /** The probabilities of its quantiles. */
  readonly quantiles: readonly number[];
}

/** What {@linkcode mergeShards} gives. */
export type MergedShards = MergedVerification | MergedStats;

/** Options of {@linkcode mergeShards}. */
export interface MergeShardsOptions {
  /** What to call the parts in messages, in their order; `part 1` and so on by default. */
  names?: readonly string[];
}

/**
 * Merges the parts of all shards of a run: the same report, and the same bits of statistics, as one machine
 * gives. Parts may come in any order and from anywhere: each is read with bounds and checked for what it
 * could be. Whether a part is true only its maker knows.
 *
 * @param parts What `verifyShard` or `statsShard` gave, or its JSON text.
 * @param options Names for messages.
 * @throws {ShardError} If a part is damaged, of another run, question, number of shards or version of
 * rewind or `Math` than the first, there twice, or missing.
 *
 * @example Usage
 * ```ts
 * import { type PythonRandom, record } from "@rewind/cli";
 * import { mergeShards } from "@rewind/cli/shards";
 * import { assertEquals } from "@std/assert";
 *
 * const step = (x: number, rng: PythonRandom) => x + rng.random();
 * const run = record(step, { init: 0, steps: 10_000, seed: 42 });
 *
 * const texts = [];
 * for (let index = 0; index < 3; index++) {
 *   texts.push(JSON.stringify(await run.statsShard({ index, count: 3 })));
 * }
 * const merged = mergeShards(texts);
 * assertEquals(merged.kind === "stats" && merged.stats, run.stats());
 *
 * const parts = [0, 1].map((index) => run.verifyShard({ index, count: 2 }));
 * const verified = mergeShards(await Promise.all(parts));
 * assertEquals(verified.kind === "verify" && verified.report, run.verify({ full: true }));
 * ```
 */
export function mergeShards(
  parts: Iterable<ShardPart | string>,
  { names = [] }: MergeShardsOptions = {},
): MergedShards {
  const merger = new ShardMerger();
  let number = 0;
  for (const part of parts) {
    // Data goes through the same checks as text.
    const text = typeof part === "string" ? part : JSON.stringify(part);
    const name = names[number++] ?? `part ${number}`;
    merger.add(text, name);
  }
  return merger.result();
}

/** Longest text of a value in a message, in UTF-16 units. */
const SHOWN_UNITS_MAX = 70;

/** Most missing shards that a message lists. */
const MISSING_SHOWN_MAX = 10;

/** Takes parts one by one, so that not all of them have to be in memory. */
export class ShardMerger {
  #first: ReadPart | undefined;
  /** Names of the parts by shard. */
  readonly #names = new Map<number, string>();
  readonly #accumulator = new StatsAccumulator();
  readonly #badBlocks: BadBlock[] = [];
  /** What was taken of series, by shard. */
  readonly #extras = new Map<number, ExtrasPart>();
  #checked = 0;
  /** The bad block that comes first so far, and its cause. */
  #firstBad: { block: number; cause: MismatchCause | undefined } | undefined;

  /**
   * Takes the text of a part.
   *
   * @throws {ShardError} If it cannot be merged with those before it.
   */
  add(text: string, name: string): void {
    const part = readPart(text, name);
    this.#first ??= part;
    checkSame(this.#first, part);
    const known = this.#names.get(part.shard.index);
    if (known !== undefined) {
      throw new ShardError(
        `Cannot merge ${name}: it is ${shardText(part)}, which ${known} is too`,
        { part: name, hint: "pass each shard result once" },
      );
    }
    this.#names.set(part.shard.index, name);
    if (part.kind === "stats") {
      this.#merge(part.partial, name);
      const extras = part.series?.extras;
      if (extras !== undefined) this.#extras.set(part.shard.index, extras);
      return;
    }
    this.#checked += part.checked;
    for (const bad of part.badBlocks) this.#badBlocks.push(bad);
    const [bad] = part.badBlocks;
    if (bad !== undefined && (this.#firstBad === undefined || bad.block < this.#firstBad.block)) {
      this.#firstBad = { block: bad.block, cause: part.cause };
    }
  }

  /**
   * What all parts come to.
   *
   * @throws {ShardError} If some are missing.
   */
  result(): MergedShards {
    const first = this.#first;
    if (first === undefined) throw new ShardError("Cannot merge: there are no shard results");
    const { run, shard: { count: shards } } = first;
    this.#checkComplete(shards);
    if (first.kind === "stats") {
      const { observable, series } = first;
      const moments = this.#accumulator.result();
      const stats = series === undefined ? moments : this.#seriesOf(moments, series.asked);
      const quantiles = series?.asked.quantiles ?? [];
      return { kind: "stats", run, shards, observable, stats, quantiles };
    }
    const report = {
      ok: this.#badBlocks.length === 0,
      blocks: spanCount(run),
      checked: this.#checked,
      badBlocks: this.#badBlocks.sort((a, b) => a.block - b.block),
      // Each shard told of its own.
      otherSharing: [],
    };
    return { kind: "verify", run, shards, report, cause: this.#firstBad?.cause };
  }

  #merge(partial: Parameters<StatsAccumulator["merge"]>[0], name: string): void {
    try {
      this.#accumulator.merge(partial);
    } catch (error) {
      // Numbers here and vectors there.
      if (!(error instanceof ArgumentTypeError)) throw error;
      throw new ShardError(`Cannot merge ${name}: ${error.message}`, { part: name, cause: error });
    }
  }

  /** Merges what was taken besides moments, in the order of the series. */
  #seriesOf(moments: Stats, asked: SeriesAsked): SeriesStats {
    const request = extrasAsked(asked);
    if (request === undefined) return moments;
    const all = new SeriesExtras(request, 0);
    for (const [, extras] of [...this.#extras].sort(([a], [b]) => a - b)) all.merge(extras);
    const extras = all.part();
    if (extras.counts?.isTooMany === true) {
      throw new ShardError("Cannot merge: the shards have too many different values", {
        hint: "take quantiles and histograms without --shard, or of fewer states with --every",
      });
    }
    return seriesResult(moments, extras, asked);
  }

  #checkComplete(count: number): void {
    const missing: number[] = [];
    for (let index = 0; index < count && missing.length <= MISSING_SHOWN_MAX; index++) {
      if (!this.#names.has(index)) missing.push(index);
    }
    if (missing.length === 0) return;
    const shown = missing.slice(0, MISSING_SHOWN_MAX).map((index) => `${index}/${count}`);
    const more = count - this.#names.size - shown.length;
    const all = more > 0 ? [...shown, `${more} more`] : shown;
    throw new ShardError(
      missing.length === 1
        ? `Cannot merge: the result of shard ${all[0]} is missing`
        : `Cannot merge: the results of shards ${all.join(", ")} are missing`,
    );
  }
}

function shardText({ shard: { index, count } }: ReadPart): string {
  return `shard ${index}/${count}`;
}

/** Refuses parts that are answers to different questions. */
function checkSame(first: ReadPart, part: ReadPart): void {
  const theirs = aspects(first);
  aspects(part).forEach(([what, value], i) => {
    const other = theirs[i]![1];
    if (value === other) return;
    throw new ShardError(
      `Cannot merge ${part.name} with ${first.name}: ${what} differs: ${
        quoteText(value, SHOWN_UNITS_MAX)
      } and ${quoteText(other, SHOWN_UNITS_MAX)}`,
      { part: part.name },
    );
  });
}

/** What all parts must have in common, with what it is called. */
function aspects(part: ReadPart): [what: string, value: string][] {
  const { run } = part;
  return [
    ["what was asked", part.kind],
    ["the content hash of the run", run.contentHash],
    ["the number of steps", `${run.steps}`],
    ["the block size", `${run.blockSize}`],
    ["the kind of Math", run.math],
    ["the hash of the step source", run.sourceHash ?? "none"],
    ["the number of shards", `${part.shard.count}`],
    ["the version of rewind", part.tool],
    ["the fingerprint of Math", part.mathFingerprint],
    ["what was taken", part.kind === "stats" ? askedText(part.series?.asked) : ""],
    ["the observable", part.kind === "stats" ? JSON.stringify(part.observable) : ""],
  ];
}

function askedText(asked: SeriesAsked | undefined): string {
  if (asked === undefined) return "moments of all states";
  const { from, to, every, quantiles, histogram, autocorrelation } = asked;
  return JSON.stringify({ from, to, every, quantiles, histogram, autocorrelation });
}
