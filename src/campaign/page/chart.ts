/**
 * Plots as SVG, for pages that run no script of their own: lines, bands, intervals, bars and cells over two axes.
 * This module is browser compatible.
 *
 * @module
 */

import { Html, html } from "../../page/html.ts";

/** An interval of an axis. */
export type Extent = readonly [low: number, high: number];

/** A plot. */
export interface Chart {
  /** What it shows, in words, for those who do not see it. */
  readonly label: string;
  /** What the horizontal axis is. */
  readonly x: Axis;
  /** What the vertical axis is. */
  readonly y: Axis;
  /** What is drawn, from back to front. */
  readonly marks: readonly Mark[];
}

/** One axis. */
export interface Axis {
  /** Its name and unit. */
  readonly name: string;
  /** What it spans. */
  readonly extent: Extent;
  /** Names in the place of numbers, at 0, 1 and so on. */
  readonly names?: readonly string[] | undefined;
}

/** Something that is drawn; `color` is the index of a series. */
export type Mark =
  | { readonly kind: "band"; readonly color: number; readonly points: readonly BandPoint[] }
  | { readonly kind: "line"; readonly color: number; readonly points: readonly Point[] }
  | { readonly kind: "interval"; readonly color: number; readonly points: readonly BandPoint[] }
  | { readonly kind: "dots"; readonly color: number; readonly points: readonly Point[] }
  | { readonly kind: "bars"; readonly color: number; readonly bars: readonly Bar[] }
  | { readonly kind: "cells"; readonly cells: readonly Cell[] };

/** A point. */
export type Point = readonly [x: number, y: number];

/** An interval at x. */
export type BandPoint = readonly [x: number, low: number, high: number];

/** A bar over an interval of x. */
export interface Bar {
  readonly from: number;
  readonly to: number;
  readonly height: number;
}

/** A cell around whole numbers, with a share of 1 for its color and a text. */
export interface Cell {
  readonly x: number;
  readonly y: number;
  readonly share: number;
  readonly text: string;
}

const WIDTH = 560;
const HEIGHT = 300;
const LEFT = 62;
const RIGHT = 24;
const TOP = 10;
const BOTTOM = 44;
/** Series colors of the style below. */
const COLORS = 6;

/** The plot. */
export function chartSvg({ label, x, y, marks }: Chart): Html {
  const [toX, toY] = [
    scale(padded(x), [LEFT, WIDTH - RIGHT]),
    scale(padded(y), [HEIGHT - BOTTOM, TOP]),
  ];
  return html`
    <svg class="chart" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${label}">
    ${gridOf(x, y, { toX, toY })}
    ${marks.map((mark) => markSvg(mark, toX, toY))}
    </svg>
  `;
}

type Scale = (value: number) => number;

/** Names have half a cell of room on both sides. */
function padded({ extent: [low, high], names }: Axis): Extent {
  if (names !== undefined) return [-0.5, names.length - 0.5];
  return low === high ? [low - 1, high + 1] : [low, high];
}

function scale([low, high]: Extent, [from, to]: Extent): Scale {
  return (value) => from + ((value - low) / (high - low)) * (to - from);
}

function gridOf(x: Axis, y: Axis, { toX, toY }: { toX: Scale; toY: Scale }): Html {
  const bottom = HEIGHT - BOTTOM;
  return html`
    ${ticksOf(y).map(([at, text]) =>
      html`
        <line class="grid" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${place(toY(at))}" y2="${place(
          toY(at),
        )}" />
        <text class="tick" x="${LEFT - 6}" y="${place(
          toY(at) + 4,
        )}" text-anchor="end">${text}</text>
      `
    )}
    ${ticksOf(x).map(([at, text]) =>
      html`
        <line class="grid" x1="${place(toX(at))}" x2="${place(
          toX(at),
        )}" y1="${TOP}" y2="${bottom}" />
        <text
          class="tick" x="${place(toX(at))}" y="${bottom + 16}" text-anchor="middle">${text}</text>
      `
    )}
    <text class="axis" x="${(LEFT + WIDTH - RIGHT) / 2}" y="${HEIGHT - 6}" text-anchor="middle">${x
      .name}</text>
    <text class="axis" transform="translate(13 ${(TOP + bottom) / 2}) rotate(-90)"
      text-anchor="middle">${y.name}</text>
  `;
}

