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
import { isSqlite, SqliteTables } from "../sqlite.ts";
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
  const { path, signal } = input;
  const tables = await SqliteTables.open(path, { what: "a trackio project", signal });
  try {
    await readProject(tables, input);
  } finally {
    tables.close();
  }
}

async function readProject(tables: SqliteTables, { path, builder, run }: LogInput): Promise<void> {
  const columns = await tables.columns("metrics");
  if (columns.size === 0) {
    throw new TrainingLogError(`Cannot read ${path}: it has no table "metrics"`, { path });
  }
  // Since version 0.23 runs have an identity besides their name, which need not be the only one.
  const key = columns.has("run_id") ? "run_id" : "run_name";
  const runs = new Map<string, TrackioRun>();
  for await (const [id, name] of tables.rows({ table: "metrics", columns: [key, "run_name"] })) {
    const known = `${id}\0${name}`;
    if (!runs.has(known)) runs.set(known, { id: String(id), name: String(name) });
  }
  if (runs.size === 0) return;
  const sorted = [...runs.values()].sort((a, b) =>
    a.name < b.name ? -1 : a.name > b.name ? 1 : a.id < b.id ? -1 : 1
  );
  const chosen = chooseRun(path, sorted, run);
  builder.metadata.runId ??= chosen.name;
  builder.metadata.project ??= basename(path).replace(/\.db$/, "");
  const rows = new RowAssembler(builder);
  const reader = new JsonRowReader(rows);
  const stepSlot = rows.root.slot("_step");
  const table = {
    table: "metrics",
    columns: [key, "id", "step", "metrics"],
    bytes: ["metrics"],
  };
  for await (const [owner, id, step, json] of tables.rows(table)) {
    if (String(owner) !== chosen.id) continue;
    const line = Number(id);
    builder.lineCount++;
    // The first versions did not fill the step in: such rows are counted.
    const prepare = step === null || step === undefined
      ? undefined
      : () => rows.number(stepSlot, Number(step), NO_BYTES, 0, 0);
    const bytes = json instanceof Uint8Array ? json : NO_BYTES;
    if (!reader.read(bytes, { from: 0, to: bytes.length, line, prepare })) {
      builder.issue("damaged", { line, detail: "its metrics are no JSON object" });
    }
  }
  await readConfigs(tables, { key, chosen, builder });
}

interface ConfigRead {
  key: string;
  chosen: TrackioRun;
  builder: LogInput["builder"];
}

async function readConfigs(
  tables: SqliteTables,
  { key, chosen, builder }: ConfigRead,
): Promise<void> {
  const known = await tables.columns("configs");
  if (known.size === 0) return;
  const [column, owner] = known.has(key) ? [key, chosen.id] : ["run_name", chosen.name];
  const table = { table: "configs", columns: [column, "config"], bytes: ["config"] };
  for await (const [of, config] of tables.rows(table)) {
    if (String(of) !== owner || !(config instanceof Uint8Array)) continue;
    for (const { value, path } of seedsInConfig(parseConfigText(DECODER.decode(config)))) {
      builder.seed({ value, path: `configs.${path}` });
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
  throw ambiguousRunError(
    path,
    shown.map(({ id, name }) => unique ? name : `${id} (${name})`),
    shown.map(({ id, name }) => unique ? name : id),
  );
}

const NO_BYTES = new Uint8Array(0);
const DECODER = new TextDecoder();
