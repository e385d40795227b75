/**
 * How often a verification makes a fresh instance of the step module.
 * This module is browser compatible.
 *
 * @module
 */

import type { ReplaySpansJob } from "../wire/requests.ts";
import type { RealmIo } from "./realm_io.ts";

/** Share of a block's time that a fresh instance of the module may take. */
const FRESH_TIME_SHARE = 0.1;

/**
 * Blocks before the first decision, while V8 still warms up. Runs of no more than these get an instance
 * for each that is made in {@linkcode FEW_MAKING_MS_MAX}: of few blocks few orders show hidden state.
 */
const WARM_UP_BLOCKS = 8;

/** A module of a run of few blocks that takes longer to load, in milliseconds, is loaded once. */
const FEW_MAKING_MS_MAX = 250;

/**
 * So many instances are made where making one takes less than a block, to learn what one costs: the
 * first takes many times longer than the others, as with it V8 meets the text and the loader warms up.
 */
const TRIAL_INSTANCES = 3;

/**
 * But not where a step takes less, in milliseconds: V8 inlines the step of one instance only, so that from
 * the second on all blocks would take half as long again.
 */
const TRIAL_STEP_MS_MIN = 0.001;

/**
 * Share of the memory limit beyond which there are no more fresh instances. V8 collects those that are
 * done with, each with all that the module makes when it loads, only when it sees fit; and what one
 * takes that left the other half free fits into it once more.
 */
const FRESH_MEMORY_SHARE = 0.5;

/** What bounds the memory of instances. */
interface MemoryContext {
  readonly io: Pick<RealmIo, "memoryBytes">;
  readonly memoryBytesMax: number;
}

/**
 * Decides before which blocks the module is instantiated anew. What an instance costs is the time to
 * make it and, above all, how much longer its block takes, as V8 has not yet compiled its step. Times
 * are the least that were seen: the others may have waited for the processor, for input or for V8.
 */
export class Freshness {
  readonly #areFew: boolean;
  readonly #spanSteps: number;
  readonly #context: MemoryContext;
  #blocks = 0;
  #instances = 0;
  /** Whether the instance has replayed no block yet. */
  #isNew = false;
  /** Time to make an instance. */
  #makingMs = Infinity;
  /** By how much the first block of an instance takes longer; unknown until there were two. */
  #coldMs = Infinity;
  /** Time of a block. */
  #blockMs = Infinity;

  /** Nothing is known yet of what instances cost. */
  constructor(
    { spans, run }: ReplaySpansJob,
    context: MemoryContext,
  ) {
    this.#areFew = spans.length <= WARM_UP_BLOCKS;
    this.#spanSteps = run.blockSize * run.stride;
    this.#context = context;
  }

  /** Whether one more instance stays within the share of time and the memory. */
  due(): boolean {
    const { io, memoryBytesMax } = this.#context;
    return this.#isCheap() && io.memoryBytes() < FRESH_MEMORY_SHARE * memoryBytesMax;
  }

  /** An instance was made, in so long. */
  instantiated(ms: number): void {
    this.#instances++;
    this.#isNew = true;
    this.#makingMs = Math.min(this.#makingMs, ms);
  }

  /** A span was replayed, in so long. */
  replayed(ms: number): void {
    this.#blockMs = Math.min(this.#blockMs, ms);
    // The first block of all warms up more than the step.
    if (this.#isNew && this.#blocks > 0) {
      this.#coldMs = Math.min(this.#coldMs, ms - this.#blockMs);
    }
    this.#isNew = false;
    this.#blocks++;
  }

  #isCheap(): boolean {
    if (this.#areFew) return this.#makingMs < FEW_MAKING_MS_MAX;
    if (this.#blocks < WARM_UP_BLOCKS) return false;
    if (this.#blockMs < TRIAL_STEP_MS_MIN * this.#spanSteps) return false;
    if (this.#instances < TRIAL_INSTANCES) return this.#makingMs < this.#blockMs;
    return this.#makingMs + this.#coldMs < FRESH_TIME_SHARE * this.#blockMs;
  }
}
