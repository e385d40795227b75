/**
 * Rows of a JSON Lines log that is still being written, as they come: what a replay compares while
 * its command runs.
 *
 * @module
 */

import { LOG_ISSUE_EXAMPLES_MAX } from "../limits.ts";
import { JsonLines, type LineSink } from "./formats/jsonl.ts";
import { FieldResolver } from "./field_roles.ts";
import type { Oddity, RowPlace } from "./row_sink.ts";
import type { LogIssueExample, LogIssueKind, RunMetadata } from "./run_log.ts";
import type { SeedValue } from "./seeds.ts";
import { PartTable } from "./split_keys.ts";

/** One record of a growing log. */
export interface LogRow {
  /**
   * Its step; NaN for a row without a key such as `step`, as only the whole log tells whether its rows
   * are counted, or go by epochs.
   */
  readonly step: number;
  /** 1-based line. */
  readonly line: number;
  /** Values by raw metric name; a missing one has no entry. */
  readonly values: ReadonlyMap<string, number>;
}

/**
 * Takes chunks of a growing JSON Lines file and gives the rows that are complete. Rows of the same step
 * are neither merged nor told apart here: only the whole log tells what they are to each other.
 *
 * @example Usage
 * ```ts
 * import { JsonlTail } from "@rewind/cli/training";
 * import { assertEquals } from "@std/assert";
 *
 * const tail = new JsonlTail();
 * const encoder = new TextEncoder();
 * assertEquals(tail.push(encoder.encode('{"step": 1, "lo')), []);
 * const [row] = tail.push(encoder.encode('ss": 0.5}\n'));
 * assertEquals(row?.step, 1);
 * assertEquals(row?.values.get("loss"), 0.5);
 * ```
 */
export class JsonlTail {
  readonly #sink: TailSink;
  readonly #lines: JsonLines;

  /** Reads keys as `fields` says; by the built-in lists by default. */
  constructor(fields: FieldResolver = new FieldResolver()) {
    this.#sink = new TailSink(fields);
    this.#lines = new JsonLines(this.#sink);
  }

  /** Oddities seen so far: damaged lines and bad steps, the first few. */
  get issues(): readonly (LogIssueExample & { kind: LogIssueKind })[] {
    return this.#sink.issues;
  }

  /** Seeds seen in the rows so far. */
  get seeds(): readonly SeedValue[] {
    return this.#sink.seeds;
  }

  /** The rows whose lines end in this chunk. */
  push(chunk: Uint8Array): LogRow[] {
    this.#lines.push(chunk);
    return this.#sink.take();
  }

  /** The row after the last newline, if it is whole. */
  end(): LogRow[] {
    this.#lines.end();
    return this.#sink.take();
  }
}

class TailSink implements LineSink {
  readonly metadata: RunMetadata = {};
  readonly parts: PartTable = new PartTable();
  readonly issues: (LogIssueExample & { kind: LogIssueKind })[] = [];
  readonly seeds: SeedValue[] = [];
  lineCount = 0;
  readonly #names: string[] = [];
  readonly #ids = new Map<string, number>();
  #rows: LogRow[] = [];
  #values = new Map<string, number>();

  constructor(readonly fields: FieldResolver) {}

  key(): void {}

  column(name: string): number {
    let id = this.#ids.get(name);
    if (id === undefined) {
      id = this.#names.push(name) - 1;
      this.#ids.set(name, id);
    }
    return id;
  }

  row({ step, source, line }: RowPlace): boolean {
    const known = source === "step" || source === "mapped";
    if (known && !Number.isSafeInteger(step)) {
      this.issue("bad_step", { line, detail: `step ${step} is no whole number below 2^53` });
      return false;
    }
    this.#values = new Map();
    this.#rows.push({ step: known ? step : NaN, line, values: this.#values });
    return true;
  }

  put(id: number, value: number): void {
    this.#values.set(this.#names[id]!, value);
  }

  seed(seed: SeedValue): void {
    if (this.seeds.some((s) => s.value === seed.value && s.path === seed.path)) return;
    if (this.seeds.length < LOG_ISSUE_EXAMPLES_MAX) this.seeds.push(seed);
  }

  empty(): void {}

  said(): void {}

  rounded(): void {}

  missed(): void {}

  oddity(_name: string, first: Oddity): Oddity {
    return first;
  }

  issue(kind: LogIssueKind, example: LogIssueExample): void {
    if (this.issues.length < LOG_ISSUE_EXAMPLES_MAX) this.issues.push({ kind, ...example });
  }

  take(): LogRow[] {
    const rows = this.#rows;
    this.#rows = [];
    return rows;
  }
}
