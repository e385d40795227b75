/**
 * What runs of several seeds show, of one kind or of two: plain data.
 * This module is browser compatible.
 *
 * @module
 */

import type { Interval, Shift } from "../statistics/rank_intervals.ts";
import type { Difference, Estimate } from "../statistics/seed_statistics.ts";

/** The value of one run that counts. */
export interface SeedResult {
  /** Name of the run in its group. */
  readonly run: string;
  /** Its seed; undefined where the log names none. */
  readonly seed: bigint | undefined;
  /** The value; NaN or an infinity where the run ended so. */
  readonly value: number;
}

/** One group of runs for one metric. */
export interface SeedGroup {
  /** The path that was given. */
  readonly path: string;
  /** Every run. */
  readonly values: readonly SeedResult[];
  /** Mean over the seeds. */
  readonly mean: number;
  /** Standard deviation over the seeds; NaN for one. */
  readonly deviation: number;
  /** Median. */
  readonly median: number;
  /** Its interval; undefined with too few seeds (below 5 at the level 0.95), and from 10 on, where `iqm` has one. */
  readonly medianInterval: Interval | undefined;
  /** Interquartile mean. */
  readonly iqm: number;
  /** Its bootstrap interval; undefined below 10 seeds, where none that is known covers enough. */
  readonly iqmInterval: Interval | undefined;
  /** What may make mean and test rest on little, such as one seed far from the others. */
  readonly doubts: readonly string[];
}

/** B against A for one metric. */
export interface SeedComparison {
  /** Pairs of runs of one seed; 0 where the groups are compared as independent. */
  readonly pairs: number;
  /** Mean of B less mean of A, with the test by Student's t over pairs or Welch's. */
  readonly difference: Difference;
  /** How much a run of B differs from one of A as a rule: its interval holds whatever the distribution. */
  readonly typical: Shift;
  /** Level that p is compared with: alpha divided by the number of metrics. */
  readonly alpha: number;
  /** Which way the metric should go. */
  readonly better: "higher" | "lower";
  /** Chance that B is better than A: in a pair of one seed, or in a run of each. */
  readonly improvement: Estimate;
  /** How many times as many seeds it would take without pairs; undefined without them. */
  readonly pairingGain: number | undefined;
}

/** One metric. */
export interface SeedMetric {
  /** Its name. */
  readonly metric: string;
  /** Last step that counts. */
  readonly lastStep: number;
  /** The groups, in the order in which they were given. */
  readonly groups: readonly SeedGroup[];
  /** B against A; undefined for one group, or where it cannot be computed. */
  readonly comparison: SeedComparison | undefined;
  /** Difference that `needed` is about: the one that was asked for, else the one that was observed. */
  readonly effect: number | undefined;
  /** Seeds in each group (or pairs) that show it with a chance of 0.8; undefined where that cannot be computed. */
  readonly needed: number | undefined;
  /** Smallest difference that as many seeds as there are show with a chance of 0.8. */
  readonly visible: number | undefined;
}

/**
 * "better" and "worse" say that B differs from A beyond chance; "not_shown" that this was not found; "described"
 * that there is one group. "no_effect": runs of different seeds log the same. "too_few" seeds, or values that
 * cannot be compared ("nothing_compared").
 */
export type SeedsVerdict =
  | "better"
  | "worse"
  | "mixed"
  | "not_shown"
  | "described"
  | "no_effect"
  | "too_few"
  | "nothing_compared";

/** Report of `seeds`. */
export interface SeedsReport {
  /** Whether B is better than A, or a single group could be described. */
  readonly passed: boolean;
  /** The outcome. */
  readonly verdict: SeedsVerdict;
  /** Why. */
  readonly reasons: readonly string[];
  /** What may make the answer another one than was meant. */
  readonly warnings: readonly string[];
  /** What else there is to know. */
  readonly notes: readonly string[];
  /** Which value of a run counts. */
  readonly over: "last" | "best" | "mean";
  /** Values that are averaged at the end. */
  readonly window: number;
  /** Level of all intervals and tests together. */
  readonly alpha: number;
  /** Each metric. */
  readonly metrics: readonly SeedMetric[];
}

/** The report as JSON. */
export function seedsJson(report: SeedsReport): Record<string, unknown> {
  return {
    verdict: report.verdict,
    passed: report.passed,
    reasons: report.reasons,
    warnings: report.warnings,
    notes: report.notes,
    over: report.over,
    window: report.window,
    alpha: report.alpha,
    metrics: report.metrics.map((item) => ({
      metric: item.metric,
      last_step: item.lastStep,
      groups: item.groups.map((group) => ({
        path: group.path,
        seeds: group.values,
        n: group.values.length,
        mean: group.mean,
        std: group.deviation,
        median: group.median,
        median_interval: group.medianInterval ?? null,
        iqm: group.iqm,
        iqm_interval: group.iqmInterval ?? null,
        doubts: group.doubts,
      })),
      comparison: item.comparison === undefined ? null : {
        pairs: item.comparison.pairs,
        difference: item.comparison.difference.value,
        p: item.comparison.difference.p,
        alpha: item.comparison.alpha,
        typical_difference: item.comparison.typical.value,
        typical_interval: item.comparison.typical.interval ?? null,
        better: item.comparison.better,
        probability_of_improvement: item.comparison.improvement.value,
        probability_interval: item.comparison.improvement.interval,
        pairing_gain: item.comparison.pairingGain,
      },
      effect: item.effect,
      seeds_needed: item.needed,
      visible_effect: item.visible,
    })),
  };
}
