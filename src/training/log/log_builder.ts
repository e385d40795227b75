/**
 * Builds the table of a training log from records in any order: finds the row of each, keeps only the
 * metrics that are wanted, counts all that is odd, and never holds more than numbers.
 *
 * @module
 */

import { LOG_CELLS_MAX, LOG_KEYS_MAX, LOG_METRICS_MAX, LOG_SEEDS_MAX } from "../limits.ts";
import { grouped } from "../../text/quantity.ts";
import { isEpochName } from "./canonical_names.ts";
import { isTimingName } from "./timing_names.ts";
import { ColumnDraft } from "./column_draft.ts";
import { TrainingLogError } from "./errors.ts";
import { FieldResolver } from "./field_roles.ts";
import { finishTable, settle } from "./finish_table.ts";
import { tooManyCells } from "./finished_columns.ts";
import { IssueList } from "./log_issues.ts";
import { emptyPlace, type Oddity, type RowPlace, type RowSink } from "./row_sink.ts";
import { RowTable } from "./row_table.ts";
import type {
  LogIssueExample,
  LogIssueKind,
  LogNumbers,
  RunLog,
  RunMetadata,
  SeedFinding,
} from "./run_log.ts";
import type { SeedValue } from "./seeds.ts";
import { PartTable } from "./split_keys.ts";
import { WantedMetrics } from "./wanted_metrics.ts";

/** Settings of a {@linkcode LogBuilder}. */
export interface LogBuilderOptions {
  /** What the keys mean; the built-in lists by default. */
  fields?: FieldResolver;
  /** Names (raw, canonical or alias) of the metrics to keep; all by default. */
  metrics?: readonly string[];
  /** Refuse damage instead of reporting it. Default: false. */
  strict?: boolean;
}

const STEP_SOURCE_LEVEL = { counted: 0, weak: 0, step: 1, mapped: 2 } as const;

/** See the module. Rows are made by `row`, filled by `put`, and closed by the next `row` or `finish`. */
export class LogBuilder implements RowSink {
  /** What is known of the run beside its metrics. */
  readonly metadata: RunMetadata = {};
  /** What the keys of the log mean. */
  readonly fields: FieldResolver;
  /** The phases, ranks and the like of the records. */
  readonly parts: PartTable = new PartTable();
  /** Lines, or records, read so far; kept by the reader. */
  lineCount = 0;

  readonly #source: string;
  readonly #format: string;
  readonly #wanted: WantedMetrics;
  readonly #issues: IssueList;

  readonly #table = new RowTable();
  /** Per row of a log without steps, its epoch or the like; NaN where it has none. */
  #weakSteps: number[] = [];
  #row = -1;
  #level: number = STEP_SOURCE_LEVEL.counted;
  #recordCount = 0;
  #line = 0;
  /** Of the open record: values that are new, and that repeat or contradict what its row has. */
  #added = 0;
  #repeated = 0;
  #contradicted = 0;
  #epoch = NaN;
  #epochSteps = 0;
  #isPurged = false;
  readonly #place = emptyPlace();

  readonly #ids = new Map<string, number>();
  readonly #drafts: ColumnDraft[] = [];
  readonly #skipped: string[] = [];
  #cells = 0;
  #keys = 0;

  readonly #seeds = new Map<string, SeedFinding>();
  readonly #oddities = new Map<string, Oddity>();
  #understood = 0;
  #missed = 0;
  #firstMissed: LogIssueExample | undefined;
  #said: LogIssueExample | undefined;

  /** Starts an empty table for the log at `source`. */
  constructor(source: string, format: string, options: LogBuilderOptions = {}) {
    this.#source = source;
    this.#format = format;
    this.fields = options.fields ?? new FieldResolver();
    this.#issues = new IssueList(source, { strict: options.strict ?? false });
    this.#wanted = new WantedMetrics(options.metrics, this.fields);
  }

  /** The file or directory that is read. */
  get source(): string {
    return this.#source;
  }

  /**
   * The number of the column called `name`, made at its first use; -1 if the metric is not wanted.
   *
   * @throws {TrainingLogError} if the log has more than `LOG_METRICS_MAX` names
   */
  column(name: string, float32 = false): number {
    const known = this.#ids.get(name);
    if (known !== undefined) return known;
    if (this.#ids.size >= LOG_METRICS_MAX) {
      throw this.#tooMany(LOG_METRICS_MAX, "metric names");
    }
    this.fields.see(name);
    let id = -1;
    if (this.#wanted.mayHold(name)) {
      id = this.#drafts.length;
      const lastCounts = isTimingName(name) || isEpochName(name);
      this.#drafts.push(new ColumnDraft(name, { lastCounts, float32 }));
    } else this.#skipped.push(name);
    this.#ids.set(name, id);
    return id;
  }

