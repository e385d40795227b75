/**
 * What the page of a run holds as JSON: series, and states as trees. The program that writes the page and
 * the script inside it agree on these types.
 * This module is browser compatible.
 *
 * @module
 */

import type { ColumnData } from "../page/columns.ts";

/** A part of a state as the page shows it. */
export type TreeRow = readonly [
  key: string,
  text: string,
  /** 1 if it is not the same as in the sample before. */
  changed: 0 | 1,
  /** Its parts, if it has any that are shown. */
  parts?: readonly TreeRow[],
  /** How many parts are left out. */
  leftOut?: number,
  /** Whether any of those left out changed. */
  leftOutChanged?: 0 | 1,
];

/** One state. */
export interface SampleData {
  /** Its index. */
  readonly t: number;
  /** The state; cut where it is long. */
  readonly tree: TreeRow;
}

/** One series, in the buckets of the page. */
export interface SeriesData {
  /** How it is called; printable. */
  readonly name: string;
  /** Smallest finite value of each bucket. */
  readonly low: ColumnData;
  /** Largest ones; undefined where buckets hold one state. */
  readonly high: ColumnData | undefined;
  /** Means; undefined where buckets hold one state. */
  readonly mean: ColumnData | undefined;
  /** Rows of buckets with NaN, Infinity and -Infinity, as runs. */
  readonly marks: { readonly nan: string; readonly positive: string; readonly negative: string };
  /** First t of each kind of them; -1 if there is none. */
  readonly firstMarks: readonly number[];
}

/** All that the page's script needs. */
export interface RunPageData {
  /** First t. */
  readonly from: number;
  /** One past the last t. */
  readonly to: number;
  /** States per bucket. */
  readonly width: number;
  /** The plots, in the order of the page. */
  readonly series: readonly SeriesData[];
  /** The states, by t. */
  readonly samples: readonly SampleData[];
  /** What the copied commands begin with, such as `rewind get walk.replay`. */
  readonly getCommand: string;
  /** What the command that looks closer begins with, such as `rewind view walk.replay`. */
  readonly viewCommand: string;
}
