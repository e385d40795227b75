/**
 * One metric's curves in the page: decoded when they are first looked at, thinned out for the pixels that
 * there are.
 *
 * @module
 */

import { allowedDifference, relativeScale } from "../allowed_difference.ts";
import { decodeColumn, type DecodedColumn, decodeRuns } from "../../../page/columns.ts";
import type { PlotData } from "../page_data.ts";
import { lowerBound, markRows, thinRows, type Values, type View } from "../thin_rows.ts";

/** A value for uPlot: null is a gap in a line, undefined is passed over. */
export type PlotValue = number | null | undefined;

/** What is drawn of one metric. */
export interface Drawn {
  /** Steps. */
  readonly steps: number[];
  /** Values of the first log. */
  readonly original: PlotValue[];
  /** Values of the second. */
  readonly replay: PlotValue[];
  /** Their difference, second minus first. */
  readonly difference: PlotValue[];
  /** Largest difference that passes. */
  readonly allowed: PlotValue[];
  /** Size of the difference as a part of the first log's value; null where it is 0. */
  readonly relative: PlotValue[];
  /** The same of the largest difference that passes. */
  readonly relativeAllowed: PlotValue[];
  /** Least and largest value over the replicas. */
  readonly low: PlotValue[];
  /** See `low`. */
  readonly high: PlotValue[];
  /** Rows of violations, one for each pixel that has any. */
  readonly marks: number[];
}

/** One metric. */
export class MetricData {
  /** Its curves as the page holds them. */
  readonly data: PlotData;
  /** All of its steps. */
  readonly steps: Float64Array;
  /** All rows of its violations, ascending. */
  readonly violations: Uint32Array;
  readonly #original: DecodedColumn;
  readonly #replay: DecodedColumn | undefined;
  readonly #difference: DecodedColumn | undefined;
  readonly #low: DecodedColumn | undefined;
  readonly #high: DecodedColumn | undefined;

  /** Decodes the columns. */
  constructor(data: PlotData, steps: Float64Array) {
    this.data = data;
    this.steps = steps;
    this.violations = decodeRuns(data.violations);
    this.#original = decodeColumn(data.original);
    this.#replay = data.replay && decodeColumn(data.replay);
    this.#difference = data.difference && decodeColumn(data.difference);
    this.#low = data.low && decodeColumn(data.low);
    this.#high = data.high && decodeColumn(data.high);
  }

  /** Whether any value differs. */
  get differs(): boolean {
    return this.#difference !== undefined;
  }

  /** Whether the bounds let any difference pass at all. */
  get hasBounds(): boolean {
    const { tolerance } = this.data;
    return tolerance !== undefined && Object.values(tolerance).some((bound) => bound > 0);
  }

  /** Whether there are several replicas that differ. */
  get hasBand(): boolean {
    return this.#low !== undefined;
  }

  /** Whether values have 32 bits only. */
  get single(): boolean {
    return this.data.float32 || this.data.original.kind === "f32";
  }

  /** Row of the step that is closest to `step`. */
  rowNear(step: number): number {
    const after = Math.min(lowerBound(this.steps, step), this.steps.length - 1);
    const before = Math.max(0, after - 1);
    return step - this.steps[before]! < this.steps[after]! - step ? before : after;
  }

  /** Values of both logs in a row, in words. */
  describe(row: number): string {
    const text = ({ values, absent }: DecodedColumn): string =>
      absent?.[row] === 1
        ? "no value"
        : String(this.single ? Number(values[row]!.toPrecision(8)) : values[row]);
    const original = text(this.#original);
    return this.#replay === undefined
      ? `${original} in both`
      : `${text(this.#replay)} against ${original}`;
  }

  /** What is to be drawn of a view. */
  draw(view: View): Drawn {
    const columns = [
      this.#original,
      this.#replay,
      this.#difference,
      this.#low,
      this.#high,
    ].flatMap((column): Values[] => column === undefined ? [] : [column.values]);
    const marks = markRows(this.steps, this.violations, this.#difference?.values, view);
    const rows = thinRows(this.steps, columns, view, marks);
    const sorted = Uint32Array.from(rows);
    const original = pick(this.#original, rows);
    const difference = pick(this.#difference, rows);
    const { tolerance, float32 } = this.data;
    const allowed = original.map((value) =>
      typeof value === "number" && tolerance !== undefined
        ? allowedDifference(value, tolerance, float32)
        : value
    );
    const scaled = (value: PlotValue, k: number): PlotValue => {
      if (typeof value !== "number") return value;
      // A logarithmic axis has no place for 0.
      return value === 0 ? null : Math.abs(value) / relativeScale(original[k] as number);
    };
    return {
      steps: rows.map((row) => this.steps[row]!),
      original,
      replay: this.#replay === undefined ? original : pick(this.#replay, rows),
      difference,
      allowed,
      relative: difference.map(scaled),
      relativeAllowed: allowed.map(scaled),
      low: pick(this.#low, rows),
      high: pick(this.#high, rows),
      marks: marks.map((mark) => lowerBound(sorted, mark)),
    };
  }
}

function pick(column: DecodedColumn | undefined, rows: readonly number[]): PlotValue[] {
  if (column === undefined) return [];
  const { values, absent } = column;
  return rows.map((row) => {
    const value = values[row]!;
    return value - value === 0 ? value : absent?.[row] === 1 ? undefined : null;
  });
}
