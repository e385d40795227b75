/**
 * Which trials a campaign has, in which order, and which of them a shard takes.
 * This module is browser compatible.
 *
 * @module
 */

import { ArgumentRangeError } from "../errors.ts";
import type { Shard } from "../engine/shard.ts";
import { CAMPAIGN_TRIALS_MAX } from "./limits.ts";
import type { ParameterSet } from "./axes.ts";
import type { SeedList } from "./seed_list.ts";

/** One run of a campaign. */
export interface Trial {
  /** Its number, from 0. */
  readonly trial: number;
  /** Index of its parameter set. */
  readonly set: number;
  /** Index of its seed. */
  readonly seedIndex: number;
  /** Its master seed. */
  readonly seed: bigint;
}

/**
 * The trials of a campaign: each seed with each parameter set, so that sets are compared under the same seeds.
 * They are numbered seed by seed: a campaign that is stopped early has done all sets equally often.
 */
export class TrialPlan {
  /** The seeds. */
  readonly seeds: SeedList;
  /** The parameter sets. */
  readonly sets: readonly ParameterSet[];

  /** @throws {RangeError} If these are too many trials. */
  constructor(seeds: SeedList, sets: readonly ParameterSet[]) {
    if (seeds.count * sets.length > CAMPAIGN_TRIALS_MAX) {
      throw new ArgumentRangeError(
        `Cannot run ${seeds.count} seeds with ${sets.length} parameter sets: a campaign has at most ` +
          `${CAMPAIGN_TRIALS_MAX} trials`,
      );
    }
    this.seeds = seeds;
    this.sets = sets;
  }

  /** Number of trials. */
  get count(): number {
    return this.seeds.count * this.sets.length;
  }

  /** The trial of a number. */
  at(trial: number): Trial {
    const set = trial % this.sets.length;
    const seedIndex = (trial - set) / this.sets.length;
    return { trial, set, seedIndex, seed: this.seeds.at(seedIndex) };
  }

  /**
   * Numbers of the trials of [from, to) that a shard takes, in order: by seed and set, so that every shard has
   * as many of each as of any other.
   */
  *numbers(from: number, to: number, shard: Shard = { index: 0, count: 1 }): Generator<number> {
    for (let trial = from; trial < to; trial++) {
      const set = trial % this.sets.length;
      const seedIndex = (trial - set) / this.sets.length;
      if ((seedIndex + set) % shard.count === shard.index) yield trial;
    }
  }
}
