/**
 * What the page of a campaign shows, collected in one pass over its rows.
 * This module is browser compatible.
 *
 * @module
 */

import type { ParameterSet } from "../axes.ts";
import { type CampaignSummary, Summarizer } from "../summary.ts";
import { hasFailed, type TrialRow } from "../trial_row.ts";

/** Quantiles at the campaign's points, one set and observable. */
export interface Bands {
  /** Index of the set. */
  readonly set: number;
  /** Name of the observable. */
  readonly name: string;
  /** For each point its quantiles at 5, 25, 50, 75 and 95%; undefined where no trial has a value. */
  readonly quantiles: readonly (readonly number[] | undefined)[];
}

/** What the page shows. */
export interface CampaignPageData {
  /** Estimates. */
  readonly summary: CampaignSummary;
  /** Quantile bands. */
  readonly bands: readonly Bands[];
  /** First times of the event, by set. */
  readonly firstTimes: readonly (readonly number[])[];
  /** Trials in which the event happened; the first of them. */
  readonly hits: readonly TrialRow[];
  /** Trials that failed; the first of them. */
  readonly failures: readonly TrialRow[];
  /** Whether bands and first times are of the first seeds only. */
  readonly isCut: boolean;
}

/** The quantiles of a band. */
export const QUANTILES = [0.05, 0.25, 0.5, 0.75, 0.95] as const;

/** Sets and observables that have bands; a person compares no more. */
const SETS_MAX = 6;
const OBSERVABLES_MAX = 8;

/** Trials of a set that go into bands. */
const TRIALS_MAX = 4000;

/** Rows in a table. */
const LISTED_MAX = 200;

/** Collects rows in the order of the trials. */
export class CampaignPageCollector {
  readonly #summarizer: Summarizer;
  readonly #points: number;
  readonly #values = new Map<string, { set: number; name: string; columns: number[][] }>();
  readonly #firstTimes: number[][];
  readonly #hits: TrialRow[] = [];
  readonly #failures: TrialRow[] = [];
  readonly #taken: number[];
  #isCut = false;

  constructor(sets: readonly ParameterSet[], options: { hasWhere: boolean; points: number }) {
    this.#summarizer = new Summarizer(sets, options);
    this.#points = options.points;
    this.#firstTimes = sets.map(() => []);
    this.#taken = sets.map(() => 0);
  }

  /** Takes in the next row. */
  add(row: TrialRow): void {
    this.#summarizer.add(row);
    if (hasFailed(row) && this.#failures.length < LISTED_MAX) this.#failures.push(row);
    if (row.first !== null && this.#hits.length < LISTED_MAX) this.#hits.push(row);
    if (this.#taken[row.set]!++ >= TRIALS_MAX) {
      this.#isCut = true;
      return;
    }
    if (row.first !== null) this.#firstTimes[row.set]!.push(row.first);
    if (row.set >= SETS_MAX) return;
    for (const [name, values] of Object.entries(row.points).slice(0, OBSERVABLES_MAX)) {
      this.#bandOf(row.set, name).columns.forEach((column, i) => {
        const value = values[i];
        if (typeof value === "number") column.push(value);
      });
    }
  }

  /** What the page shows. */
  result(): CampaignPageData {
    return {
      summary: this.#summarizer.result(),
      bands: [...this.#values.values()].map(({ set, name, columns }) => ({
        set,
        name,
        quantiles: columns.map(quantilesOf),
      })).filter(({ quantiles }) => quantiles.some((one) => one !== undefined)),
      firstTimes: this.#firstTimes,
      hits: this.#hits,
      failures: this.#failures,
      isCut: this.#isCut,
    };
  }

  #bandOf(set: number, name: string) {
    const key = `${set} ${name}`;
    const known = this.#values.get(key);
    if (known !== undefined) return known;
    const columns = Array.from({ length: this.#points }, (): number[] => []);
    const made = { set, name, columns };
    this.#values.set(key, made);
    return made;
  }
}

/** Quantiles by linear interpolation between order statistics (type 7 of Hyndman and Fan 1996). */
function quantilesOf(values: number[]): number[] | undefined {
  if (values.length === 0) return undefined;
  const sorted = Float64Array.from(values).sort();
  return QUANTILES.map((q) => {
    const at = q * (sorted.length - 1);
    const low = Math.floor(at);
    const high = Math.min(low + 1, sorted.length - 1);
    return sorted[low]! + (at - low) * (sorted[high]! - sorted[low]!);
  });
}
