/**
 * The children that share the trials of a campaign: each takes some at a time, is replaced before its memory fills,
 * and a trial that killed its child runs once more with nothing beside it.
 *
 * @module
 */

import { SandboxError } from "../errors.ts";
import { ChildDeathError } from "../sandbox/host/child_death.ts";
import type { ChildOptions } from "../sandbox/host/sandbox_child.ts";
import { checkLimits } from "../sandbox/host/sandbox_limits.ts";
import { SandboxSession } from "../sandbox/host/session.ts";
import type { SandboxFailure } from "../error_types.ts";

/** Options of a pool. */
export interface PoolOptions extends ChildOptions {
  /** Children at a time; one per core by default. Each may take the whole limit for memory. */
  children?: number | undefined;
}

/** What one task gives, and what its child takes. */
export interface TaskResult<R> {
  /** The result. */
  readonly result: R;
  /** How long it took, in milliseconds. */
  readonly elapsedMs: number;
  /** Resident memory of the child afterwards, in bytes; 0 if it is not known. */
  readonly memoryBytes: number;
}

/**
 * Work on some tasks, in a child that has done others before: gives the result of each, in their order, as many
 * together as come together.
 */
export type TasksWork<T, R> = (
  session: SandboxSession,
  tasks: readonly T[],
) => AsyncIterable<readonly TaskResult<R>[]>;

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

/** A child is asked for as many tasks at a time as take about so many milliseconds: each question costs some time, */
const BATCH_MS = 40;

/** and for no more than so many. */
const BATCH_TASKS_MAX = 256;

/** Tasks after which a child is replaced by default: V8 keeps something of every module that it compiled. */
const TASKS_MAX = 2000;

/** Lists of results that may wait to be taken, per child. */
const AHEAD = 4;

/** Children for the tasks of a campaign; dispose of it to end them. */
export class ChildPool implements AsyncDisposable {
  readonly #options: ChildOptions;
  readonly #children: number;
  readonly #over = new AbortController();
  readonly #idle: ReusedChild[] = [];

