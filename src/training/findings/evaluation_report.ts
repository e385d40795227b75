/**
 * What an evaluation of one run found.
 * This module is browser compatible.
 *
 * @module
 */

import type { RunLog } from "../log/run_log.ts";
import type { MeanInterval } from "../statistics/block_bootstrap.ts";
import type { KolmogorovSmirnovResult, WelchResult } from "../statistics/two_sample_tests.ts";
import type { EvaluationResult } from "./evaluation_rule.ts";

/** One metric of the run beside that of the baseline, over the last half of each. */
export interface BaselineComparison {
  /** The metric. */
  readonly metric: string;
  /** Welch's t test by independent values. */
  readonly welch: WelchResult;
  /** Kolmogorov-Smirnov test by independent values. */
  readonly ks: KolmogorovSmirnovResult;
}

/** Report of `evaluate`. */
export interface EvaluationReport {
  /** Whether no rule failed, and more than half of them could be computed. */
  readonly passed: boolean;
  /**
   * "warned" if nothing failed but a rule raised a warning; "incomplete" if nothing failed and half of the rules
   * or more could not be computed.
   */
  readonly verdict: "passed" | "warned" | "failed" | "incomplete" | "not_computable";
  /** Rules that failed or warned, in one line each. */
  readonly reasons: readonly string[];
  /** The suite. */
  readonly suite: string;
  /** Each rule. */
  readonly results: readonly EvaluationResult[];
  /** Mean of the last half of each metric, with its 95% interval, where there are 16 values or more. */
  readonly intervals: Readonly<Record<string, MeanInterval>>;
  /** Comparison with the baseline; empty without one. */
  readonly comparisons: readonly BaselineComparison[];
  /** Rows that were looked at. */
  readonly sampleSize: number;
  /** Seed of the bootstrap. */
  readonly seed: number;
  /** The log. */
  readonly log: RunLog;
  /** Time of the evaluation, ISO 8601. */
  readonly timestamp: string;
  /** Files that were written, by name. */
  readonly files: Readonly<Record<string, string>>;
  /** Files that could not be written, and why. */
  readonly unwritten?: readonly string[];
}
