/**
 * Builds the table of a training log from records in any order: merges those of one step, counts all
 * that is odd, keeps only the metrics that are wanted, and never holds more than numbers.
 *
 * @module
 */

import {
  LOG_CELLS_MAX,
  LOG_ISSUE_EXAMPLES_MAX,
  LOG_METRICS_MAX,
  LOG_SEEDS_MAX,
} from "../../limits.ts";
import { canonicalMatches, canonicalName, isTimingName } from "./canonical_names.ts";
import { TrainingLogError } from "./errors.ts";
import { FieldResolver } from "./fields.ts";
import type {
  Column,
  LogIssue,
  LogIssueExample,
  LogIssueKind,
  RunLog,
  RunMetadata,
  SeedFinding,
} from "./run_log.ts";
import type { SeedValue } from "./seeds.ts";

/** Settings of a {@linkcode LogBuilder}. */
export interface LogBuilderOptions {
  /** What the keys mean; the built-in lists by default. */
  fields?: FieldResolver;
  /** Names (raw, canonical or alias) of the metrics to keep; all by default. */
  metrics?: readonly string[];
  /** Refuse damage instead of reporting it. Default: false. */
  strict?: boolean;
}

/**
 * How a row's step was found: not at all, by a key such as `epoch`, by a key such as `step`, or by one that
 * a preset or field map names. Each is trusted over those before, as their scales differ. Whether epochs
 * can be steps shows only at the end: until then such rows are counted.
 */
export type StepSource = "counted" | "weak" | "step" | "mapped";

const STEP_SOURCE_LEVEL = { counted: 0, weak: 0, step: 1, mapped: 2 } as const;

const ROWS_FIRST = 1024;

/** Few, as a wide log may have many thousand columns. */
const COLUMN_ROWS_FIRST = 16;

interface ColumnDraft {
  readonly name: string;
  readonly timing: boolean;
  readonly float32: boolean;
  values: Float64Array;
  present: Uint8Array;
  count: number;
  /** Step of the value added last, in formats that store metrics one by one. */
  lastStep: number;
  textCount: number;
  textExample: LogIssueExample | undefined;
}

/** See the module. Rows are made by `row`, filled by `put`, and closed by the next `row` or `finish`. */
export class LogBuilder {
  /** What is known of the run beside its metrics. */
  readonly metadata: RunMetadata = {};
  /** What the keys of the log mean. */
  readonly fields: FieldResolver;
  /** Lines, or records, read so far; kept by the reader. */
  lineCount = 0;

  readonly #source: string;
  readonly #wanted: ReadonlySet<string> | undefined;
  readonly #strict: boolean;
  #format: string;

  #steps: Float64Array = new Float64Array(ROWS_FIRST);
  #lines: Uint32Array = new Uint32Array(ROWS_FIRST);
  #rowCount = 0;
  #ascending = true;
  /** Per row of a log without steps, its epoch or the like; NaN where it has none. */
  #weakSteps: Float64Array = new Float64Array(0);
  /** Row of a step; made when the first step comes that does not ascend. */
  #rowOfStep: Map<number, number> | undefined;
  #row = -1;
  #lastStep = -Infinity;
  #level: number = STEP_SOURCE_LEVEL.counted;
  #recordCount = 0;
  #merged = false;
  #added = 0;
  #repeated = 0;
  #conflicts = 0;
  #line = 0;

  readonly #ids = new Map<string, number>();
  readonly #drafts: ColumnDraft[] = [];
  readonly #skipped: string[] = [];
  #cells = 0;

  readonly #seeds = new Map<string, SeedFinding>();
  readonly #issues = new Map<LogIssueKind, { count: number; examples: LogIssueExample[] }>();

