/**
 * Workers of the page that run a step, one after another. It takes the place of `sandbox/host/sandbox_child.ts` in
 * the page's program, so that all that asks children and gives verdicts is the same code as in the command line.
 *
 * A browser does not tell how much memory a worker takes. So none lives long: what a step keeps from call to call
 * goes with the worker, between two jobs or parts of one, which depend on nothing that was before.
 *
 * @module
 */

/// <reference lib="dom" />

import type {
  ChildOptions,
  Messages,
  SandboxChild as DenoChild,
} from "../../../sandbox/host/sandbox_child.ts";
import { checkLimits } from "../../../sandbox/host/sandbox_limits.ts";
import { checkSource } from "../../../sandbox/host/static_rules.ts";
import { SandboxError } from "../../../errors.ts";
import { PAGE_WORKER_MS } from "../../limits.ts";
import { type Item, refuse } from "../../../sandbox/wire/frame_reader.ts";
import type { JobInput, JobRequest } from "../../../sandbox/wire/requests.ts";
import { JobParts } from "./job_parts.ts";
import { StepWorker, type WorkerModule } from "./step_worker.ts";

export { ChildFault } from "./step_worker.ts";
export type { ChildOptions, Messages };

/** A succession of workers with one step module. */
export class SandboxChild implements Pick<DenoChild, keyof DenoChild> {
  readonly #module: WorkerModule;
  readonly #outputBytesMax: number;
  readonly #signal: AbortSignal | undefined;
  readonly #onAbort = () => {
    this.#worker.end(new SandboxError("aborted", "Cannot go on: the pass was stopped"));
    this.#next?.kill();
  };
  #worker: StepWorker;
  /** Started before it is needed, as that takes as long as many jobs. */
  #next: StepWorker | undefined;

  /**
   * Starts a worker for one step module.
   *
   * @throws {UnsafeArtifactError} If the source breaks a static rule.
   */
  constructor(options: ChildOptions) {
    const { source, math = "portable", shims, signal } = options;
    const { outputBytesMax, memoryBytesMax } = checkLimits(options);
    checkSource(source);
    signal?.throwIfAborted();
    this.#module = { source, math, shims, memoryBytesMax };
    this.#outputBytesMax = outputBytesMax;
    this.#signal = signal;
    this.#worker = new StepWorker(this.#module);
    signal?.addEventListener("abort", this.#onAbort, { once: true });
  }

  /** As the child process of the command line does it. */
  async *run(job: JobInput, messages: Messages = []): AsyncGenerator<Item[], unknown, void> {
    const following = Symbol.iterator in messages
      ? messages[Symbol.iterator]()
      // Behind what comes asynchronously, an empty message is the end.
      : [...await Array.fromAsync(messages), new Uint8Array(0)][Symbol.iterator]();
    const parts = new JobParts(job);
    let ended = false;
    try {
      for (;;) {
        const part = parts.next();
        this.#relieve();
        const request = { ...part.job, timeoutMs: Infinity } as JobRequest;
        const end = yield* this.#work(parts, request, taken(following, part.messages));
        this.#prepare();
        if (parts.isOpen) continue;
        ended = true;
        return end;
      }
    } finally {
      if (!ended) await this[Symbol.asyncDispose]();
    }
  }

  /** Has a part done; by another worker where the process of the first ended before it could begin. */
  async *#work(
    parts: JobParts,
    request: JobRequest,
    messages: readonly Uint8Array[],
  ): AsyncGenerator<Item[], unknown, void> {
    for (let isLast = false;; isLast = true) {
      const worker = this.#worker;
      const before = worker.workedMs;
      try {
        const end = yield* worker.run(request, messages, this.#outputBytesMax);
        parts.took(worker.workedMs - before);
        return end;
      } catch (error) {
        if (isLast || !worker.isLost) throw error;
        this.#relieve();
      }
    }
  }

  /**
   * Ends the worker, so that nothing runs after its last answer.
   *
   * @throws {SandboxError} If it had said more.
   */
  async close(): Promise<void> {
    await this[Symbol.asyncDispose]();
    checkQuiet(this.#worker);
  }

  /** Kills the worker. */
  [Symbol.asyncDispose](): Promise<void> {
    this.#signal?.removeEventListener("abort", this.#onAbort);
    this.#worker.kill();
    this.#next?.kill();
    return Promise.resolve();
  }

  /** Puts another worker in the place of one that has worked long enough. */
  #relieve(): void {
    const worker = this.#worker;
    const next = this.#next?.isLost ? undefined : this.#next;
    // It is waited for where there is no other way.
    const lifeMs = next?.isReady ? PAGE_WORKER_MS : 2 * PAGE_WORKER_MS;
    if (worker.workedMs < lifeMs && !worker.isLost) return;
    worker.kill();
    this.#worker = next ?? new StepWorker(this.#module);
    this.#next = undefined;
    checkQuiet(worker);
  }

  #prepare(): void {
    if (this.#worker.workedMs > PAGE_WORKER_MS / 2) this.#next ??= new StepWorker(this.#module);
  }
}

/** The next messages, so many or all. */
function taken(messages: Iterator<Uint8Array>, count = Infinity): Uint8Array[] {
  const found: Uint8Array[] = [];
  while (found.length < count) {
    const { value, done } = messages.next();
    if (done) break;
    found.push(value);
  }
  return found;
}

function checkQuiet(worker: StepWorker): void {
  if (worker.saidMore) throw refuse("it went on after its answer");
}
