/**
 * The usual distance between the steps of a log, and where steps are missing by it.
 * This module is browser compatible.
 *
 * @module
 */

import type { LogIssueExample } from "./run_log.ts";

/** The distance that more than half of the neighboring steps have; undefined if there is none. */
export function usualStride(steps: Float64Array): number | undefined {
  if (steps.length < 3) return undefined;
  // Boyer and Moore's majority vote: the only candidate, found in one pass without a table.
  let candidate = 0;
  let votes = 0;
  for (let i = 1; i < steps.length; i++) {
    const distance = steps[i]! - steps[i - 1]!;
    if (votes === 0) candidate = distance;
    votes += distance === candidate ? 1 : -1;
  }
  let count = 0;
  for (let i = 1; i < steps.length; i++) {
    if (steps[i]! - steps[i - 1]! === candidate) count++;
  }
  return count * 2 > steps.length - 1 ? candidate : undefined;
}

/** Calls `onGap` where steps are missing by the usual stride, if most of the log keeps to one. */
export function findGaps(
  steps: Float64Array,
  lines: Uint32Array,
  onGap: (gap: LogIssueExample) => void,
): void {
  const stride = usualStride(steps);
  if (stride === undefined) return;
  for (let row = 1; row < steps.length; row++) {
    const from = steps[row - 1]!;
    const to = steps[row]!;
    if (to - from <= stride) continue;
    const detail = `steps ${from + stride} to ${
      to - 1
    } are missing (the usual stride is ${stride})`;
    onGap({ line: lines[row]!, step: to, detail });
  }
}