  /**
   * Counts the keys of the records.
   *
   * @throws {TrainingLogError} if there are more than `LOG_KEYS_MAX`
   */
  key(): void {
    if (++this.#keys > LOG_KEYS_MAX) throw this.#tooMany(LOG_KEYS_MAX, "keys");
  }

  #tooMany(max: number, what: string): TrainingLogError {
    return new TrainingLogError(
      `Cannot read ${this.#source}: it has more than ${grouped(max)} ${what}`,
      { path: this.#source, line: this.#line },
    );
  }

  /**
   * Opens the row of one record. A step that was seen before continues its row. Returns whether the
   * row is used: a bad step, or one from a worse source than other rows have, is reported instead.
   */
  row(place: RowPlace): boolean {
    return this.#open(place, undefined);
  }

  /**
   * Adds one value of one metric: a whole record of formats that store metrics one by one. There, only
   * steps of the same metric are out of order.
   */
  add(step: number, id: number, value: number, line: number): void {
    if (id < 0) {
      this.#understood++;
      return;
    }
    const draft = this.#drafts[id]!;
    const place = this.#place;
    place.step = step;
    place.source = "step";
    place.line = line;
    if (!this.#open(place, draft.lastStep)) return this.missed(1, { line, detail: "bad step" });
    draft.lastStep = step;
    this.put(id, value);
  }

  /** Opens a row; `lastStep` is the step it is expected not to fall behind, its series' by default. */
  #open(place: RowPlace, lastStep: number | undefined): boolean {
    this.#closeRecord();
    const { step, line } = place;
    this.#line = line;
    const level = STEP_SOURCE_LEVEL[place.source];
    if (level !== this.#level) {
      if (level < this.#level) {
        this.issue("missing_step", { line, detail: "row without a step" });
        return false;
      }
      // Rows so far had no such step: they were a preamble, not the log's own rows.
      if (this.#recordCount > 0) this.#dropRows();
      this.#level = level;
    }
    const isCounted = level === STEP_SOURCE_LEVEL.counted;
    if (!isCounted && !Number.isSafeInteger(step)) {
      this.issue("bad_step", { line, detail: `step ${step} is no whole number below 2^53` });
      return false;
    }
    this.#recordCount++;
    if (Number.isSafeInteger(place.epoch)) this.#epoch = place.epoch;
    if (place.epochSteps > this.#epochSteps) this.#epochSteps = place.epochSteps;
    const table = this.#table;
    const series = table.seriesOf(place.part, this.#epoch);
    if (isCounted) {
      this.#row = table.append(series, table.count, line);
      this.#weakSteps[this.#row] = place.source === "weak" ? step : NaN;
      return true;
    }
    const last = lastStep ?? series.lastStep;
    if (step < last) {
      this.issue("out_of_order", { line, step, detail: `step ${step} after step ${last}` });
    }
    this.#row = table.open(series, step, line);
    return true;
  }

  #closeRecord(): void {
    if (this.#repeated > 0 && this.#added === 0 && this.#contradicted === 0) {
      const step = this.#table.steps[this.#row]!;
      this.issue("duplicate", { line: this.#line, step, detail: `step ${step} is logged again` });
    }
    this.#added = this.#repeated = this.#contradicted = 0;
  }

  /** Sets a metric in the open row; -1 as the column is ignored. */
  put(id: number, value: number): void {
    this.#understood++;
    if (id < 0) return;
    const draft = this.#drafts[id]!;
    let row = this.#row;
    if (!draft.has(row)) this.#added++;
    else if (!draft.lastCounts) {
      if (Object.is(draft.get(row), value)) this.#repeated++;
      else this.#contradicted++;
      row = this.#table.overflow(row, { line: this.#line, free: (row) => !draft.has(row) });
      // It is of the same epoch, where rows are counted.
      if (row === this.#weakSteps.length) this.#weakSteps[row] = this.#weakSteps[this.#row]!;
    }
    this.#cells += draft.set(row, value);
    if (this.#cells > LOG_CELLS_MAX) throw tooManyCells(this.#source, LOG_CELLS_MAX);
  }

  /** Notes that the log leaves a metric empty: null, None, a blank. */
  empty(id: number): void {
    if (id >= 0) this.#drafts[id]!.emptyCount++;
  }

  /** The count of the values under a name that are no numbers. */
  oddity(name: string, first: Oddity): Oddity {
    const known = this.#oddities.get(name);
    if (known === undefined) this.#oddities.set(name, first);
    return known ?? first;
  }

  /** Keeps the first message that says numbers in words. */
  said(example: LogIssueExample): void {
    this.#said ??= example;
  }

  /** Counts integers whose last digits are lost. */
  rounded(count: number, example: LogIssueExample): void {
    this.issue("rounded", example, count);
  }

  /** Counts numbers that are in the log and in no row. */
  missed(count: number, example: LogIssueExample): void {
    this.#missed += count;
    this.#firstMissed ??= example;
  }

  /** Counts numbers that were understood for something else than a value: a step, a total, a clock. */
  understood(count: number): void {
    this.#understood += count;
  }

  /** Takes the values of some columns away from a step on, as a restart there does; how many there were. */
  purge(ids: Iterable<number>, fromStep: number): number {
    const { steps } = this.#table;
    let purged = 0;
    for (const id of ids) {
      const draft = this.#drafts[id];
      if (draft === undefined) continue;
      draft.lastStep = Math.min(draft.lastStep, fromStep - 1);
      purged += draft.remove((row) => steps[row]! >= fromStep);
    }
    this.#isPurged ||= purged > 0;
    return purged;
  }

  #dropRows(): void {
    const detail = `${this.#recordCount} rows before the first step`;
    const line = this.#table.lines[0]!;
    this.issue("missing_step", { line, detail }, this.#recordCount);
    this.#table.clear();
    this.#recordCount = 0;
    this.#row = -1;
    let dropped = 0;
    for (const draft of this.#drafts) dropped += draft.remove(() => true);
    this.#understood -= dropped;
    this.missed(dropped, { line, detail: "its row has no step" });
  }

  /** Keeps a seed that stands in `source` (the log itself by default); the same finding counts once. */
  seed(seed: SeedValue, at: { source?: string; line?: number } = {}): void {
    const { source = this.#source, line } = at;
    const key = `${seed.value} ${source} ${seed.path}`;
    if (this.#seeds.has(key) || this.#seeds.size >= LOG_SEEDS_MAX) return;
    const finding = { value: seed.value, source, path: seed.path };
    this.#seeds.set(key, line === undefined ? finding : { ...finding, line });
  }

  /**
   * Counts an oddity and keeps it as an example if it is among the first.
   *
   * @throws {TrainingLogError} if the builder is strict and it is damage
   */
  issue(kind: LogIssueKind, example: LogIssueExample, count = 1): void {
    this.#issues.add(kind, example, count);
  }

  /** Records used so far. */
  get recordCount(): number {
    return this.#recordCount;
  }

  /** The finished table; the builder must not be used any more. */
  finish(): RunLog {
    this.#closeRecord();
    const isCounted = this.#level === STEP_SOURCE_LEVEL.counted;
    settle(this.#source, this.#drafts, this.#table.count);
    if (this.#isPurged) this.#table.compact(this.#drafts);
    const unusedFields = this.fields.unused();
    const table = finishTable({
      source: this.#source,
      table: this.#table,
      weakSteps: isCounted ? Float64Array.from(this.#weakSteps) : undefined,
      weakName: this.metadata.stepKey,
      drafts: this.#drafts,
      parts: this.parts,
      epochSteps: this.#epochSteps,
      fields: this.fields,
      issues: this.#issues,
      isWanted: (name, canonical) => this.#wanted.has(name, canonical),
    });
    if (table.isCounted) delete this.metadata.stepKey;
    for (const [name, { line, detail, count }] of this.#oddities) {
      if (table.sharing.splitBy.includes(name)) continue;
      const kind = this.#ids.has(name) ? "non_numeric" : "text";
      this.issue(kind, { line, detail: `${name} is ${detail}` }, count);
    }
    return {
      source: this.#source,
      format: this.#format,
      steps: table.steps,
      lines: table.lines,
      columns: table.columns,
      skippedNames: this.#skipped,
      sharing: table.sharing,
      seeds: [...this.#seeds.values()],
      issues: this.#issues.list(),
      numbers: this.#numbers(),
      unusedFields,
      recordCount: this.#recordCount,
      lineCount: this.lineCount,
      metadata: this.metadata,
    };
  }

  /** A damaged record is taken for as many numbers as the others have. */
  #numbers(): LogNumbers {
    const damaged = this.#issues.count("damaged");
    const each = this.#understood / Math.max(1, this.#recordCount);
    return {
      understood: this.#understood,
      missed: this.#missed + Math.ceil(damaged * each),
      firstMissed: this.#firstMissed ?? this.#issues.first("damaged"),
      ...(this.#said !== undefined && { said: this.#said }),
    };
  }
}
