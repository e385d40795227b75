/**
 * Finds out what kind of log a path is, by the layout of a directory or the first bytes of a file, and
 * which file in a directory it is about. Names are hints; content decides.
 *
 * @module
 */

import { basename, dirname, join } from "node:path";
import { mlflowRuns } from "./formats/mlflow.ts";
import { isMlflowDatabase } from "./formats/mlflow_database.ts";
import { isEventFileName, isTfRecord } from "./formats/tensorboard.ts";
import { isWandb } from "./formats/wandb.ts";
import { ambiguousRunError, TrainingLogError } from "./errors.ts";
import { fileError, listDirectory, type PathEntry, pathKind, readHead } from "./file_source.ts";
import type { LogFormat } from "./run_log.ts";
import { isSqlite } from "./sqlite.ts";

const HEAD_BYTES = 1 << 16;

/** What stands in the place of a file that Git LFS has not fetched. */
const LFS_POINTER = "version https://git-lfs.github.com/spec/";

/** Directories below the given one that are searched for event files. */
const SEARCH_DEPTH_MAX = 4;

/** What is to be read, and how. */
export interface DetectedLog {
  /** Its format. */
  readonly format: LogFormat;
  /** The file or directory that the reader of this format takes. */
  readonly path: string;
}

/** Settings of {@linkcode detectFormat}. */
export interface DetectFormatOptions {
  /** Format that is given, so that only the file has to be found. */
  format?: LogFormat | undefined;
  /** Which of several runs is meant. */
  run?: string | undefined;
}

/**
 * The format of the log at `path`, and the file in it if `path` is a directory.
 *
 * @throws {TrainingLogError} if there is nothing, nothing that is known, or several runs to choose from
 */
export async function detectFormat(
  path: string,
  options: DetectFormatOptions = {},
): Promise<DetectedLog> {
  const kind = await pathKind(path);
  if (kind === undefined) throw fileError(path, Object.assign(new Error(), { code: "ENOENT" }));
  if (kind === "directory") return await detectInDirectory(path, options);
  return { format: options.format ?? await detectFile(path), path };
}

