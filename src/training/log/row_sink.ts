/**
 * Where the records of a log go, row by row: into a table, or into the rows of a log that is still
 * growing.
 *
 * @module
 */

import type { FieldResolver } from "./field_roles.ts";
import type { LogIssueExample, RunMetadata } from "./run_log.ts";
import type { SeedValue } from "./seeds.ts";
import type { PartTable } from "./split_keys.ts";

/**
 * How a row's step was found: not at all, by a key such as `epoch`, by a key such as `step`, or by one that
 * a preset or field map names. Each is trusted over those before, as their scales differ. Whether epochs
 * can be steps shows only at the end: until then such rows are counted.
 */
export type StepSource = "counted" | "weak" | "step" | "mapped";

/** Where a record belongs. One object serves all records of a reader. */
export interface RowPlace {
  /** Its step; 0 where it has none. */
  step: number;
  /** How the step was found. */
  source: StepSource;
  /** Its line or number. */
  line: number;
  /** Which of the phases, ranks and the like it is of: a number of `RowSink.parts`. */
  part: number;
  /** Its epoch; NaN where it names none. */
  epoch: number;
  /** Number of steps in an epoch, where the record says it, as in `[100/600]`; else 0. */
  epochSteps: number;
}

/** A place that says nothing yet. */
export function emptyPlace(): RowPlace {
  return { step: 0, source: "counted", line: 0, part: 0, epoch: NaN, epochSteps: 0 };
}

/** Values of one key that were no numbers. */
export interface Oddity {
  /** Line of the first. */
  line: number;
  /** What the first was, in a few words. */
  detail: string;
  /** How many there were. */
  count: number;
}

/** See the module. */
export interface RowSink {
  /** What the keys mean. */
  readonly fields: FieldResolver;
  /** What else the log says about the run. */
  readonly metadata: RunMetadata;
  /** The phases, ranks and the like of the records. */
  readonly parts: PartTable;
  /** Notes that the records have one more key. */
  key(): void;
  /** The number of a column by name; -1 if it is not wanted. */
  column(name: string): number;
  /** Opens a row; false if it must not be filled. */
  row(place: RowPlace): boolean;
  /** Sets a value in the open row. */
  put(id: number, value: number): void;
  /** Notes that the log leaves a metric empty: null, None, a blank. */
  empty(id: number): void;
  /** Keeps a seed. */
  seed(seed: SeedValue, at?: { source?: string; line?: number }): void;
  /** The count of the values under a name that are no numbers. */
  oddity(name: string, first: Oddity): Oddity;
  /** Keeps the first message that says numbers in words. */
  said(example: LogIssueExample): void;
  /** Counts integers whose last digits are lost. */
  rounded(count: number, example: LogIssueExample): void;
  /** Counts numbers that are in the log and in no row. */
  missed(count: number, example: LogIssueExample): void;
}
