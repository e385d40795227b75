/**
 * The place in the run that the page shows; plots, slider and state follow it.
 *
 * @module
 */

import type { RunPageData } from "../page_data.ts";

/** A t of the run; tells its listeners when it changes. */
export class RunCursor {
  /** The t. */
  t: number;
  readonly #from: number;
  readonly #to: number;
  /** Ascending t of the states that the page holds. */
  readonly #samples: readonly number[];
  readonly #listeners: (() => void)[] = [];

  /** Starts at the first t. */
  constructor({ from, to, samples }: RunPageData) {
    this.t = from;
    this.#from = from;
    this.#to = to;
    this.#samples = samples.map(({ t }) => t);
  }

  /** Calls `listener` after every change. */
  onChange(listener: () => void): void {
    this.#listeners.push(listener);
  }

  /** Index of the last sampled state that is not after t. */
  get sample(): number {
    let low = 0;
    let high = this.#samples.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if (this.#samples[middle]! <= this.t) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** Goes to t, or as near as there is one. */
  go(t: number): void {
    const nearest = Math.min(this.#to - 1, Math.max(this.#from, Math.round(t)));
    if (nearest === this.t) return;
    this.t = nearest;
    for (const listener of this.#listeners) listener();
  }

  /** Goes to a sampled state. */
  goSample(index: number): void {
    this.go(this.#samples[Math.min(this.#samples.length - 1, Math.max(0, index))]!);
  }

  /** Goes to the sampled state before or after t. */
  move(direction: 1 | -1): void {
    const { sample } = this;
    const isBetween = this.#samples[sample]! < this.t;
    this.goSample(direction === 1 ? sample + 1 : isBetween ? sample : sample - 1);
  }
}
