/**
 * MLflow's SQLite store, `mlflow.db`: newer versions of MLflow write it where those before wrote files.
 * A row per value, in the order in which they were logged.
 *
 * @module
 */

import { ambiguousRunError, TrainingLogError } from "../errors.ts";
import type { RunMetadata } from "../run_log.ts";
import { isSeedKey, parseSeed } from "../seeds.ts";
import { SqliteTables } from "../sqlite.ts";
import type { LogInput } from "./format.ts";

const STORE = "an MLflow store";

/** Whether an SQLite file is a store of MLflow's. What cannot be opened is none. */
export async function isMlflowDatabase(path: string): Promise<boolean> {
  let tables: SqliteTables | undefined;
  try {
    tables = await SqliteTables.open(path, { what: STORE });
    return (await tables.columns("metrics")).has("run_uuid");
  } catch {
    return false;
  } finally {
    tables?.close();
  }
}

/** Reads the only or chosen run of a store. */
export async function readMlflowDatabase(input: LogInput): Promise<void> {
  const tables = await SqliteTables.open(input.path, { what: STORE, signal: input.signal });
  try {
    await readStore(tables, input);
  } finally {
    tables.close();
  }
}

async function readStore(tables: SqliteTables, { path, builder, run }: LogInput): Promise<void> {
  const { id, project } = await chooseRun(tables, path, run);
  const { metadata } = builder;
  metadata.runId ??= id;
  metadata.project ??= project;
  metadata.stepKey = "step";
  const ids = new Map<string, number>();
  const columns = ["run_uuid", "key", "value", "step", "is_nan"];
  for await (const [owner, key, value, step, isNan] of tables.rows({ table: "metrics", columns })) {
    if (owner !== id) continue;
    const name = String(key);
    let column = ids.get(name);
    if (column === undefined) ids.set(name, column = builder.column(name));
    builder.add(Number(step), column, storedValue(value, isNan), ++builder.lineCount);
  }
  for (const [key, value] of await settingsOf(tables, "params", id)) {
    const seed = isSeedKey(key) ? parseSeed(value) : undefined;
    if (seed !== undefined) builder.seed({ value: seed, path: `params/${key}` });
  }
  const tags = await settingsOf(tables, "tags", id);
  const tag = (name: string) => tags.get(name) ?? "";
  noteSource(metadata, tag("mlflow.source.git.commit"), tag("mlflow.source.name"));
}

/** The parameters or tags of a run. */
async function settingsOf(
  tables: SqliteTables,
  table: "params" | "tags",
  id: string,
): Promise<Map<string, string>> {
  const settings = new Map<string, string>();
  for await (
    const [owner, key, value] of tables.rows({ table, columns: ["run_uuid", "key", "value"] })
  ) {
    if (owner === id) settings.set(String(key), String(value));
  }
  return settings;
}

/** Notes the commit and the program that a run's tags name, empty where they name none. */
export function noteSource(metadata: RunMetadata, commit: string, program: string): void {
  if (commit !== "") metadata.gitSha ??= commit;
  if (program !== "") metadata.command ??= [program];
}

/** MLflow keeps NaN as 0 with a mark, and infinities as the largest finite numbers. */
function storedValue(value: unknown, isNan: unknown): number {
  if (Number(isNan) !== 0) return NaN;
  const number = Number(value);
  return Math.abs(number) === Number.MAX_VALUE ? number * 2 : number;
}

interface MlflowRun {
  id: string;
  name: string;
  project: string;
}

/** Names of runs in the tags, where earlier versions kept them. */
async function runNames(tables: SqliteTables): Promise<Map<string, string>> {
  const names = new Map<string, string>();
  const columns = ["run_uuid", "key", "value"];
  for await (const [id, key, value] of tables.rows({ table: "tags", columns })) {
    if (key === "mlflow.runName") names.set(String(id), String(value));
  }
  return names;
}

/** The only run that has metrics and is not deleted, or the one that `run` gives by id or name. */
async function chooseRun(
  tables: SqliteTables,
  path: string,
  run: string | undefined,
): Promise<MlflowRun> {
  const withMetrics = new Set<string>();
  for await (const [id] of tables.rows({ table: "metrics", columns: ["run_uuid"] })) {
    withMetrics.add(String(id));
  }
  const projects = new Map<number, string>();
  for await (
    const [id, name] of tables.rows({ table: "experiments", columns: ["experiment_id", "name"] })
  ) {
    projects.set(Number(id), String(name ?? ""));
  }
  const runs: (MlflowRun & { start: number })[] = [];
  const columns = ["run_uuid", "name", "experiment_id", "lifecycle_stage", "start_time"];
  for await (
    const [id, name, experiment, stage, start] of tables.rows({ table: "runs", columns })
  ) {
    if (stage === "deleted" || !withMetrics.has(String(id))) continue;
    const project = projects.get(Number(experiment)) ?? "";
    runs.push({ id: String(id), name: String(name ?? ""), project, start: Number(start ?? 0) });
  }
  runs.sort((a, b) => a.start - b.start || (a.id < b.id ? -1 : 1));
  const names = await runNames(tables);
  for (const unnamed of runs) if (unnamed.name === "") unnamed.name = names.get(unnamed.id) ?? "";
  if (runs.length === 0) {
    throw new TrainingLogError(`Cannot read ${path} as it holds no MLflow run with metrics`, {
      path,
    });
  }
  const named = run === undefined
    ? runs
    : runs.filter(({ id, name }) => id === run || name === run);
  if (named.length === 1) return named[0]!;
  const shown = named.length > 1 ? named : runs;
  throw ambiguousRunError(
    path,
    shown.map(({ id, name }) => name === "" ? id : `${id} (${name})`),
    shown.map(({ id }) => id),
  );
}
