/**
 * Statistics of a series of a run with untrusted step source: moments, quantiles, a histogram, the standard error of
 * the mean, in memory that does not grow with the run.
 *
 * @module
 */

import { dataOfExtras } from "../../engine/extras_data.ts";
import { dataOfPartial } from "../../engine/partial_stats.ts";
import { interpolate, OrderSearch, ranksOf } from "../../engine/value_passes.ts";
import {
  extrasAsked,
  isPlain,
  type SeriesAsked,
  seriesAsked,
  type SeriesOptions,
  seriesResult,
  type SeriesStats,
} from "../../engine/series_stats.ts";
import type { ExtrasPart, ExtrasRequest } from "../../engine/series_extras.ts";
import type { RunRecord } from "../../engine/types.ts";
import { ShardError } from "../../errors.ts";
import {
  blocksOfShard,
  type PartOrigin,
  statsPart,
  type StatsShardPart,
} from "../../artifact/shard_part.ts";
import type { ChildOptions } from "./sandbox_child.ts";
import type { ObservableChoice } from "./session_options.ts";
import { CHILDREN_PER_SHARD } from "./shared_pass.ts";
import { statsSandboxed } from "./stats_sandboxed.ts";

/** What to take statistics of, and in which child. */
export interface SeriesSandboxedOptions extends ChildOptions {
  /** What to observe; the states themselves by default. */
  readonly observable?: ObservableChoice | undefined;
  /** Which states, and what of them. */
  readonly series: SeriesOptions;
}

/**
 * Takes statistics. Quantiles and a histogram of more different values than are counted one by one take up to five
 * passes more.
 *
 * @throws {RangeError} If the range lies outside the run or is empty, or an option is none.
 * @throws {TypeError} If the observable gives vectors and more than moments are asked for.
 */
export async function seriesSandboxed(
  record: RunRecord,
  { series, ...options }: SeriesSandboxedOptions,
): Promise<SeriesStats> {
  const asked = seriesAsked(series, record.steps);
  const range = isPlain(asked, record.steps) ? undefined : asked;
  const pass = async (extras: ExtrasRequest | undefined) =>
    await statsSandboxed(record, { ...options, range: range && rangeOf(range), extras });
  const { moments, extras } = await pass(extrasAsked(asked));
  const stats = seriesResult(moments.result(), extras, asked);
  if (extras?.counts?.isTooMany !== true) return stats;
  const more = async (request: Partial<ExtrasRequest>): Promise<ExtrasPart> =>
    (await pass({ blocking: false, counts: false, digits: undefined, bins: undefined, ...request }))
      .extras!;
  const { quantiles, histogram } = asked;
  const count = stats.count;
  return {
    ...stats,
    ...(quantiles &&
      { quantiles: await searched(quantiles, { count, nan: extras.counts.nan, more }) }),
    ...(histogram !== undefined && { histogram: await binned(histogram, { extras, more }) }),
  };
}

type Pass = (request: Partial<ExtrasRequest>) => Promise<ExtrasPart>;

async function searched(
  quantiles: readonly number[],
  { count, nan, more }: { count: number; nan: number; more: Pass },
): Promise<number[]> {
  if (nan > 0) return quantiles.map(() => NaN);
  const search = new OrderSearch(ranksOf(quantiles, count));
  while (!search.isDone) {
    const { digits } = await more({ digits: search.request() });
    search.settle(digits!);
  }
  return interpolate(quantiles, count, (rank) => search.valueAt(rank));
}

async function binned(
  bins: number,
  { extras: { finite: [low, high] }, more }: { extras: ExtrasPart; more: Pass },
): Promise<{ low: number; high: number; counts: number[] }> {
  if (low > high) return { low: NaN, high: NaN, counts: new Array<number>(bins).fill(0) };
  const { bins: counts } = await more({ bins: { low, high, bins } });
  return { low, high, counts: [...counts!] };
}

/**
 * The part of one shard.
 *
 * @throws {ShardError} If there are more different values than a part can hold, and quantiles or a histogram are
 * asked for.
 */
export async function statsShardSandboxed(
  record: RunRecord,
  { series, origin, ...options }: SeriesSandboxedOptions & { readonly origin: PartOrigin },
): Promise<StatsShardPart> {
  const asked = seriesAsked(series, record.steps);
  const range = isPlain(asked, record.steps) ? undefined : asked;
  const { moments, extras } = await statsSandboxed(record, {
    ...options,
    range: range && rangeOf(range),
    extras: extrasAsked(asked),
    spans: blocksOfShard(record, origin.shard),
    childrenMax: CHILDREN_PER_SHARD,
  });
  if (extras?.counts?.isTooMany === true) {
    throw new ShardError(
      "Cannot take quantiles or a histogram in shards: the observable has too many different values",
      { hint: "take them without --shard, or of fewer states with --every" },
    );
  }
  return statsPart(record, origin, {
    observable: options.observable ?? null,
    partial: dataOfPartial(moments.partial()),
    series: range === undefined ? null : dataOfExtras(asked, extras),
  });
}

function rangeOf({ from, to, every }: SeriesAsked): { from: number; to: number; every: number } {
  return { from, to, every };
}
