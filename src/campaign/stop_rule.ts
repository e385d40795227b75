/**
 * When a campaign that runs until an interval is narrow enough may stop. It looks only at whole batches in the
 * order of the trials, so that neither the number of cores nor luck with timing decides.
 * This module is browser compatible.
 *
 * @module
 */

import { type Estimate, Moments, studentInterval, wilson } from "./statistics/intervals.ts";
import { hasFailed, type TrialRow } from "./trial_row.ts";

/** How narrow an interval is wanted, and of what. */
export interface CiTarget {
  /** Widest interval from end to end, at 95%. */
  readonly width: number;
  /** `final`, or an observable, whose mean over a trial counts; the probability of `--where` if undefined. */
  readonly of: string | undefined;
}

/** Seeds between two looks. */
export const BATCH_SEEDS = 50;

/**
 * Fewest seeds before it may stop: with as many a Wilson interval covers at least 93.7% whatever p is from 0.002 on,
 * with 100 of them 91% at some.
 */
export const LEAST_SEEDS = 150;

/** The number that a trial gives for a question; undefined where it gives none. */
export function valueOf(row: TrialRow, of: string | undefined): number | undefined {
  if (hasFailed(row)) return undefined;
  if (of === undefined) return row.first === null ? 0 : 1;
  const value = of === "final" ? row.final : row.observed[of]?.mean;
  if (typeof value === "boolean") return value ? 1 : 0;
  return typeof value === "number" ? value : undefined;
}

/** Decides whether a campaign may stop. */
export class StopRule {
  readonly #target: CiTarget;
  readonly #sets: number;
  readonly #values = new Map<number, number>();

  /** For a campaign with so many parameter sets: all of them have to be narrow enough. */
  constructor(target: CiTarget, sets: number) {
    this.#target = target;
    this.#sets = sets;
  }

  /** Takes in a row. */
  add(row: TrialRow): void {
    const value = valueOf(row, this.#target.of);
    if (value === undefined) this.#values.delete(row.trial);
    else this.#values.set(row.trial, value);
  }

  /** Whether the campaign may stop after the trials up to `to`, which all have been taken in. */
  isReached(to: number): boolean {
    if (to < LEAST_SEEDS * this.#sets) return false;
    return this.estimates(to).every(({ low, high }) => high - low <= this.#target.width);
  }

  /** The estimate of each set from the trials up to `to`. */
  estimates(to: number): Estimate[] {
    const moments = Array.from({ length: this.#sets }, () => new Moments());
    for (let trial = 0; trial < to; trial++) {
      const value = this.#values.get(trial);
      if (value !== undefined) moments[trial % this.#sets]!.add(value);
    }
    return moments.map((one) => estimateOf(this.#target.of, one));
  }
}

/**
 * The estimate of what trials gave: a probability for the event, and for a final value that is yes or no; else a mean.
 * Student's interval of a few values that are all yes would have no width.
 */
export function estimateOf(of: string | undefined, moments: Moments): Estimate {
  const isShare = of === undefined || (of === "final" && moments.isBinary);
  const { mean, count } = moments;
  return isShare ? wilson(Math.round(mean * count), count) : studentInterval(moments);
}
