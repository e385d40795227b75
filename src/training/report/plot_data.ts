/**
 * From logs to the curves of a page: one list of steps per metric, on which the original, its replay and
 * the range of all replicas lie.
 * This module is browser compatible.
 *
 * @module
 */

import {
  type ColumnData,
  encodeColumn,
  encodeRuns,
  encodeSteps,
  type NumberColumn,
} from "../../page/columns.ts";
import type { Column, RunLog } from "../log/run_log.ts";
import { column } from "../log/run_log.ts";
import type { Tolerance } from "../compare/tolerance.ts";
import type { LineMark, PageData, PlotData } from "./page_data.ts";
import { lowerBound, markRows, thinRows, type View } from "./thin_rows.ts";

/** One metric as it is to be drawn. */
export interface PlotInput {
  /** Its name. */
  readonly metric: string;
  /** Its raw name in the original, if not the same. */
  readonly originalName?: string;
  /** Its raw name in the replay, if not the same. */
  readonly replayName?: string;
  /** Bounds; undefined if differences are not judged by any. */
  readonly tolerance: Tolerance | undefined;
  /** Ascending steps outside the bounds. */
  readonly violationSteps: ArrayLike<number>;
  /** Vertical lines. */
  readonly lines: readonly LineMark[];
}

/** What a page draws from. */
export interface PlotSources {
  /** The first log. */
  readonly original: RunLog;
  /** The second log; undefined if there is none. */
  readonly replay: RunLog | undefined;
  /** Logs whose range is drawn as a band, if there are at least two. */
  readonly replicas: readonly RunLog[];
  /** Steps above this are not drawn. */
  readonly stepMax: number;
  /** What they are called. */
  readonly names: PageData["names"];
}

/** Up to so many rows over all metrics, floats keep their 64 bits. */
const FULL_WIDTH_ROWS_MAX = 250_000;
/** Rows embedded over all metrics; a page with more would be too long for a browser. */
const EMBEDDED_ROWS_MAX = 6_000_000;
/** Rows of one metric that are embedded however many metrics there are. */
const METRIC_ROWS_MIN = 10_000;

/** Data of a page, and which of its metrics had to be thinned out. */
export interface PageDataResult {
  /** The data. */
  readonly data: PageData;
  /** Metrics of which not every step is embedded, with the number of steps that are. */
  readonly thinned: readonly {
    readonly metric: string;
    readonly rows: number;
    readonly of: number;
  }[];
}

/** Collects the curves of all metrics; `rowsMax` bounds the rows of all of them together. */
export function pageData(
  inputs: readonly PlotInput[],
  sources: PlotSources,
  { rowsMax: total = EMBEDDED_ROWS_MAX }: { rowsMax?: number } = {},
): PageDataResult {
  const axes: Float64Array[] = [];
  const thinned: { metric: string; rows: number; of: number }[] = [];
  const rowsMax = Math.max(METRIC_ROWS_MIN, Math.floor(total / inputs.length));
  const compact = sources.original.steps.length * inputs.length > FULL_WIDTH_ROWS_MAX;
  const plots = inputs.map((input): PlotData => {
    const all = collect(input, sources);
    const curves = all.steps.length > rowsMax ? thin(all, rowsMax) : all;
    if (curves !== all) {
      thinned.push({ metric: input.metric, rows: curves.steps.length, of: all.steps.length });
    }
    let axis = axes.findIndex((steps) => equalSteps(steps, curves.steps));
    if (axis < 0) axis = axes.push(curves.steps) - 1;
    const encode = (numbers: NumberColumn | undefined): ColumnData | undefined =>
      numbers && encodeColumn(numbers, { compact });
    return {
      metric: input.metric,
      axis,
      original: encodeColumn(curves.original, { compact }),
      replay: encode(curves.replay),
      difference: encode(curves.difference),
      low: encode(curves.band?.low),
      high: encode(curves.band?.high),
      tolerance: input.tolerance,
      float32: all.float32,
      violations: encodeRuns(curves.violations),
      lines: input.lines,
    };
  });
  return { data: { names: sources.names, axes: axes.map(encodeSteps), plots }, thinned };
}

interface Curves {
  readonly steps: Float64Array;
  readonly original: NumberColumn;
  /** Undefined with `difference` if the bits are those of the original. */
  readonly replay: NumberColumn | undefined;
  readonly difference: NumberColumn | undefined;
  readonly band: { readonly low: NumberColumn; readonly high: NumberColumn } | undefined;
  readonly violations: Uint32Array;
  readonly float32: boolean;
}

function collect(input: PlotInput, sources: PlotSources): Curves {
  const { stepMax } = sources;
  const original = side(sources.original, input.originalName ?? input.metric, stepMax);
  const replay = sources.replay && side(sources.replay, input.replayName ?? input.metric, stepMax);
  const replicas = sources.replicas.flatMap((log) => side(log, input.metric, stepMax) ?? []);
  const sides = [original, replay, ...replicas].flatMap((item) => item ?? []);
  const steps = sides.reduce<Float64Array>(
    (union, item) => mergeSteps(union, item.steps),
    new Float64Array(0),
  );
  const first = spread(original, steps);
  const second = replay && spread(replay, steps);
  const same = second === undefined || equalColumns(first, second);
  const mixed = original?.column.float32 !== replay?.column.float32;
  const rows = rowsOf(input.violationSteps, steps);
  return {
    steps,
    original: first,
    replay: same ? undefined : second,
    difference: same ? undefined : subtract(second, first, mixed),
    band: replicas.length < 2 ? undefined : rangeOf(replicas.map((item) => spread(item, steps))),
    violations: rows,
    float32: sides.some((item) => item.column.float32),
  };
}

