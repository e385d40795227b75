/**
 * What a report page holds as JSON: the curves, and what is to be marked on them. The program that writes
 * the page and the script inside it agree on these types.
 * This module is browser compatible.
 *
 * @module
 */

import type { ColumnData, StepsData } from "../../page/columns.ts";
import type { Tolerance } from "../compare/tolerance.ts";

/** A vertical line. */
export interface LineMark {
  /** Where. */
  readonly step: number;
  /** What it says. */
  readonly label: string;
  /** Which style it takes. */
  readonly kind: "violation" | "unequal" | "event";
}

/** One metric. */
export interface PlotData {
  /** Its name. */
  readonly metric: string;
  /** Index into `PageData.axes`. */
  readonly axis: number;
  /** Values of the first log. */
  readonly original: ColumnData;
  /** Values of the second log; undefined if they are those of the first, bit for bit. */
  readonly replay: ColumnData | undefined;
  /** replay - original; undefined as for `replay`. */
  readonly difference: ColumnData | undefined;
  /** Least value over all replicas; undefined if there is one, or if they are all the same. */
  readonly low: ColumnData | undefined;
  /** Largest value over all replicas. */
  readonly high: ColumnData | undefined;
  /** Bounds in force; undefined if differences are not judged by any. */
  readonly tolerance: Tolerance | undefined;
  /** Whether units in the last place are those of float32. */
  readonly float32: boolean;
  /** Rows outside the bounds, as runs. */
  readonly violations: string;
  /** Vertical lines. */
  readonly lines: readonly LineMark[];
}

/** All that the page's script needs. */
export interface PageData {
  /** What the two logs and the band are called. */
  readonly names: { readonly original: string; readonly replay: string; readonly band: string };
  /** Distinct lists of steps. */
  readonly axes: readonly StepsData[];
  /** Each metric, in the order of the page's sections. */
  readonly plots: readonly PlotData[];
}
