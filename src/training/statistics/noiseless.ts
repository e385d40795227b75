/**
 * Differences of two series without noise: a test has nothing to measure by there, and is not needed.
 * This module is browser compatible.
 *
 * @module
 */

import type { DriftEvent, DriftKind } from "./drift_event.ts";

/** Differences this much smaller than the values come from rounding. */
const ROUNDING = 1e-9;
/** A bend of the difference below this part of its largest value is no noise. */
const SMOOTH = 1e-6;
/** Share of the values at which the difference must be smooth. */
const SMOOTH_SHARE = 0.8;
/** Values of each series that are looked at for counts, and how many of them may be different. */
const EVENTS_LOOKED_AT = 100_000;
const COUNTS_MAX = 3;
/** Levels that are told one by one; with more the difference moves. */
const LEVELS_MAX = 8;

/** Whether b - a lies on straight lines but for a few corners. */
export function isNoiseless(a: Float64Array, b: Float64Array): boolean {
  const difference = differenceOf(a, b);
  const bound = SMOOTH * largestOf(difference);
  let smooth = 0;
  for (let k = 1; k + 1 < difference.length; k++) {
    const bend = difference[k - 1]! - 2 * difference[k]! + difference[k + 1]!;
    if (Math.abs(bend) <= bound) smooth++;
  }
  return smooth >= SMOOTH_SHARE * (difference.length - 2);
}

/**
 * Whether two series stand still most of the time but for single steps that both have, each at its own
 * places, or that are counts such as 0 and 1: rare events, of which each run has others.
 */
export function areEvents(a: Float64Array, b: Float64Array): boolean {
  const [inA, inB] = [spikes(a), spikes(b)];
  if (Number.isNaN(inA + inB)) return false;
  if (inA > 0 && inB > 0) return true;
  const values = new Set([...a.subarray(0, EVENTS_LOOKED_AT), ...b.subarray(0, EVENTS_LOOKED_AT)]);
  return inA + inB > 0 && values.size <= COUNTS_MAX && [...values].every(Number.isInteger);
}

/** How many values differ from two equal neighbors; NaN for a series that moves at more than half of its steps. */
function spikes(values: Float64Array): number {
  let count = 0;
  let still = 0;
  for (let k = 1; k + 1 < values.length; k++) {
    if (values[k] === values[k - 1]) still++;
    else if (values[k - 1] === values[k + 1]) count++;
  }
  return 2 * still >= values.length - 2 ? count : NaN;
}

/** Every stretch in which the two are not the same, up to rounding. */
export function noiselessChanges(a: Float64Array, b: Float64Array): DriftEvent[] {
  const difference = differenceOf(a, b);
  const n = difference.length;
  const events: DriftEvent[] = [];
  for (let from = 0; from < n;) {
    if (difference[from] === 0) {
      from++;
      continue;
    }
    let to = from + 1;
    while (to < n && difference[to] !== 0) to++;
    events.push(...describeStretch(difference, from, to));
    from = to;
  }
  return events;
}

/** b - a, with 0 for what rounding makes. */
function differenceOf(a: Float64Array, b: Float64Array): Float64Array {
  return b.map((value, k) => {
    const delta = value - a[k]!;
    return Math.abs(delta) <= ROUNDING * Math.max(Math.abs(value), Math.abs(a[k]!)) ? 0 : delta;
  });
}

function largestOf(values: Float64Array): number {
  return values.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
}

/** A stretch as its levels, or as one that moves. */
function describeStretch(difference: Float64Array, from: number, to: number): DriftEvent[] {
  const n = difference.length;
  const bound = SMOOTH * largestOf(difference.subarray(from, to));
  const starts = [from];
  for (let k = from + 1; k < to && starts.length <= LEVELS_MAX; k++) {
    if (Math.abs(difference[k]! - difference[k - 1]!) > bound) starts.push(k);
  }
  const event = (kind: DriftKind, index: number, end: number): DriftEvent => ({
    kind,
    index,
    count: end - index,
    zScore: Infinity,
    p: 0,
    before: index === 0 ? 0 : difference[index - 1]!,
    after: difference[index]!,
  });
  if (starts.length > LEVELS_MAX) {
    const slope = to - from > 1 ? (difference[to - 1]! - difference[from]!) / (to - 1 - from) : 0;
    return [{ ...event("drift", from, to), after: slope }];
  }
  return starts.map((start, at) => {
    const end = starts[at + 1] ?? to;
    const kind = end - start === 1 && n > 1
      ? "outlier"
      : start === 0
      ? "offset"
      : end === n || at + 1 < starts.length
      ? "level_shift"
      : "bump";
    return event(kind, start, end);
  });
}
