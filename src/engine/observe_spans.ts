/**
 * Statistics over some spans of a run: the one loop behind statistics of whole runs and of parts.
 * This module is browser compatible.
 *
 * @module
 */

import { type Grid, spanEnd } from "./grid.ts";
import type { Replayer } from "./replay.ts";
import { StatsAccumulator } from "./stats.ts";
import type { CheckpointStore, Observable } from "./types.ts";

/** What to observe, and of which run. */
export interface SpanObservation<S> {
  /** The run; only what replaying takes of it. */
  readonly record: Grid & { readonly checkpoints: CheckpointStore };
  /** Function of the state. */
  readonly observable: Observable<S>;
}

/** Replays spans in the order given and takes in every state of them. */
export function observeSpans<S>(
  replayer: Replayer<S>,
  spans: Iterable<number>,
  { record, observable }: SpanObservation<S>,
): StatsAccumulator {
  const accumulator = new StatsAccumulator();
  for (const span of spans) {
    replayer.start(span * record.stride, record.checkpoints.bytesAt(span));
    accumulator.add(observable(replayer.state));
    replayer.observe(spanEnd(span, record) - 1, [observable], [accumulator]);
  }
  return accumulator;
}
