/**
 * Which of the parameters that a campaign varies made no difference: most often the step does not read them.
 * This module is browser compatible.
 *
 * @module
 */

import type { ParameterSet } from "./axes.ts";
import type { TrialRow } from "./trial_row.ts";

/** Sets that differ in one parameter only. */
interface Alternatives {
  readonly name: string;
  readonly sets: readonly number[];
}

/** Looks at rows in the order of the trials. */
export class Indifference {
  #open: readonly Alternatives[];
  /** Names of which two results were compared. */
  readonly #compared = new Set<string>();
  /** Results under the seed whose rows come in, by set. */
  readonly #results = new Map<number, string>();
  #seed: string | number | undefined;

  /** Over the sets of a campaign. */
  constructor(sets: readonly ParameterSet[]) {
    this.#open = Object.keys(sets[0] ?? {}).flatMap((name) => alternativesOf(name, sets));
  }

  /** Takes in the next row. */
  add(row: TrialRow): void {
    if (this.#open.length === 0) return;
    if (row.seed !== this.#seed) this.#compare();
    this.#seed = row.seed;
    const { outcome, steps, failure, first, final, exact } = row;
    this.#results.set(row.set, JSON.stringify([outcome, steps, failure, first, final, exact]));
  }

  /** The names of parameters with which all results were the same. */
  names(): string[] {
    this.#compare();
    return [...new Set(this.#open.map(({ name }) => name))]
      .filter((name) => this.#compared.has(name));
  }

  #compare(): void {
    const different = new Set<string>();
    for (const { name, sets } of this.#open) {
      const [first, ...others] = sets.flatMap((set) => this.#results.get(set) ?? []);
      if (others.length > 0) this.#compared.add(name);
      if (others.some((other) => other !== first)) different.add(name);
    }
    this.#open = this.#open.filter(({ name }) => !different.has(name));
    this.#results.clear();
  }
}

function alternativesOf(name: string, sets: readonly ParameterSet[]): Alternatives[] {
  const groups = new Map<string, number[]>();
  for (const [set, { [name]: _, ...others }] of sets.entries()) {
    const key = JSON.stringify(others);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [set]);
    else group.push(set);
  }
  return [...groups.values()].filter((group) => group.length > 1)
    .map((group) => ({ name, sets: group }));
}
