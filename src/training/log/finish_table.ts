/**
 * Finishes a table: rows in the order of their steps, those of one step merged or told apart, columns
 * with their canonical names.
 *
 * @module
 */

import { LOG_OCCURRENCES_MAX } from "../limits.ts";
import { counted } from "../../text/quantity.ts";
import { canonicalMatches } from "./canonical_names.ts";
import { ColumnDraft } from "./column_draft.ts";
import type { FieldResolver } from "./field_roles.ts";
import {
  arranged,
  CellBudget,
  type FinishedColumn,
  plainColumns,
  sharedColumns,
} from "./finished_columns.ts";
import type { IssueList } from "./log_issues.ts";
import type { RowTable } from "./row_table.ts";
import type { Column, StepSharing } from "./run_log.ts";
import type { PartTable } from "./split_keys.ts";
import { findGaps } from "./step_gaps.ts";
import { layOut, type StepLayout } from "./step_layout.ts";

/** What was read of a log. */
export interface TableParts {
  /** The log. */
  source: string;
  /** Its rows. */
  table: RowTable;
  /** Epochs or the like of the rows, where these are counted; undefined where they have steps. */
  weakSteps: Float64Array | undefined;
  /** What these are called. */
  weakName: string | undefined;
  /** Its metrics, settled. */
  drafts: readonly ColumnDraft[];
  /** What may tell rows of one step apart. */
  parts: PartTable;
  /** Number of steps in an epoch, where the log says it; else 0. */
  epochSteps: number;
  /** What the keys mean. */
  fields: FieldResolver;
  /** What was odd. */
  issues: IssueList;
  /** Whether a column is to be kept. */
  isWanted: (name: string, canonical: string | undefined) => boolean;
}

/** The finished table. */
export interface FinishedTable {
  /** Steps, ascending. */
  steps: Float64Array;
  /** Line of each step's first record. */
  lines: Uint32Array;
  /** Metrics by name. */
  columns: Map<string, Column>;
  /** How records of one step were told apart. */
  sharing: StepSharing;
  /** Whether rows are counted, as the log has no steps. */
  isCounted: boolean;
}

const ALONE: StepSharing = { splitBy: [], restarts: false, occurrences: 1 };

/**
 * Puts the values of drafts into arrays with a place for each row.
 *
 * @throws {TrainingLogError} if nearly all of them would be empty
 */
export function settle(source: string, drafts: readonly ColumnDraft[], rows: number): void {
  const used = drafts.filter(({ count }) => count > 0);
  new CellBudget(source, valuesOf(used)).take(used.length * rows);
  for (const draft of used) draft.settle();
}

function valuesOf(drafts: readonly ColumnDraft[]): number {
  return drafts.reduce((sum, { count }) => sum + count, 0);
}

/** See the module. */
export function finishTable(input: TableParts): FinishedTable {
  const { table, issues } = input;
  const rows = table.count;
  const { layout, isCounted } = layoutOf(input);
  const drafts = [...isCounted ? countedEpochs(input) : [], ...input.drafts]
    .filter(({ count }) => count > 0);
  const allLines = table.lines.subarray(0, rows);
  if (layout === undefined) {
    const steps = isCounted
      ? Float64Array.from({ length: rows }, (_, row) => row)
      : table.steps.subarray(0, rows);
    const columns = plainColumns(drafts, rows, undefined);
    return finished(input, { steps, lines: allLines, columns, sharing: ALONE, isCounted });
  }
  const lines = linesOf(layout, allLines);
  noteSplit(layout, issues);
  const { steps, order, splitBy, restarts } = layout;
  if (steps.length === rows && splitBy.length === 0) {
    const columns = plainColumns(drafts, rows, order);
    return finished(input, {
      steps,
      lines,
      columns,
      sharing: { ...ALONE, restarts },
      isCounted,
    });
  }
  let occurrences = 1;
  const kept = drafts.filter(({ name }) => !splitBy.includes(name));
  const cells = new CellBudget(input.source, valuesOf(kept));
  const columns = sharedColumns(kept, { layout, series: table.series }, {
    cells,
    onSeveral: (name, values, { row, step }) => {
      occurrences = Math.max(occurrences, values.length);
      const last = values.length - 1;
      const detail = `${name} is ${values[last]} after ${
        values[last - 1]
      }, which ${name}#${last} keeps`;
      issues.add("conflict", { line: allLines[row]!, step, detail }, last);
    },
  });
  const sharing = { splitBy, restarts, occurrences };
  return finished(input, { steps, lines, columns, sharing, isCounted });
}

/** Epochs that are not the steps, as they are fractions or values share them, are values themselves. */
function countedEpochs({ weakSteps, weakName, drafts }: TableParts): ColumnDraft[] {
  if (weakSteps === undefined || weakName === undefined) return [];
  if (drafts.some(({ name }) => name === weakName)) return [];
  const draft = new ColumnDraft(weakName, { lastCounts: true, float32: false });
  weakSteps.forEach((epoch, row) => {
    if (!Number.isNaN(epoch)) draft.set(row, epoch);
  });
  draft.settle();
  return [draft];
}

