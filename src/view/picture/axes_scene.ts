/**
 * Lines and bars in pixels, on axes.
 * This module is browser compatible.
 *
 * @module
 */

import { LINE_COLORS } from "./colors.ts";
import type { BarsLayer, LinesLayer, Picture } from "./picture.ts";
import { roomy } from "./ranges.ts";
import { type Rect, short, type Target } from "./marks.ts";

/** From values to pixels. */
export interface Axes {
  readonly rect: Rect;
  x(value: number): number;
  y(value: number): number;
}

/** Room for the labels of values, and below for those of x. */
const LABEL_WIDTH = 54;
const LABEL_HEIGHT = 20;
const LABEL_SIZE = 12;

/** How wide a letter is, as part of its height: about the mean of those of common fonts. */
const LETTER_WIDTH = 0.55;

/** Marks of an axis of values, about. */
const TICKS = 4;

/** Names of bars that fit below them. */
const NAMES_MAX = 12;

/** Whether a picture has axes: it shows lines or bars, and nothing of a plane. */
export function drawsOnAxes({ layers }: Picture): boolean {
  const isOnPlane = layers.some(({ kind }) =>
    kind === "grid" || kind === "points" || kind === "graph"
  );
  return !isOnPlane && layers.some(({ kind }) => kind === "lines" || kind === "bars");
}

/** Draws the axes that all lines and bars of a picture share. */
export function drawAxes(picture: Picture, area: Rect, target: Target): Axes {
  const rect: Rect = {
    x: area.x + LABEL_WIDTH,
    y: area.y + LABEL_SIZE / 2,
    width: Math.max(1, area.width - LABEL_WIDTH),
    height: Math.max(1, area.height - LABEL_HEIGHT - LABEL_SIZE / 2),
  };
  const { left, right, bottom, top } = picture.box ?? extentOf(picture);
  const axes: Axes = {
    rect,
    x: (value) => rect.x + (value - left) / (right - left) * rect.width,
    y: (value) => rect.y + rect.height - (value - bottom) / (top - bottom) * rect.height,
  };
  const { marks, theme } = target;
  for (const value of ticks(bottom, top)) {
    const y = axes.y(value);
    const ends = Float64Array.of(rect.x, y, rect.x + rect.width, y);
    marks.push({ kind: "segments", ends, color: theme.faint, width: 1 });
    marks.push({
      ...{ kind: "text", x: rect.x - 6, y, text: short(value), size: LABEL_SIZE },
      ...{ color: theme.muted, anchor: "end" },
    });
  }
  const y = rect.y + rect.height + LABEL_HEIGHT / 2 + 2;
  const bars = picture.layers.find((layer): layer is BarsLayer => layer.kind === "bars");
  if (bars !== undefined && bars.names.length > 0 && bars.values.length <= NAMES_MAX) {
    const lettersMax = Math.floor((axes.x(1) - axes.x(0)) / (LABEL_SIZE * LETTER_WIDTH));
    bars.names.forEach((name, i) =>
      marks.push({
        ...{ kind: "text", x: axes.x(i + 0.5), y, text: cut(name, lettersMax), size: LABEL_SIZE },
        ...{ color: theme.muted, anchor: "middle" },
      })
    );
    return axes;
  }
  // A bar is named by its index, below its middle.
  const isBars = bars !== undefined;
  const last = isBars ? bars.values.length - 1 : right;
  const ends = isBars
    ? [[0, 0.5, "middle"], [last, last + 0.5, "middle"]] as const
    : [[left, left, "start"], [right, right, "end"]] as const;
  for (const [value, at, anchor] of last < 0 ? [] : ends) {
    marks.push({
      ...{ kind: "text", x: axes.x(at), y, text: short(value), size: LABEL_SIZE },
      ...{ color: theme.muted, anchor },
    });
  }
  return axes;
}

/** A name that leaves its neighbors room; all of it is told where one points. */
function cut(name: string, lettersMax: number): string {
  const letters = [...name];
  if (letters.length <= lettersMax) return name;
  return `${letters.slice(0, Math.max(1, lettersMax - 2)).join("")}..`;
}

