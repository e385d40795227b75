/**
 * Sums up a log for people and for `--json`: what `rewind info LOG` shows.
 * This module is browser compatible.
 *
 * @module
 */

import { isTimingName } from "./timing_names.ts";
import { usualStride } from "./step_gaps.ts";
import type { Column, LogIssue, LogNumbers, RunLog, RunMetadata, StepSharing } from "./run_log.ts";

/** What a log holds, in numbers. */
export interface RunDescription {
  /** The file or directory that was read. */
  source: string;
  /** Its format. */
  format: string;
  /** Its steps; first and last are undefined in a log without rows. */
  steps: {
    count: number;
    first: number | undefined;
    last: number | undefined;
    /** Distance that more than half of the neighboring steps have. */
    stride: number | undefined;
    /** How many times steps are missing by that stride. */
    gaps: number;
  };
  /** Its metrics, in the log's order. */
  metrics: MetricDescription[];
  /** Its seeds; values as decimal text, as JSON has no integers of any size. */
  seeds: { value: string; source: string; path: string; line?: number }[];
  /** How records that share a step were told apart. */
  sharing: StepSharing;
  /** How many of its numbers were understood. */
  numbers: LogNumbers;
  /** All that was odd. */
  issues: readonly LogIssue[];
  /** Records that were used. */
  recordCount: number;
  /** Lines, or records, that were read. */
  lineCount: number;
  /** What else the log says about the run. */
  metadata: RunMetadata;
}

/** One metric in numbers. */
export interface MetricDescription {
  /** Name as the log spells it. */
  name: string;
  /** Its canonical name, if it has one. */
  canonical?: string;
  /** Steps that have a value. */
  count: number;
  /** Of these, how many are NaN. */
  nan: number;
  /** Of these, how many are infinite. */
  infinite: number;
  /** How often the log names it and leaves it empty. */
  empty: number;
  /** Smallest finite value. */
  min?: number;
  /** Largest finite value. */
  max?: number;
  /** Value at the first step that has one. */
  first: number;
  /** Value at the last step that has one. */
  last: number;
  /** Whether it is stored as float32. */
  float32: boolean;
  /** Whether it measures time, and so is compared only if it is asked for. */
  timing: boolean;
}

/** Describes a log. */
export function describeRun(log: RunLog): RunDescription {
  return {
    source: log.source,
    format: log.format,
    steps: {
      count: log.steps.length,
      first: log.steps[0],
      last: log.steps.at(-1),
      stride: usualStride(log.steps),
      gaps: log.issues.find(({ kind }) => kind === "gap")?.count ?? 0,
    },
    metrics: [...log.columns.values()].map(describeColumn),
    seeds: log.seeds.map((seed) => ({ ...seed, value: String(seed.value) })),
    sharing: log.sharing,
    numbers: log.numbers,
    issues: log.issues,
    recordCount: log.recordCount,
    lineCount: log.lineCount,
    metadata: log.metadata,
  };
}

function describeColumn(column: Column): MetricDescription {
  let nan = 0;
  let infinite = 0;
  let min = Infinity;
  let max = -Infinity;
  let first: number | undefined;
  let last = NaN;
  for (let row = 0; row < column.values.length; row++) {
    if (column.present[row] === 0) continue;
    const value = column.values[row]!;
    first ??= value;
    last = value;
    if (Number.isNaN(value)) nan++;
    else if (!Number.isFinite(value)) infinite++;
    else {
      min = Math.min(min, value);
      max = Math.max(max, value);
    }
  }
  return {
    name: column.name,
    ...(column.canonical !== undefined && { canonical: column.canonical }),
    count: column.count,
    nan,
    infinite,
    empty: column.emptyCount,
    ...(min <= max && { min, max }),
    first: first ?? NaN,
    last,
    float32: column.float32,
    timing: isTimingName(column.name),
  };
}
