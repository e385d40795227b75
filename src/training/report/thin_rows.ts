/**
 * Which rows of a long log are to be drawn: a plot has so many pixels across, and what lies within one of
 * them shows as its lowest and highest value. A violation is never among the rows that are left out: each
 * pixel that has one shows its worst.
 * This module is browser compatible.
 *
 * @module
 */

/** Numbers by row; NaN where there is none. */
export type Values = Float64Array | Float32Array;

/** A part of the steps as it lies on the screen. */
export interface View {
  /** Step at the left edge. */
  readonly min: number;
  /** Step at the right edge, above `min`. */
  readonly max: number;
  /** Pixels between both. */
  readonly width: number;
}

/** Rows [from, to). */
export interface RowRange {
  /** First row. */
  readonly from: number;
  /** Row after the last. */
  readonly to: number;
}

/** Pixel column, counted from 0, in which a step of the view lies. */
export function pixelOf(step: number, { min, max, width }: View): number {
  const column = Math.floor((step - min) / (max - min) * width);
  return Math.min(width - 1, Math.max(0, column));
}

/** First index in ascending `sorted` whose number is at least `bound`. */
export function lowerBound(sorted: Values | Uint32Array, bound: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle]! < bound) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Rows whose steps lie in the view. */
export function rowsInView(steps: Values, view: View): RowRange {
  const from = lowerBound(steps, view.min);
  let to = lowerBound(steps, view.max);
  while (to < steps.length && steps[to]! <= view.max) to++;
  return { from, to };
}

/**
 * One row for each pixel column that holds any of `violations` (ascending rows): the one with the largest
 * |difference|, where NaN is larger than any number.
 */
export function markRows(
  steps: Values,
  violations: Uint32Array,
  difference: Values | undefined,
  view: View,
): number[] {
  const { from, to } = rowsInView(steps, view);
  const marks: number[] = [];
  let pixel = -1;
  let worst = -1;
  for (let k = lowerBound(violations, from); k < violations.length; k++) {
    const row = violations[k]!;
    if (row >= to) break;
    const size = Math.abs(difference?.[row] ?? NaN);
    const weight = Number.isNaN(size) ? Infinity : size;
    const column = pixelOf(steps[row]!, view);
    if (column !== pixel) {
      marks.push(row);
      pixel = column;
      worst = weight;
    } else if (weight > worst) {
      marks[marks.length - 1] = row;
      worst = weight;
    }
  }
  return marks;
}

/** So many rows per pixel are drawn without loss of speed. */
const ROWS_PER_PIXEL = 4;

/**
 * Ascending rows that draw every one of `series` as all rows of the view would, with one row on each side of
 * the view, so that lines go on beyond its edges. `marks` are always among them.
 */
export function thinRows(
  steps: Values,
  series: readonly Values[],
  view: View,
  marks: readonly number[],
): number[] {
  const range = rowsInView(steps, view);
  const before = range.from > 0 ? [range.from - 1] : [];
  const after = range.to < steps.length ? [range.to] : [];
  if (range.to - range.from <= view.width * ROWS_PER_PIXEL) {
    const inside = Array.from({ length: range.to - range.from }, (_, k) => range.from + k);
    return [...before, ...inside, ...after];
  }
  const rows: number[] = before;
  let mark = 0;
  let start = range.from;
  while (start < range.to) {
    const column = pixelOf(steps[start]!, view);
    let end = start + 1;
    while (end < range.to && pixelOf(steps[end]!, view) === column) end++;
    const chosen = new Set([start, end - 1]);
    for (const values of series) addExtremes(values, { from: start, to: end }, chosen);
    for (; mark < marks.length && marks[mark]! < end; mark++) chosen.add(marks[mark]!);
    rows.push(...[...chosen].sort((a, b) => a - b));
    start = end;
  }
  rows.push(...after);
  return rows;
}

/** Adds the rows of the lowest and the highest value, if there are numbers at all. */
function addExtremes(values: Values, { from, to }: RowRange, chosen: Set<number>): void {
  let low = -1;
  let high = -1;
  for (let row = from; row < to; row++) {
    const value = values[row]!;
    if (value - value !== 0) continue;
    if (low < 0 || value < values[low]!) low = row;
    if (high < 0 || value > values[high]!) high = row;
  }
  if (low >= 0) chosen.add(low).add(high);
}
