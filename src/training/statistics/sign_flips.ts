/**
 * A second look at what a test found: two runs that behave the same may as well be exchanged, block by
 * block, which flips the signs of their differences. How often do flipped signs look as unlikely?
 * This module is browser compatible.
 *
 * @module
 */

import { testTrend } from "./change_point.ts";
import { autocorrelationTime } from "./autocorrelation.ts";
import type { DriftEvent } from "./drift_event.ts";
import { summarize } from "./summary.ts";
import { createUniformSource } from "./uniform_source.ts";

/** So many times as many independent values it takes where more than one change is taken out. */
const CHANGES_APART = 3;
/** More blocks than these tell nothing more. */
const BLOCKS_MAX = 384;
/** With fewer independent values, even signs that all agree are no evidence. */
export const INDEPENDENT_MIN = 16;
/** Shortest window, in blocks: the signs of fewer agree by chance. */
const LENGTH_MIN = 8;
/** Each length of a window that is tried is so many times the one before. */
const LENGTH_GROWTH = 1.3;
/** A window is tried at so many places within its own length. */
const STRIDES = 8;
/** So many flips for each that may look as unlikely. */
const FLIPS_PER_EXCEEDING = 4;
const FLIPS_MAX = 4000;

/**
 * Whether differences leave 0 anywhere, in a window of any length, further than all but a share `level` of
 * the series that have the signs of their blocks flipped. The test is exact for blocks that are
 * independent, whatever their distribution is (Fisher 1935).
 */
function leavesZero(values: Float64Array, blocks: number, level: number): boolean {
  const n = values.length;
  const sums = new Float64Array(blocks);
  for (let k = 0; k < n; k++) sums[Math.floor(k * blocks / n)]! += values[k]!;
  const flips = Math.min(FLIPS_MAX, Math.ceil(FLIPS_PER_EXCEEDING / level));
  const exceedingMax = Math.max(1, Math.floor(level * (flips + 1)));
  const found = farthest(sums);
  const random = createUniformSource(n);
  const flipped = new Float64Array(blocks);
  let exceeding = 1;
  for (let flip = 0; flip < flips; flip++) {
    for (let k = 0; k < blocks; k++) flipped[k] = random() < 0.5 ? -sums[k]! : sums[k]!;
    if (farthest(flipped) >= found && ++exceeding > exceedingMax) return false;
  }
  return true;
}

/** Events that are this unlikely need no second look, */
const CERTAIN = 1e-6;
/** unless so few values have all the weight that sums are far from normal (3 for a normal distribution). */
const KURTOSIS_MAX = 8;

/**
 * The events that were found in differences, but for those that may be chance by the signs alone. What is
 * left without the strongest of them tells how many values in a row hang together.
 */
export function confirmed(
  values: Float64Array,
  events: readonly DriftEvent[],
  level: number,
): readonly DriftEvent[] {
  if (events.length === 0) return events;
  const first = events.reduce((best, event) => event.p < best.p ? event : best);
  let residuals = withoutChanges(values, [first]);
  let independent = values.length / autocorrelationTime(residuals);
  if (independent < INDEPENDENT_MIN) {
    // The other changes may be what hangs together. Yet changes are found in whatever wanders, too:
    // then what is left of it wanders still.
    residuals = withoutChanges(values, events);
    independent = values.length / autocorrelationTime(residuals);
    if (independent < CHANGES_APART * INDEPENDENT_MIN) return [];
  }
  const certain = kurtosis(residuals) < KURTOSIS_MAX ? CERTAIN : 0;
  const sure = events.filter(({ p }) => p < certain);
  if (sure.length === events.length) return events;
  const blocks = Math.min(BLOCKS_MAX, Math.floor(independent));
  return leavesZero(values, blocks, level) ? events : sure;
}

function kurtosis(residuals: Float64Array): number {
  let squares = 0;
  let fourths = 0;
  for (const value of residuals) {
    const square = value * value;
    squares += square;
    fourths += square * square;
  }
  return squares > 0 ? residuals.length * fourths / (squares * squares) : 0;
}

/** What changes leave: each part between them about its own mean, or its own line where it drifts. */
function withoutChanges(values: Float64Array, events: readonly DriftEvent[]): Float64Array {
  const left = values.slice();
  const ends = events.flatMap(({ index, count }) => [index, index + count]);
  const bounds = [...new Set([0, ...ends, left.length])].sort((a, b) => a - b);
  for (let i = 0; i + 1 < bounds.length; i++) {
    const part = left.subarray(bounds[i], bounds[i + 1]);
    const { mean } = summarize(part);
    const drifts = events.some(({ kind, index }) => kind === "drift" && index === bounds[i]);
    const slope = drifts ? testTrend(part).slope : 0;
    const middle = (part.length - 1) / 2;
    for (let k = 0; k < part.length; k++) part[k]! -= mean + slope * (k - middle);
  }
  return left;
}

/** The largest sum of a window, by the root of its length. */
function farthest(sums: Float64Array): number {
  const n = sums.length;
  const prefix = new Float64Array(n + 1);
  for (let k = 0; k < n; k++) prefix[k + 1] = prefix[k]! + sums[k]!;
  let best = 0;
  for (let length = LENGTH_MIN; length <= n; length = Math.ceil(length * LENGTH_GROWTH)) {
    const stride = Math.max(1, Math.floor(length / STRIDES));
    let most = 0;
    for (let from = 0; from + length <= n; from += stride) {
      most = Math.max(most, Math.abs(prefix[from + length]! - prefix[from]!));
    }
    best = Math.max(best, most * most / length, prefix[n]! ** 2 / n);
  }
  return best;
}