interface Side {
  readonly column: Column;
  /** Steps at which it has a value. */
  readonly steps: Float64Array;
  /** Its values there. */
  readonly values: Float64Array;
}

function side(log: RunLog, name: string, stepMax: number): Side | undefined {
  const found = column(log, name);
  if (found === undefined) return undefined;
  const steps = new Float64Array(found.count);
  const values = new Float64Array(found.count);
  let count = 0;
  for (let row = 0; row < log.steps.length; row++) {
    if (found.present[row] === 0) continue;
    if (log.steps[row]! > stepMax) break;
    steps[count] = log.steps[row]!;
    values[count++] = found.values[row]!;
  }
  return { column: found, steps: steps.subarray(0, count), values: values.subarray(0, count) };
}

function equalSteps(a: Float64Array, b: Float64Array): boolean {
  return a.length === b.length && a.every((step, row) => step === b[row]);
}

/** The union of two ascending lists. */
function mergeSteps(a: Float64Array, b: Float64Array): Float64Array {
  if (a.length === 0 || equalSteps(a, b)) return b;
  const union = new Float64Array(a.length + b.length);
  let count = 0;
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    const step = Math.min(a[i] ?? Infinity, b[j] ?? Infinity);
    if (a[i] === step) i++;
    if (b[j] === step) j++;
    union[count++] = step;
  }
  return union.subarray(0, count);
}

/** The values of a side on a list of steps that holds all of its own. */
function spread(item: Side | undefined, steps: Float64Array): NumberColumn {
  const values = new Float64Array(steps.length).fill(NaN);
  const present = new Uint8Array(steps.length);
  if (item === undefined) return { values, present };
  let k = 0;
  for (let row = 0; row < steps.length && k < item.steps.length; row++) {
    if (item.steps[k] !== steps[row]) continue;
    values[row] = item.values[k++]!;
    present[row] = 1;
  }
  return { values, present };
}

function equalColumns(a: NumberColumn, b: NumberColumn): boolean {
  for (let row = 0; row < a.values.length; row++) {
    if (a.present[row] !== b.present[row] || !Object.is(a.values[row], b.values[row])) return false;
  }
  return true;
}

/** a - b where both have a value; with `single`, one of them is known to 32 bits only. */
function subtract(a: NumberColumn, b: NumberColumn, single: boolean): NumberColumn {
  const values = new Float64Array(a.values.length).fill(NaN);
  const present = new Uint8Array(a.values.length);
  for (let row = 0; row < values.length; row++) {
    if ((a.present[row]! & b.present[row]!) === 0) continue;
    present[row] = 1;
    const x = a.values[row]!;
    const y = b.values[row]!;
    values[row] = single ? Math.fround(x) - Math.fround(y) : x - y;
  }
  return { values, present };
}

/** Least and largest value per row; undefined if they are the same everywhere. */
function rangeOf(columns: readonly NumberColumn[]): Curves["band"] {
  const count = columns[0]!.values.length;
  const low = new Float64Array(count).fill(NaN);
  const high = new Float64Array(count).fill(NaN);
  const present = new Uint8Array(count);
  let apart = false;
  for (let row = 0; row < count; row++) {
    for (const { values } of columns) {
      const value = values[row]!;
      if (Number.isNaN(value)) continue;
      if (present[row] === 0 || value < low[row]!) low[row] = value;
      if (present[row] === 0 || value > high[row]!) high[row] = value;
      present[row] = 1;
    }
    if (low[row]! < high[row]!) apart = true;
  }
  return apart ? { low: { values: low, present }, high: { values: high, present } } : undefined;
}

/** Rows of those `wanted` steps that are in `steps`; both ascend. */
function rowsOf(wanted: ArrayLike<number>, steps: Float64Array): Uint32Array {
  const rows = new Uint32Array(wanted.length);
  let count = 0;
  let row = 0;
  for (let k = 0; k < wanted.length; k++) {
    const step = wanted[k]!;
    while (row < steps.length && steps[row]! < step) row++;
    if (steps[row] === step) rows[count++] = row;
  }
  return rows.subarray(0, count);
}

/** At most `rowsMax` rows that draw the same, at a resolution far above that of a screen. */
function thin(all: Curves, rowsMax: number): Curves {
  const columns = [all.original, all.replay, all.difference, all.band?.low, all.band?.high]
    .flatMap((numbers) => numbers?.values ?? []);
  // First and last row, two extremes per column and one violation in each interval.
  const width = Math.floor(rowsMax / (2 * columns.length + 3));
  const view: View = { min: all.steps[0]!, max: all.steps.at(-1)!, width };
  const marks = markRows(all.steps, all.violations, all.difference?.values, view);
  const rows = Uint32Array.from(thinRows(all.steps, columns, view, marks));
  const pick = <T extends NumberColumn | undefined>(numbers: T): T =>
    numbers && {
      values: Float64Array.from(rows, (row) => numbers.values[row]!),
      present: Uint8Array.from(rows, (row) => numbers.present[row]!),
    } as T;
  return {
    ...all,
    steps: Float64Array.from(rows, (row) => all.steps[row]!),
    original: pick(all.original),
    replay: pick(all.replay),
    difference: pick(all.difference),
    band: all.band && { low: pick(all.band.low), high: pick(all.band.high) },
    violations: Uint32Array.from(
      all.violations.filter((row) => rows[lowerBound(rows, row)] === row),
      (row) => lowerBound(rows, row),
    ),
  };
}
