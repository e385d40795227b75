/**
 * Takes a series over some spans of a run: states at equal distances, of which more is wanted than their moments.
 * This module is browser compatible.
 *
 * @module
 */

import { spanEnd, spanStart } from "./grid.ts";
import { SpanGuard } from "./guards/looked_at.ts";
import type { SpanObservation } from "./observe_spans.ts";
import { dataOfPartial, type PartialStatsData } from "./partial_stats.ts";
import type { Replayer } from "./replay.ts";
import {
  type ExtrasPart,
  type ExtrasRequest,
  SeriesExtras,
  type SeriesRange,
} from "./series_extras.ts";
import { StatsAccumulator } from "./stats.ts";

/** What to observe, where, and what to take. */
export interface RangeObservation<S> extends SpanObservation<S> {
  /** The states, by their t. */
  readonly range: SeriesRange;
  /** What to take besides the moments. */
  readonly extras: ExtrasRequest | undefined;
}

/** The first of `from`, `from + every` and so on that is not before `t`. */
export function firstAtOrAfter(
  t: number,
  { from, every }: Pick<SeriesRange, "from" | "every">,
): number {
  return from + Math.max(0, Math.ceil((t - from) / every)) * every;
}

/** Index in a series of the first state that is not before `t`. */
export function indexAtOrAfter(t: number, range: Pick<SeriesRange, "from" | "every">): number {
  return (firstAtOrAfter(t, range) - range.from) / range.every;
}

/** How many states of a range lie in [start, end). */
export function countWithin(
  { start, end }: { start: number; end: number },
  range: SeriesRange,
): number {
  const first = firstAtOrAfter(start, range);
  return Math.max(0, Math.ceil((Math.min(end, range.to) - first) / range.every));
}

/**
 * Replays spans in their order and takes in the states of the range.
 *
 * @throws {GuardError} If the observable changes the states that it is shown; of states at a distance only some are
 * looked at for that.
 */
export function observeRange<S>(
  replayer: Replayer<S>,
  spans: ArrayLike<number>,
  { record, observable, name, plan, range, extras }: RangeObservation<S>,
): { partial: PartialStatsData; extras: ExtrasPart | undefined } {
  const accumulator = new StatsAccumulator();
  const first = spans.length === 0 ? 0 : indexAtOrAfter(spanStart(spans[0]!, record), range);
  const series = extras && new SeriesExtras(extras, first);
  const take = (state: S): void => {
    const observation = observable(state);
    accumulator.add(observation);
    series?.add(observation);
  };
  const guard = new SpanGuard(plan, { lookers: { [name]: observable }, grid: record });
  for (let i = 0; i < spans.length; i++) {
    const span = spans[i]!;
    const bytes = record.checkpoints.bytesAt(span);
    const end = Math.min(spanEnd(span, record), range.to);
    let t = firstAtOrAfter(spanStart(span, record), range);
    if (t >= end) continue;
    if (range.every === 1) guard.enter(span, bytes);
    replayer.start(span * record.stride, bytes);
    for (; t < end; t += range.every) {
      replayer.goTo(t);
      take(replayer.state);
    }
    if (range.every > 1) continue;
    replayer.goTo(spanEnd(span, record) - 1);
    guard.leave(replayer);
  }
  guard.end();
  return { partial: dataOfPartial(accumulator.partial()), extras: series?.part() };
}
