/**
 * What a picture in pixels is made of.
 * This module is browser compatible.
 *
 * @module
 */

import type { Color, Painted, Theme } from "./colors.ts";

/** Cells of a grid as one image, row by row from the top. */
export interface ImageMark extends Rect, Painted {
  readonly kind: "image";
  readonly columns: number;
  readonly rows: number;
}

/** Points of one size. */
export interface DotsMark extends Painted {
  readonly kind: "dots";
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly radius: number;
  /** Directions on the screen, clockwise from the right. */
  readonly heading: Float64Array | undefined;
}

/** Lines between pairs of points: four numbers each. */
export interface SegmentsMark {
  readonly kind: "segments";
  readonly ends: Float64Array;
  readonly color: Color;
  readonly width: number;
}

/** A curve: two numbers per point; NaN leaves a gap. */
export interface PathMark {
  readonly kind: "path";
  readonly points: Float64Array;
  readonly color: Color;
  readonly width: number;
}

/** Filled rectangles: four numbers each. */
export interface RectsMark {
  readonly kind: "rects";
  readonly rects: Float64Array;
  readonly colors: readonly Color[];
}

/** A line of text; y is its middle. */
export interface TextMark {
  readonly kind: "text";
  readonly x: number;
  readonly y: number;
  readonly text: string;
  /** Height in pixels. */
  readonly size: number;
  readonly color: Color;
  readonly anchor: "start" | "middle" | "end";
}

/** Anything that is drawn. */
export type Mark = ImageMark | DotsMark | SegmentsMark | PathMark | RectsMark | TextMark;

/** A part of the picture, in pixels. */
export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** What lies under a place, for people: a value and the path of it. */
export type Hit = (x: number, y: number) => string | undefined;

/** A picture in pixels. */
export interface Scene {
  readonly width: number;
  readonly height: number;
  readonly theme: Theme;
  /** From the one behind to the one in front. */
  readonly marks: readonly Mark[];
  /** What lies under a place. */
  readonly hit: Hit;
}

/** Where drawing goes. */
export interface Target {
  readonly marks: Mark[];
  readonly hits: Hit[];
  readonly theme: Theme;
}

/** A number in few digits. */
export function short(value: number): string {
  if (!Number.isFinite(value)) return `${value}`;
  const size = Math.abs(value);
  if (size !== 0 && (size >= 1e6 || size < 1e-4)) {
    return value.toExponential(2).replace("e+", "e");
  }
  return `${Number(value.toPrecision(4))}`;
}
