/**
 * The children that share the trials of a campaign: each takes one after the other, is replaced before its
 * memory fills, and a trial that killed its child runs once more with nothing beside it.
 *
 * @module
 */

import { SandboxError, type SandboxFailure } from "../errors.ts";
import type { ChildOptions } from "../sandbox/host/sandbox_child.ts";
import { checkLimits } from "../sandbox/host/sandbox_limits.ts";
import { SandboxSession } from "../sandbox/host/session.ts";

/** Options of a pool. */
export interface PoolOptions extends ChildOptions {
  /** Children at a time; one per core by default. Each may take the whole limit for memory. */
  children?: number | undefined;
}

/** What one task gives, and what its child takes. */
export interface TaskResult<R> {
  /** The result. */
  readonly result: R;
  /** Resident memory of the child afterwards, in bytes; 0 if it is not known. */
  readonly memoryBytes: number;
}

/** Work on one task, in a child that has done others before. */
export type TaskWork<T, R> = (session: SandboxSession, task: T) => Promise<TaskResult<R>>;

/** A task that is done, in order of completion. */
export interface DoneTask<T, R> {
  /** The task. */
  readonly task: T;
  /** What it gave; undefined if it killed its child. */
  readonly result: R | undefined;
  /** How it killed its child, alone and from a fresh start. */
  readonly death: SandboxError | undefined;
  /** How long it took, in milliseconds. */
  readonly elapsedMs: number;
}

/** What ends a child and not only a job. */
const DEATHS: readonly SandboxFailure[] = ["timeout", "memory", "output", "protocol", "crashed"];

/** A child is replaced when it has taken this share of its limit: what V8 has not yet collected counts. */
const MEMORY_SHARE_MAX = 0.5;

/** Tasks after which a child is replaced all the same: V8 keeps something of every module that it compiled. */
const TASKS_MAX = 2000;

/** Results that may wait to be taken, per child. */
const AHEAD = 4;

/** Children for the tasks of a campaign; dispose of it to end them. */
export class ChildPool implements AsyncDisposable {
  readonly #options: ChildOptions;
  readonly #children: number;
  readonly #over = new AbortController();
  readonly #idle: ReusedChild[] = [];

