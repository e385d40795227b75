/**
 * Follows the log of a command while it is written: hands on its rows, and stops the command where it has
 * done enough. What decides is the log as its reader gives it, so that a verdict on the way and one at the
 * end come from the same comparison.
 *
 * @module
 */

import { TrainingLogError } from "../log/errors.ts";
import type { FieldResolver } from "../log/field_roles.ts";
import { JsonlTail, type LogRow } from "../log/jsonl_tail.ts";
import { readLog, type ReadRunOptions } from "../log/read_run.ts";
import type { RunLog } from "../log/run_log.ts";
import { StopRequest } from "./child_process.ts";

/** What to look for. */
export interface MetricsWatchOptions {
  /** Places of the log; the first one at which there is anything is followed. */
  readonly paths: readonly string[];
  /** Reads the keys of rows that are still being written. */
  readonly fields: FieldResolver;
  /** How to read the whole log. */
  readonly read: ReadRunOptions;
  /** Steps after which the command is stopped. */
  readonly maxSteps: number | undefined;
  /** Step at which the command is killed. */
  readonly killAt?: number | undefined;
  /** Sees each row of a JSON Lines log that has a step, as it is written. */
  readonly onRow: ((row: LogRow) => void) | undefined;
  /** Sees the log so far, now and then; a text that it gives stops the command, and says why. */
  readonly judge: ((log: RunLog) => string | undefined) | undefined;
  /** Called before the log is looked at. */
  readonly flush: () => void;
}

const POLL_MS = 50;
/** The whole log is read again at most this often, ... */
const READ_PAUSE_MS = 100;
/** ... and after a pause this many times as long as reading it took. */
const READ_PAUSE_FACTOR = 9;
const BRACE_OPEN = 0x7b;

/** See the module. */
export class MetricsWatch {
  /** The log on which `judge` decided; undefined if it did not. */
  decided: RunLog | undefined;
  readonly #options: MetricsWatchOptions;
  readonly #stopper: AbortController;
  #tail: JsonlTail | undefined;
  #tailPath: string | undefined;
  #offset = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #running: Promise<void> = Promise.resolve();
  #seen = "";
  #readAfterMs = 0;

  /** Aborts `stopper` when enough was seen. */
  constructor(options: MetricsWatchOptions, stopper: AbortController) {
    this.#options = options;
    this.#stopper = stopper;
  }

  /** Begins. */
  start(): void {
    this.#timer = setTimeout(() => {
      this.#running = this.#look().then(() => {
        if (this.#timer !== undefined) this.start();
      });
    }, POLL_MS);
  }

  /** Ends, whatever was seen. */
  cancel(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** Hands on what is left once the command has ended. */
  async finish(): Promise<void> {
    this.cancel();
    await this.#running;
    await this.#follow();
    for (const row of this.#tail?.end() ?? []) this.#see(row);
  }

  async #look(): Promise<void> {
    await this.#follow();
    const { judge, maxSteps, killAt } = this.#options;
    const isBounded = maxSteps !== undefined || killAt !== undefined;
    const needed = judge !== undefined || (isBounded && this.#tail === undefined);
    if (needed && !this.#stopper.signal.aborted && Date.now() >= this.#readAfterMs) {
      await this.#read();
    }
  }

  /** The first place at which there is anything, and what tells whether it has changed. */
  async #place(): Promise<{ path: string; isFile: boolean; state: string } | undefined> {
    const fs = await import("node:fs/promises");
    this.#options.flush();
    for (const path of this.#options.paths) {
      const info = await fs.stat(path).catch(() => undefined);
      if (info === undefined || (info.isFile() && info.size === 0)) continue;
      const state = info.isFile() ? `${path} ${info.ino} ${info.size} ${info.mtimeMs}` : "";
      return { path, isFile: info.isFile(), state };
    }
    return undefined;
  }

  /** Hands on the rows that were added to a log of JSON Lines. */
  async #follow(): Promise<void> {
    const place = await this.#place();
    if (place === undefined || !place.isFile) return;
    const fs = await import("node:fs/promises");
    let file;
    try {
      file = await fs.open(place.path, "r");
    } catch {
      return; // Gone again: what that means is decided when the command has ended.
    }
    try {
      const { size } = await file.stat();
      if (place.path !== this.#tailPath || size < this.#offset) {
        // Begun anew by the command.
        this.#tailPath = place.path;
        this.#tail = undefined;
        this.#offset = 0;
      }
      const chunk = new Uint8Array(1 << 18);
      while (!this.#stopper.signal.aborted) {
        const { bytesRead } = await file.read(chunk, 0, chunk.length, this.#offset);
        if (bytesRead === 0) break;
        if (this.#offset === 0) {
          if (chunk[0] !== BRACE_OPEN) return;
          this.#tail = new JsonlTail(this.#options.fields);
        }
        if (this.#tail === undefined) return;
        this.#offset += bytesRead;
        for (const row of this.#tail.push(chunk.slice(0, bytesRead))) this.#see(row);
      }
    } finally {
      await file.close();
    }
  }

  #see(row: LogRow): void {
    if (this.#stopper.signal.aborted) return;
    // A row whose step only the whole log tells is no progress that could be shown.
    if (!Number.isNaN(row.step)) this.#options.onRow?.(row);
    this.#stopAt(row.step);
  }

  /** Stops the command if this step is enough; gives whether it did. */
  #stopAt(step: number): boolean {
    const { maxSteps = Infinity, killAt = Infinity } = this.#options;
    if (step >= killAt) {
      this.#stopper.abort(
        new StopRequest(`the command was killed at step ${step}, as asked`, { force: true }),
      );
    } else if (step > maxSteps) {
      this.#stopper.abort(
        new StopRequest(`the command was stopped after step ${maxSteps}, as asked`),
      );
    }
    return this.#stopper.signal.aborted;
  }

  async #read(): Promise<void> {
    const place = await this.#place();
    if (place === undefined || (place.isFile && place.state === this.#seen)) return;
    this.#seen = place.state;
    const startedAtMs = Date.now();
    let log: RunLog;
    try {
      log = await readLog(place.path, this.#options.read);
    } catch (error) {
      // Nothing in it yet that can be read: it is still being written.
      if (error instanceof TrainingLogError) return;
      throw error;
    } finally {
      const tookMs = Date.now() - startedAtMs;
      this.#readAfterMs = Date.now() + Math.max(READ_PAUSE_MS, READ_PAUSE_FACTOR * tookMs);
    }
    if (this.#stopper.signal.aborted) return;
    if (this.#stopAt(log.steps.at(-1) ?? -Infinity)) return;
    const why = this.#options.judge?.(log);
    if (why === undefined) return;
    this.decided = log;
    this.#stopper.abort(new StopRequest(why));
  }
}
