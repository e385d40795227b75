/**
 * MLflow's file store: one directory per run, one file per metric with a line `timestamp value step`
 * per value, and one file per parameter and tag.
 *
 * @module
 */

import { basename, join } from "node:path";
import { parseConfigText } from "../config_text.ts";
import { DecimalScanner } from "../decimal.ts";
import { ambiguousRunError, TrainingLogError } from "../errors.ts";
import { listDirectory, pathKind, readSmallFile } from "../file_source.ts";
import { LineSplitter } from "../line_splitter.ts";
import { LogFile } from "../log_file.ts";
import { excerpt, isBlank, isBlankByte } from "../line_text.ts";
import { isSeedKey, parseSeed } from "../seeds.ts";
import { isSqlite } from "../sqlite.ts";
import { walkFiles } from "../walk_directory.ts";
import type { FoundLog, LogDirectory, LogFormatDescription, LogInput } from "./format.ts";
import { isMlflowDatabase, noteSource, readMlflowDatabase } from "./mlflow_database.ts";

const KEY_DEPTH_MAX = 16;

/** See the module. */
export const format: LogFormatDescription = {
  isBinary: true,
  recognizes: async ({ path, bytes }) => isSqlite(bytes) && await isMlflowDatabase(path),
  find: findStore,
  read: readMlflow,
};

async function findStore({ path, entries }: LogDirectory): Promise<FoundLog[]> {
  if ((await mlflowRuns(path)).length > 0) return [{ path, name: "." }];
  const inner = entries.find(({ name, directory }) => directory && name === "mlruns");
  return inner !== undefined && (await mlflowRuns(inner.path)).length > 0 ? [inner] : [];
}

/** Whether a directory is one run of a file store. */
async function isMlflowRun(path: string): Promise<boolean> {
  return await pathKind(join(path, "metrics")) === "directory" &&
    (await pathKind(join(path, "meta.yaml")) === "file" ||
      await pathKind(join(path, "params")) === "directory");
}

/** Directories of the runs in a file store, an experiment or a run. */
async function mlflowRuns(path: string): Promise<string[]> {
  if (await isMlflowRun(path)) return [path];
  const runs: string[] = [];
  for (const entry of await listDirectory(path)) {
    if (!entry.directory || entry.name === ".trash") continue;
    if (await isMlflowRun(entry.path)) {
      runs.push(entry.path);
      continue;
    }
    // Only an experiment has runs below it, and a file that says so.
    if (await pathKind(join(entry.path, "meta.yaml")) !== "file") continue;
    for (const inner of await listDirectory(entry.path)) {
      if (inner.directory && await isMlflowRun(inner.path)) runs.push(inner.path);
    }
  }
  return runs;
}

/** Reads a run, or the only or chosen run of a file store or of a database. */
async function readMlflow(input: LogInput): Promise<void> {
  const { path, builder, run, signal } = input;
  if (await pathKind(path) === "file") return await readMlflowDatabase(input);
  const directory = await chooseRun(path, run);
  const { metadata } = builder;
  metadata.runId ??= basename(directory);
  let count = 0;
  for (const { name, path: file } of await filesBelow(join(directory, "metrics"))) {
    count += await readMetric({ file, name, before: count, builder, signal });
  }
  builder.lineCount = count;
  metadata.stepKey = "step";
  for (const { name, path: file } of await filesBelow(join(directory, "params"))) {
    if (!isSeedKey(name)) continue;
    const value = parseSeed(await textOf(file));
    if (value !== undefined) builder.seed({ value, path: `params/${name}` }, { source: file });
  }
  const tag = async (name: string) => (await textOf(join(directory, "tags", name))).trim();
  noteSource(metadata, await tag("mlflow.source.git.commit"), await tag("mlflow.source.name"));
  metadata.project ??= await experimentName(join(directory, ".."));
}

/** Name of an experiment, which its file tells; else that of its directory, a number. */
async function experimentName(directory: string): Promise<string> {
  const meta = parseConfigText(await textOf(join(directory, "meta.yaml")));
  const name: unknown = meta instanceof Map ? meta.get("name") : undefined;
  return name === undefined || name === null ? basename(directory) : String(name);
}

async function chooseRun(path: string, run: string | undefined): Promise<string> {
  const runs = await mlflowRuns(path);
  if (runs.length === 1 && run === undefined) return runs[0]!;
  const named: string[] = [];
  for (const directory of runs) {
    const name = (await textOf(join(directory, "tags", "mlflow.runName"))).trim();
    if (run !== undefined && (basename(directory) === run || name === run)) return directory;
    named.push(name === "" ? basename(directory) : `${basename(directory)} (${name})`);
  }
  throw runs.length === 0
    ? new TrainingLogError(`Cannot read ${path} as it holds no MLflow run`, { path })
    : ambiguousRunError(path, named, runs.map((directory) => basename(directory)));
}

interface MetricFile {
  file: string;
  name: string;
  /** Lines of the metrics before. */
  before: number;
  builder: LogInput["builder"];
  signal: AbortSignal | undefined;
}

/** Reads one metric's file; the number of its lines. */
async function readMetric(metric: MetricFile): Promise<number> {
  const { file, name, builder, signal } = metric;
  const id = builder.column(name);
  if (id < 0) return 0;
  const scanner = new DecimalScanner();
  const read = (bytes: Uint8Array, from: number, to: number, line: number): boolean => {
    const fields: number[] = [];
    let at = from;
    while (at < to && fields.length < 3) {
      while (at < to && isBlankByte(bytes[at]!)) at++;
      if (at === to) break;
      fields.push(scanner.scan(bytes, at, to));
      if (scanner.end === at || (scanner.end < to && !isBlankByte(bytes[scanner.end]!))) {
        return false;
      }
      at = scanner.end;
    }
    // Files of early versions have no step; those of later ones may say more after it.
    if (fields.length < 2) return false;
    builder.add(fields[2] ?? 0, id, fields[1]!, line);
    return true;
  };
  const splitter = new LineSplitter((bytes, from, to, line) => {
    if (read(bytes, from, to, line) || isBlank(bytes, from, to)) return;
    builder.issue("damaged", { line, detail: `${file}: ${excerpt(bytes, from, to)}` });
  }, (line) => builder.issue("damaged", { line, detail: `${file}: the line is too long` }));
  const opened = await LogFile.open(file, signal);
  for await (const chunk of opened.chunks()) splitter.push(chunk);
  const { bytes, line } = splitter.end();
  if (isBlank(bytes, 0, bytes.length)) return splitter.lineCount;
  // A step that is cut short is still a number: without its newline the line cannot be trusted.
  builder.issue("truncated", { line, detail: `${file}: the last line is cut short` });
  return line;
}

/** Files below a directory with their paths relative to it, which are metric names; none if missing. */
async function filesBelow(root: string): Promise<{ name: string; path: string }[]> {
  if (await pathKind(root) !== "directory") return [];
  const files: { name: string; path: string }[] = [];
  for await (const { name, path, directory } of walkFiles(root, KEY_DEPTH_MAX)) {
    files.push({ name: directory === "" ? name : `${directory}/${name}`, path });
  }
  return files;
}

async function textOf(path: string): Promise<string> {
  const bytes = await readSmallFile(path);
  return bytes === undefined ? "" : new TextDecoder().decode(bytes);
}
