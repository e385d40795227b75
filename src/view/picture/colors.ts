/**
 * Colors of values, in scales that people with any color vision can read.
 * This module is browser compatible.
 *
 * @module
 */

import type { Coloring } from "./picture.ts";

/** A color as `#rrggbb`. */
export type Color = string;

/** Colors that do not depend on values. */
export interface Theme {
  /** Behind everything. */
  readonly paper: Color;
  /** Words. */
  readonly ink: Color;
  /** Axes, and values that are not numbers. */
  readonly muted: Color;
  /** Frames and edges. */
  readonly faint: Color;
  /** What has no values. */
  readonly plain: Color;
}

/** As the pages have them. */
export const LIGHT: Theme = {
  paper: "#ffffff",
  ink: "#1c2430",
  muted: "#5a6675",
  faint: "#c5ccd5",
  plain: "#0072b2",
};

/** The same in the dark. */
export const DARK: Theme = {
  paper: "#14181f",
  ink: "#e6e9ee",
  muted: "#a3adba",
  faint: "#3b4553",
  plain: "#56b4e9",
};

/** Viridis (Smith and van der Walt), at even distances. */
const SEQUENTIAL = [
  "#440154",
  "#482878",
  "#3e4989",
  "#31688e",
  "#26828e",
  "#1f9e89",
  "#35b779",
  "#6ece58",
  "#b5de2b",
  "#fde725",
];

/** From blue over a light middle to brown: PuOr of ColorBrewer (Harrower and Brewer) with a bluer end. */
const DIVERGING = ["#08306b", "#2171b5", "#6baed6", "#f7f7f7", "#fdb863", "#e08214", "#7f3b08"];

/** Okabe and Ito's, from the darkest on, so that two categories differ in lightness as well. */
const CATEGORIES = [
  "#0072b2",
  "#f0e442",
  "#d55e00",
  "#56b4e9",
  "#009e73",
  "#cc79a7",
  "#e69f00",
  "#8c8c8c",
];

/** Two categories, as in a lattice of spins. */
const PAIR = ["#12355b", "#f2c14e"];
const PAIR_DARK = ["#2f6fa8", "#f2c14e"];

/** Colors of lines. */
export const LINE_COLORS: readonly Color[] = [
  "#0072b2",
  "#d55e00",
  "#009e73",
  "#cc79a7",
  "#e69f00",
  "#56b4e9",
];

/** Steps of a scale. */
const STEPS = 256;

/** Colors and, for each value, which of them it has. */
export interface Painted {
  readonly palette: readonly Color[];
  readonly indices: Uint16Array;
}

/** Paints values; what is no number, or has no name among names, is muted. */
export function paint(values: Float64Array, coloring: Coloring, theme: Theme): Painted {
  const palette = [...paletteOf(coloring, theme), theme.muted];
  const missing = palette.length - 1;
  const indices = new Uint16Array(values.length);
  if (coloring.scale === "categories") {
    const order = new Map([...coloring.names.keys()].map((value, i) => [value, i]));
    let last = NaN;
    let index = missing;
    for (let i = 0; i < values.length; i++) {
      const value = values[i]!;
      if (value !== last) index = order.get(last = value) ?? missing;
      indices[i] = index;
    }
    return { palette, indices };
  }
  const { low, high } = coloring;
  const factor = high > low ? (STEPS - 1) / (high - low) : 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    const step = Math.round((value - low) * factor);
    // Of one value only, the middle: neither end would say anything.
    indices[i] = value !== value
      ? missing
      : factor === 0
      ? STEPS / 2
      : Math.max(0, Math.min(STEPS - 1, step));
  }
  return { palette, indices };
}

/** The colors of a scale: 256, or one per category. */
export function paletteOf({ scale, names }: Coloring, theme: Theme): Color[] {
  if (scale === "categories") {
    const pair = theme === DARK ? PAIR_DARK : PAIR;
    const colors = names.size === 2 ? pair : CATEGORIES;
    return [...names.keys()].map((_, i) => colors[i % colors.length]!);
  }
  // Ends that would vanish against the paper are left out: points differ from it by about 3 to 1.
  const sequential = theme === DARK ? SEQUENTIAL.slice(3) : SEQUENTIAL.slice(0, -1);
  const diverging = theme === DARK ? DIVERGING.slice(1, -1) : DIVERGING;
  const anchors = scale === "diverging" ? diverging : sequential;
  return Array.from({ length: STEPS }, (_, i) => between(anchors, i / (STEPS - 1)));
}

/** The color at a part of the way over some anchors. */
function between(anchors: readonly Color[], part: number): Color {
  const at = part * (anchors.length - 1);
  const i = Math.min(Math.floor(at), anchors.length - 2);
  const [from, to] = [rgbOf(anchors[i]!), rgbOf(anchors[i + 1]!)];
  const mixed = from.map((x, channel) => Math.round(x + (to[channel]! - x) * (at - i)));
  return `#${mixed.map((x) => x.toString(16).padStart(2, "0")).join("")}`;
}

/** Red, green and blue, from 0 to 255. */
export function rgbOf(color: Color): [number, number, number] {
  const packed = parseInt(color.slice(1), 16);
  return [packed >> 16, (packed >> 8) & 255, packed & 255];
}
