/**
 * The worker of `readRuns`: reads one log and hands its table over without copying it. In any other
 * thread this module does nothing; it is imported there so that whatever gathers the modules of a
 * program, such as `deno compile`, takes it along.
 *
 * @module
 */

import { readLog, type ReadRunOptions } from "./read_run.ts";
import type { RunLog } from "./run_log.ts";

/** What the worker is asked for. */
export interface ReadRequest {
  /** The log. */
  readonly path: string;
  /** How to read it. */
  readonly options: Omit<ReadRunOptions, "signal">;
}

/** What it answers; there is no log where reading failed, which the asker then finds out by itself. */
export interface ReadReply {
  /** The log. */
  readonly log: RunLog | undefined;
}

/** Name of the workers that run this module. */
export const READ_WORKER_NAME = "rewind log reader";

/** What this module uses of a worker's global scope, which the types of a page do not know. */
interface WorkerScope {
  readonly name: string | undefined;
  onmessage: ((event: MessageEvent<ReadRequest>) => void) | null;
  postMessage(reply: ReadReply, transfer: ArrayBufferLike[]): void;
}

const scope = globalThis as unknown as WorkerScope;

if (scope.name === READ_WORKER_NAME) {
  scope.onmessage = async ({ data: { path, options } }) => {
    const log = await readLog(path, options).catch(() => undefined);
    scope.postMessage({ log }, log === undefined ? [] : buffersOf(log));
  };
}

function buffersOf(log: RunLog): ArrayBufferLike[] {
  const arrays = [
    log.steps,
    log.lines,
    ...[...log.columns.values()].flatMap(({ values, present }) => [values, present]),
  ];
  return [...new Set(arrays.map(({ buffer }) => buffer))];
}