  /** Starts an empty table for the log at `source`. */
  constructor(source: string, format: string, options: LogBuilderOptions = {}) {
    this.#source = source;
    this.#format = format;
    this.fields = options.fields ?? new FieldResolver();
    this.#strict = options.strict ?? false;
    this.#wanted = options.metrics === undefined ? undefined : new Set(
      options.metrics.flatMap((name) => [name, canonicalName(name) ?? name]),
    );
  }

  /** The file or directory that is read. */
  get source(): string {
    return this.#source;
  }

  /** Corrects the format once a reader knows it better. */
  setFormat(format: string): void {
    this.#format = format;
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
      throw new TrainingLogError(
        `Cannot read ${this.#source} as it has more than ${LOG_METRICS_MAX} metric names`,
        { path: this.#source, line: this.#line },
      );
    }
    let id = -1;
    if (this.#isWanted(name)) {
      id = this.#drafts.length;
      this.#drafts.push({
        name,
        timing: isTimingName(name),
        float32,
        values: new Float64Array(0),
        present: new Uint8Array(0),
        count: 0,
        lastStep: -Infinity,
        textCount: 0,
        textExample: undefined,
      });
    } else this.#skipped.push(name);
    this.#ids.set(name, id);
    return id;
  }

  #isWanted(name: string): boolean {
    if (this.#wanted === undefined || this.#wanted.has(name)) return true;
    const own = this.fields.canonical(name);
    if (own !== undefined && this.#wanted.has(own)) return true;
    return canonicalMatches(name).some((match) => this.#wanted!.has(match.canonical));
  }

  /**
   * Opens the row of one record. A step that was seen before continues its row. Returns whether the
   * row is used: a bad step, or one from a worse source than other rows have, is reported instead.
   */
  row(step: number, from: StepSource, line: number): boolean {
    this.#closeRow();
    this.#line = line;
    const level = STEP_SOURCE_LEVEL[from];
    if (level !== this.#level) {
      if (level < this.#level) {
        this.issue("missing_step", { line, detail: "row without a step" });
        return false;
      }
      // Rows so far had no such step: they were a preamble, not the log's own rows.
      if (this.#recordCount > 0) this.#dropRows();
      this.#level = level;
    }
    const at = level === STEP_SOURCE_LEVEL.counted ? this.#rowCount : step;
    if (!Number.isSafeInteger(at)) {
      this.issue("bad_step", { line, detail: `step ${at} is no whole number below 2^53` });
      return false;
    }
    this.#recordCount++;
    this.#openStep(at);
    if (level === STEP_SOURCE_LEVEL.counted) this.#keepWeakStep(from === "weak" ? step : NaN);
    return true;
  }

  /**
   * Adds one value of one metric: a whole record of formats that store metrics one by one. There, only
   * steps of the same metric are out of order.
   */
  add(step: number, id: number, value: number, line: number): void {
    if (id < 0) return;
    const draft = this.#drafts[id]!;
    this.#lastStep = draft.lastStep;
    if (!this.row(step, "step", line)) return;
    draft.lastStep = step;
    this.put(id, value);
  }

  #openStep(step: number): void {
    const rows = this.#rowCount;
    if (step < this.#lastStep) {
      this.issue("out_of_order", {
        line: this.#line,
        step,
        detail: `step ${step} after step ${this.#lastStep}`,
      });
    }
    this.#lastStep = step;
    const last = rows === 0 ? -Infinity : this.#steps[rows - 1]!;
    if (step === last) {
      this.#row = rows - 1;
      this.#merged = true;
    } else if (this.#ascending && step > last) this.#appendRow(step);
    else {
      // Records that come metric by metric walk over the same steps again: try the next row first.
      const next = this.#row + 1;
      const found = next < rows && this.#steps[next] === step ? next : this.#findRow(step);
      if (found === undefined) this.#appendRow(step);
      else {
        this.#row = found;
        this.#merged = true;
      }
    }
  }

  #keepWeakStep(step: number): void {
    if (this.#row >= this.#weakSteps.length) {
      this.#weakSteps = grown(this.#weakSteps, new Float64Array(this.#steps.length));
    }
    this.#weakSteps[this.#row] = step;
  }

  #findRow(step: number): number | undefined {
    if (this.#rowOfStep === undefined) {
      this.#rowOfStep = new Map();
      for (let row = 0; row < this.#rowCount; row++) this.#rowOfStep.set(this.#steps[row]!, row);
    }
    return this.#rowOfStep.get(step);
  }

  #appendRow(step: number): void {
    const row = this.#rowCount++;
    if (row === this.#steps.length) {
      this.#steps = grown(this.#steps, new Float64Array(row * 2));
      this.#lines = grown(this.#lines, new Uint32Array(row * 2));
    }
    if (row > 0 && step < this.#steps[row - 1]!) this.#ascending = false;
    this.#steps[row] = step;
    this.#lines[row] = this.#line;
    this.#rowOfStep?.set(step, row);
    this.#row = row;
    this.#merged = false;
  }

  /** Sets a metric in the open row; -1 as the column is ignored. */
  put(id: number, value: number): void {
    if (id < 0) return;
    const draft = this.#drafts[id]!;
    const row = this.#row;
    if (row >= draft.values.length) this.#growColumn(draft, row);
    if (draft.present[row] === 1) {
      if (Object.is(draft.values[row], value)) this.#repeated++;
      else if (!draft.timing) {
        this.#conflicts++;
        if (this.#conflicts === 1) {
          this.issue("conflict", {
            line: this.#line,
            step: this.#steps[row]!,
            detail: `${draft.name} is ${value} after ${draft.values[row]}`,
          });
        }
      }
    } else {
      draft.present[row] = 1;
      draft.count++;
      this.#added++;
    }
    draft.values[row] = value;
  }

  #growColumn(draft: ColumnDraft, row: number): void {
    const old = draft.values.length;
    const rows = Math.max(row + 1, old * 2, COLUMN_ROWS_FIRST);
    this.#cells += rows - old;
    if (this.#cells > LOG_CELLS_MAX) {
      throw new TrainingLogError(
        `Cannot read ${this.#source} as its table has more than ${LOG_CELLS_MAX} cells: ` +
          "name the metrics to keep",
        { path: this.#source, line: this.#line },
      );
    }
    draft.values = grown(draft.values, new Float64Array(rows));
    draft.present = grown(draft.present, new Uint8Array(rows));
  }

  /** Notes that a metric's value was text, a boolean or an array in this line. */
  notNumeric(id: number, line: number, detail: string): void {
    if (id < 0) return;
    const draft = this.#drafts[id]!;
    draft.textExample ??= { line, detail: `${draft.name} is ${detail}` };
    draft.textCount++;
  }

  #closeRow(): void {
    if (this.#merged && this.#added === 0 && this.#conflicts === 0 && this.#repeated > 0) {
      const step = this.#steps[this.#row]!;
      this.issue("duplicate", { line: this.#line, step, detail: `step ${step} is logged again` });
    }
    this.#merged = false;
    this.#added = this.#repeated = this.#conflicts = 0;
  }

  #dropRows(): void {
    const detail = `${this.#recordCount} rows before the first step`;
    this.issue("missing_step", { line: this.#lines[0]!, detail }, this.#recordCount);
    this.#rowCount = this.#recordCount = 0;
    this.#row = -1;
    this.#lastStep = -Infinity;
    this.#ascending = true;
    this.#rowOfStep = undefined;
    for (const draft of this.#drafts) {
      draft.present.fill(0);
      draft.count = 0;
    }
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
    if (this.#strict && (kind === "damaged" || kind === "truncated" || kind === "bad_step")) {
      const where = example.line === undefined ? "" : `, line ${example.line}`;
      throw new TrainingLogError(
        `Cannot read ${this.#source}${where}: ${example.detail}; without strict it would be left out`,
        { path: this.#source, ...(example.line !== undefined && { line: example.line }) },
      );
    }
    const known = this.#issues.get(kind);
    if (known === undefined) this.#issues.set(kind, { count, examples: [example] });
    else {
      known.count += count;
      if (known.examples.length < LOG_ISSUE_EXAMPLES_MAX) known.examples.push(example);
    }
  }

  /** How often an oddity was seen so far. */
  issueCount(kind: LogIssueKind): number {
    return this.#issues.get(kind)?.count ?? 0;
  }

  /** Records used so far. */
  get recordCount(): number {
    return this.#recordCount;
  }

  /** The finished table; the builder must not be used any more. */
  finish(): RunLog {
    this.#closeRow();
    if (this.#level === STEP_SOURCE_LEVEL.counted && this.#rowCount > 0) this.#chooseWeakSteps();
    const rows = this.#rowCount;
    const order = this.#ascending ? undefined : rowsByStep(this.#steps, rows);
    const steps = arranged(this.#steps.subarray(0, rows), order, Float64Array);
    const lines = arranged(this.#lines.subarray(0, rows), order, Uint32Array);
    this.#reportGaps(steps, lines);
    const canonical = this.#assignCanonical();
    const columns = new Map<string, Column>();
    this.#drafts.forEach((draft, id) => {
      if (draft.count === 0) return;
      if (draft.textCount > 0) this.issue("non_numeric", draft.textExample!, draft.textCount);
      const values = arranged(padded(draft.values, rows, Float64Array), order, Float64Array);
      const present = arranged(padded(draft.present, rows, Uint8Array), order, Uint8Array);
      columns.set(draft.name, {
        name: draft.name,
        canonical: canonical.get(id),
        values,
        present,
        count: draft.count,
        integer: isInteger(values, present),
        float32: draft.float32,
      });
      // Frees the draft's arrays as the finished ones are made: both at once would double the memory.
      draft.values = new Float64Array(0);
      draft.present = new Uint8Array(0);
    });
    return {
      source: this.#source,
      format: this.#format,
      steps,
      lines,
      columns,
      skippedNames: this.#skipped,
      seeds: [...this.#seeds.values()],
      issues: [...this.#issues].map(([kind, { count, examples }]): LogIssue => ({
        kind,
        count,
        examples,
      })),
      recordCount: this.#recordCount,
      lineCount: this.lineCount,
      metadata: this.metadata,
    };
  }

  /**
   * Lets epochs or the like be the steps of a log that has no others: if every row has one, and rows of
   * the same epoch can be merged without losing a value. Otherwise rows stay counted.
   */
  #chooseWeakSteps(): void {
    const rows = this.#rowCount;
    const rowOfStep = new Map<number, number>();
    const target = new Uint32Array(rows);
    const lines: number[] = [];
    let whole = true;
    for (let row = 0; whole && row < rows; row++) {
      const step = this.#weakSteps[row]!;
      whole = Number.isSafeInteger(step);
      let to = rowOfStep.get(step);
      if (to === undefined) {
        to = rowOfStep.size;
        rowOfStep.set(step, to);
        lines.push(this.#lines[row]!);
      }
      target[row] = to;
    }
    const merged = whole ? this.#drafts.map((draft) => mergedColumn(draft, target)) : [];
    if (!whole || merged.includes(undefined)) {
      delete this.metadata.stepKey;
      this.issue("implied_steps", { detail: "no key gives a step, so rows are counted from 0" });
      return;
    }
    this.#steps = Float64Array.from(rowOfStep.keys());
    this.#lines = Uint32Array.from(lines);
    this.#rowCount = rowOfStep.size;
    this.#ascending = this.#steps.every((step, row) => row === 0 || this.#steps[row - 1]! < step);
    this.#drafts.forEach((draft, id) => Object.assign(draft, merged[id]));
  }

  /** Gives each canonical name to the one column that matches it best. */
  #assignCanonical(): Map<number, string> {
    const claims: { canonical: string; id: number; rank: number }[] = [];
    this.#drafts.forEach((draft, id) => {
      if (draft.count === 0) return;
      const own = this.fields.canonical(draft.name);
      if (own !== undefined) claims.push({ canonical: own, id, rank: -1 });
      else {
        for (const { canonical, rank } of canonicalMatches(draft.name)) {
          claims.push({ canonical, id, rank });
        }
      }
    });
    claims.sort((a, b) => a.rank - b.rank || a.id - b.id);
    const byColumn = new Map<number, string>();
    const taken = new Set<string>();
    for (const { canonical, id } of claims) {
      if (byColumn.has(id) || taken.has(canonical)) continue;
      byColumn.set(id, canonical);
      taken.add(canonical);
    }
    return byColumn;
  }

  /** Reports steps that are missing by the usual stride, if most of the log keeps to one. */
  #reportGaps(steps: Float64Array, lines: Uint32Array): void {
    const stride = usualStride(steps);
    if (stride === undefined) return;
    for (let row = 1; row < steps.length; row++) {
      const from = steps[row - 1]!;
      const to = steps[row]!;
      if (to - from <= stride) continue;
      const detail = `steps ${from + stride} to ${
        to - 1
      } are missing (the usual stride is ${stride})`;
      this.issue("gap", { line: lines[row]!, step: to, detail });
    }
  }
}