/** Which rows are one step. */
interface Decision {
  /** How; undefined where the rows can stay as they are. */
  layout: StepLayout | undefined;
  /** Whether rows are counted, as no key gives a step. */
  isCounted: boolean;
}

function layoutOf(input: TableParts): Decision {
  const { table, weakSteps, drafts, parts, epochSteps, issues } = input;
  const rows = table.count;
  const { series, allSeries } = table;
  const shared = { series, allSeries, parts, epochSteps };
  const isCounted = weakSteps !== undefined && rows > 0;
  if (isCounted) {
    // Epochs or the like can be the steps if every row has a whole one, and no value is lost by it.
    if (weakSteps.every((step) => Number.isSafeInteger(step))) {
      const layout = layOut({ ...shared, steps: weakSteps, isWeak: true }, drafts);
      if (layout.conflicts === 0) return { layout, isCounted: false };
    }
    issues.add("implied_steps", { detail: "no key gives a step, so rows are counted from 0" });
  }
  if (table.ascending) return { layout: undefined, isCounted };
  const steps = table.steps.subarray(0, rows);
  const layout = layOut({ ...shared, steps, isWeak: false }, drafts);
  const most = layout.conflicts === 0 ? 1 : mostRowsOfAStep(layout, series);
  if (most <= LOG_OCCURRENCES_MAX) return { layout, isCounted };
  const detail = `a step has up to ${counted(most, "record")}, so rows are counted from 0`;
  issues.add("implied_steps", { detail });
  return { layout: undefined, isCounted: true };
}

function mostRowsOfAStep(
  { stepOf, order, labelOf, labels }: StepLayout,
  series: Uint32Array,
): number {
  const counts = new Uint32Array(labels.length);
  const seen = new Int32Array(labels.length).fill(-1);
  let most = 0;
  for (let at = 0; at < order.length; at++) {
    const label = labelOf[series[order[at]!] ?? 0]!;
    if (seen[label] !== stepOf[at]) counts[label] = 0;
    seen[label] = stepOf[at]!;
    counts[label]!++;
    most = Math.max(most, counts[label]!);
  }
  return most;
}

function noteSplit({ splitBy, restarts, labels }: StepLayout, issues: IssueList): void {
  if (splitBy.length > 0) {
    const shown = labels.filter((label) => label !== "").slice(0, 5).map((l) => l.slice(0, -1));
    const detail = `records of one step are told apart by ${splitBy.join(" and ")}: ` +
      shown.join(", ") + (labels.length > 5 ? ", ..." : "");
    issues.add("split", { detail }, labels.length);
  }
  if (restarts) {
    const detail = "steps start again in every epoch, so they go on from the epoch before";
    issues.add("split", { detail });
  }
}

function linesOf({ steps, order, stepOf }: StepLayout, lines: Uint32Array): Uint32Array {
  if (steps.length === order.length) return arranged(lines, order, Uint32Array);
  const first = new Uint32Array(steps.length);
  for (let at = order.length - 1; at >= 0; at--) {
    const line = lines[order[at]!]!;
    const step = stepOf[at]!;
    if (first[step] === 0 || line < first[step]!) first[step] = line;
  }
  return first;
}

function finished(
  { fields, issues, isWanted }: TableParts,
  table: Omit<FinishedTable, "columns"> & { columns: readonly FinishedColumn[] },
): FinishedTable {
  findGaps(table.steps, table.lines, (gap) => issues.add("gap", gap));
  const canonical = canonicalNames(table.columns, fields);
  const columns = new Map<string, Column>();
  table.columns.forEach(({ name, values, present, count, draft, earlierOf }, index) => {
    if (count === 0 || !isWanted(name, canonical.get(index))) return;
    columns.set(name, {
      name,
      canonical: canonical.get(index),
      values,
      present,
      count,
      integer: isInteger(values, present),
      float32: draft.float32,
      emptyCount: draft.emptyCount,
      earlierOf,
    });
  });
  return { ...table, columns };
}

/** Gives each canonical name to the one column that matches it best. */
function canonicalNames(
  columns: readonly FinishedColumn[],
  fields: FieldResolver,
): Map<number, string> {
  const claims: { canonical: string; index: number; rank: number }[] = [];
  columns.forEach(({ name, draft, earlierOf }, index) => {
    if (earlierOf !== undefined) return;
    const own = fields.canonical(name) ??
      (canonicalMatches(name).length > 0 ? fields.canonical(draft.name) : undefined);
    if (own !== undefined) claims.push({ canonical: own, index, rank: -1 });
    else {
      for (const { canonical, rank } of canonicalMatches(name)) {
        claims.push({ canonical, index, rank });
      }
    }
  });
  claims.sort((a, b) => a.rank - b.rank || a.index - b.index);
  const byColumn = new Map<number, string>();
  const taken = new Set<string>();
  for (const { canonical, index } of claims) {
    if (byColumn.has(index) || taken.has(canonical)) continue;
    byColumn.set(index, canonical);
    taken.add(canonical);
  }
  return byColumn;
}

function isInteger(values: Float64Array, present: Uint8Array): boolean {
  for (let row = 0; row < values.length; row++) {
    if (present[row] === 1 && !Number.isSafeInteger(values[row])) return false;
  }
  return true;
}
