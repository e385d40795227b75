/**
 * Reads the log of a training run, whatever wrote it, into one table.
 *
 * @module
 */

import { ArgumentRangeError } from "../../errors.ts";
import { detectFormat } from "./detect_format.ts";
import { suggestion } from "../../text/suggestion.ts";
import { TrainingLogError } from "./errors.ts";
import { FieldResolver } from "./field_roles.ts";
import { pathKind } from "./file_source.ts";
import { LOG_FORMATS, type LogFormat } from "./formats/list.ts";
import { LogBuilder } from "./log_builder.ts";
import type { RunLog } from "./run_log.ts";
import { readSiblingConfigs } from "./sibling_configs.ts";

/** Settings of {@linkcode readRun}. */
export interface ReadRunOptions {
  /** Format of the log. Default: found out from the path and its content. */
  format?: LogFormat;
  /** Named field map: `trl`, `openrlhf`, `grpo`, `accelerate`, `verl` or `wandb`. */
  preset?: string;
  /** Meaning of keys, such as `{"it": "step", "ret": "reward_mean"}`; wins over the preset. */
  fieldMap?: Readonly<Record<string, string>>;
  /** Metrics to keep, by raw or canonical name or alias. Default: all. */
  metrics?: readonly string[];
  /** Which run to read where the log holds several: its name, id or directory; also as `path#run`. */
  run?: string;
  /** Whether damage is refused rather than left out and reported. Default: false. */
  strict?: boolean;
  /** Stops the reading. */
  signal?: AbortSignal;
}

/** How a log is to be read, as the verbs pass it on. */
export type LogReading = Pick<
  ReadRunOptions,
  "format" | "preset" | "fieldMap" | "strict" | "signal"
>;

/** This part of the options of a verb. */
export function readingOf({ format, preset, fieldMap, strict, signal }: LogReading): LogReading {
  return { format, preset, fieldMap, strict, signal };
}

/**
 * Reads the log at `path`, a file or a directory, into a table. Memory is that of the metrics that are
 * kept; the log itself is streamed. Seeds are taken from the rows, from files beside the log and from
 * its path.
 *
 * @throws {TrainingLogError} if there is no log, it holds no metrics, it holds several runs and `run`
 * names none, or `strict` is set and it is damaged
 * @throws {RangeError} if `format` or `preset` is unknown, or `fieldMap` names a key that the log lacks
 *
 * @example Usage
 * ```ts
 * import { column, readRun } from "@rewind/cli/training";
 * import { assertEquals } from "@std/assert";
 *
 * const path = await Deno.makeTempFile({ suffix: ".jsonl" });
 * await Deno.writeTextFile(path, '{"step": 1, "reward": 0.5, "seed": 7}\n');
 * const log = await readRun(path);
 * await Deno.remove(path);
 *
 * assertEquals(log.format, "jsonl");
 * assertEquals([...log.steps], [1]);
 * assertEquals(column(log, "reward_mean")?.values[0], 0.5);
 * assertEquals(log.seeds[0]?.value, 7n);
 * ```
 */
export async function readRun(path: string, options: ReadRunOptions = {}): Promise<RunLog> {
  const log = await readLog(path, options);
  checkFieldMap([log]);
  return log;
}

/** Reads a log as {@linkcode readRun} does, whatever keys a field map names that it does not have. */
export async function readLog(path: string, options: ReadRunOptions): Promise<RunLog> {
  const { format: forced, fieldMap, metrics, strict = false, signal } = options;
  if (forced !== undefined && !LOG_FORMATS.includes(forced)) {
    throw new ArgumentRangeError(
      `Cannot read format "${forced}": known are ${LOG_FORMATS.join(", ")}`,
    );
  }
  signal?.throwIfAborted();
  const { place, run } = await splitRun(path, options.run);
  const detected = await detectFormat(place, { format: forced, run, signal });
  const { format, description, path: found, file } = detected;
  const given = new FieldResolver(options.preset, fieldMap);
  const fields = given.mapsStep
    ? given
    : new FieldResolver(options.preset ?? description.preset, fieldMap);
  const builder = new LogBuilder(found, format, {
    fields,
    strict,
    ...(metrics !== undefined && { metrics }),
  });
  for (const other of detected.passedOver) {
    builder.issue("note", { detail: `${other} holds the same run and was not read` });
  }
  try {
    await description.read({ path: found, file, builder, run, signal });
  } finally {
    await file?.close();
  }
  await readSiblingConfigs(found, builder);
  const log = builder.finish();
  if (log.columns.size === 0 && log.skippedNames.length === 0) throw nothingRead(log);
  return log;
}

/**
 * Refuses a field map of which no log has a key.
 *
 * @throws {RangeError} if there is such a key
 */
export function checkFieldMap(logs: readonly RunLog[]): void {
  const [first] = logs;
  const unused = first?.unusedFields.find((key) =>
    logs.every(({ unusedFields }) => unusedFields.includes(key))
  );
  if (first === undefined || unused === undefined) return;
  const names = [...first.columns.keys(), ...first.skippedNames];
  const hint = suggestion(unused, names);
  throw new ArgumentRangeError(
    `Cannot map field '${unused}': ${first.source} has no such key`,
    hint === undefined ? {} : { hint },
  );
}

/** Takes `runs.db#name` apart, unless a file of that whole name exists. */
export async function splitRun(
  path: string,
  run: string | undefined,
): Promise<{ place: string; run: string | undefined }> {
  const at = path.lastIndexOf("#");
  if (run !== undefined || at <= 0 || await pathKind(path) !== undefined) {
    return { place: path, run };
  }
  return { place: path.slice(0, at), run: path.slice(at + 1) };
}

function nothingRead(log: RunLog): TrainingLogError {
  const damage = log.issues.find(({ kind }) => kind === "damaged" || kind === "truncated");
  const [first] = damage?.examples ?? [];
  const bad = log.issues.find(({ kind }) => kind === "bad_step")?.examples[0]?.detail;
  const said = log.numbers.said === undefined
    ? ""
    : `; ${log.numbers.said.detail}: give the messages alone, each on a line of its own`;
  const why = damage !== undefined && first !== undefined
    ? `, as ${damage.count} of its records are ${damage.kind} (first: ${first.detail})`
    : log.lineCount === 0
    ? ", as it is empty"
    : bad !== undefined
    ? `: ${bad}`
    : `: ${
      log.lineCount === 1 ? "its record holds" : `its ${log.lineCount} records hold`
    } no number${said}`;
  return new TrainingLogError(`Cannot find any metric in ${log.source}${why}`, {
    path: log.source,
    isNoLog: damage === undefined && log.lineCount > 0,
    ...(first?.line !== undefined && { line: first.line }),
  });
}
