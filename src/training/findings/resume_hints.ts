/**
 * What the metrics of a resumed run tell about what was not restored.
 * This module is browser compatible.
 *
 * @module
 */

import type { RunComparison } from "../compare/run_comparison.ts";
import { column, type RunLog } from "../log/run_log.ts";
import type { ResumeCulprit } from "./resume_report.ts";

/**
 * The scheduler, where the log has a learning rate that differs before anything else does. Other parts do not show
 * in a log.
 */
export function culpritsInLog(
  comparison: RunComparison,
  { whole, resumedAt }: { whole: RunLog; resumedAt: number | undefined },
): ResumeCulprit[] {
  const rate = column(whole, "lr");
  const first = comparison.firstMismatch;
  if (rate === undefined || first === undefined) return [];
  const found = comparison.metrics.find(({ originalName }) => originalName === rate.name)
    ?.firstMismatch;
  if (found === undefined || found.step > first.step) return [];
  return [{
    part: "scheduler",
    name: "",
    evidence: `${rate.name} is ${found.replay} at step ${found.step}${
      found.step === resumedAt ? ", the first one after resuming" : ""
    }, and ${found.original} in the uninterrupted run`,
  }];
}

/** What the step of the first difference leaves open, in one line. */
export function hintOf(comparison: RunComparison, resumedAt: number): string | undefined {
  const first = comparison.firstMismatch;
  if (first === undefined) return undefined;
  return first.step > resumedAt
    ? `the first step after resuming (${resumedAt}) agrees, and step ${first.step} does not: weights and data are as ` +
      "they were; what an update does besides them (the optimizer's state, the scheduler, a gradient scaler) may not be"
    : `the first step after resuming (${resumedAt}) differs already: a generator, the place in the data or the weights ` +
      "were not restored";
}
