/**
 * All changes of the mean of a series: an offset from its start, shifts of level, ramps, and windows that
 * leave the level and come back.
 * This module is browser compatible.
 *
 * @module
 */

import { log } from "../../math/mod.ts";
import { type Bump, findBump } from "./bump.ts";
import { type ChangePoint, findChangePoint, testMeanIsZero } from "./change_point.ts";
import type { DriftEvent, DriftKind } from "./drift_event.ts";
import { summarize } from "./summary.ts";

/** Fewer values than this say nothing about noise. */
export const VALUES_MIN = 24;
/** Changes told per series; after so many, the list says nothing more. */
const CHANGES_MAX = 8;

/** What the kinds of changes are called. */
export interface ChangeKinds {
  /** A mean that is not 0 from the start. */
  readonly offset: DriftKind;
  /** Another mean from a step on. */
  readonly level: DriftKind;
  /** A mean that moves from a step on. */
  readonly ramp: DriftKind;
  /** Another mean for a while. */
  readonly bump: DriftKind;
}

/**
 * Offset of the first part and every significant change of the mean of `values`, by binary segmentation;
 * levels and slopes are told in the units of `raw`. A bump is taken out before the rest is looked at.
 */
export function meanChanges(
  values: Float64Array,
  raw: Float64Array,
  alphaPerTest: number,
  kinds: ChangeKinds,
): DriftEvent[] {
  const events: DriftEvent[] = [];
  const bumps: DriftEvent[] = [];
  // Without the bumps that were found so far.
  const flat = values.slice();
  const flatRaw = raw.slice();
  const visit = (from: number, to: number): void => {
    if (to - from < VALUES_MIN || events.length + bumps.length >= CHANGES_MAX) return;
    const change = findChangePoint(flat, from, to);
    const bump = findBump(flat, from, to);
    const changes = change.p < alphaPerTest;
    // A bump that reaches almost to an end fits a shift of level, too: its second end must be worth it.
    const worth = 1 - 3 * log(to - from) / (to - from);
    if (bump.p < alphaPerTest && !(changes && bump.cost > worth * change.cost)) {
      bumps.push(takeBump(bump));
      return visit(from, to);
    }
    if (!changes) return;
    events.push(describe(change, from, to));
    visit(from, change.index);
    // What follows a knee moves by itself: another change in it would be told of the ramp again.
    if (change.shape === "level") visit(change.index, to);
  };
  const takeBump = ({ from, to, zScore, p, inside, outside }: Bump): DriftEvent => {
    const length = to - from;
    const after = meanOf(flatRaw, from, to);
    const before = (meanOf(flatRaw, 0, flatRaw.length) * flatRaw.length - after * length) /
      (flatRaw.length - length);
    for (let k = from; k < to; k++) {
      flat[k]! -= inside - outside;
      flatRaw[k]! -= after - before;
    }
    return { kind: kinds.bump, index: from, count: length, zScore, p, before, after };
  };
  const describe = (
    { shape, index, zScore, p }: ChangePoint,
    from: number,
    to: number,
  ): DriftEvent => ({
    kind: shape === "ramp" ? kinds.ramp : kinds.level,
    index,
    count: to - index,
    zScore,
    p,
    before: meanOf(flatRaw, from, index),
    after: shape === "ramp" ? slopeOf(flatRaw, index, to) : meanOf(flatRaw, index, to),
  });
  visit(0, values.length);
  events.sort((x, y) => x.index - y.index);
  const firstEnd = events[0]?.index ?? values.length;
  if (firstEnd >= VALUES_MIN / 2) {
    // A change is not always found at its very step: the last tenth before it is left out.
    const end = events.length > 0 ? Math.floor(0.9 * firstEnd) : firstEnd;
    const { p, zScore } = testMeanIsZero(flat, 0, end);
    if (p < alphaPerTest) {
      const after = meanOf(flatRaw, 0, end);
      events.unshift({
        kind: kinds.offset,
        index: 0,
        count: firstEnd,
        zScore,
        p,
        before: 0,
        after,
      });
    }
  }
  return [...events, ...bumps].sort((x, y) => x.index - y.index);
}

function meanOf(values: Float64Array, from: number, to: number): number {
  return summarize(values.subarray(from, to)).mean;
}

/** Least-squares slope per value of `values[from .. to)`. */
function slopeOf(values: Float64Array, from: number, to: number): number {
  const n = to - from;
  const mean = meanOf(values, from, to);
  let sum = 0;
  for (let k = 0; k < n; k++) sum += (k - (n - 1) / 2) * (values[from + k]! - mean);
  return sum / (n * (n * n - 1) / 12);
}
