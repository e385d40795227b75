/**
 * The finished columns of a table: values at their steps, apart by label where rows of one step were
 * told apart, and side by side where several are left.
 *
 * @module
 */

import { LOG_CELLS_FREE, LOG_CELLS_MAX, LOG_CELLS_PER_VALUE_MAX } from "../limits.ts";
import { grouped } from "../../text/quantity.ts";
import { type ColumnDraft, grown } from "./column_draft.ts";
import { TrainingLogError } from "./errors.ts";
import type { StepLayout } from "./step_layout.ts";

/** A column without its canonical name. */
export interface FinishedColumn {
  /** Its name. */
  readonly name: string;
  /** One value per step. */
  readonly values: Float64Array;
  /** 1 where there is one. */
  readonly present: Uint8Array;
  /** How many there are. */
  readonly count: number;
  /** The column it was read into. */
  readonly draft: ColumnDraft;
  /** Name of the column that holds the last value of each step, where this one holds earlier ones. */
  readonly earlierOf: string | undefined;
}

/** How many cells a table may have: as many as its values need, and not many more. */
export class CellBudget {
  readonly #source: string;
  readonly #max: number;
  #taken = 0;

  /** For a table of so many values. */
  constructor(source: string, values: number) {
    this.#source = source;
    const needed = Math.max(LOG_CELLS_FREE, values * LOG_CELLS_PER_VALUE_MAX);
    this.#max = Math.min(LOG_CELLS_MAX, needed);
  }

  /**
   * Takes cells, before they are made.
   *
   * @throws {TrainingLogError} if there are not as many left
   */
  take(cells: number): void {
    this.#taken += cells;
    if (this.#taken > this.#max) throw tooManyCells(this.#source, this.#max);
  }
}

/** What is told about values that share a step. */
export interface SharedValues {
  /** How many cells the columns may have. */
  readonly cells: CellBudget;
  /** Several values of one metric at one step, which stand side by side. */
  readonly onSeveral: (
    column: string,
    values: readonly number[],
    at: { row: number; step: number },
  ) => void;
}

/** Columns of a log of which every row is a step of its own, in `order` if they do not ascend. */
export function plainColumns(
  drafts: readonly ColumnDraft[],
  rows: number,
  order: Uint32Array | undefined,
): FinishedColumn[] {
  return drafts.map((draft) => {
    const values = arranged(padded(draft.values, rows, Float64Array), order, Float64Array);
    const present = arranged(padded(draft.present, rows, Uint8Array), order, Uint8Array);
    const { name, count } = draft;
    release(draft);
    return { name, values, present, count, draft, earlierOf: undefined };
  });
}

/** Columns of a log in which rows share steps. */
export function sharedColumns(
  drafts: readonly ColumnDraft[],
  { layout, series }: { layout: StepLayout; series: Uint32Array },
  told: SharedValues,
): FinishedColumn[] {
  const finished: FinishedColumn[] = [];
  for (const draft of drafts) {
    finished.push(...new SharedColumn(draft, layout, series).finish(told));
    release(draft);
  }
  return finished;
}

/** Says that a table is too large. */
export function tooManyCells(source: string, max: number): TrainingLogError {
  const most = max < LOG_CELLS_MAX ? ", most of them empty" : "";
  return new TrainingLogError(
    `Cannot read ${source}: its table has more than ${
      grouped(max)
    } cells${most}; name the metrics to keep`,
    { path: source },
  );
}

/** Frees a draft's arrays as the finished ones are made: both at once would double the memory. */
function release(draft: ColumnDraft): void {
  draft.values = new Float64Array(0);
  draft.present = new Uint8Array(0);
}

interface Growing {
  name: string;
  values: Float64Array;
  present: Uint8Array;
  count: number;
  earlierOf: string | undefined;
}

/** One metric whose rows share steps. */
class SharedColumn {
  readonly #draft: ColumnDraft;
  readonly #layout: StepLayout;
  readonly #series: Uint32Array;
  readonly #columns = new Map<string, Growing>();

  constructor(draft: ColumnDraft, layout: StepLayout, series: Uint32Array) {
    this.#draft = draft;
    this.#layout = layout;
    this.#series = series;
  }

  finish(told: SharedValues): FinishedColumn[] {
    const { order, stepOf, labelOf, labels, steps } = this.#layout;
    const { values, present, lastCounts } = this.#draft;
    const { cells } = told;
    const isSplit = labels.length > 1 && this.#differs();
    /** Values of the current step, by label, and the row of the last one. */
    const groups = new Map<number, number[]>();
    let row = 0;
    let step = -1;
    const flush = () => {
      for (const [label, group] of groups) {
        const name = isSplit ? labels[label]! + this.#draft.name : this.#draft.name;
        const last = group.at(-1)!;
        this.#set(name, { step, value: last, cells });
        if (lastCounts || group.every((value) => Object.is(value, last))) continue;
        // Names with a # of their own keep it: the number stands after the last one.
        group.slice(0, -1).forEach((value, i) =>
          this.#set(`${name}#${i + 1}`, { step, value, cells, earlierOf: name })
        );
        told.onSeveral(name, group, { row, step: steps[step]! });
      }
      groups.clear();
    };
    for (let at = 0; at < order.length; at++) {
      if (present[order[at]!] !== 1) continue;
      if (stepOf[at] !== step) {
        flush();
        step = stepOf[at]!;
      }
      row = order[at]!;
      const label = isSplit ? labelOf[this.#series[row] ?? 0]! : 0;
      const group = groups.get(label);
      if (group === undefined) groups.set(label, [values[row]!]);
      else group.push(values[row]!);
    }
    flush();
    return [...this.#columns.values()].map((column) => ({ ...column, draft: this.#draft }));
  }

  /** Whether two rows of one step have different values, so that labels are needed. */
  #differs(): boolean {
    const { order, stepOf } = this.#layout;
    const { values, present, lastCounts } = this.#draft;
    let step = -1;
    let last = NaN;
    for (let at = 0; at < order.length && !lastCounts; at++) {
      const row = order[at]!;
      if (present[row] !== 1) continue;
      if (stepOf[at] === step && !Object.is(last, values[row])) return true;
      step = stepOf[at]!;
      last = values[row]!;
    }
    return false;
  }

  #set(
    name: string,
    { step, value, cells, earlierOf }: {
      step: number;
      value: number;
      cells: CellBudget;
      earlierOf?: string;
    },
  ): void {
    let column = this.#columns.get(name);
    if (column === undefined) {
      const length = this.#layout.steps.length;
      cells.take(length);
      column = {
        name,
        values: new Float64Array(length),
        present: new Uint8Array(length),
        count: 0,
        earlierOf,
      };
      this.#columns.set(name, column);
    }
    column.values[step] = value;
    column.present[step] = 1;
    column.count++;
  }
}

type NumberArray = Float64Array | Uint32Array | Uint8Array;

function padded<A extends NumberArray>(from: A, rows: number, Kind: new (n: number) => A): A {
  return from.length >= rows ? from.subarray(0, rows) as A : grown<A>(from, new Kind(rows));
}

/** Elements in an order; the array itself where there is none. */
export function arranged<A extends NumberArray>(
  from: A,
  order: Uint32Array | undefined,
  Kind: new (n: number) => A,
): A {
  if (order === undefined) return from;
  const to = new Kind(order.length);
  for (let i = 0; i < order.length; i++) to[i] = from[order[i]!]!;
  return to;
}
