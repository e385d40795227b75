/**
 * Compares two runs of this process state by state.
 * This module is browser compatible.
 *
 * @module
 */

import type { Run } from "../artifact/run.ts";
import { PathFilter } from "../codec/path_filter.ts";
import { firstOtherDraw } from "../engine/diverge/compare_draws.ts";
import { areLastBits, countedDifferences, type Divergence } from "../engine/diverge/divergence.ts";
import type { ReplayProblem } from "./compare_with_file.ts";
import { divergenceLines, type SideNames } from "./divergence_report.ts";
import type { TracedDraw } from "../engine/types.ts";
import type { StateDifference } from "../error_types.ts";

const NAMES: SideNames = { before: "expected", after: "actual" };

/** The first state in which two runs differ; undefined if there is none. */
export function compareStates<S>(
  { actual, expected }: { readonly actual: Run<S>; readonly expected: Run<S> },
  ignore: readonly string[],
): ReplayProblem | undefined {
  const filter = new PathFilter(ignore);
  const unorderedSets = actual.record.unorderedSets || expected.record.unorderedSets;
  const count = Math.min(actual.steps, expected.steps);
  const others = actual.states(0, count);
  let t = 0;
  for (const state of expected.states(0, count)) {
    const [a, b] = [expected.encodeOf(state), actual.encodeOf(others.next().value as S)];
    const found = countedDifferences(a, b, { ignore: filter, unorderedSets });
    if (found.length > 0) return problemAt({ actual, expected }, t, found);
    t++;
  }
  if (actual.steps === expected.steps) return undefined;
  return {
    lines: [
      `equal for ${count} states, then one ends: expected ${expected.steps}, actual ${actual.steps}`,
    ],
  };
}

function problemAt<S>(
  { actual, expected }: { readonly actual: Run<S>; readonly expected: Run<S> },
  t: number,
  found: readonly StateDifference[],
): ReplayProblem {
  const [difference] = found;
  const [before, after] = [expected, actual].map((run) => ({ draws: drawsOf(run, t) }));
  const draw = firstOtherDraw(before!, after!, { arePositionsComparable: false });
  const divergence: Divergence = {
    kind: draw !== undefined ? "draws" : areLastBits(found) ? "last-bits" : "value",
    ...{ t, stateT: t, draw, difference },
    path: difference!.path,
    before: difference!.expected,
    after: difference!.actual,
    ...{ errorBefore: undefined, errorAfter: undefined, sharing: undefined },
    ...{ compared: t, isEveryStateCompared: true },
  };
  return { lines: divergenceLines(divergence, NAMES), divergence };
}

/** The draws of a step, as far as they can be seen. */
function drawsOf<S>(run: Run<S>, t: number): TracedDraw[] {
  try {
    return run.trace(t).map((draw) => ({ ...draw, position: "", place: undefined }));
  } catch {
    return [];
  }
}
