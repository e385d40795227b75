/**
 * trackio's SQLite files, `<project>.db`: a row per log call with its metrics as JSON.
 *
 * @module
 */

import { basename } from "node:path";
import { parseConfigText } from "../config_text.ts";
import { ambiguousRunError, TrainingLogError } from "../errors.ts";
import { JsonRowReader } from "../json_rows.ts";
import { RowAssembler } from "../row_assembler.ts";
import { seedsInConfig } from "../seeds.ts";
import { columnsOf, type DatabaseSync, isSqlite, readDatabase } from "../sqlite.ts";
import { filesNamed, type LogFormatDescription, type LogInput } from "./format.ts";

/** See the module. Like W&B, trackio counts log calls. */
export const format: LogFormatDescription = {
  preset: "wandb",
  isBinary: true,
  recognizes: ({ bytes }) => isSqlite(bytes),
  find: (directory) => filesNamed(directory, /\.db$/),
  read: readTrackio,
};

/** Reads the only or chosen run of a trackio project. */
async function readTrackio(input: LogInput): Promise<void> {
  await readDatabase(input.path, (database) => readProject(database, input), {
    what: "a trackio project",
    signal: input.signal,
  });
}

function readProject(database: DatabaseSync, { path, builder, run, signal }: LogInput): void {
  const columns = columnsOf(database, "metrics");
  if (columns.size === 0) {
    throw new TrainingLogError(`Cannot read ${path} as it has no table "metrics"`, { path });
  }
  // Since version 0.23 runs have an identity besides their name, which need not be the only one.
  const key = columns.has("run_id") ? "run_id" : "run_name";
  const runs = database.prepare(
    `SELECT DISTINCT ${key} AS id, run_name AS name FROM metrics ORDER BY run_name, id`,
  ).all().map(({ id, name }) => ({ id: String(id), name: String(name) }));
  if (runs.length === 0) return;
  const chosen = chooseRun(path, runs, run);
  builder.metadata.runId ??= chosen.name;
  builder.metadata.project ??= basename(path).replace(/\.db$/, "");
  const rows = new RowAssembler(builder);
  const reader = new JsonRowReader(rows);
  const step = rows.root.slot("_step");
  const statement = database.prepare(
    `SELECT id, step, metrics FROM metrics WHERE ${key} = ? ORDER BY id`,
  );
  for (const row of statement.iterate(chosen.id)) {
    signal?.throwIfAborted();
    const line = Number(row.id);
    builder.lineCount++;
    // The first versions did not fill the step in: such rows are counted.
    const prepare = row.step === null
      ? undefined
      : () => rows.number(step, Number(row.step), NO_BYTES, 0, 0);
    const json = bytesOf(row.metrics);
    if (!reader.read(json, { from: 0, to: json.length, line, prepare })) {
      builder.issue("damaged", { line, detail: "its metrics are no JSON object" });
    }
  }
  const configColumns = columnsOf(database, "configs");
  if (configColumns.size === 0) return;
  const configs = configColumns.has(key)
    ? database.prepare(`SELECT config FROM configs WHERE ${key} = ?`).all(chosen.id)
    : database.prepare("SELECT config FROM configs WHERE run_name = ?").all(chosen.name);
  for (const { config } of configs) {
    const text = new TextDecoder().decode(bytesOf(config));
    for (const { value, path: at } of seedsInConfig(parseConfigText(text))) {
      builder.seed({ value, path: `configs.${at}` });
    }
  }
}

interface TrackioRun {
  id: string;
  name: string;
}

/** The only run, or the one that `run` gives by name or identity. */
function chooseRun(
  path: string,
  runs: readonly TrackioRun[],
  run: string | undefined,
): TrackioRun {
  const named = run === undefined ? runs : runs.filter(({ name }) => name === run);
  if (named.length === 1) return named[0]!;
  const identified = runs.find(({ id }) => id === run);
  if (identified !== undefined) return identified;
  const shown = named.length > 1 ? named : runs;
  const unique = new Set(shown.map(({ name }) => name)).size === shown.length;
  throw ambiguousRunError(path, shown.map(({ id, name }) => unique ? name : `${id} (${name})`));
}

const NO_BYTES = new Uint8Array(0);
const ENCODER = new TextEncoder();

/** Bytes of a JSON field: versions since 0.4.1 store what orjson returns, a BLOB, and those before text. */
function bytesOf(field: unknown): Uint8Array {
  return field instanceof Uint8Array ? field : ENCODER.encode(String(field));
}
