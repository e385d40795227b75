/**
 * The worker of `sqlite.ts`: reads an SQLite file step by step as it is asked to, so that whatever a file
 * does to SQLite, the thread that asks can go on. In any other thread this module does nothing.
 *
 * @module
 */

import { SqliteSession, type SqliteValue, type TableRead } from "./sqlite_session.ts";

/** What the worker is asked for, one at a time. */
export type SqliteRequest =
  | { readonly open: string }
  | { readonly columns: string }
  | { readonly read: TableRead }
  | { readonly next: true };

/** What it answers. */
export type SqliteReply =
  | { readonly error: string }
  | { readonly columns: readonly string[] }
  | { readonly rows: readonly SqliteValue[][] };

/** Name of the workers that run this module. */
export const SQLITE_WORKER_NAME = "rewind SQLite reader";

/** Answers requests about one file, in whatever thread. */
export class SqliteResponder {
  #session: SqliteSession | undefined;

  /** Answers a request. */
  async answer(request: SqliteRequest): Promise<SqliteReply> {
    try {
      if ("open" in request) {
        // Of the file before, where one worker reads many.
        this.close();
        this.#session = await SqliteSession.open(request.open);
        return { columns: [] };
      }
      const session = this.#session!;
      if ("columns" in request) return { columns: session.columns(request.columns) };
      if ("read" in request) session.read(request.read);
      return { rows: session.next() };
    } catch (error) {
      return { error: error instanceof Error ? error.message : String(error) };
    }
  }

  /** Closes the file. */
  close(): void {
    this.#session?.close();
    this.#session = undefined;
  }
}

/** What this module uses of a worker's global scope, which the types of a page do not know. */
interface WorkerScope {
  readonly name: string | undefined;
  onmessage: ((event: MessageEvent<SqliteRequest>) => void) | null;
  postMessage(reply: SqliteReply): void;
}

const scope = globalThis as unknown as WorkerScope;

if (scope.name === SQLITE_WORKER_NAME) {
  const responder = new SqliteResponder();
  scope.onmessage = async ({ data }) => scope.postMessage(await responder.answer(data));
}
