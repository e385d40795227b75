/**
 * What the plots of both pages of a run have.
 *
 * @module
 */

/// <reference lib="dom" />

import type uPlot from "uplot";

/** Height of a plot in CSS pixels. */
export const HEIGHT = 150;

/** The pointer's place across is that of all plots; dragging moves the page, not the plot. */
export const RUN_POINTER: uPlot.Cursor = {
  y: false,
  drag: { x: false, y: false },
  points: { show: false },
  sync: { key: "run", setSeries: false, scales: ["x", null] },
};

/** Says what a plot shows: its canvas is a picture, and what is text stands beside it. */
export function labelPlot({ root }: uPlot, text: string): void {
  const picture = root.querySelector(".u-wrap")!;
  picture.setAttribute("role", "img");
  picture.setAttribute("aria-label", text);
}