/** The distance that more than half of the neighboring steps have; undefined if there is none. */
export function usualStride(steps: Float64Array): number | undefined {
  if (steps.length < 3) return undefined;
  // Boyer and Moore's majority vote: the only candidate, found in one pass without a table.
  let candidate = 0;
  let votes = 0;
  for (let i = 1; i < steps.length; i++) {
    const distance = steps[i]! - steps[i - 1]!;
    if (votes === 0) candidate = distance;
    votes += distance === candidate ? 1 : -1;
  }
  let count = 0;
  for (let i = 1; i < steps.length; i++) {
    if (steps[i]! - steps[i - 1]! === candidate) count++;
  }
  return count * 2 > steps.length - 1 ? candidate : undefined;
}

/** A column whose rows move to `target`; undefined if two different values would meet. */
function mergedColumn(
  draft: ColumnDraft,
  target: Uint32Array,
): Pick<ColumnDraft, "values" | "present" | "count"> | undefined {
  const length = Math.min(draft.values.length, target.length);
  const values = new Float64Array(length);
  const present = new Uint8Array(length);
  let count = 0;
  for (let row = 0; row < length; row++) {
    if (draft.present[row] === 0) continue;
    const to = target[row]!;
    const value = draft.values[row]!;
    if (present[to] === 0) count++;
    else if (!draft.timing && !Object.is(values[to], value)) return undefined;
    present[to] = 1;
    values[to] = value;
  }
  return { values, present, count };
}

function rowsByStep(steps: Float64Array, rows: number): Uint32Array {
  return Uint32Array.from({ length: rows }, (_, row) => row)
    .sort((a, b) => steps[a]! - steps[b]!);
}

type NumberArray = Float64Array | Uint32Array | Uint8Array;

function grown<A extends NumberArray>(from: A, to: A): A {
  to.set(from);
  return to;
}

function padded<A extends NumberArray>(from: A, rows: number, Kind: new (n: number) => A): A {
  return from.length >= rows ? from.subarray(0, rows) as A : grown<A>(from, new Kind(rows));
}

function arranged<A extends NumberArray>(
  from: A,
  order: Uint32Array | undefined,
  Kind: new (n: number) => A,
): A {
  if (order === undefined) return from;
  const to = new Kind(order.length);
  for (let i = 0; i < order.length; i++) to[i] = from[order[i]!]!;
  return to;
}

function isInteger(values: Float64Array, present: Uint8Array): boolean {
  for (let row = 0; row < values.length; row++) {
    if (present[row] === 1 && !Number.isSafeInteger(values[row])) return false;
  }
  return true;
}
