/**
 * Shows the states of a run to an observable: all those of some spans, or some of them at equal distances.
 * This module is browser compatible.
 *
 * @module
 */

import { firstAtOrAfter, isSample, spanEnd, spanStart } from "./block_grid.ts";
import { SpanGuard } from "./guards/changed_by_looking.ts";
import type { Replayer } from "./replay.ts";
import { StatsAccumulator } from "./stats.ts";
import type { RangeVisit, SpanObservation } from "./record_types.ts";

/**
 * Replays spans in the order given and takes in every state of them.
 *
 * @throws {GuardError} If the observable changes the states that it is shown.
 */
export function observeSpans<S>(
  replayer: Replayer<S>,
  spans: Iterable<number>,
  { record, observable, name, plan }: SpanObservation<S>,
): StatsAccumulator {
  const accumulator = new StatsAccumulator();
  const guard = new SpanGuard(plan, { lookers: { [name]: observable }, grid: record });
  for (const span of spans) {
    const bytes = record.checkpoints.bytesAt(span);
    guard.enter(span, bytes);
    replayer.start(span * record.stride, bytes);
    guard.look(replayer, () => {
      accumulator.add(observable(replayer.state));
      replayer.observe(spanEnd(span, record) - 1, [observable], [accumulator]);
      guard.leave(replayer);
    });
  }
  guard.end();
  return accumulator;
}

/**
 * Replays spans in their order and observes the states of the range.
 *
 * @throws {GuardError} If the observable changes the states that it is shown; of states at a distance those of some
 * spans tell.
 */
export function visitRange<S>(
  replayer: Replayer<S>,
  spans: Iterable<number>,
  { record, observable, name, plan, range, take, lookers = { [name]: observable } }: RangeVisit<S>,
): void {
  const guard = new SpanGuard(plan, { lookers, grid: record });
  let visited = 0;
  for (const span of spans) {
    const end = spanEnd(span, record);
    const to = Math.min(end, range.to);
    let t = firstAtOrAfter(spanStart(span, record), range);
    if (t >= to) continue;
    const bytes = record.checkpoints.bytesAt(span);
    // States at a distance do not lead from one checkpoint to the next: a span that is guarded is replayed twice.
    const isGuarded = range.every === 1 || isSample(visited);
    visited++;
    guard.enter(span, bytes);
    replayer.start(span * record.stride, bytes);
    guard.look(replayer, () => {
      for (; t < to; t += range.every) {
        replayer.goTo(t);
        take(observable(replayer.state));
      }
    });
    if (!isGuarded) continue;
    if (range.every === 1 && to === end) guard.leave(replayer);
    else guard.stop(replayer);
  }
  guard.end();
}
