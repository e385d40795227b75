/**
 * Columns while they grow: few of a wide log's many thousand reach far down.
 * This module is browser compatible.
 *
 * @module
 */

/** Few, as a wide log may have many thousand columns. */
const ROWS_FIRST = 16;

/** Rows for each value from which on values are kept apart: in an array most of them would be empty. */
const ROWS_PER_VALUE_MAX = 16;

/** One metric of a table that is being built. */
export class ColumnDraft {
  /** Name as the log spells it. */
  readonly name: string;
  /** Whether it measures time or counts epochs: of two values at one step the last counts. */
  readonly lastCounts: boolean;
  /** Whether the log stores it as float32. */
  readonly float32: boolean;
  /** One value per row, as far as the column reaches without long gaps; all of it once it is settled. */
  values: Float64Array = new Float64Array(0);
  /** 1 where the row has a value. */
  present: Uint8Array = new Uint8Array(0);
  /** Values of rows after these, and after how many rows the last one ends. */
  #far: Map<number, number> | undefined;
  #end = 0;
  /** How many rows have a value. */
  count = 0;
  /** How often the log left it empty. */
  emptyCount = 0;
  /** Step of the value added last, in formats that store metrics one by one. */
  lastStep: number = -Infinity;

  /** Starts without values. */
  constructor(name: string, { lastCounts, float32 }: { lastCounts: boolean; float32: boolean }) {
    this.name = name;
    this.lastCounts = lastCounts;
    this.float32 = float32;
  }

  /** Whether a row has a value. */
  has(row: number): boolean {
    return row < this.present.length ? this.present[row] === 1 : this.#far?.has(row) === true;
  }

  /** The value of a row that has one. */
  get(row: number): number {
    return row < this.values.length ? this.values[row]! : this.#far!.get(row)!;
  }

  /** Sets the value of a row; the number of cells that this took. */
  set(row: number, value: number): number {
    const before = this.values.length;
    if (row >= before) {
      if (this.#far !== undefined || row > Math.max(before * 2, ROWS_FIRST)) {
        this.#setFar(row, value);
        return this.values.length - before;
      }
      this.#reach(Math.max(row + 1, before * 2, ROWS_FIRST));
    }
    if (this.present[row] === 0) {
      this.present[row] = 1;
      this.count++;
    }
    this.values[row] = value;
    return this.values.length - before;
  }

  /** Puts all values into the arrays. */
  settle(): void {
    if (this.#far !== undefined) this.#reach(this.#end);
  }

  #setFar(row: number, value: number): void {
    const far = this.#far ??= new Map();
    const known = far.size;
    far.set(row, value);
    this.count += far.size - known;
    this.#end = Math.max(this.#end, row + 1);
    if (this.count * ROWS_PER_VALUE_MAX > this.#end) this.#reach(this.#end);
  }

  #reach(rows: number): void {
    this.values = grown(this.values, new Float64Array(rows));
    this.present = grown(this.present, new Uint8Array(rows));
    for (const [row, value] of this.#far ?? []) {
      this.values[row] = value;
      this.present[row] = 1;
    }
    this.#far = undefined;
  }

  /** Keeps some rows, in their order. */
  arrange(rows: readonly number[]): void {
    this.values = Float64Array.from(rows, (row) => this.values[row] ?? 0);
    this.present = Uint8Array.from(rows, (row) => this.present[row] ?? 0);
  }

  /** Takes away the values of rows for which `goes` says so; how many there were. */
  remove(goes: (row: number) => boolean): number {
    let removed = 0;
    for (let row = 0; row < this.present.length; row++) {
      if (this.present[row] === 0 || !goes(row)) continue;
      this.present[row] = 0;
      removed++;
    }
    for (const row of this.#far?.keys() ?? []) {
      if (goes(row) && this.#far!.delete(row)) removed++;
    }
    this.count -= removed;
    return removed;
  }
}

type NumberArray = Float64Array | Uint32Array | Uint8Array;

/** A larger array with what the smaller one holds. */
export function grown<A extends NumberArray>(from: A, to: A): A {
  to.set(from);
  return to;
}
