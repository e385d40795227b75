/**
 * An SQLite file, open for reading its plain tables row by row. Files come from anywhere, so nothing in
 * them is run: no views, no virtual tables, no computed columns; each question is answered by walking
 * over one table in the order of its rows, and rows that go back are damage, not a longer table.
 *
 * @module
 */

import type { DatabaseSync } from "node:sqlite";
import { LOG_LINE_BYTES_MAX } from "../limits.ts";

/** Rows that are handed over at once. */
const BATCH_ROWS = 2000;

/** Bytes of values after which a batch is handed over. */
const BATCH_BYTES = 1 << 20;

/** What is to be read of a table. */
export interface TableRead {
  /** Its name. */
  readonly table: string;
  /** Names of columns. */
  readonly columns: readonly string[];
  /** Which of them are wanted as bytes, whatever they hold. */
  readonly bytes?: readonly string[];
}

/** A value in a row. */
export type SqliteValue = number | string | Uint8Array | null;

/** See the module. */
export class SqliteSession {
  readonly #database: DatabaseSync;
  #rows: Iterator<Record<string, unknown>> | undefined;
  #width = 0;
  #lastRowid = -Infinity;

  private constructor(database: DatabaseSync) {
    this.#database = database;
  }

  /**
   * Opens a file.
   *
   * @throws {Error} if it cannot be read, or the runtime has no `node:sqlite`
   */
  static async open(path: string): Promise<SqliteSession> {
    const { DatabaseSync } = await import("node:sqlite");
    const database = new DatabaseSync(path, { readOnly: true });
    try {
      database.exec("PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON; PRAGMA mmap_size=0");
    } catch (error) {
      database.close();
      throw error;
    }
    return new SqliteSession(database);
  }

  /**
   * Names of a table's columns; none if there is no such table.
   *
   * @throws {Error} if it is no plain table
   */
  columns(table: string): string[] {
    const [found] = this.#database.prepare("SELECT type, sql FROM sqlite_master WHERE name = ?")
      .all(table);
    if (found === undefined) return [];
    if (found.type !== "table" || !/^CREATE TABLE\b/i.test(String(found.sql))) {
      throw new Error(
        `its "${table}" is a ${found.type === "table" ? "virtual table" : found.type}, not a table`,
      );
    }
    if (/\bWITHOUT\s+ROWID\b/i.test(String(found.sql))) {
      throw new Error(`its table "${table}" has no row numbers (WITHOUT ROWID)`);
    }
    const columns = this.#database.prepare("SELECT name, hidden FROM pragma_table_xinfo(?)").all(
      table,
    );
    const computed = columns.find(({ hidden }) => hidden !== 0);
    if (computed !== undefined) {
      throw new Error(`the column "${computed.name}" of its table "${table}" is computed`);
    }
    return columns.map(({ name }) => String(name));
  }

  /** Starts to read a table, whose columns were asked for. */
  read({ table, columns, bytes = [] }: TableRead): void {
    const values = columns.map((name, i) => {
      const column = quoted(name);
      const value = bytes.includes(name) ? `CAST(${column} AS BLOB)` : column;
      return `CASE WHEN octet_length(${column}) > ${LOG_LINE_BYTES_MAX} THEN NULL ELSE ${value} END AS c${i}`;
    });
    const statement = this.#database.prepare(
      `SELECT ${["rowid AS id", ...values].join(", ")} FROM ${quoted(table)} ORDER BY rowid`,
    );
    statement.setReadBigInts(true);
    this.#rows = statement.iterate();
    this.#width = columns.length;
    this.#lastRowid = -Infinity;
  }

  /** The next rows of the table that is read; none at its end. */
  next(): SqliteValue[][] {
    const batch: SqliteValue[][] = [];
    let bytes = 0;
    while (batch.length < BATCH_ROWS && bytes < BATCH_BYTES) {
      const next = this.#rows!.next();
      if (next.done) break;
      const row = next.value;
      const rowid = Number(row.id);
      if (!(rowid > this.#lastRowid)) throw new Error("its pages are damaged: rows repeat");
      this.#lastRowid = rowid;
      batch.push(Array.from({ length: this.#width }, (_, i) => {
        const value = row[`c${i}`];
        if (typeof value === "bigint") return Number(value);
        if (typeof value === "string" || value instanceof Uint8Array) bytes += value.length;
        return value as SqliteValue;
      }));
    }
    return batch;
  }

  /** Closes the file. */
  close(): void {
    this.#database.close();
  }
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
