/**
 * Reads several logs, large ones side by side: each but the first of them in a worker of its own. What
 * a worker cannot read is read here, so that results and errors are the same with workers and without.
 *
 * @module
 */

import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { LOG_WORKER_BYTES_MIN } from "../limits.ts";
import { checkFieldMap, readLog, type ReadRunOptions, splitRun } from "./read_run.ts";
import { READ_WORKER_NAME, type ReadReply, type ReadRequest } from "./read_worker.ts";
import type { RunLog } from "./run_log.ts";
import { canStartWorker } from "./worker_start.ts";

/** Settings of {@linkcode readRuns}. */
export interface ReadRunsOptions extends ReadRunOptions {
  /** Size from which a log is worth a worker, in bytes (default: `LOG_WORKER_BYTES_MIN`). */
  workerBytesMin?: number;
}

/**
 * Reads logs as `readRun` does, one after the other where they are small.
 *
 * @throws {TrainingLogError} as `readRun` does, for the first log that cannot be read
 */
export async function readRuns(
  paths: readonly string[],
  { workerBytesMin = LOG_WORKER_BYTES_MIN, ...options }: ReadRunsOptions = {},
): Promise<RunLog[]> {
  const large: boolean[] = [];
  for (const path of paths) large.push(await logBytes(path, options.run) >= workerBytesMin);
  const readers: (Reader | undefined)[] = [];
  try {
    for (const [index, path] of paths.entries()) {
      const isBeside = large[index]! && large.indexOf(true) < index;
      readers.push(isBeside ? await startReader(path, options) : undefined);
    }
    const logs: RunLog[] = [];
    for (const [index, path] of paths.entries()) {
      logs.push(await readers[index]?.log ?? await readLog(path, options));
    }
    checkFieldMap(logs);
    return logs;
  } finally {
    for (const reader of readers) reader?.end();
  }
}

/** What a log takes up, in bytes; of a directory, what lies directly in it. 0 if that is not known. */
async function logBytes(path: string, run: string | undefined): Promise<number> {
  try {
    const { place } = await splitRun(path, run);
    const info = await stat(place);
    if (!info.isDirectory()) return info.size;
    const names = await readdir(place);
    const sizes = await Promise.all(
      names.map(async (name) => (await stat(join(place, name))).size),
    );
    return sizes.reduce((sum, size) => sum + size, 0);
  } catch {
    // Whoever reads it says what is wrong with it.
    return 0;
  }
}

/** A worker that reads one log. */
interface Reader {
  /** The log; undefined if the worker did not get it. */
  readonly log: Promise<RunLog | undefined>;
  /** Ends the worker, whatever it does. */
  end(): void;
}

/** Starts reading a log in a worker; undefined where there are none. */
async function startReader(
  path: string,
  { signal, ...options }: ReadRunOptions,
): Promise<Reader | undefined> {
  const url = new URL("./read_worker.ts", import.meta.url);
  if (!await canStartWorker(url)) return undefined;
  const worker = new Worker(url, { type: "module", name: READ_WORKER_NAME });
  const { promise: log, resolve } = Promise.withResolvers<RunLog | undefined>();
  const giveUp = (): void => resolve(undefined);
  worker.onmessage = ({ data }: MessageEvent<ReadReply>) => resolve(data.log);
  worker.onerror = (event) => {
    event.preventDefault();
    giveUp();
  };
  worker.onmessageerror = giveUp;
  signal?.addEventListener("abort", giveUp, { once: true });
  if (signal?.aborted) giveUp();
  try {
    worker.postMessage({ path, options } satisfies ReadRequest);
  } catch {
    giveUp();
  }
  return {
    log,
    end: () => {
      signal?.removeEventListener("abort", giveUp);
      worker.terminate();
    },
  };
}
