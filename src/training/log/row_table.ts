/**
 * The rows of a table that is being built, found by step. Records of one phase, rank and epoch are a
 * series: within it a step has one row, and one more for each value that would overwrite another, so
 * nothing is lost before all is known.
 * This module is browser compatible.
 *
 * @module
 */

import { type ColumnDraft, grown } from "./column_draft.ts";

const ROWS_FIRST = 1024;

/** Records of one phase, rank and epoch. */
export interface RowSeries {
  /** Its number. */
  readonly id: number;
  /** Which combination of phase, rank and the like. */
  readonly part: number;
  /** Its epoch; NaN for none. */
  readonly epoch: number;
  /** Step of its last record. */
  lastStep: number;
  /** Row of its last record. */
  lastRow: number;
  /** Whether its steps ascend so far. */
  ascending: boolean;
  /** Row of a step; made when the first step comes that does not ascend. */
  rowOfStep: Map<number, number> | undefined;
}

/** See the module. */
export class RowTable {
  /** Step of each row. */
  steps: Float64Array = new Float64Array(ROWS_FIRST);
  /** Line of each row's first record. */
  lines: Uint32Array = new Uint32Array(ROWS_FIRST);
  /** Series of each row. */
  series: Uint32Array = new Uint32Array(0);
  /** All series. */
  readonly allSeries: RowSeries[] = [];
  /** How many rows there are. */
  count = 0;
  /** Whether steps strictly ascend from row to row. */
  ascending = true;
  readonly #seriesOf = new Map<number, Map<number, RowSeries>>();
  #current: RowSeries | undefined;
  /** The last row for overwriting values, by the row of their step. */
  readonly #overflow = new Map<number, number>();

  /** The series of a part and an epoch, made at its first record. */
  seriesOf(part: number, epoch: number): RowSeries {
    const current = this.#current;
    if (current !== undefined && current.part === part && Object.is(current.epoch, epoch)) {
      return current;
    }
    let ofPart = this.#seriesOf.get(part);
    if (ofPart === undefined) this.#seriesOf.set(part, ofPart = new Map());
    let series = ofPart.get(epoch);
    if (series === undefined) {
      series = {
        id: this.allSeries.length,
        part,
        epoch,
        lastStep: -Infinity,
        lastRow: -1,
        ascending: true,
        rowOfStep: undefined,
      };
      this.allSeries.push(series);
      ofPart.set(epoch, series);
    }
    return this.#current = series;
  }

  /** The row of a step in a series, appended if it is new. */
  open(series: RowSeries, step: number, line: number): number {
    const { lastRow } = series;
    if (lastRow >= 0 && step === series.lastStep) return lastRow;
    let row = -1;
    if (step > series.lastStep && series.ascending) row = this.#append(series, step, line);
    else {
      if (series.ascending) {
        series.ascending = false;
        series.rowOfStep = this.#rowsOf(series);
      }
      // Records that come metric by metric walk over the same steps again: try the next row first.
      const next = lastRow + 1;
      const isNext = this.steps[next] === step && next < this.count &&
        (this.series[next] ?? 0) === series.id && this.#extra[next] !== 1;
      row = isNext ? next : series.rowOfStep!.get(step) ?? this.#append(series, step, line);
    }
    series.lastStep = step;
    series.lastRow = row;
    return row;
  }

  /** A row of its own, whatever the step. */
  append(series: RowSeries, step: number, line: number): number {
    return this.#append(series, step, line);
  }

  /** Rows that hold what would have overwritten a value. */
  #extra: Uint8Array = new Uint8Array(0);

  /** The row for a value that would overwrite one at `row`: the last such row that is `free`, or a new one. */
  overflow(row: number, { line, free }: { line: number; free: (row: number) => boolean }): number {
    const last = this.#overflow.get(row);
    if (last !== undefined && free(last)) return last;
    const series = this.allSeries[this.series[row] ?? 0]!;
    const extra = this.#push(series, this.steps[row]!, line);
    if (extra >= this.#extra.length) {
      this.#extra = grown(this.#extra, new Uint8Array(this.steps.length));
    }
    this.#extra[extra] = 1;
    this.#overflow.set(row, extra);
    return extra;
  }

  #append(series: RowSeries, step: number, line: number): number {
    const row = this.#push(series, step, line);
    series.rowOfStep?.set(step, row);
    return row;
  }

  #push({ id }: RowSeries, step: number, line: number): number {
    const row = this.count++;
    if (row === this.steps.length) {
      this.steps = grown(this.steps, new Float64Array(row * 2));
      this.lines = grown(this.lines, new Uint32Array(row * 2));
    }
    if (row > 0 && !(step > this.steps[row - 1]!)) this.ascending = false;
    this.steps[row] = step;
    this.lines[row] = line;
    // A log with one series, as most are, needs no list of them.
    if (id > 0 && row >= this.series.length) {
      this.series = grown(this.series, new Uint32Array(this.steps.length));
    }
    if (row < this.series.length) this.series[row] = id;
    return row;
  }

  #rowsOf({ id }: RowSeries): Map<number, number> {
    const rows = new Map<number, number>();
    for (let row = 0; row < this.count; row++) {
      if ((this.series[row] ?? 0) === id && this.#extra[row] !== 1) rows.set(this.steps[row]!, row);
    }
    return rows;
  }

  /** Leaves out the rows in which no column has a value. */
  compact(columns: readonly ColumnDraft[]): void {
    const kept: number[] = [];
    for (let row = 0; row < this.count; row++) {
      if (columns.some((column) => column.has(row))) kept.push(row);
    }
    if (kept.length === this.count) return;
    for (const column of columns) column.arrange(kept);
    this.steps = Float64Array.from(kept, (row) => this.steps[row]!);
    this.lines = Uint32Array.from(kept, (row) => this.lines[row]!);
    this.series = Uint32Array.from(kept, (row) => this.series[row] ?? 0);
    this.count = kept.length;
  }

  /** Forgets all rows. */
  clear(): void {
    this.count = 0;
    this.ascending = true;
    this.series = new Uint32Array(0);
    this.allSeries.length = 0;
    this.#seriesOf.clear();
    this.#current = undefined;
    this.#overflow.clear();
    this.#extra = new Uint8Array(0);
  }
}
