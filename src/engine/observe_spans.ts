/**
 * Statistics over some spans of a run: the one loop behind statistics of whole runs and of parts.
 * This module is browser compatible.
 *
 * @module
 */

import { type Grid, spanEnd } from "./grid.ts";
import { SpanGuard } from "./guards/looked_at.ts";
import type { Replayer, ReplayPlan } from "./replay.ts";
import { StatsAccumulator } from "./stats.ts";
import type { CheckpointStore, Observable } from "./types.ts";

/** What to observe, and of which run. */
export interface SpanObservation<S> {
  /** The run; only what replaying takes of it. */
  readonly record: Grid & { readonly checkpoints: CheckpointStore };
  /** Function of the state. */
  readonly observable: Observable<S>;
  /** What messages call it, such as `observe.mean`. */
  readonly name: string;
  /** What is replayed, to find out whether the observable changes states. */
  readonly plan: ReplayPlan<S>;
}

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
    accumulator.add(observable(replayer.state));
    replayer.observe(spanEnd(span, record) - 1, [observable], [accumulator]);
    guard.leave(replayer);
  }
  guard.end();
  return accumulator;
}
