/**
 * What the runs of a replay amount to: the verdict, and why.
 * This module is browser compatible.
 *
 * @module
 */

import { type GroupedReasons, groupReasons } from "./grouped_reasons.ts";
import type { RunComparison } from "../compare/run_comparison.ts";
import type { ReplayMetricStats, ReplayReport, ReplayVerdict, Replica } from "./replay_report.ts";

/**
 * The verdict on replicas that ran with the seed of the original; `ignored` says that other seeds gave the
 * same metrics.
 */
export function decideVerdict(
  same: readonly Replica[],
  ignored: string | undefined,
): ReplayVerdict {
  if (same.some((replica) => replica.end === "interrupted")) return "interrupted";
  if (same.some((replica) => !replica.completed)) return "command_failed";
  const verdicts = same.map((replica) => replica.comparison?.verdict ?? "nothing_compared");
  if (verdicts.includes("differs") || ignored !== undefined) return "failed";
  return verdicts.includes("nothing_compared") ? "nothing_compared" : "passed";
}

/** Why they did not pass. */
export function explain(
  same: readonly Replica[],
  spread: ReplayReport["spread"],
): GroupedReasons {
  const { about, differing } = groupReasons(
    same.map((replica) => ({
      index: replica.index,
      comparison: replica.comparison,
      problems: !replica.completed && replica.problem !== undefined
        ? [replica.problem]
        : replica.comparison === undefined && replica.metricsProblem !== undefined
        ? [replica.metricsProblem]
        : [],
    })),
    "replica",
  );
  if (same.length < 2 || about.length + differing.length === 0) return { about, differing };
  const unequal = spread.find((item) => item.firstUnequalStep !== undefined);
  const agreement = unequal === undefined
    ? "replicas agree with each other bit for bit: the command is deterministic, and differs from " +
      "what made the log (code, data, libraries or hardware)"
    : `replicas of one seed differ among themselves (${unequal.metric} from step ` +
      `${unequal.firstUnequalStep}): the command is not deterministic; see check-determinism`;
  return { about: [...about, agreement], differing };
}

/** Difference statistics of each metric by name. */
export function metricStats(comparison: RunComparison): Record<string, ReplayMetricStats> {
  return Object.fromEntries(comparison.metrics.map((metric) => [metric.metric, {
    maxDiff: metric.maxDiff,
    maxDiffStep: metric.maxDiffStep,
    meanDiff: metric.meanDiff,
    stdDiff: metric.stdDiff,
    toleranceViolations: metric.violations,
    oneSided: metric.oneSided,
    compared: metric.compared,
    maxAbsDiff: metric.maxAbsDiff,
    firstViolationStep: metric.firstMismatch?.step,
    firstUnequalStep: metric.firstUnequalStep,
    tolerance: metric.tolerance,
  }]));
}
