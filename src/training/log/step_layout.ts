/**
 * Decides which rows of a log are one step: rows of the same step are merged where none overwrites
 * another; else they are told apart by the fewest keys (phase, rank, run, ...) that do it, or steps that
 * start again in every epoch go on from the epoch before. What is left stands side by side.
 * This module is browser compatible.
 *
 * @module
 */

import type { ColumnDraft } from "./column_draft.ts";
import { epochOffsets } from "./epoch_steps.ts";
import type { RowSeries } from "./row_table.ts";
import type { PartTable } from "./split_keys.ts";

/** Rows as they were read. */
export interface LaidRows {
  /** Step of each row. */
  readonly steps: Float64Array;
  /** Series of each row, where there is more than one; shorter where the rest are of the first. */
  readonly series: Uint32Array;
  /** All series. */
  readonly allSeries: readonly RowSeries[];
  /** The keys that may tell rows apart. */
  readonly parts: PartTable;
  /** Number of steps in an epoch, where the log says it; else 0. */
  readonly epochSteps: number;
  /** Whether the steps are epochs or the like: then a text that comes again is no reason to tell rows apart. */
  readonly isWeak: boolean;
}

/** Which rows are one step, and how those of one step are told apart. */
export interface StepLayout {
  /** All steps, strictly ascending. */
  readonly steps: Float64Array;
  /** Rows by step, then in the log's own order. */
  readonly order: Uint32Array;
  /** Index into `steps` for each place in `order`. */
  readonly stepOf: Uint32Array;
  /** Label of each series. */
  readonly labelOf: Uint32Array;
  /** What goes before the names of metrics of a label: empty, or `eval/`, `rank=1/`. */
  readonly labels: readonly string[];
  /** The keys that tell rows apart. */
  readonly splitBy: readonly string[];
  /** Whether steps start again in every epoch, and so go on from the epoch before here. */
  readonly restarts: boolean;
  /** Values that still have another at their step. */
  readonly conflicts: number;
}

/** Which way to tell rows apart is tried first. */
const RANKS = { phase: 0, label: 1, line: 3, text: 3 } as const;

const EPOCH_RANK = 2;

/** A way to tell rows apart. */
interface Candidate {
  /** Name of the key; undefined for the epoch. */
  readonly key: string | undefined;
  /** What goes before the names of metrics, by value. */
  readonly prefix: (series: RowSeries) => string;
}

/** Lays the rows of a log out. */
export function layOut(rows: LaidRows, drafts: readonly ColumnDraft[]): StepLayout {
  const keyNames = new Set(rows.parts.keys.map(({ name }) => name));
  const watched = drafts.filter(({ name, lastCounts, count }) =>
    !lastCounts && count > 1 && !keyNames.has(name)
  );
  let sorted = sortRows(rows.steps);
  const chosen: Candidate[] = [];
  let labels = labelsOf(rows, chosen);
  let conflicts = countConflicts(rows, watched, { ...sorted, ...labels });
  const candidates: readonly Candidate[] = conflicts === 0 ? [] : candidatesFor(rows);
  while (conflicts > 0) {
    let best: Candidate | undefined;
    for (const candidate of candidates) {
      if (chosen.includes(candidate)) continue;
      const tried = labelsOf(rows, [...chosen, candidate]);
      const left = countConflicts(rows, watched, { ...sorted, ...tried });
      if (left >= conflicts) continue;
      best = candidate;
      conflicts = left;
      if (left === 0) break;
    }
    if (best === undefined) break;
    chosen.push(best);
  }
  const keys = candidates.filter((candidate) =>
    candidate.key !== undefined && chosen.includes(candidate)
  );
  // Steps that fall back from one epoch to the next start again, also where no value meets another.
  const offsets = keys.length < chosen.length || !isSorted(rows.steps)
    ? epochOffsets(rows)
    : undefined;
  if (offsets !== undefined) {
    sorted = sortRows(
      rows.steps.map((step, row) => step + (offsets.get(seriesAt(rows, row).epoch) ?? 0)),
    );
  }
  labels = labelsOf(rows, keys);
  return {
    ...sorted,
    ...labels,
    splitBy: keys.map(({ key }) => key!),
    restarts: offsets !== undefined,
    conflicts,
  };
}