  /** Starts nothing yet. */
  constructor({ children, ...options }: PoolOptions) {
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
    this.#children = Math.max(1, children ?? navigator.hardwareConcurrency);
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
   * Does the tasks, which are taken in order as children get free; gives them as they are done, as many together as
   * come together. A caller that stops early ends the pool.
   *
   * @param options After how many tasks a child is replaced; where they compile no modules there need be no limit.
   * @throws {unknown} What `work` throws, unless its child died.
   */
  async *run<T, R>(
    tasks: Iterable<T>,
    work: TasksWork<T, R>,
    { tasksMax = TASKS_MAX }: { readonly tasksMax?: number } = {},
  ): AsyncGenerator<DoneTask<T, R>[], void> {
    const results = new Results<DoneTask<T, R>[]>(AHEAD * this.#children);
    const queue = new TaskQueue(tasks);
    const serve = async (): Promise<void> => {
      let child: ReusedChild | undefined;
      let size = 1;
      for (let batch; (batch = queue.take(size)).length > 0;) {
        child ??= this.#idle.pop() ?? new ReusedChild(this.#options);
        const startedAt = performance.now();
        const end = await child.attempt(batch, work, (done) => results.push(done));
        if (end !== undefined) queue.blame(batch.slice(end.done), end);
        else if (child.tasks >= tasksMax) await child[Symbol.asyncDispose]();
        size = nextSize(size, (performance.now() - startedAt) / batch.length);
      }
      if (child !== undefined) this.#idle.push(child);
    };
    const workers = Array.from({ length: this.#children }, serve);
    const all = Promise.all(workers).then(() => results.end(), (error) => results.fail(error));
    let isDone = false;
    try {
      yield* results.taken();
      for (const task of queue.suspects) {
        yield await this.#alone(task, work);
      }
      isDone = true;
    } finally {
      if (!isDone) this.#over.abort();
      results.abandon();
      await all;
      await Promise.allSettled(workers);
    }
  }

  /** Does a task in a child of its own. */
  async #alone<T, R>(task: T, work: TasksWork<T, R>): Promise<DoneTask<T, R>[]> {
    const child = new ReusedChild(this.#options);
    try {
      const given: DoneTask<T, R>[] = [];
      const startedAt = performance.now();
      const end = await child.attempt([task], work, (done) => {
        given.push(...done);
        return Promise.resolve();
      });
      const elapsedMs = performance.now() - startedAt;
      return end === undefined ? given : [{ task, result: undefined, death: end.death, elapsedMs }];
    } finally {
      await child[Symbol.asyncDispose]();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#over.abort();
    await Promise.all(this.#idle.splice(0).map((child) => child[Symbol.asyncDispose]()));
  }
}

/** How many tasks a child is asked for next, after it took so many milliseconds for each of the last ones. */
function nextSize(size: number, taskMs: number): number {
  return Math.max(1, Math.min(BATCH_TASKS_MAX, 4 * size, Math.floor(BATCH_MS / taskMs)));
}

/** How the child of some tasks ended before it had done all of them. */
interface EarlyEnd {
  /** Why. */
  readonly death: SandboxError;
  /** How many were done. */
  readonly done: number;
}

/** The tasks that are not done. */
class TaskQueue<T> {
  /** Those that killed their child, perhaps as another one had taken the time or the memory: they run again alone. */
  readonly suspects: T[] = [];
  readonly #fresh: Iterator<T>;
  /** Those that a death kept from being done, */
  readonly #again: T[] = [];
  /** and those of which one may have caused it: each is asked for by itself. */
  readonly #doubtful: T[] = [];

  constructor(tasks: Iterable<T>) {
    this.#fresh = tasks[Symbol.iterator]();
  }

  /** The next ones, at most so many; none where there are no more. */
  take(size: number): T[] {
    const doubtful = this.#doubtful.shift();
    if (doubtful !== undefined) return [doubtful];
    const taken = this.#again.splice(0, size);
    while (taken.length < size) {
      const next = this.#fresh.next();
      if (next.done) break;
      taken.push(next.value);
    }
    return taken;
  }

  /** Takes back those that were not done when their child died. */
  blame(left: readonly T[], { death, done }: EarlyEnd): void {
    const part = death instanceof ChildDeathError ? death.part : undefined;
    const at = left.length === 1 ? 0 : part === undefined ? -1 : part - done;
    if (at in left) {
      this.suspects.push(left[at]!);
      this.#again.push(...left.filter((_, i) => i !== at));
    } else {
      this.#doubtful.push(...left);
    }
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

  /** How many tasks the child has done. */
  get tasks(): number {
    return this.#tasks;
  }

  /** The child; a new one if it was replaced. */
  session(): SandboxSession {
    return this.#session ??= new SandboxSession(this.#options);
  }

  /** Does some tasks; how the child ended, if it did before it had done all. */
  async attempt<T, R>(
    tasks: readonly T[],
    work: TasksWork<T, R>,
    give: (done: DoneTask<T, R>[]) => Promise<void>,
  ): Promise<EarlyEnd | undefined> {
    const { signal } = this.#options;
    let done = 0;
    try {
      let memory = 0;
      for await (const results of work(this.session(), tasks)) {
        signal?.throwIfAborted();
        await give(results.map(({ result, elapsedMs, memoryBytes }) => {
          memory = memoryBytes;
          return { task: tasks[done++]!, result, death: undefined, elapsedMs };
        }));
      }
      signal?.throwIfAborted();
      this.#tasks += done;
      if (memory > this.#memoryBytesMax * MEMORY_SHARE_MAX) await this[Symbol.asyncDispose]();
      return undefined;
    } catch (error) {
      await this[Symbol.asyncDispose]();
      signal?.throwIfAborted();
      if (!isDeath(error)) throw error;
      return { death: error, done };
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
