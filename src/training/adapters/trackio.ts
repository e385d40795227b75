/**
 * trackio's SQLite files, `<project>.db`: a row per log call with its metrics as JSON. Read through
 * `node:sqlite`, read-only; runtimes without it say so.
 *
 * @module
 */

import { basename } from "node:path";
import { parseConfigText } from "../config_text.ts";
import { ambiguousRunError, TrainingLogError } from "../errors.ts";
import { JsonRowReader } from "../json_rows.ts";
import { RowAssembler } from "../row_assembler.ts";
import { seedsInConfig } from "../seeds.ts";
import type { LogInput } from "./adapter.ts";

const MAGIC = "SQLite format 3\0";

/** Whether bytes start as an SQLite file does. */
export function isSqlite(head: Uint8Array): boolean {
  return [...MAGIC].every((c, i) => head[i] === c.charCodeAt(0));
}

/** Reads the only or chosen run of a trackio project. */
export async function readTrackio({ path, builder, run, signal }: LogInput): Promise<void> {
  const { DatabaseSync } = await loadSqlite(path);
  let database;
  try {
    database = new DatabaseSync(path, { readOnly: true });
    const tables = new Set(
      database.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all()
        .map((row) => String(row.name)),
    );
    if (!tables.has("metrics")) {
      throw new TrainingLogError(`Cannot read ${path} as it has no table "metrics"`, { path });
    }
    const names = database.prepare("SELECT DISTINCT run_name FROM metrics ORDER BY run_name").all()
      .map((row) => String(row.run_name));
    const chosen = run ?? (names.length === 1 ? names[0] : undefined);
    if (names.length > 0 && (chosen === undefined || !names.includes(chosen))) {
      throw ambiguousRunError(path, names);
    }
    if (chosen === undefined) return;
    builder.metadata.runId ??= chosen;
    builder.metadata.project ??= basename(path).replace(/\.db$/, "");
    const rows = new RowAssembler(builder);
    const reader = new JsonRowReader(rows);
    const encoder = new TextEncoder();
    const step = rows.root.slot("_step");
    const statement = database.prepare(
      "SELECT id, step, metrics FROM metrics WHERE run_name = ? ORDER BY id",
    );
    for (const row of statement.iterate(chosen)) {
      signal?.throwIfAborted();
      const line = Number(row.id);
      builder.lineCount++;
      const prepare = () => rows.number(step, Number(row.step), encoder.encode(""), 0, 0);
      const json = encoder.encode(String(row.metrics));
      if (!reader.read(json, { from: 0, to: json.length, line, prepare })) {
        builder.issue("damaged", { line, detail: "its metrics are no JSON object" });
      }
    }
    if (!tables.has("configs")) return;
    const configs = database.prepare("SELECT config FROM configs WHERE run_name = ?").all(chosen);
    for (const { config } of configs) {
      for (const { value, path: at } of seedsInConfig(parseConfigText(String(config)))) {
        builder.seed({ value, path: `configs.${at}` });
      }
    }
  } catch (error) {
    if (error instanceof TrainingLogError || signal?.aborted) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw new TrainingLogError(`Cannot read ${path} as a trackio project: ${why}`, {
      cause: error,
      path,
    });
  } finally {
    database?.close();
  }
}

async function loadSqlite(path: string) {
  try {
    return await import("node:sqlite");
  } catch (error) {
    throw new TrainingLogError(
      `Cannot read ${path} as this runtime has no node:sqlite: use Deno 2.2, Node 22.5 or later`,
      { cause: error, path },
    );
  }
}
