/**
 * Opens SQLite files through `node:sqlite`, read-only; runtimes without it say so.
 *
 * @module
 */

import type { DatabaseSync } from "node:sqlite";
import { TrainingLogError } from "./errors.ts";

export type { DatabaseSync } from "node:sqlite";

const MAGIC = "SQLite format 3\0";

/** Whether bytes start as an SQLite file does. */
export function isSqlite(head: Uint8Array): boolean {
  return [...MAGIC].every((c, i) => head[i] === c.charCodeAt(0));
}

/** Settings of {@linkcode readDatabase}. */
export interface ReadDatabaseOptions {
  /** What the file is read as, for the message. */
  what: string;
  /** Once it is aborted, errors are its own. */
  signal?: AbortSignal | undefined;
}

/**
 * Opens a file, hands it to `use` and closes it.
 *
 * @throws {TrainingLogError} if it cannot be read, or the runtime has no `node:sqlite`
 */
export async function readDatabase<T>(
  path: string,
  use: (database: DatabaseSync) => T,
  { what, signal }: ReadDatabaseOptions,
): Promise<T> {
  const { DatabaseSync } = await loadSqlite(path);
  let database;
  try {
    database = new DatabaseSync(path, { readOnly: true });
    return use(database);
  } catch (error) {
    if (error instanceof TrainingLogError || signal?.aborted) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw new TrainingLogError(`Cannot read ${path} as ${what}: ${why}`, { cause: error, path });
  } finally {
    database?.close();
  }
}

/** Names of a table's columns; none if there is no such table. */
export function columnsOf(database: DatabaseSync, table: string): Set<string> {
  const rows = database.prepare("SELECT name FROM pragma_table_info(?)").all(table);
  return new Set(rows.map(({ name }) => String(name)));
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
