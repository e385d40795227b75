/**
 * The observables of a recording with their accumulators.
 * This module is browser compatible.
 *
 * @module
 */

import { assertInvariant } from "../errors.ts";
import { dataOfPartial, partialOfData } from "./partial_stats.ts";
import { StatsAccumulator } from "./stats.ts";
import type { Observable, PartialStatsData, Stats } from "./types.ts";

/** Takes in states, and can forget those since the last mark. */
export class Observers<S> {
  /** Their names. */
  readonly names: readonly string[];
  /** The observables, in the order of their names. */
  readonly functions: readonly Observable<S>[];
  /** One accumulator per observable. */
  accumulators: readonly StatsAccumulator[];
  #marked: readonly StatsAccumulator[] = [];
  #markedT = 0;

  /**
   * @param observe Observables by name.
   * @param taken What they took in of an earlier recording, by name, and of how many states; by default nothing.
   */
  constructor(
    observe: Readonly<Record<string, Observable<S>>>,
    taken: { accumulators: Readonly<Record<string, PartialStatsData>>; steps: number } = {
      accumulators: {},
      steps: 0,
    },
  ) {
    this.names = Object.keys(observe);
    this.functions = Object.values(observe);
    this.accumulators = this.names.map((name) => {
      const accumulator = new StatsAccumulator(`observe.${name}`);
      const partial = partialOfData(taken.accumulators[name], taken.steps);
      if (taken.steps > 0) {
        assertInvariant(partial !== undefined, "a recording goes on with sums of its own");
        accumulator.merge(partial);
      }
      return accumulator;
    });
    this.mark(taken.steps);
  }

  /** The first state that was not taken in when the accumulators were marked. */
  get markedT(): number {
    return this.#markedT;
  }

  /** Takes in one state. */
  add(state: S): void {
    for (let i = 0; i < this.functions.length; i++) {
      this.accumulators[i]!.add(this.functions[i]!(state));
    }
  }

  /** Remembers the accumulators as they are, before X_t. */
  mark(t: number): void {
    this.#marked = this.accumulators.map((accumulator) => accumulator.clone());
    this.#markedT = t;
  }

  /** Forgets all that was added since the last mark. */
  reset(): void {
    this.accumulators = this.#marked.map((accumulator) => accumulator.clone());
  }

  /** The exact sums of all that was taken in, by name. */
  sums(): Record<string, PartialStatsData> {
    return this.#byName((accumulator) => dataOfPartial(accumulator.partial()));
  }

  /** Statistics of all that was taken in, by name. */
  result(): Record<string, Stats> {
    return this.#byName((accumulator) => accumulator.result());
  }

  #byName<T>(of: (accumulator: StatsAccumulator) => T): Record<string, T> {
    return Object.fromEntries(this.names.map((name, i) => [name, of(this.accumulators[i]!)]));
  }
}
