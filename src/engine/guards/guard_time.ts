/**
 * What guards may take of a recording's time, a small share of it or a moment, and what they have taken.
 * This module is browser compatible.
 *
 * @module
 */

/** Share of a recording's time that trials may take. */
const TIME_SHARE = 0.01;

/** Or so many milliseconds, whichever is more. */
const FREE_MS = 6;

/** How often a trial makes each state: alone, from live states, on parameters that can be changed. */
const WALKS = 3;

/** So many states are tried whatever they take. */
export const STATES_MIN = 8;

/** What takes longer than so many milliseconds has waited for the processor, mostly. */
const WAIT_MS = 2;

/** Times the blocks of a recording: how many states may be tried again. */
export class TrialLength {
  readonly #now: (() => number) | undefined;
  /** Milliseconds per state of the fastest block: others may have waited for the processor, or for V8 to compile. */
  #stateMs = Infinity;
  #startedAt = 0;
  #startedT = 0;

  /** @param now A clock, in milliseconds; without one everything is tried. */
  constructor(now: (() => number) | undefined) {
    this.#now = now;
  }

  /** The states after X_t are made next. */
  start(t: number): void {
    this.#startedT = t;
    this.#startedAt = this.#now?.() ?? 0;
  }

  /** They are made up to and with X_t. */
  stop(t: number): void {
    if (this.#now === undefined || t === this.#startedT) return;
    const ms = (this.#now() - this.#startedAt) / (t - this.#startedT);
    this.#stateMs = Math.min(this.#stateMs, ms);
  }

  /** How many states of a run of `steps` may be tried. */
  states(steps: number): number {
    if (this.#now === undefined || this.#stateMs === 0) return Infinity;
    const states = Math.max(FREE_MS / this.#stateMs, TIME_SHARE * steps) / WALKS;
    return Math.max(STATES_MIN, Math.floor(states));
  }
}

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