/** What all lines and bars cover. Bars begin at 0. */
function extentOf(
  { layers }: Picture,
): { left: number; right: number; bottom: number; top: number } {
  let [left, right, bottom, top] = [Infinity, -Infinity, Infinity, -Infinity];
  for (const layer of layers) {
    if (layer.kind === "bars") {
      [left, right] = [Math.min(left, 0), Math.max(right, layer.values.length)];
      [bottom, top] = [Math.min(bottom, 0), Math.max(top, 0)];
      for (const value of layer.values) {
        if (!Number.isFinite(value)) continue;
        bottom = Math.min(bottom, value);
        top = Math.max(top, value * 1.05);
      }
    }
    if (layer.kind !== "lines") continue;
    for (const { x, y } of layer.lines) {
      for (let i = 0; i < y.length; i++) {
        if (!Number.isFinite(x[i]!) || !Number.isFinite(y[i]!)) continue;
        left = Math.min(left, x[i]!);
        right = Math.max(right, x[i]!);
        bottom = Math.min(bottom, y[i]!);
        top = Math.max(top, y[i]!);
      }
    }
  }
  if (!(left <= right)) [left, right] = [0, 1];
  if (left === right) [left, right] = roomy([left, right]);
  if (!(bottom <= top)) [bottom, top] = [0, 1];
  const hasBars = layers.some(({ kind }) => kind === "bars");
  if (!hasBars || bottom === top) [bottom, top] = roomy([bottom, top]);
  return { left, right, bottom, top };
}

/** Round values between two. */
function ticks(low: number, high: number): number[] {
  const rough = (high - low) / TICKS;
  const unit = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * unit).find((size) => size >= rough)!;
  const first = Math.ceil(low / step);
  const count = Math.floor(high / step) - first + 1;
  // Values too large for steps of their own size have no marks.
  if (!(count > 0 && count < 20)) return [];
  return Array.from({ length: count }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}

/** Draws curves. */
export function drawLines({ lines }: LinesLayer, axes: Axes, { marks, theme }: Target): void {
  lines.forEach(({ x, y, label }, i) => {
    const points = new Float64Array(2 * x.length);
    for (let k = 0; k < x.length; k++) {
      points[2 * k] = axes.x(x[k]!);
      points[2 * k + 1] = axes.y(y[k]!);
    }
    const color = LINE_COLORS[i % LINE_COLORS.length]!;
    marks.push({ kind: "path", points, color, width: 2 });
    if (label === "") return;
    const { rect } = axes;
    const at = { x: rect.x + rect.width - 6, y: rect.y + 10 + 16 * i };
    marks.push({ kind: "text", ...at, text: label, size: LABEL_SIZE, color, anchor: "end" });
  });
  if (lines.length > 0) marks.push(baseLine(axes, theme.muted));
}

/** Draws bars. */
export function drawBars(layer: BarsLayer, axes: Axes, { marks, hits, theme }: Target): void {
  const { values, names, path } = layer;
  const zero = axes.y(0);
  const width = axes.rect.width / Math.max(1, values.length);
  const gap = width > 4 ? Math.min(width * 0.15, 6) : 0;
  const rects = new Float64Array(4 * values.length);
  values.forEach((value, i) => {
    const y = Number.isFinite(value) ? axes.y(value) : zero;
    rects.set(
      [axes.x(i) + gap / 2, Math.min(y, zero), Math.max(width - gap, 0.5), Math.abs(y - zero)],
      4 * i,
    );
  });
  marks.push({ kind: "rects", rects, colors: values.length === 0 ? [] : [theme.plain] });
  marks.push(baseLine(axes, theme.muted));
  hits.push((x, y) => {
    const { rect } = axes;
    if (y < rect.y || y > rect.y + rect.height) return undefined;
    const i = Math.floor((x - rect.x) / width);
    if (i < 0 || i >= values.length) return undefined;
    const name = names[i] ?? "";
    return `${path || "bar"}[${i}]${name === "" ? "" : ` (${name})`} = ${values[i]}`;
  });
}

function baseLine({ rect: { x, y, width, height } }: Axes, color: string) {
  const ends = Float64Array.of(x, y + height, x + width, y + height);
  return { kind: "segments", ends, color, width: 1 } as const;
}
