/**
 * The table that every training log becomes: steps down, metrics across, with all that was odd about
 * the file beside it. Readers make it, comparisons read it; it holds plain data only.
 * This module is browser compatible.
 *
 * @module
 */

import { levenshteinDistance } from "@std/text";
import { canonicalName } from "./canonical_names.ts";
import { TrainingLogError } from "./errors.ts";

/** One metric over all steps of a log. */
export interface Column {
  /** Name as the log spells it; keys inside objects are joined with dots. */
  readonly name: string;
  /** Canonical name (`reward_mean`, `kl_mean`, ...) if this column is the log's best match for one. */
  readonly canonical: string | undefined;
  /** One value per row of `RunLog.steps`; meaningful only where `present` is 1. NaN is a value. */
  readonly values: Float64Array;
  /** 1 where the log has a value in that row, 0 where it has none (missing or null). */
  readonly present: Uint8Array;
  /** How many rows have a value. */
  readonly count: number;
  /** Whether every value is a whole number below 2^53. */
  readonly integer: boolean;
  /** Whether the log stores this metric as float32: the last 29 bits of a value say nothing. */
  readonly float32: boolean;
  /** How often the log names it and leaves it empty: null, None, a blank. */
  readonly emptyCount: number;
  /**
   * Name of the column that holds the last value of each step, where this one (`loss#1`, `loss#2`, ...) holds
   * the values before it; undefined for an ordinary column.
   */
  readonly earlierOf: string | undefined;
}

/** How records that share a step were told apart. */
export interface StepSharing {
  /** Keys whose values stand before the names of metrics: `phase` makes `eval/loss`. */
  readonly splitBy: readonly string[];
  /** Whether steps start again in every epoch, and so go on from the epoch before here. */
  readonly restarts: boolean;
  /** Most values of one metric at one step; more than 1 makes columns such as `loss#1`. */
  readonly occurrences: number;
}

/** How many of a log's numbers were understood. A verdict over a log that was not is none. */
export interface LogNumbers {
  /** Numbers that became values, steps and the like. */
  readonly understood: number;
  /** Numbers that are in the log and became nothing: they are not compared. */
  readonly missed: number;
  /** The first of those. */
  readonly firstMissed: LogIssueExample | undefined;
  /** The first text under a key that says numbers in words, where there is one: they are not among the above. */
  readonly said?: LogIssueExample;
}

/** A seed that was found, and where. */
export interface SeedFinding {
  /** The seed itself, at any size. */
  readonly value: bigint;
  /** File in which it stands. */
  readonly source: string;
  /** Path inside that file, such as `rng.python`, `config.seed` or `path` for one in the file's name. */
  readonly path: string;
  /** 1-based line of its first appearance, where the file has lines. */
  readonly line?: number;
}

/** Kinds of oddities of a log; see {@linkcode LogIssue}. */
export type LogIssueKind =
  /** A line or record that cannot be parsed, or whose checksum is wrong; it was left out. */
  | "damaged"
  /** The last line or record is cut short, as in a log that is still written; it was left out. */
  | "truncated"
  /** A row without a step in a log whose other rows have one; its metrics were left out. */
  | "missing_step"
  /** A step that is no whole number below 2^53; the row was left out. */
  | "bad_step"
  /** A metric that is logged again at the same step with the same value. */
  | "duplicate"
  /** A metric that is logged again at the same step with another value; the earlier ones stand in `loss#1`, ... */
  | "conflict"
  /** Records of one step that were told apart by a key such as `phase`, or by the epoch. */
  | "split"
  /** A step that is smaller than the one before, as after a resume. */
  | "out_of_order"
  /** Steps that are missing by the log's usual stride. */
  | "gap"
  /** Text or another non-number under a key that holds numbers in other rows; one example per key. */
  | "non_numeric"
  /** A key that holds text only, which is not compared; one example per key. */
  | "text"
  /** An integer above 2^53, whose last digits a float64 does not hold: they are not compared. */
  | "rounded"
  /** The log has no steps at all, so its rows are counted from 0. */
  | "implied_steps"
  /** A file beside the log that could not be used, or one that was passed over. */
  | "note";

/** Kinds of issues that are no fault of the log. */
export const FAULTLESS_ISSUES: ReadonlySet<LogIssueKind> = new Set([
  "note",
  "implied_steps",
  "split",
  "text",
  "rounded",
]);

/** One kind of oddity: how often it was seen and its first examples. */
export interface LogIssue {
  /** What it is. */
  readonly kind: LogIssueKind;
  /** How often it was seen. */
  readonly count: number;
  /** The first few of them (at most `LOG_ISSUE_EXAMPLES_MAX`). */
  readonly examples: readonly LogIssueExample[];
}

/** One place at which an oddity was seen. */
export interface LogIssueExample {
  /** 1-based line, or record number in formats without lines. */
  readonly line?: number;
  /** The step that it is about. */
  readonly step?: number;
  /** What was seen, in a few words. */
  readonly detail: string;
}

