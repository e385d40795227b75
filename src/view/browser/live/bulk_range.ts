/**
 * Which values an axis shows: the bulk of them, so that one spike does not press all else flat.
 * This module is browser compatible.
 *
 * @module
 */

/** A range of values, and whether some lie outside of it. */
export interface BulkRange {
  /** What the axis shows. */
  readonly range: [low: number, high: number];
  /** What all values need. */
  readonly full: [low: number, high: number];
  /** The extremes. */
  readonly extremes: readonly [least: number, most: number];
  /** Whether the two differ. */
  readonly isCut: boolean;
}

/** Of the points, this part at each end may leave the axis. */
const TAIL = 0.02;

/** Extremes are this many times the bulk's range before they are cut off. */
const REACH = 8;

/** The range for the values of some columns; NaN stands for none. */
export function bulkRange(columns: readonly Float64Array[]): BulkRange {
  const values = columns.flatMap((column) => Array.from(column)).filter(Number.isFinite);
  if (values.length === 0) {
    return { range: [0, 1], full: [0, 1], extremes: [0, 1], isCut: false };
  }
  values.sort((a, b) => a - b);
  const least = values[0]!;
  const most = values.at(-1)!;
  const full = padded(least, most);
  const tail = Math.floor(values.length * TAIL);
  const low = values[tail]!;
  const high = values[values.length - 1 - tail]!;
  const spread = high - low;
  const isCut = tail > 0 && spread > 0 && (most - least) / spread > REACH;
  const extremes = [least, most] as const;
  if (!isCut) return { range: full, full, extremes, isCut };
  return {
    range: padded(Math.max(least, low - spread / 2), Math.min(most, high + spread / 2)),
    full,
    extremes,
    isCut,
  };
}

/** A range with some room, which can be drawn. */
function padded(low: number, high: number): [number, number] {
  const room = low === high ? Math.abs(low) / 10 || 1 : (high / 2 - low / 2) * 0.12;
  return [Math.max(-Number.MAX_VALUE, low - room), Math.min(Number.MAX_VALUE, high + room)];
}
