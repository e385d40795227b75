/**
 * Memory that the main thread of a sandbox child shares with its watchdog thread: what is to be
 * enforced, and where user code is, so that a child that is killed can still tell at which t. The
 * watchdog only looks: no message has to be waited for, whatever the step does.
 * This module is browser compatible.
 *
 * @module
 */

import type { JobLimits } from "../realm/realm_io.ts";
import type { Position } from "../wire/position.ts";

/** Characters of a UUID, which a signature is. */
const SIGNATURE_LENGTH = 36;

// Taken on load: the main thread loses them to the lock-down.
const { load, notify, store, wait } = Atomics;
const { fromCharCode } = String;

/** Indices into the numbers: the position comes first, then one for each limit. */
const PARENT_PID = 3;
const MEMORY_BYTES_MAX = 4;
const TIMEOUT_MS = 5;
const NUMBERS = 6;
/** Indices into the words. */
const ORDER_COUNT = 0;
const DEATH = 1;
const WATCHED = 2;
const WORDS = 3;

/** Both sides' view of the shared memory. */
export class WatchMemory {
  /** What the other side makes its view from. */
  readonly buffer: SharedArrayBuffer;
  /** Where user code is. */
  readonly position: Position;
  readonly #numbers: Float64Array;
  readonly #words: Int32Array<SharedArrayBuffer>;
  readonly #signature: Uint8Array;

  /** A view of memory of the other side, or of new memory. */
  constructor(
    buffer: SharedArrayBuffer = new SharedArrayBuffer(8 * NUMBERS + 4 * WORDS + SIGNATURE_LENGTH),
  ) {
    this.buffer = buffer;
    this.position = new Float64Array(buffer, 0, PARENT_PID);
    this.#numbers = new Float64Array(buffer, 0, NUMBERS);
    this.#words = new Int32Array(buffer, 8 * NUMBERS, WORDS);
    this.#signature = new Uint8Array(buffer, 8 * NUMBERS + 4 * WORDS, SIGNATURE_LENGTH);
  }

  /** Main thread: from now on this is enforced. */
  order({ signature, parentPid, memoryBytesMax, timeoutMs }: JobLimits): void {
    for (let i = 0; i < SIGNATURE_LENGTH; i++) this.#signature[i] = signature.charCodeAt(i);
    this.#numbers[PARENT_PID] = parentPid;
    this.#numbers[MEMORY_BYTES_MAX] = memoryBytesMax;
    this.#numbers[TIMEOUT_MS] = timeoutMs;
    // Whoever sees the new count sees what was written before it.
    store(this.#words, ORDER_COUNT, this.orderCount + 1);
  }

  /** Main thread: waits until the watchdog watches; false if it does not within so long. */
  isWatchedWithin(waitMs: number): boolean {
    return wait(this.#words, WATCHED, 0, waitMs) !== "timed-out";
  }

  /** Main thread: asks to be killed, and waits for it. */
  die(): never {
    store(this.#words, DEATH, 1);
    notify(this.#words, DEATH);
    for (;;) wait(this.#words, DEATH, 1);
  }

  /** How many orders there were. */
  get orderCount(): number {
    return load(this.#words, ORDER_COUNT);
  }

  /** The last order. */
  get orders(): JobLimits {
    return {
      signature: fromCharCode(...this.#signature),
      parentPid: this.#numbers[PARENT_PID]!,
      memoryBytesMax: this.#numbers[MEMORY_BYTES_MAX]!,
      timeoutMs: this.#numbers[TIMEOUT_MS]!,
    };
  }

  /** Watchdog: it watches from now on. */
  watch(): void {
    store(this.#words, WATCHED, 1);
    notify(this.#words, WATCHED);
  }

  /** Watchdog: waits for so long, or until it is asked to kill; true if it is. */
  isDeathAskedFor(waitMs: number): boolean {
    return wait(this.#words, DEATH, 0, waitMs) !== "timed-out";
  }
}
