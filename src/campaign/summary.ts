/**
 * What a campaign comes to, set by set: how often the event happened, means with intervals, and differences
 * between sets under the same seeds.
 * This module is browser compatible.
 *
 * @module
 */

import type { ParameterSet } from "./axes.ts";
import { Indifference } from "./indifference.ts";
import {
  type Estimate,
  Moments,
  type PairedDifference,
  PairedMoments,
} from "./statistics/intervals.ts";
import { estimateOf, valueOf } from "./stop_rule.ts";
import { hasFailed, type TrialRow } from "./trial_row.ts";

/** One quantity over the trials of one set. */
export interface Quantity {
  /** `where` for the probability of the event, `final`, or the name of an observable. */
  readonly name: string;
  /** Mean over the trials, or probability, with a 95% interval. */
  readonly estimate: Estimate;
  /** Difference from the first set under the same seeds; undefined for the first set itself. */
  readonly paired: PairedDifference | undefined;
}

/** What one parameter set comes to. */
export interface SetSummary {
  /** Index of the set. */
  readonly set: number;
  /** Its parameters. */
  readonly params: ParameterSet;
  /** Trials that are done. */
  readonly trials: number;
  /** Those that failed, and count in no estimate. */
  readonly failed: number;
  /** Those in which the event happened. */
  readonly hits: number;
  /** Estimates. */
  readonly quantities: readonly Quantity[];
}

/** What a campaign comes to. */
export interface CampaignSummary {
  /** Trials that are done. */
  readonly trials: number;
  /** Those that failed. */
  readonly failed: number;
  /** Those in which the event happened. */
  readonly hits: number;
  /** One for each parameter set. */
  readonly sets: readonly SetSummary[];
  /** Parameters that vary, and made no difference to any result. */
  readonly indifferent: readonly string[];
}

/** Collects rows in the order of the trials. */
export class Summarizer {
  readonly #sets: readonly ParameterSet[];
  readonly #names: string[] = [];
  readonly #moments: Moments[][];
  readonly #paired: PairedMoments[][];
  readonly #trials: number[];
  readonly #failed: number[];
  readonly #hits: number[];
  readonly #indifference: Indifference;
  /** Values of the first set under the seed whose rows come in. */
  #base: readonly (number | undefined)[] = [];
  #baseSeed: string | number | undefined;

  /** Starts with nothing. */
  constructor(sets: readonly ParameterSet[], { hasWhere }: { hasWhere: boolean }) {
    this.#sets = sets;
    this.#moments = sets.map(() => []);
    this.#paired = sets.map(() => []);
    this.#trials = sets.map(() => 0);
    this.#failed = sets.map(() => 0);
    this.#hits = sets.map(() => 0);
    this.#indifference = new Indifference(sets);
    if (hasWhere) this.#names.push("where");
  }

  /** Takes in the next row. */
  add(row: TrialRow): void {
    const { set } = row;
    this.#indifference.add(row);
    this.#trials[set]!++;
    if (row.first !== null) this.#hits[set]!++;
    if (hasFailed(row)) {
      this.#failed[set]!++;
      return;
    }
    this.#learnNames(row);
    const values = this.#names.map((name) => valueOf(row, name === "where" ? undefined : name));
    if (set === 0) {
      this.#base = values;
      this.#baseSeed = row.seed;
    }
    const isPaired = set > 0 && this.#baseSeed === row.seed;
    values.forEach((value, i) => {
      if (value === undefined) return;
      (this.#moments[set]![i] ??= new Moments()).add(value);
      const base = this.#base[i];
      if (isPaired && base !== undefined) {
        (this.#paired[set]![i] ??= new PairedMoments()).add(base, value);
      }
    });
  }

  /** What it comes to. */
  result(): CampaignSummary {
    const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0);
    return {
      trials: sum(this.#trials),
      failed: sum(this.#failed),
      hits: sum(this.#hits),
      // Where nothing is asked of a trial, nothing can differ.
      indifferent: this.#names.length === 0 ? [] : this.#indifference.names(),
      sets: this.#sets.map((params, set): SetSummary => ({
        set,
        params,
        trials: this.#trials[set]!,
        failed: this.#failed[set]!,
        hits: this.#hits[set]!,
        quantities: this.#names.flatMap((name, i): Quantity[] => {
          const moments = this.#moments[set]![i];
          if (moments === undefined) return [];
          const estimate = estimateOf(name === "where" ? undefined : name, moments);
          const pairs = this.#paired[set]![i];
          const isShare = name === "where" || (name === "final" && pairs?.isBinary === true);
          return [{ name, estimate, paired: pairs?.result({ isShare }) }];
        }),
      })),
    };
  }

  /** What rows turn out to have numbers of. */
  #learnNames(row: TrialRow): void {
    for (const name of ["final", ...Object.keys(row.observed)]) {
      if (!this.#names.includes(name) && valueOf(row, name) !== undefined) this.#names.push(name);
    }
  }
}
