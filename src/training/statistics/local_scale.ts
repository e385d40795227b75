/**
 * Typical sizes along a series: the median of each value's neighbors, how far it lies from it, and how
 * far values around it do.
 * This module is browser compatible.
 *
 * @module
 */

import { SortedWindow } from "./sorted_window.ts";
import { median, quantileOfSorted, summarize } from "./summary.ts";

/** Width of the window whose median local deviations are taken from. */
const MEDIAN_WIDTH = 11;

/** About so many values are left of a long series: a quantile of a million needs no more. */
const THINNED = 8192;

/** Every k-th value of a long series, the series itself if it is short. */
export function thinned(values: Float64Array): Float64Array {
  const stride = Math.floor(values.length / THINNED);
  if (stride < 2) return values;
  const out = new Float64Array(Math.ceil(values.length / stride));
  for (let k = 0; k < out.length; k++) out[k] = values[k * stride]!;
  return out;
}

/** A size in the midst of which most are almost 0 is too small a one to measure the others by. */
const QUANTILE_PER_MEDIAN_MAX = 3;

/** The median of sizes, or a part of their 75% quantile where that is more. */
function typicalSize(sizes: Float64Array): number {
  const sorted = thinned(sizes).slice().sort();
  return Math.max(
    quantileOfSorted(sorted, 0.5),
    quantileOfSorted(sorted, 0.75) / QUANTILE_PER_MEDIAN_MAX,
  );
}

/** Typical size of positive values around each of them: medians of overlapping pieces, joined by lines. */
export function localScales(sizes: Float64Array): Float64Array {
  const n = sizes.length;
  const overall = median(thinned(sizes)) || summarize(sizes).mean || 1;
  const width = Math.max(60, Math.ceil(n / 25));
  const centers: number[] = [];
  const levels: number[] = [];
  for (let center = 0; center < n + width; center += width) {
    const low = Math.max(0, Math.min(center, n) - width);
    const high = Math.min(n, center + width);
    centers.push(center);
    levels.push(
      high - low < width / 2 ? overall : typicalSize(sizes.subarray(low, high)) || overall,
    );
  }
  return sizes.map((_, k) => {
    const piece = Math.floor(k / width);
    const share = (k - centers[piece]!) / width;
    return levels[piece]! * (1 - share) + levels[piece + 1]! * share;
  });
}

/** How far each value lies from the median of its neighbors. */
export function localDeviations(values: Float64Array): Float64Array {
  const smooth = neighborMedian(values);
  return values.map((value, k) => Math.abs(value - smooth[k]!));
}

/** Median of the ten neighbors of each value (without itself); at the ends, of those there are. */
export function neighborMedian(values: Float64Array): Float64Array {
  const n = values.length;
  const half = MEDIAN_WIDTH >> 1;
  const out = new Float64Array(n);
  const window = new SortedWindow(2 * half);
  for (let k = 1; k <= Math.min(half, n - 1); k++) window.add(values[k]!);
  for (let k = 0; k < n; k++) {
    const { count } = window;
    out[k] = (window.at((count - 1) >> 1) + window.at(count >> 1)) / 2;
    if (k + 1 === n) break;
    window.remove(values[k + 1]!);
    if (k - half >= 0) window.remove(values[k - half]!);
    window.add(values[k]!);
    if (k + 1 + half < n) window.add(values[k + 1 + half]!);
  }
  return out;
}
