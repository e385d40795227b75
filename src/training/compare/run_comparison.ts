/**
 * What a comparison of two logs holds: plain data.
 * This module is browser compatible.
 *
 * @module
 */

import type { AlignedSteps } from "./align_steps.ts";
import type { Tolerance } from "./tolerance.ts";

/** In which way two values disagree. */
export type MismatchKind =
  /** Two finite values, further apart than allowed. */
  | "value"
  /** NaN or an infinity against something else. */
  | "non_finite"
  /** The step has a value in the first log only. */
  | "missing_replay"
  /** The step has a value in the second log only. */
  | "missing_original";

/** One disagreement. */
export interface Mismatch {
  /** Step at which it is. */
  readonly step: number;
  /** Metric as it was asked for. */
  readonly metric: string;
  /** In which way. */
  readonly kind: MismatchKind;
  /** Value in the first log; undefined if it has none there. */
  readonly original: number | undefined;
  /** Value in the second log; undefined if it has none there. */
  readonly replay: number | undefined;
  /** |replay - original|; NaN where one is missing or NaN. */
  readonly absoluteDiff: number;
  /** rldk's relative difference; NaN where one is missing or NaN. */
  readonly relativeDiff: number;
  /** The bounds that it broke. */
  readonly tolerance: Tolerance;
}

/** How far one metric agrees. */
export interface MetricComparison {
  /** Metric as it was asked for. */
  readonly metric: string;
  /** Its raw name in the first log. */
  readonly originalName: string;
  /** Its raw name in the second log. */
  readonly replayName: string;
  /** The bounds in force. */
  readonly tolerance: Tolerance;
  /** Steps at which both have a value. */
  readonly compared: number;
  /** Disagreements of any kind. */
  readonly violations: number;
  /** Those among them where one side has no value, which are not among the compared. */
  readonly oneSided: number;
  /** Largest difference among finite values (relative, absolute near zero); 0 if there is none. */
  readonly maxDiff: number;
  /** Step of `maxDiff`; undefined if no two finite values were compared. */
  readonly maxDiffStep: number | undefined;
  /** Mean of the differences of finite values. */
  readonly meanDiff: number;
  /** Standard deviation (divisor n) of the differences of finite values. */
  readonly stdDiff: number;
  /** Largest absolute difference among finite values. */
  readonly maxAbsDiff: number;
  /** First step at which the two values are not the same bits, within tolerance or not. */
  readonly firstUnequalStep: number | undefined;
  /** The first disagreement. */
  readonly firstMismatch: Mismatch | undefined;
  /** Indices into `RunComparison.aligned.steps` of all disagreements, ascending. */
  readonly violationRows: Uint32Array;
}

/** What was not compared. */
export interface SkippedMetric {
  /** Metric as it was asked for, or the column that `all` left out. */
  readonly metric: string;
  /** Why. */
  readonly reason: string;
}

/**
 * Outcome of a comparison; "nothing_compared" also where what agrees is of a log that was hardly understood.
 */
export type ComparisonVerdict = "match" | "differs" | "nothing_compared";

/** Two logs compared. */
export interface RunComparison {
  /** The outcome; "match" is never vacuous. */
  readonly verdict: ComparisonVerdict;
  /** Why it is not a match: metrics that one log lacks, then metrics that differ, then steps. */
  readonly reasons: readonly string[];
  /** Those among the reasons that say how a metric differs, one for each that does. */
  readonly differing: readonly string[];
  /** Those among the reasons that are about metrics and steps which one log lacks. */
  readonly missing: readonly string[];
  /** Metrics and steps that one log lacks and that `allowMissing` let pass. */
  readonly waived: readonly string[];
  /** Each metric that both logs have. */
  readonly metrics: readonly MetricComparison[];
  /** Requested metrics that one side lacks, and columns that `all` left out. */
  readonly skipped: readonly SkippedMetric[];
  /** Values compared, over all metrics. */
  readonly compared: number;
  /** The first disagreements of each metric (at most `MISMATCHES_LISTED_MAX` each), by step. */
  readonly mismatches: readonly Mismatch[];
  /** Disagreements in all, listed or not. */
  readonly violations: number;
  /** Step and metric of the first disagreement of all. */
  readonly firstMismatch: Mismatch | undefined;
  /** Why a match may say less than it seems to; none for other verdicts. */
  readonly weaknesses: readonly string[];
  /** How the steps of both logs match. */
  readonly aligned: AlignedSteps;
}

/** How many values disagree, of how many. */
export type OutsideCounts = Pick<MetricComparison, "violations" | "oneSided" | "compared">;

/** The counts of several metrics or runs together. */
export function sumOutside(counts: readonly OutsideCounts[]): OutsideCounts {
  const sum = (key: keyof OutsideCounts) => counts.reduce((total, item) => total + item[key], 0);
  return { violations: sum("violations"), oneSided: sum("oneSided"), compared: sum("compared") };
}

/** "3 of 40 values outside", and how many steps more have a value on one side only. */
export function outsideText(
  { violations, oneSided, compared }: OutsideCounts,
  unit?: "values",
): string {
  const what = unit === undefined ? "" : compared === 1 ? " value" : " values";
  const more = oneSided === 0 ? "" : `${oneSided} without a value on one side, `;
  return `${more}${violations - oneSided} of ${compared}${what} outside`;
}