async function detectFile(path: string): Promise<LogFormat> {
  const head = await readHead(path, HEAD_BYTES);
  const name = basename(path).replace(/\.gz$/, "");
  if (head.length === 0) {
    throw new TrainingLogError(`Cannot read ${path} as it is empty`, { path });
  }
  if (new TextDecoder().decode(head.subarray(0, LFS_POINTER.length)) === LFS_POINTER) {
    throw new TrainingLogError(
      `Cannot read ${path} as it is a pointer of Git LFS, not the file itself: run git lfs pull`,
      { path },
    );
  }
  if (isWandb(head)) return "wandb";
  if (isSqlite(head)) return await isMlflowDatabase(path) ? "mlflow" : "trackio";
  if (isEventFileName(name) || isTfRecord(head)) return "tensorboard";
  if ((head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff)) {
    throw new TrainingLogError(
      `Cannot read ${path} as it is UTF-16 text: convert it to UTF-8 (PowerShell's > writes UTF-16)`,
      { path },
    );
  }
  const text = new TextDecoder().decode(head).trimStart();
  const end = text.indexOf("\n");
  const first = (end < 0 ? text : text.slice(0, end)).trim();
  if (first.startsWith("[")) {
    return /^\[\s*(?:\{|\]|$)/.test(text) ? "json" : "text";
  }
  if (first.startsWith("{")) {
    // ms-swift ends its JSON Lines with the Trainer's state: only the first record tells.
    const lines = first.endsWith("}") && /^\s*\{/.test(text.slice(first.length));
    if (name === "trainer_state.json" || /"log_history"\s*:/.test(lines ? first : text)) {
      return "hf";
    }
    if (first.length > 1 && first[1] === "'") return "text";
    if (/^\{\s*"step"\s*:\s*\d+\s*,\s*"data"\s*:\s*\{/.test(first)) return "verl";
    return first.endsWith("}") || end < 0 || JSON_LINES.test(name) ? "jsonl" : "json";
  }
  if (looksLikeCsv(text, name)) {
    const beside = join(dirname(path), "hparams.yaml");
    return name === "metrics.csv" && await pathKind(beside) === "file" ? "lightning" : "csv";
  }
  return /\.(?:jsonl|ndjson)$/.test(name) ? "jsonl" : "text";
}

function looksLikeCsv(text: string, name: string): boolean {
  const lines = text.split("\n", 3).map((line) => line.trim());
  const header = lines[0]!;
  if (/\.[ct]sv$/.test(name)) return true;
  for (const delimiter of [",", ";", "\t"]) {
    const count = header.split(delimiter).length;
    if (count > 1 && lines.length > 1 && lines[1]!.split(delimiter).length === count) {
      return !header.split(delimiter).some((field) => /^\s*[-+]?\d/.test(field));
    }
  }
  return false;
}

/** Finds the log of one format in a directory; undefined if it holds none. */
type Probe = (
  path: string,
  entries: readonly PathEntry[],
  run: string | undefined,
) => Promise<string | undefined>;

/** Layouts, the surest first. */
const PROBES: readonly (readonly [LogFormat, Probe])[] = [
  ["wandb", probeWandb],
  ["hf", probeTrainer],
  ["mlflow", probeMlflow],
  ["lightning", probeLightning],
  ["tensorboard", probeTensorboard],
  ["verl", (path, entries, run) => probeFiles(path, entries, { run, pattern: /\.jsonl$/ })],
  ["jsonl", (path, entries, run) => probeFiles(path, entries, { run, pattern: JSON_LINES })],
  ["csv", (path, entries, run) => probeFiles(path, entries, { run, pattern: /\.[ct]sv(\.gz)?$/ })],
  ["trackio", (path, entries, run) => probeFiles(path, entries, { run, pattern: /\.db$/ })],
  ["json", (path, entries, run) => probeFiles(path, entries, { run, pattern: /^metrics\.json$/ })],
  ["text", (path, entries, run) => probeFiles(path, entries, { run, pattern: /\.(?:log|txt)$/ })],
];

const JSON_LINES = /\.(?:jsonl|ndjson)(?:\.gz)?$/;

/** Names that a log bears when other files of its kind lie beside it. */
const LOG_NAME = /^(?:metrics|run|train|training|log|logs|history|events)\./;

async function detectInDirectory(
  path: string,
  { format, run }: DetectFormatOptions,
): Promise<DetectedLog> {
  const entries = await listDirectory(path);
  for (const [candidate, probe] of PROBES) {
    if (format === undefined ? candidate === "verl" : candidate !== format) continue;
    const found = await probe(path, entries, run);
    if (found === undefined) continue;
    if (format !== undefined || await pathKind(found) === "directory") {
      return { format: candidate, path: found };
    }
    // A file named like JSON Lines may be verl's; its content decides.
    const exact = candidate === "lightning" ? candidate : await detectFile(found);
    return { format: exact, path: found };
  }
  throw new TrainingLogError(
    `Cannot read ${path} as it holds no ${format ?? "training"} log: name the log itself`,
    { path },
  );
}

/** The one candidate, or that which `run` names; several without a name are refused. */
function choose(
  path: string,
  candidates: readonly PathEntry[],
  run: string | undefined,
): PathEntry | undefined {
  if (candidates.length <= 1) return candidates[0];
  const named = run === undefined ? undefined : candidates.find(({ name }) => name === run) ??
    candidates.find(({ name }) => name.includes(run));
  if (named !== undefined) return named;
  throw ambiguousRunError(path, candidates.map(({ name }) => name));
}

async function probeWandb(
  path: string,
  entries: readonly PathEntry[],
  run: string | undefined,
): Promise<string | undefined> {
  const here = entries.filter(({ name, directory }) => !directory && name.endsWith(".wandb"));
  if (here.length > 0) return choose(path, here, run)?.path;
  const old = entries.find(isOldHistory);
  if (old !== undefined) return old.path;
  const inner = entries.find(({ name, directory }) => directory && name === "wandb");
  const runs = (inner === undefined ? entries : await listDirectory(inner.path))
    .filter(({ name, directory }) => directory && /^(?:offline-|dry)?run-/.test(name));
  const chosen = choose(path, runs, run);
  if (chosen === undefined) return undefined;
  const files = await listDirectory(chosen.path);
  return (files.find(({ name }) => name.endsWith(".wandb")) ?? files.find(isOldHistory))?.path;
}

/** W&B before 0.10 wrote the history as JSON Lines, beside `wandb-events.jsonl` of the machine's load. */
function isOldHistory({ name, directory }: PathEntry): boolean {
  return !directory && name === "wandb-history.jsonl";
}

async function probeTrainer(
  _path: string,
  entries: readonly PathEntry[],
  run: string | undefined,
): Promise<string | undefined> {
  const here = entries.find(({ name }) => name === "trainer_state.json");
  if (here !== undefined) return here.path;
  // The history of the last checkpoint holds that of all before.
  const checkpoints = entries.filter(({ name, directory }) =>
    directory && /^checkpoint-\d+$/.test(name) && (run === undefined || run === name)
  );
  for (const checkpoint of checkpoints.reverse()) {
    const state = join(checkpoint.path, "trainer_state.json");
    if (await pathKind(state) === "file") return state;
  }
  return undefined;
}

async function probeMlflow(
  path: string,
  entries: readonly PathEntry[],
): Promise<string | undefined> {
  if ((await mlflowRuns(path)).length > 0) return path;
  const inner = entries.find(({ name, directory }) => directory && name === "mlruns");
  return inner !== undefined && (await mlflowRuns(inner.path)).length > 0 ? inner.path : undefined;
}

async function probeLightning(
  path: string,
  entries: readonly PathEntry[],
  run: string | undefined,
): Promise<string | undefined> {
  const here = entries.find(({ name }) => name === "metrics.csv");
  if (here !== undefined) return here.path;
  const inner = entries.find(({ name, directory }) => directory && name === "lightning_logs");
  const versions: PathEntry[] = [];
  for (const entry of inner === undefined ? entries : await listDirectory(inner.path)) {
    if (!entry.directory || !entry.name.startsWith("version_")) continue;
    const file = join(entry.path, "metrics.csv");
    if (await pathKind(file) === "file") versions.push({ ...entry, path: file });
  }
  return choose(path, versions, run)?.path;
}

async function probeTensorboard(
  path: string,
  entries: readonly PathEntry[],
): Promise<string | undefined> {
  return await holdsEventFile(entries, 0) ? path : undefined;
}

async function holdsEventFile(entries: readonly PathEntry[], depth: number): Promise<boolean> {
  if (entries.some(({ name, directory }) => !directory && isEventFileName(name))) return true;
  if (depth === SEARCH_DEPTH_MAX) return false;
  for (const { path, directory } of entries) {
    if (directory && await holdsEventFile(await listDirectory(path), depth + 1)) return true;
  }
  return false;
}

function probeFiles(
  path: string,
  entries: readonly PathEntry[],
  { run, pattern }: { run: string | undefined; pattern: RegExp },
): Promise<string | undefined> {
  const files = entries.filter(({ name, directory }) => !directory && pattern.test(name));
  const named = run === undefined ? files.filter(({ name }) => LOG_NAME.test(name)) : [];
  return Promise.resolve(choose(path, named.length === 1 ? named : files, run)?.path);
}
