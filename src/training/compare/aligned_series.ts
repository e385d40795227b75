/**
 * The two columns of a compared metric on the steps that both logs have.
 * This module is browser compatible.
 *
 * @module
 */

import type { RunLog } from "../log/run_log.ts";
import type { AlignedSteps } from "./align_steps.ts";
import type { MetricComparison } from "./run_comparison.ts";

/** One metric of two logs on their common steps, for plots and statistics; NaN where a side has none. */
export interface AlignedSeries {
  /** Common steps, ascending. */
  readonly steps: Float64Array;
  /** Values of the first log. */
  readonly original: Float64Array;
  /** Values of the second log. */
  readonly replay: Float64Array;
}

/**
 * The two columns of a compared metric on the common steps; a column that needs no change is not copied,
 * so that nobody may write to it.
 */
export function alignedSeries(
  original: RunLog,
  replay: RunLog,
  metric: MetricComparison,
  { steps, rowsA, rowsB }: AlignedSteps,
): AlignedSeries {
  return {
    steps,
    original: gather(original, metric.originalName, rowsA),
    replay: gather(replay, metric.replayName, rowsB),
  };
}

/** The common steps at which both sides have a value, and those at which one has, as indices. */
export interface SharedRows {
  /** Where both have one; undefined for everywhere. */
  readonly both: Uint32Array | undefined;
  /** Where one has one. */
  readonly oneSided: Uint32Array;
}

/** Where a compared metric has values on both sides. */
export function sharedRows(
  original: RunLog,
  replay: RunLog,
  metric: MetricComparison,
  { steps, rowsA, rowsB }: AlignedSteps,
): SharedRows {
  const a = original.columns.get(metric.originalName)!.present;
  const b = replay.columns.get(metric.replayName)!.present;
  const rows = Uint32Array.from(steps, (_, k) => k);
  const both = rows.filter((k) => a[rowsA[k]!] === 1 && b[rowsB[k]!] === 1);
  if (both.length === rows.length) return { both: undefined, oneSided: NO_ROWS };
  return { both, oneSided: rows.filter((k) => a[rowsA[k]!] !== b[rowsB[k]!]) };
}

const NO_ROWS = new Uint32Array(0);

function gather(log: RunLog, name: string, rows: Uint32Array): Float64Array {
  const { values, present, count } = log.columns.get(name)!;
  // Rows ascend: if the last one is in its place, all are.
  const isWhole = rows.length === 0 || rows[rows.length - 1] === rows.length - 1;
  if (isWhole && count === log.steps.length) return values.subarray(0, rows.length);
  const out = new Float64Array(rows.length);
  for (let k = 0; k < rows.length; k++) {
    out[k] = present[rows[k]!] === 1 ? values[rows[k]!]! : NaN;
  }
  return out;
}
