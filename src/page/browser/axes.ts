/**
 * The axes that all plots have.
 *
 * @module
 */

/// <reference lib="dom" />

import type uPlot from "uplot";
import { axisLabels, isPowerOfTen, powerLabels } from "./numbers.ts";
import { color } from "./palette.ts";

/** Room for the labels of values, in CSS pixels; the same for all plots, so that a step has one place across. */
export const AXIS_WIDTH = 68;
/** Room at the right edge, for half a label. */
export const PADDING_RIGHT = 16;

const AXIS: uPlot.Axis = {
  stroke: () => color("ink"),
  grid: { stroke: () => color("grid"), width: 1 },
  ticks: { stroke: () => color("grid"), width: 1, size: 5 },
  gap: 3,
  font: "12px system-ui, sans-serif",
};

/** The axis of steps, which are whole numbers. */
export const STEP_AXIS: uPlot.Axis = {
  ...AXIS,
  space: 70,
  size: 28,
  values: (_, splits) => splits.map((step) => Number.isInteger(step) ? String(step) : ""),
};

/** Of the marks of a logarithmic axis, those that are powers of ten. */
function powersOfTen(_: uPlot, splits: number[]): (number | null)[] {
  return splits.map((value) => isPowerOfTen(value) ? value : null);
}

/** An axis of values; a logarithmic one has its lines at powers of ten. */
export function valueAxis({ logarithmic = false } = {}): uPlot.Axis {
  return {
    ...AXIS,
    ...(logarithmic
      ? {
        grid: { ...AXIS.grid, filter: powersOfTen },
        ticks: { ...AXIS.ticks, filter: powersOfTen },
      }
      : {}),
    size: AXIS_WIDTH,
    space: 20,
    values: (_, splits, __, ___, increment) =>
      logarithmic ? powerLabels(splits) : axisLabels(splits, increment),
  };
}