function markSvg(mark: Mark, toX: Scale, toY: Scale): Html {
  const at = ([x, y]: Point) => `${place(toX(x))} ${place(toY(y))}`;
  switch (mark.kind) {
    case "band": {
      const { points } = mark;
      const upper = points.map(([x, , high]): Point => [x, high]);
      const lower = [...points].reverse().map(([x, low]): Point => [x, low]);
      const path = [...upper, ...lower].map(at).join(" L ");
      return html`
        <path class="band c${mark.color % COLORS}" d="M ${path} Z" />
      `;
    }
    case "line":
      return html`
        <path class="line c${mark.color % COLORS}" d="M ${mark.points.map(at).join(" L ")}" />
      `;
    case "interval":
      return new Html(
        mark.points.map(([x, low, high]) =>
          html`
            <path class="line c${mark.color % COLORS}" d="M ${at([x, low])} L ${at([x, high])}" />
          `.text
        ).join(""),
      );
    case "dots":
      return new Html(
        mark.points.map(([x, y]) =>
          html`
            <circle class="dot c${mark.color % COLORS}" cx="${place(toX(x))}" cy="${place(
              toY(y),
            )}" r="3.5" />
          `.text
        ).join(""),
      );
    case "bars":
      return new Html(
        mark.bars.map(({ from, to, height }) => {
          const [left, right, top] = [toX(from), toX(to), toY(height)];
          return html`
            <rect class="bar c${mark.color % COLORS}" x="${place(left)}" y="${place(
              top,
            )}" width="${place(Math.max(0.5, right - left - 0.5))}"
              height="${place(Math.max(0, toY(0) - top))}" />
          `.text;
        }).join(""),
      );
    case "cells":
      return new Html(
        mark.cells.map(({ x, y, share, text }) => {
          const [left, right, top, bottom] = [
            ...[toX(x - 0.5), toX(x + 0.5)],
            ...[toY(y + 0.5), toY(y - 0.5)],
          ] as [number, number, number, number];
          const opacity = (0.06 + 0.94 * Math.min(1, Math.max(0, share))).toFixed(3);
          const tone = share > 0.5 ? "on-dark" : "on-light";
          return html`
            <rect class="cell" x="${place(left)}" y="${place(top)}" width="${place(
              right - left,
            )}" height="${place(bottom - top)}"
              fill-opacity="${opacity}" />
            <text class="cell-text ${tone}" x="${place((left + right) / 2)}" y="${place(
              (top + bottom) / 2 + 4,
            )}"
              text-anchor="middle">${text}</text>
          `.text;
        }).join(""),
      );
  }
}

/** Numbers on a page have no more digits than a person can see. */
function place(value: number): string {
  return Number.isFinite(value) ? String(Math.round(value * 10) / 10) : "0";
}

function ticksOf({ extent, names }: Axis): readonly (readonly [at: number, text: string])[] {
  if (names !== undefined) return names.map((name, i) => [i, name.slice(0, 12)]);
  const [low, high] = padded({ name: "", extent });
  const rough = (high - low) / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5, 10].find((one) => one * power >= rough) ?? 10);
  const ticks: [number, string][] = [];
  for (let i = Math.ceil(low / step - 1e-9); i * step <= high + step * 1e-9; i++) {
    ticks.push([i * step, tickText(Number((i * step).toPrecision(12)), step)]);
  }
  return ticks;
}

/** The number at a tick, in as many digits as tell it from its neighbors. */
function tickText(value: number, step: number): string {
  return Math.abs(value) < 1e6 && step >= 1e-5 ? String(value) : shortNumber(value);
}

/** A number for people. */
export function shortNumber(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  const size = Math.abs(value);
  if (size >= 1e6 || (size > 0 && size < 1e-5)) {
    return value.toExponential(1).replace("e+", "e").replace(".0e", "e");
  }
  return String(Number(value.toPrecision(4)));
}

/** The extent of values that are finite; [0, 1] of none. */
export function extentOf(values: Iterable<number>): Extent {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return low > high ? [0, 1] : [low, high];
}
