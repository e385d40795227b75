/**
 * Steps that start again in every epoch, as `iter` does in MMCV's logs, and what to add to them so that
 * they go on from the epoch before.
 * This module is browser compatible.
 *
 * @module
 */

import type { RowSeries } from "./row_table.ts";
import { usualStride } from "./step_gaps.ts";

interface EpochRows {
  readonly steps: Float64Array;
  readonly series: Uint32Array;
  readonly allSeries: readonly RowSeries[];
  readonly epochSteps: number;
}

/** Steps of an epoch: the least, the last, and the one that stands first in the log. */
interface EpochSpan {
  first: number;
  last: number;
  readonly start: number;
  readonly steps: Set<number>;
}

/** Steps of an epoch that are looked at to learn its stride. */
const STRIDE_STEPS_MAX = 1000;

/**
 * What to add to the steps of each epoch; undefined if the steps do not start again: in most epochs the
 * one that stands first is below the last one of the epoch before.
 */
export function epochOffsets(
  { steps, series, allSeries, epochSteps }: EpochRows,
): Map<number, number> | undefined {
  const spans = new Map<number, EpochSpan>();
  for (let row = 0; row < steps.length; row++) {
    const { epoch } = allSeries[series[row] ?? 0]!;
    if (Number.isNaN(epoch)) continue;
    const step = steps[row]!;
    const span = spans.get(epoch);
    if (span === undefined) {
      spans.set(epoch, { first: step, last: step, start: step, steps: new Set([step]) });
    } else {
      span.first = Math.min(span.first, step);
      span.last = Math.max(span.last, step);
      if (span.steps.size < STRIDE_STEPS_MAX) span.steps.add(step);
    }
  }
  const epochs = [...spans].sort(([a], [b]) => a - b);
  // Its first row tells: MMEngine counts by epochs in the row of validation, and by steps in all others.
  const again = epochs.filter(([, { start }], i) => i > 0 && start <= epochs[i - 1]![1].last);
  if (epochs.length < 2 || again.length * 2 < epochs.length - 1) return undefined;
  const offsets = new Map<number, number>();
  const firstEpoch = epochs[0]![0];
  let offset = 0;
  for (const [epoch, span] of epochs) {
    if (epochSteps > 0) offset = (epoch - firstEpoch) * epochSteps;
    offsets.set(epoch, offset);
    // Steps from 0 on leave room for the one after the last; those from 1 on, or from a stride, do not.
    const stride = usualStride(Float64Array.from(span.steps).sort()) ?? 1;
    offset += span.first <= 0 ? span.last + stride : span.last;
  }
  return offsets;
}
