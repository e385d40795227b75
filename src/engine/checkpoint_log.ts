/**
 * The checkpoints of a recording as they are taken: which blocks' starts are stored, and what is given up
 * when they exceed the budget.
 * This module is browser compatible.
 *
 * @module
 */

import { BLOCKS_MAX } from "../limits.ts";
import type { CheckpointKeeper, CheckpointStore, StorageBudget } from "./types.ts";

/** Checkpoints in memory. */
export class MemoryCheckpoints implements CheckpointKeeper, CheckpointStore {
  #states: Uint8Array[] = [];

  /** Number of checkpoints. */
  get length(): number {
    return this.#states.length;
  }

  /** Canonical bytes of one of them; shared, must not be changed. */
  bytesAt(index: number): Uint8Array {
    return this.#states[index]!;
  }

  /** Keeps one more. */
  push(bytes: Uint8Array): void {
    this.#states.push(bytes);
  }

  /** Gives up every other one. */
  thin(): void {
    // Copies, as small ones share memory with those that go.
    this.#states = this.#states.filter((_, index) => index % 2 === 0)
      .map((bytes) => bytes.slice());
  }
}

/**
 * Decides which checkpoints are stored: those of every `stride`-th block. Where they would exceed the budget
 * the stride doubles. Only lengths are looked at, in the order of the blocks, so two logs that are given the
 * same lengths decide the same.
 */
export class CheckpointLog {
  readonly #keeper: CheckpointKeeper;
  readonly #bytesMax: number;
  readonly #countMax: number;
  #lengths: number[] = [];
  #bytes = 0;
  #stride: number;

  /**
   * @param keeper What holds the checkpoints.
   * @param options The budget; for a recording that goes on, its stride and the lengths of its checkpoints.
   */
  constructor(
    keeper: CheckpointKeeper,
    { budget, stride = 1, lengths = [] }: {
      budget: StorageBudget | undefined;
      stride?: number;
      lengths?: Iterable<number>;
    },
  ) {
    this.#keeper = keeper;
    this.#bytesMax = budget?.bytesMax ?? Infinity;
    this.#countMax = Math.min(budget?.checkpointsMax ?? BLOCKS_MAX, BLOCKS_MAX);
    this.#stride = stride;
    for (const length of lengths) this.#add(length);
  }

  /** How many blocks lie between two checkpoints. */
  get stride(): number {
    return this.#stride;
  }

  /** Number of checkpoints. */
  get count(): number {
    return this.#lengths.length;
  }

  /** The next block whose start is to be stored. */
  get nextBlock(): number {
    return this.#lengths.length * this.#stride;
  }

  /** Takes the start of the next block that is to be stored. */
  push(bytes: Uint8Array): void {
    this.#add(bytes.length);
    this.#keeper.push(bytes);
    // The last state is stored too, and will be as large as the newest one.
    while (this.count > 1 && this.#exceeds(bytes.length)) this.#thin();
  }

  #exceeds(lastBytes: number): boolean {
    return this.count > this.#countMax || this.#bytes + lastBytes > this.#bytesMax;
  }

  #add(length: number): void {
    this.#lengths.push(length);
    this.#bytes += length;
  }

  #thin(): void {
    this.#keeper.thin();
    this.#stride *= 2;
    this.#lengths = this.#lengths.filter((_, index) => index % 2 === 0);
    this.#bytes = this.#lengths.reduce((sum, length) => sum + length, 0);
  }
}
