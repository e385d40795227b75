/**
 * Reads plain tables of SQLite files, in a worker where there are workers: SQLite cannot be interrupted,
 * so a file that holds it up is given up with its worker. Where there are none, `sqlite_session.ts`
 * bounds what a file can ask for.
 *
 * @module
 */

import { LOG_DATABASE_ANSWER_MS } from "../limits.ts";
import { TrainingLogError } from "./errors.ts";
import { withLimit } from "../../time_limit.ts";
import { canStartWorker } from "./worker_start.ts";
import type { SqliteValue, TableRead } from "./sqlite_session.ts";
import {
  SQLITE_WORKER_NAME,
  type SqliteReply,
  type SqliteRequest,
  SqliteResponder,
} from "./sqlite_worker.ts";

const MAGIC = "SQLite format 3\0";

/** Whether bytes start as an SQLite file does. */
export function isSqlite(head: Uint8Array): boolean {
  return [...MAGIC].every((c, i) => head[i] === c.charCodeAt(0));
}

/** Settings of {@linkcode SqliteTables}. */
export interface SqliteOptions {
  /** What the file is read as, for messages. */
  what: string;
  /** Stops the reading at once. */
  signal?: AbortSignal | undefined;
}

/** Answers requests about one file. */
interface Answerer {
  ask(request: SqliteRequest): Promise<SqliteReply>;
  close(): void;
}

/** See the module. Close it when done. */
export class SqliteTables {
  readonly #path: string;
  readonly #options: SqliteOptions;
  readonly #answerer: Answerer;

  private constructor(path: string, answerer: Answerer, options: SqliteOptions) {
    this.#path = path;
    this.#answerer = answerer;
    this.#options = options;
  }

  /**
   * Opens a file.
   *
   * @throws {TrainingLogError} if it cannot be read, or the runtime has no `node:sqlite`
   */
  static async open(path: string, options: SqliteOptions): Promise<SqliteTables> {
    const tables = new SqliteTables(path, await startWorker() ?? here(), options);
    try {
      await tables.#ask({ open: path });
    } catch (error) {
      tables.close();
      throw error;
    }
    return tables;
  }

  /**
   * Names of a table's columns; none if there is no such table.
   *
   * @throws {TrainingLogError} if it is no plain table
   */
  async columns(table: string): Promise<ReadonlySet<string>> {
    const reply = await this.#ask({ columns: table });
    return new Set("columns" in reply ? reply.columns : []);
  }

  /**
   * The rows of a table in the order in which they were written, values in the order of `columns`. Columns
   * that it does not have are undefined.
   *
   * @throws {TrainingLogError} if it is damaged
   */
  async *rows(
    { table, columns, bytes = [] }: TableRead,
  ): AsyncGenerator<(SqliteValue | undefined)[]> {
    const known = await this.columns(table);
    if (known.size === 0) return;
    const found = columns.filter((name) => known.has(name));
    const places = columns.map((name) => found.indexOf(name));
    let request: SqliteRequest = { read: { table, columns: found, bytes } };
    for (;;) {
      const reply = await this.#ask(request);
      if (!("rows" in reply) || reply.rows.length === 0) return;
      for (const row of reply.rows) yield places.map((place) => row[place]);
      request = { next: true };
    }
  }

  /** Closes the file; what is still asked is given up. */
  close(): void {
    this.#answerer.close();
  }

  async #ask(request: SqliteRequest): Promise<SqliteReply> {
    const { what, signal } = this.#options;
    const fail = (why: string) =>
      new TrainingLogError(`Cannot read ${this.#path} as ${what}: ${why}`, { path: this.#path });
    signal?.throwIfAborted();
    const reply = await withLimit(this.#answerer.ask(request), {
      ms: LOG_DATABASE_ANSWER_MS,
      signal,
      why: () => fail(`SQLite did not answer within ${LOG_DATABASE_ANSWER_MS / 1000} seconds`),
    });
    if (!("error" in reply)) return reply;
    throw fail(inWords(reply.error));
  }
}

function inWords(error: string): string {
  if (/node:sqlite/.test(error)) {
    return "this runtime has no node:sqlite; use Deno 2.2, Node 22.5 or later";
  }
  // Rolling the journal beside it back would change the file.
  if (/readonly database/.test(error)) {
    return "it was left in the middle of a transaction; open it once with the program that wrote it";
  }
  return error;
}

/** Answers in this thread. */
function here(): Answerer {
  const responder = new SqliteResponder();
  return { ask: (request) => responder.answer(request), close: () => responder.close() };
}

/** A worker that waits for its next file while there is somebody who keeps it. */
let idle: WorkerAnswerer | undefined;
let keepers = 0;

/** Reads many files: a worker that has answered all is kept for the next file, as starting one takes a while. */
export async function keepingWorker<T>(work: () => Promise<T>): Promise<T> {
  keepers++;
  try {
    return await work();
  } finally {
    keepers--;
    if (keepers === 0) idle?.end();
    if (keepers === 0) idle = undefined;
  }
}

/** A worker that answers; undefined where there are none. */
async function startWorker(): Promise<Answerer | undefined> {
  const waiting = idle;
  idle = undefined;
  if (waiting !== undefined) return waiting;
  const url = new URL("./sqlite_worker.ts", import.meta.url);
  return await canStartWorker(url) ? new WorkerAnswerer(url) : undefined;
}

/** Asks a worker. */
class WorkerAnswerer implements Answerer {
  readonly #worker: Worker;
  #settle: ((reply: SqliteReply) => void) | undefined;

  constructor(url: URL) {
    this.#worker = new Worker(url, { type: "module", name: SQLITE_WORKER_NAME });
    this.#worker.onmessage = ({ data }: MessageEvent<SqliteReply>) => this.#answered(data);
    this.#worker.onerror = (event) => {
      event.preventDefault();
      this.#answered({ error: event.message });
    };
  }

  ask(request: SqliteRequest): Promise<SqliteReply> {
    const { promise, resolve } = Promise.withResolvers<SqliteReply>();
    this.#settle = resolve;
    this.#worker.postMessage(request);
    return promise;
  }

  close(): void {
    // What has not answered holds it up.
    if (keepers === 0 || idle !== undefined || this.#settle !== undefined) return this.end();
    idle = this;
  }

  end(): void {
    this.#worker.terminate();
  }

  #answered(reply: SqliteReply): void {
    const settle = this.#settle;
    this.#settle = undefined;
    settle?.(reply);
  }
}
