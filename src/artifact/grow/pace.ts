/**
 * When a recording in the caller's loop looks at the clock. A look takes about as long as a short step, so fast
 * steps share one: as many as take a twentieth of a millisecond. Nobody can know that the next step is slow, so
 * their number is bounded: a slow step that follows fast ones delays a flush by less than `LOOK_STEPS_MAX` steps.
 * Slow steps have a look each.
 *
 * @module
 */

import { LOOK_MS_TARGET, LOOK_STEPS_MAX, LOOKS_PER_FLUSH_MIN } from "../limits.ts";

/** The looks of one recording at a clock. */
export class Pace {
  readonly #now: () => number;
  /** Time from one look to the next that is aimed at. */
  readonly #targetMs: number;
  /** Steps from the last look to the next. */
  #steps = 1;
  #lookedAt: number;

  /**
   * @param now The time in milliseconds, from any origin.
   * @param flushMs Longest time between two flushes.
   */
  constructor(now: () => number, flushMs: number) {
    this.#now = now;
    this.#targetMs = Math.min(LOOK_MS_TARGET, flushMs / LOOKS_PER_FLUSH_MIN);
    this.#lookedAt = now();
  }

  /** When it looked last. */
  get lookedAt(): number {
    return this.#lookedAt;
  }

  /** Looks at the clock; returns after how many more steps it is to look again. */
  look(): number {
    const now = this.#now();
    // What the last steps took says what the next ones will, mostly.
    const wanted = this.#steps * this.#targetMs / (now - this.#lookedAt);
    this.#steps = Math.max(1, Math.floor(Math.min(wanted, 2 * this.#steps, LOOK_STEPS_MAX)));
    this.#lookedAt = now;
    return this.#steps;
  }
}
