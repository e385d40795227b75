/**
 * Takes a series over some spans of a run: states at equal distances, of which more is wanted than their moments.
 * This module is browser compatible.
 *
 * @module
 */

import { indexAtOrAfter, spanStart } from "./block_grid.ts";
import { visitRange } from "./observe_spans.ts";
import { dataOfPartial } from "./partial_stats.ts";
import type { Replayer } from "./replay.ts";
import { type ExtrasPart, type ExtrasRequest, SeriesExtras } from "./series_extras.ts";
import { StatsAccumulator } from "./stats.ts";
import type { Observation, PartialStatsData, SeriesRange } from "./types.ts";
import type { SpanObservation } from "./record_types.ts";

/** What to observe, where, and what to take. */
export interface RangeObservation<S> extends SpanObservation<S> {
  /** The states, by their t. */
  readonly range: SeriesRange;
  /** What to take besides the moments. */
  readonly extras: ExtrasRequest | undefined;
}

/**
 * Replays spans in their order and takes in the states of the range.
 *
 * @throws {GuardError} As `visitRange` does.
 */
export function observeRange<S>(
  replayer: Replayer<S>,
  spans: ArrayLike<number> & Iterable<number>,
  { extras, ...visit }: RangeObservation<S>,
): { partial: PartialStatsData; extras: ExtrasPart | undefined } {
  const accumulator = new StatsAccumulator();
  const first = spans.length === 0
    ? 0
    : indexAtOrAfter(spanStart(spans[0]!, visit.record), visit.range);
  const series = extras && new SeriesExtras(extras, first);
  const take = (observation: Observation): void => {
    accumulator.add(observation);
    series?.add(observation);
  };
  visitRange(replayer, spans, { ...visit, take });
  return { partial: dataOfPartial(accumulator.partial()), extras: series?.part() };
}
