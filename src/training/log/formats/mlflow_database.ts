/**
 * MLflow's SQLite store, `mlflow.db`: newer versions of MLflow write it where those before wrote files.
 * A row per value, in the order in which they were logged.
 *
 * @module
 */

import { ambiguousRunError, TrainingLogError } from "../errors.ts";
import type { RunMetadata } from "../run_log.ts";
import { isSeedKey, parseSeed } from "../seeds.ts";
import { columnsOf, type DatabaseSync, readDatabase } from "../sqlite.ts";
import type { LogInput } from "./format.ts";

const STORE = "an MLflow store";

/** Whether an SQLite file is a store of MLflow's. What cannot be opened is none. */
export async function isMlflowDatabase(path: string): Promise<boolean> {
  try {
    return await readDatabase(path, (database) => columnsOf(database, "metrics").has("run_uuid"), {
      what: STORE,
    });
  } catch {
    return false;
  }
}

/** Reads the only or chosen run of a store. */
export async function readMlflowDatabase(input: LogInput): Promise<void> {
  await readDatabase(input.path, (database) => readStore(database, input), {
    what: STORE,
    signal: input.signal,
  });
}

function readStore(database: DatabaseSync, { path, builder, run, signal }: LogInput): void {
  const { id, project } = chooseRun(database, path, run);
  const { metadata } = builder;
  metadata.runId ??= id;
  metadata.project ??= project;
  metadata.stepKey = "step";
  const ids = new Map<string, number>();
  const statement = database.prepare(
    "SELECT key, value, step, is_nan FROM metrics WHERE run_uuid = ? ORDER BY rowid",
  );
  for (const { key, value, step, is_nan } of statement.iterate(id)) {
    signal?.throwIfAborted();
    const name = String(key);
    let column = ids.get(name);
    if (column === undefined) ids.set(name, column = builder.column(name));
    builder.add(Number(step), column, storedValue(value, is_nan), ++builder.lineCount);
  }
  const parameters = database.prepare("SELECT key, value FROM params WHERE run_uuid = ?").all(id);
  for (const { key, value } of parameters) {
    const seed = isSeedKey(String(key)) ? parseSeed(String(value)) : undefined;
    if (seed !== undefined) builder.seed({ value: seed, path: `params/${key}` });
  }
  const tag = database.prepare("SELECT value FROM tags WHERE run_uuid = ? AND key = ?");
  const tagOf = (name: string) => String(tag.get(id, name)?.value ?? "");
  noteSource(metadata, tagOf("mlflow.source.git.commit"), tagOf("mlflow.source.name"));
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

/** The only run that has metrics and is not deleted, or the one that `run` gives by id or name. */
function chooseRun(database: DatabaseSync, path: string, run: string | undefined): MlflowRun {
  const runs = database.prepare(
    `SELECT run_uuid AS id, coalesce(nullif(runs.name, ''),
       (SELECT value FROM tags WHERE tags.run_uuid = runs.run_uuid AND key = 'mlflow.runName'), ''
     ) AS name, coalesce(experiments.name, '') AS project
     FROM runs LEFT JOIN experiments USING (experiment_id)
     WHERE coalesce(runs.lifecycle_stage, 'active') <> 'deleted'
       AND run_uuid IN (SELECT run_uuid FROM metrics)
     ORDER BY start_time, run_uuid`,
  ).all().map(({ id, name, project }): MlflowRun => ({
    id: String(id),
    name: String(name),
    project: String(project),
  }));
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
  throw ambiguousRunError(path, shown.map(({ id, name }) => name === "" ? id : `${id} (${name})`));
}