/** What a log says about the run beside its metrics; every field only where it was found. */
export interface RunMetadata {
  /** Identifier or name of the run. */
  runId?: string;
  /** Project or experiment that it belongs to. */
  project?: string;
  /** Commit of the training code. */
  gitSha?: string;
  /** Program and arguments that were run. */
  command?: string[];
  /** Key that gave the steps; undefined if rows were counted. */
  stepKey?: string;
}

/** A training log as a table. */
export interface RunLog {
  /** The file or directory that was read. */
  readonly source: string;
  /** Its format, detected or forced; one of `LOG_FORMATS`. */
  readonly format: string;
  /** Steps, strictly ascending, one row each: records of one step are merged, or told apart by columns. */
  readonly steps: Float64Array;
  /** Per row, the 1-based line (or record number) of its first record: sort by it for the log's own order. */
  readonly lines: Uint32Array;
  /** Metrics by raw name, in order of first appearance. */
  readonly columns: ReadonlyMap<string, Column>;
  /** Metrics that the log has and that `metrics` left out; for suggestions. */
  readonly skippedNames: readonly string[];
  /** How records that share a step were told apart. */
  readonly sharing: StepSharing;
  /** Every distinct seed, in order of discovery: rows first, then files beside the log, then its path. */
  readonly seeds: readonly SeedFinding[];
  /** Oddities, one entry per kind that was seen. */
  readonly issues: readonly LogIssue[];
  /** How many of its numbers were understood. */
  readonly numbers: LogNumbers;
  /** Keys of the user's field map that the log does not have. */
  readonly unusedFields: readonly string[];
  /** Records that were used (before merging those of one step). */
  readonly recordCount: number;
  /** Lines, or records in formats without lines, that were read. */
  readonly lineCount: number;
  /** What else the log says about the run. */
  readonly metadata: RunMetadata;
}

/** A log without rows, which stands for a run that wrote nothing. */
export const NO_LOG: RunLog = {
  source: "",
  format: "jsonl",
  steps: new Float64Array(0),
  lines: new Uint32Array(0),
  columns: new Map(),
  skippedNames: [],
  sharing: { splitBy: [], restarts: false, occurrences: 1 },
  seeds: [],
  issues: [],
  numbers: { understood: 0, missed: 0, firstMissed: undefined },
  unusedFields: [],
  recordCount: 0,
  lineCount: 0,
  metadata: {},
};

/**
 * The column called `name`: by its raw name first, then by canonical name (`reward_mean`), then by an
 * alias of one (`reward` finds `objective/scores`); undefined if there is none.
 */
export function column(log: RunLog, name: string): Column | undefined {
  const exact = log.columns.get(name);
  if (exact !== undefined) return exact;
  const canonical = canonicalName(name) ?? name;
  for (const candidate of log.columns.values()) {
    if (candidate.canonical === canonical) return candidate;
  }
  return undefined;
}

/**
 * The column called `name`, as {@linkcode column} finds it.
 *
 * @throws {TrainingLogError} if there is none; the message names the closest ones.
 */
export function requireColumn(log: RunLog, name: string): Column {
  const found = column(log, name);
  if (found !== undefined) return found;
  const close = suggestNames(log, name);
  const known = [...log.columns.keys()];
  const hint = close.length > 0
    ? `did you mean ${close.map((c) => `"${c}"`).join(" or ")}?`
    : known.length > 0
    ? `it has ${known.slice(0, 12).join(", ")}${known.length > 12 ? ", ..." : ""}`
    : "it has no metrics";
  throw new TrainingLogError(`Cannot find metric "${name}" in ${log.source}: ${hint}`, {
    path: log.source,
  });
}

/** Up to three metric names of the log (raw, canonical or skipped) that look like `name`, best first. */
export function suggestNames(log: RunLog, name: string): string[] {
  const names = new Set<string>([...log.columns.keys(), ...log.skippedNames]);
  for (const { canonical } of log.columns.values()) {
    if (canonical !== undefined) names.add(canonical);
  }
  const wanted = name.toLowerCase();
  const scored: { name: string; distance: number }[] = [];
  for (const candidate of names) {
    const lower = candidate.toLowerCase();
    const contained = wanted.length > 2 && (lower.includes(wanted) || wanted.includes(lower));
    // A distance is linear in both lengths: names that cannot come close are not measured.
    const longest = Math.max(lower.length, wanted.length);
    if (!contained && Math.abs(lower.length - wanted.length) > longest * 0.4) continue;
    const distance = contained
      ? 0.5
      : levenshteinDistance(wanted.slice(0, 200), lower.slice(0, 200));
    if (distance <= longest * 0.4) scored.push({ name: candidate, distance });
  }
  scored.sort((a, b) => a.distance - b.distance);
  return scored.slice(0, 3).map((s) => s.name);
}
