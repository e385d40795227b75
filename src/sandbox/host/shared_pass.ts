/**
 * A pass over a run that several children share: each replays units of work (blocks, or groups of them) in
 * a process of its own, until all units are answered.
 *
 * @module
 */

import { RewindError, SandboxError } from "../../errors.ts";
import type { ChildOptions } from "./sandbox_child.ts";
import { checkLimits } from "./sandbox_limits.ts";
import { SandboxSession } from "./session.ts";

/** Options of a shared pass. */
export interface SharedPassOptions extends ChildOptions {
  /** Most children at a time; one per core by default, and as many as the memory limit allows. */
  childrenMax?: number;
  /** Called as units are done, with how many are. */
  onProgress?: (units: number) => void;
}

/** Work that children can share, and what comes of it; made anew for each attempt. */
export interface SharedWork<A, R> {
  /** Number of units. */
  readonly count: number;
  /** The answers to units, in the order given, from a child of its own. */
  answers(session: SandboxSession, units: Uint32Array): AsyncIterable<A>;
  /**
   * Takes one answer; several children may answer the same unit.
   *
   * @returns Whether more answers are wanted.
   */
  take(unit: number, answer: A): boolean;
  /** What the answers so far come to. */
  result(): R;
}

/** Shards are there to share the work: one that took all cores would take them from the next one. */
export const CHILDREN_PER_SHARD = 1;

/** Children that may share a pass. */
export function childrenOf(options: SharedPassOptions): number {
  const byMemory = Math.floor(checkLimits(options).memoryBytesMax / CHILD_MEMORY_BYTES);
  return Math.max(1, Math.min(options.childrenMax ?? navigator.hardwareConcurrency, byMemory));
}

/**
 * Other children only come when this much is left to do, in ms: a start, and V8 once more compiling the step,
 * cost what 0.7 s of shared work gain (two cores of an AMD EPYC).
 */
const SHARE_REST_MS = 1000;

/** How often that is looked at, in ms. */
const SHARE_POLL_MS = 50;

/** Children share the limit for memory; each gets at least this. */
const CHILD_MEMORY_BYTES = 200_000_000;

/**
 * Does work in one child, or in several where it takes long.
 *
 * @throws {UnsafeArtifactError} If the source breaks a static rule.
 * @throws {SandboxError} If a limit was hit or a child's answer cannot be trusted: there is no result then.
 * @throws {ArtifactIntegrityError} If the file behind the run is damaged.
 */
export async function runShared<A, R>(
  options: SharedPassOptions,
  makeWork: () => SharedWork<A, R>,
): Promise<R> {
  const { timeoutMs } = checkLimits(options);
  const children = childrenOf(options);
  const started = performance.now();
  try {
    return await new SharedPass(makeWork(), options, children).run();
  } catch (error) {
    const isShort = error instanceof SandboxError && error.reason === "memory";
    const restMs = timeoutMs - (performance.now() - started);
    if (!isShort || children === 1 || restMs <= 0) throw error;
    // Alone, a child may take all of it. A hostile step gets no more time by this.
    return await new SharedPass(makeWork(), { ...options, timeoutMs: restMs }, 1).run();
  }
}

/** One attempt at a pass. */
class SharedPass<A, R> {
  readonly #work: SharedWork<A, R>;
  readonly #options: SharedPassOptions;
  readonly #children: number;
  readonly #isDone: Uint8Array;
  #done = 0;
  /** When the first answer came. */
  #firstAt: number | undefined;
  /** Whether more answers are wanted. */
  #isOpen = true;
  /** Aborted when there is nothing left to wait for. */
  readonly #over = new AbortController();

  constructor(work: SharedWork<A, R>, options: SharedPassOptions, children: number) {
    this.#work = work;
    this.#options = options;
    this.#children = children;
    this.#isDone = new Uint8Array(work.count);
  }

  async run(): Promise<R> {
    if (this.#work.count > 0) {
      const sharing = this.#startOthers();
      try {
        await this.#replayFrom(0);
      } finally {
        this.#over.abort();
        await sharing;
      }
    }
    return this.#work.result();
  }

  /** Starts the other children once it is seen to be worth it; all go on until all is done. */
  async #startOthers(): Promise<void> {
    if (this.#children === 1) return;
    do await delay(SHARE_POLL_MS, this.#over.signal); while (
      !this.#over.signal.aborted && this.#restMs() < SHARE_REST_MS
    );
    if (this.#over.signal.aborted) return;
    const done = this.#done;
    const share = (this.#work.count - done) / this.#children;
    const others = Array.from(
      { length: this.#children - 1 },
      (_, i) => this.#replayFrom(done + Math.floor(share * (i + 1))),
    );
    try {
      await Promise.all(others);
    } catch (error) {
      // Reaches the caller through the first child, which this ends.
      this.#over.abort(error);
    }
    await Promise.allSettled(others);
  }

  /** Replays the units from one on, round to it, until all are done. */
  async #replayFrom(first: number): Promise<void> {
    const { signal } = this.#over;
    const { count } = this.#work;
    const units = new Uint32Array(count).map((_, i) => (first + i) % count);
    const { memoryBytesMax } = checkLimits(this.#options);
    const session = new SandboxSession({
      ...this.#options,
      memoryBytesMax: Math.floor(memoryBytesMax / this.#children),
      signal: this.#options.signal === undefined
        ? signal
        : AbortSignal.any([signal, this.#options.signal]),
    });
    let next = 0;
    let isAnswered = false;
    try {
      for await (const answer of this.#work.answers(session, units)) {
        this.#take(units[next++]!, answer);
        // After the last unit the end of the answer is waited for, and checked.
        if (this.#isOver() && next < count) break;
      }
      isAnswered = next === count;
    } catch (error) {
      if (!signal.aborted) throw error;
      if (signal.reason instanceof RewindError) throw signal.reason;
    } finally {
      if (!isAnswered) await session[Symbol.asyncDispose]();
    }
    if (isAnswered) await session.close();
    if (this.#isOver()) this.#over.abort();
  }

  /** How long the rest will take as it has gone so far; 0 while that is not known. */
  #restMs(): number {
    if (this.#firstAt === undefined || this.#done < 2) return 0;
    const elapsed = performance.now() - this.#firstAt;
    return (elapsed / (this.#done - 1)) * (this.#work.count - this.#done);
  }

  #isOver(): boolean {
    return this.#done === this.#work.count || !this.#isOpen;
  }

  #take(unit: number, answer: A): void {
    this.#firstAt ??= performance.now();
    if (!this.#work.take(unit, answer)) this.#isOpen = false;
    if (this.#isDone[unit] === 1) return;
    this.#isDone[unit] = 1;
    this.#done++;
    this.#options.onProgress?.(this.#done);
  }
}

/** Waits for a time, or until the signal is aborted. */
function delay(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener("abort", done);
    if (signal.aborted) done();
  });
}