  /** Starts nothing yet. */
  constructor({ children = navigator.hardwareConcurrency, ...options }: PoolOptions) {
    if (typeof globalThis.Deno?.Command !== "function") {
      throw new SandboxError("refused", "Cannot run a campaign: the sandbox needs Deno", {
        hint: "use Deno: Node and Bun have no process without permissions",
      });
    }
    const { signal } = options;
    const over = this.#over.signal;
    this.#options = {
      ...options,
      signal: signal === undefined ? over : AbortSignal.any([over, signal]),
    };
    this.#children = Math.max(1, children);
  }

  /** Children at a time. */
  get children(): number {
    return this.#children;
  }

  /**
   * Asks a child something ahead of the tasks. The children that will do as many tasks start meanwhile, that one
   * among them: together they take as long as one.
   *
   * @param tasks How many there will be.
   * @throws {unknown} What `work` throws.
   */
  async ask<R>(work: (session: SandboxSession) => Promise<R>, tasks: number): Promise<R> {
    const count = Math.max(1, Math.min(this.#children, tasks));
    const sessions = Array.from({ length: count }, () => {
      const child = new ReusedChild(this.#options);
      this.#idle.push(child);
      return child.session();
    });
    return await work(sessions[0]!);
  }

  /**
   * Does the tasks, which are taken one by one, in order, as children get free; gives them as they are done.
   * A caller that stops early ends the pool.
   *
   * @throws {unknown} What `work` throws, unless its child died.
   */
  async *run<T, R>(
    tasks: Iterable<T>,
    work: TaskWork<T, R>,
  ): AsyncGenerator<DoneTask<T, R>, void> {
    const queue = new Results<DoneTask<T, R>>(AHEAD * this.#children);
    const suspects: T[] = [];
    const iterator = tasks[Symbol.iterator]();
    const serve = async (): Promise<void> => {
      let child: ReusedChild | undefined;
      for (;;) {
        const next = iterator.next();
        if (next.done) break;
        child ??= this.#idle.pop() ?? new ReusedChild(this.#options);
        const done = await child.attempt(next.value, work);
        // Another one may have taken the time or the memory: it is tried again alone.
        if (done.death !== undefined) suspects.push(next.value);
        else await queue.push(done);
      }
      if (child !== undefined) this.#idle.push(child);
    };
    const workers = Array.from({ length: this.#children }, serve);
    const all = Promise.all(workers).then(() => queue.end(), (error) => queue.fail(error));
    let isDone = false;
    try {
      yield* queue.taken();
      for (const task of suspects) {
        await using child = new ReusedChild(this.#options);
        yield await child.attempt(task, work);
      }
      isDone = true;
    } finally {
      if (!isDone) this.#over.abort();
      queue.abandon();
      await all;
      await Promise.allSettled(workers);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#over.abort();
    await Promise.all(this.#idle.splice(0).map((child) => child[Symbol.asyncDispose]()));
  }
}

/** One place in the pool: a child, and those that take its place. */
class ReusedChild implements AsyncDisposable {
  readonly #options: ChildOptions;
  readonly #memoryBytesMax: number;
  #session: SandboxSession | undefined;
  #tasks = 0;

  constructor(options: ChildOptions) {
    this.#options = options;
    this.#memoryBytesMax = checkLimits(options).memoryBytesMax;
  }

  /** The child; a new one if it was replaced. */
  session(): SandboxSession {
    return this.#session ??= new SandboxSession(this.#options);
  }

  async attempt<T, R>(task: T, work: TaskWork<T, R>): Promise<DoneTask<T, R>> {
    const session = this.session();
    const started = performance.now();
    const done = (end: Pick<DoneTask<T, R>, "result" | "death">) => ({
      task,
      ...end,
      elapsedMs: performance.now() - started,
    });
    try {
      const { result, memoryBytes } = await work(session, task);
      this.#options.signal?.throwIfAborted();
      this.#tasks++;
      const isFull = memoryBytes > this.#memoryBytesMax * MEMORY_SHARE_MAX;
      if (isFull || this.#tasks >= TASKS_MAX) await this[Symbol.asyncDispose]();
      return done({ result, death: undefined });
    } catch (error) {
      await this[Symbol.asyncDispose]();
      this.#options.signal?.throwIfAborted();
      if (!isDeath(error)) throw error;
      return done({ result: undefined, death: error });
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const session = this.#session;
    this.#session = undefined;
    this.#tasks = 0;
    await session?.[Symbol.asyncDispose]();
  }
}

function isDeath(error: unknown): error is SandboxError {
  return error instanceof SandboxError && DEATHS.includes(error.reason);
}

/** Results between those who make them and the one who takes them. */
class Results<D> {
  readonly #waiting: D[] = [];
  readonly #ahead: number;
  #isOver = false;
  #error: unknown;
  #pushed = Promise.withResolvers<void>();
  #taken = Promise.withResolvers<void>();

  constructor(ahead: number) {
    this.#ahead = ahead;
  }

  /** Gives one; waits where the taker is far behind. */
  async push(done: D): Promise<void> {
    this.#waiting.push(done);
    this.#pushed.resolve();
    while (this.#waiting.length > this.#ahead && !this.#isOver) {
      this.#taken = Promise.withResolvers();
      await this.#taken.promise;
    }
  }

  end(): void {
    this.#isOver = true;
    this.#pushed.resolve();
  }

  fail(error: unknown): void {
    this.#error = error;
    this.end();
  }

  /** Nobody takes any more. */
  abandon(): void {
    this.#isOver = true;
    this.#taken.resolve();
  }

  async *taken(): AsyncGenerator<D, void> {
    for (;;) {
      if (this.#error !== undefined) throw this.#error;
      const next = this.#waiting.shift();
      if (next !== undefined) {
        this.#taken.resolve();
        yield next;
      } else if (this.#isOver) return;
      else {
        this.#pushed = Promise.withResolvers();
        await this.#pushed.promise;
      }
    }
  }
}