function seriesAt({ series, allSeries }: LaidRows, row: number): RowSeries {
  return allSeries[series[row] ?? 0]!;
}

/** Keys that had several values, those that people use for it first. */
function candidatesFor(rows: LaidRows): Candidate[] {
  const { parts, allSeries, isWeak } = rows;
  const candidates = parts.keys.filter((key) => {
    if (key.dropped || (isWeak && key.kind === "text")) return false;
    // A label comes again and again; a text that does not is a time or a message.
    const values = key.values.length - 1;
    const rowCount = rows.steps.length;
    if (key.kind === "text" && values * 2 > rowCount) return false;
    if (key.kind === "line" && values >= rowCount) return false;
    return new Set(allSeries.map(({ part }) => parts.valueOf(part, key.id))).size > 1;
  }).map((key) => ({
    key: key.name,
    rank: RANKS[key.kind],
    prefix: ({ part }: RowSeries) => {
      const value = parts.valueOf(part, key.id);
      return value === 0
        ? ""
        : `${key.kind === "phase" ? "" : `${key.name}=`}${key.values[value]}/`;
    },
  }));
  const epochs = epochOffsets(rows) === undefined
    ? []
    : [{ key: undefined, rank: EPOCH_RANK, prefix: ({ epoch }: RowSeries) => `${epoch}` }];
  return [...candidates, ...epochs].sort((a, b) => a.rank - b.rank);
}

function labelsOf(
  { allSeries }: LaidRows,
  candidates: readonly Candidate[],
): Pick<StepLayout, "labelOf" | "labels"> {
  const ids = new Map<string, number>();
  const labelOf = Uint32Array.from(allSeries, (series) => {
    const label = candidates.map(({ prefix }) => prefix(series)).join("");
    let id = ids.get(label);
    if (id === undefined) ids.set(label, id = ids.size);
    return id;
  });
  return { labelOf, labels: [...ids.keys()] };
}

function sortRows(steps: Float64Array): Pick<StepLayout, "steps" | "order" | "stepOf"> {
  const order = Uint32Array.from(steps, (_, row) => row);
  if (!isSorted(steps)) order.sort((a, b) => steps[a]! - steps[b]! || a - b);
  const stepOf = new Uint32Array(order.length);
  const unique = new Float64Array(order.length);
  let count = 0;
  for (let at = 0; at < order.length; at++) {
    const step = steps[order[at]!]!;
    if (count === 0 || unique[count - 1] !== step) unique[count++] = step;
    stepOf[at] = count - 1;
  }
  return { steps: unique.slice(0, count), order, stepOf };
}

function isSorted(steps: Float64Array): boolean {
  for (let row = 1; row < steps.length; row++) if (steps[row]! < steps[row - 1]!) return false;
  return true;
}

/** How many values have another before them at the same step under the same label. */
function countConflicts(
  { series }: LaidRows,
  drafts: readonly ColumnDraft[],
  layout: Pick<StepLayout, "order" | "stepOf" | "labelOf" | "labels">,
): number {
  const { order, stepOf, labelOf, labels } = layout;
  const lastStep = new Int32Array(labels.length);
  const lastValue = new Float64Array(labels.length);
  let conflicts = 0;
  for (const { values, present } of drafts) {
    lastStep.fill(-1);
    for (let at = 0; at < order.length; at++) {
      const row = order[at]!;
      if (present[row] !== 1) continue;
      const label = labelOf[series[row] ?? 0]!;
      const value = values[row]!;
      if (lastStep[label] === stepOf[at] && !Object.is(lastValue[label], value)) conflicts++;
      lastStep[label] = stepOf[at]!;
      lastValue[label] = value;
    }
  }
  return conflicts;
}
