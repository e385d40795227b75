/**
 * Why several runs do not agree with a reference, each thing said once.
 * This module is browser compatible.
 *
 * @module
 */

import {
  type MetricComparison,
  outsideText,
  type RunComparison,
  sumOutside,
} from "../compare/run_comparison.ts";
import { formatTolerance } from "../compare/tolerance.ts";
import { valueText } from "./mismatch_text.ts";

/** One run and what was said of it. */
export interface NumberedRun {
  /** Its number. */
  readonly index: number;
  /** Its comparison with the reference; undefined if it could not be compared. */
  readonly comparison: RunComparison | undefined;
  /** What went wrong beside the comparison. */
  readonly problems: readonly string[];
}

/** Reasons by kind. */
export interface GroupedReasons {
  /** About metrics, steps and runs as a whole. */
  readonly about: readonly string[];
  /** One line for each metric that differs. */
  readonly differing: readonly string[];
}

/** The reasons of all runs; a run is called `what` and its number. */
export function groupReasons(runs: readonly NumberedRun[], what: string): GroupedReasons {
  if (runs.length === 1) {
    const { comparison, problems } = runs[0]!;
    const differing = comparison?.differing ?? [];
    return {
      about: [
        ...problems,
        ...(comparison?.reasons ?? []).filter((line) => !differing.includes(line)),
      ],
      differing,
    };
  }
  const indices = new Map<string, number[]>();
  for (const { index, comparison, problems } of runs) {
    const differing = comparison?.differing ?? [];
    const lines = [
      ...problems,
      ...(comparison?.reasons ?? []).filter((line) => !differing.includes(line)),
    ];
    for (const line of lines) indices.set(line, [...indices.get(line) ?? [], index]);
  }
  return {
    about: [...indices].map(([line, which]) => `${whichRuns(which, runs.length, what)}: ${line}`),
    differing: differingMetrics(runs, what),
  };
}

function whichRuns(indices: readonly number[], count: number, what: string): string {
  return indices.length === count
    ? `every ${what}`
    : `${what} ${indices.slice(0, 5).join(", ")}${indices.length > 5 ? ", ..." : ""}`;
}

/** One line for each metric over all runs in which it differs. */
function differingMetrics(runs: readonly NumberedRun[], what: string): string[] {
  const found = new Map<string, { index: number; metric: MetricComparison }[]>();
  let compared = 0;
  for (const { index, comparison } of runs) {
    if (comparison !== undefined) compared++;
    for (const metric of comparison?.metrics ?? []) {
      if (metric.compared === 0 || metric.violations === 0) continue;
      found.set(metric.metric, [...found.get(metric.metric) ?? [], { index, metric }]);
    }
  }
  return [...found].map(([name, runs]) => {
    const first = runs.reduce((best, run) =>
      run.metric.firstMismatch!.step < best.metric.firstMismatch!.step ? run : best
    );
    const { step, original, replay } = first.metric.firstMismatch!;
    const outside = sumOutside(runs.map(({ metric }) => metric));
    return `${name} differs in ${runs.length} of ${compared} ${what}s, from step ${step} on ` +
      `(${valueText(original)} against ${valueText(replay)} in ${what} ${first.index}): ` +
      `${outsideText(outside, "values")} ${formatTolerance(first.metric.tolerance)}`;
  });
}
