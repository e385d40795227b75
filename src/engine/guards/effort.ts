/**
 * How much time a guard has spent. What waited for the processor does not count.
 * This module is browser compatible.
 *
 * @module
 */

/** What takes longer than so many milliseconds has waited for the processor, mostly. */
const WAIT_MS = 2;

/** Counts the time of something that is done state by state. */
export class Effort {
  readonly #now: () => number;
  #at = 0;
  #spentMs = 0;

  /** @param now A clock, in milliseconds; without one no time passes. */
  constructor(now: (() => number) | undefined) {
    this.#now = now ?? (() => 0);
  }

  /** Milliseconds that were spent. */
  get spentMs(): number {
    return this.#spentMs;
  }

  /** The work begins, or goes on after something else. */
  start(): void {
    this.#at = this.#now();
  }

  /** One more state is done with. @returns Milliseconds that were spent. */
  count(): number {
    const now = this.#now();
    this.#spentMs += Math.min(now - this.#at, WAIT_MS);
    this.#at = now;
    return this.#spentMs;
  }
}
