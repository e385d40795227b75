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

/** So many rows of the resumed run have to agree with other steps of the uninterrupted one. */
const SHIFTED_ROWS_MIN = 3;

/** By so many steps a count may be off. */
const SHIFTS: readonly number[] = [1, -1, 2, -2];

/**
 * Whether the resumed run is the uninterrupted one with its steps counted wrongly, in one line: all it logs stands at
 * other steps there. Nothing else was forgotten then.
 */
export function shiftHint(
  comparison: RunComparison,
  { whole, resumed, resumedAt }: { whole: RunLog; resumed: RunLog; resumedAt: number },
): string | undefined {
  const shift = SHIFTS.find((by) => isShifted(comparison, { whole, resumed, resumedAt, by }));
  if (shift === undefined) return undefined;
  const size = Math.abs(shift) === 1 ? "a step" : `${Math.abs(shift)} steps`;
  return `what the resumed run logs from step ${resumedAt} on is what the uninterrupted run logs ${size} ` +
    `${
      shift > 0 ? "later" : "earlier"
    }: the count of steps was not restored as it was, or one was done twice or left out`;
}

function isShifted(
  { metrics }: RunComparison,
  { whole, resumed, resumedAt, by }: {
    whole: RunLog;
    resumed: RunLog;
    resumedAt: number;
    by: number;
  },
): boolean {
  const rowOf = new Map([...whole.steps].map((step, row) => [step, row]));
  let rows = 0;
  let moves = false;
  for (const { originalName, replayName } of metrics) {
    const a = whole.columns.get(originalName)!;
    const b = resumed.columns.get(replayName)!;
    let found = 0;
    let last: number | undefined;
    for (const [row, step] of resumed.steps.entries()) {
      const other = rowOf.get(step + by);
      if (step < resumedAt || b.present[row] !== 1 || other === undefined) continue;
      if (a.present[other] !== 1 || !Object.is(a.values[other], b.values[row])) return false;
      moves ||= last !== undefined && last !== b.values[row];
      last = b.values[row];
      found++;
    }
    rows = Math.max(rows, found);
  }
  return moves && rows >= SHIFTED_ROWS_MIN;
}
