/**
 * A picture in pixels: marks that the screen, SVG and PNG draw alike.
 * This module is browser compatible.
 *
 * @module
 */

import { paint, type Painted, type Theme } from "./colors.ts";
import { drawAxes, drawBars, drawLines, drawsOnAxes } from "./axes_scene.ts";
import { drawLegend, legendHeight } from "./legend.ts";
import {
  type Hit,
  type Mark,
  type PathMark,
  type Rect,
  type Scene,
  short,
  type Target,
} from "./marks.ts";
import type { GraphLayer, GridLayer, Picture, PointsLayer, TextLayer } from "./picture.ts";

/** How a picture is to be drawn. */
export interface SceneOptions {
  /** Pixels across. */
  readonly width: number;
  /** Pixels from top to bottom. */
  readonly height: number;
  readonly theme: Theme;
}

/** Room at the edges. */
const MARGIN = 8;
/** Room for a line above the picture. */
const TITLE_HEIGHT = 26;

/** Height that suits a picture of some width. */
export function heightFor(picture: Picture, width: number): number {
  const titles = titlesOf(picture).length * TITLE_HEIGHT;
  const rest = titles + legendHeight(picture, width) + 2 * MARGIN;
  const grid = picture.layers.find((layer) => layer.kind === "grid");
  if (grid !== undefined) {
    const ratio = Math.min(2, Math.max(0.1, grid.rows / grid.columns));
    return Math.round((width - 2 * MARGIN) * ratio + rest);
  }
  return Math.round(width * (drawsOnAxes(picture) ? 0.56 : 0.75) + rest);
}

/** Lays a picture out. */
export function sceneOf(picture: Picture, { width, height, theme }: SceneOptions): Scene {
  const marks: Mark[] = [];
  const hits: Hit[] = [];
  const titles = titlesOf(picture);
  const top = MARGIN + titles.length * TITLE_HEIGHT;
  titles.forEach(({ text, size }, i) =>
    marks.push({
      kind: "text",
      x: width / 2,
      y: MARGIN + (i + 0.5) * TITLE_HEIGHT,
      text,
      size: Math.min(size, 18),
      color: theme.ink,
      anchor: "middle",
    })
  );
  const area: Rect = {
    x: MARGIN,
    y: top,
    width: Math.max(1, width - 2 * MARGIN),
    height: Math.max(1, height - top - MARGIN - legendHeight(picture, width)),
  };
  const target: Target = { marks, hits, theme };
  if (drawsOnAxes(picture)) {
    const axes = drawAxes(picture, area, target);
    for (const layer of picture.layers) {
      if (layer.kind === "lines") drawLines(layer, axes, target);
      if (layer.kind === "bars") drawBars(layer, axes, target);
    }
  } else {
    const plane = planeOf(picture, area);
    for (const layer of picture.layers) {
      if (layer.kind === "grid") drawGrid(layer, plane, target);
      if (layer.kind === "points") drawPoints(layer, plane, target);
      if (layer.kind === "graph") drawGraph(layer, plane, target);
    }
  }
  for (const layer of picture.layers) {
    if (layer.kind === "text" && layer.at !== undefined) drawText(layer, area, target);
  }
  drawLegend(picture, { ...area, y: height - MARGIN - legendHeight(picture, width) }, target);
  const hit: Hit = (x, y) => {
    for (let i = hits.length - 1; i >= 0; i--) {
      const found = hits[i]!(x, y);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  return { width, height, theme, marks, hit };
}

function titlesOf({ layers }: Picture): TextLayer[] {
  return layers.filter((layer): layer is TextLayer =>
    layer.kind === "text" && layer.at === undefined
  );
}

/** From numbers of the plane to pixels. */
interface Plane {
  readonly rect: Rect;
  x(value: number): number;
  y(value: number): number;
}

/** One unit is as long in both directions; over a grid, a unit is a cell and y goes down as rows do. */
function planeOf({ layers, box }: Picture, area: Rect): Plane {
  const grid = layers.find((layer): layer is GridLayer => layer.kind === "grid");
  const shown = box ?? { left: 0, bottom: 0, right: grid?.columns ?? 1, top: grid?.rows ?? 1 };
  const across = shown.right - shown.left;
  const down = shown.top - shown.bottom;
  const unit = Math.min(area.width / across, area.height / down);
  const width = across * unit;
  const height = down * unit;
  const rect: Rect = {
    x: area.x + (area.width - width) / 2,
    y: area.y + (area.height - height) / 2,
    width,
    height,
  };
  const isDown = grid !== undefined && box === undefined;
  return {
    rect,
    x: (value) => rect.x + (value - shown.left) * unit,
    y: (value) => isDown ? rect.y + value * unit : rect.y + (shown.top - value) * unit,
  };
}

function drawGrid(grid: GridLayer, { rect }: Plane, { marks, hits, theme }: Target): void {
  const { columns, rows, values, coloring, path, isNested } = grid;
  marks.push({ kind: "image", ...rect, columns, rows, ...paint(values, coloring, theme) });
  hits.push((x, y) => {
    const column = Math.floor((x - rect.x) / rect.width * columns);
    const row = Math.floor((y - rect.y) / rect.height * rows);
    if (column < 0 || column >= columns || row < 0 || row >= rows) return undefined;
    const cell = row * columns + column;
    const place = isNested ? `[${row}][${column}]` : `[${cell}]`;
    return `${path || "cell"}${place} = ${valueText(values[cell]!, coloring)}${
      isNested ? "" : ` (row ${row}, column ${column})`
    }`;
  });
}

function drawPoints(layer: PointsLayer, plane: Plane, target: Target): void {
  const { marks, theme } = target;
  const { rect } = plane;
  marks.push(frameMark(rect, theme));
  dots(layer, plane, target);
}

function drawGraph(layer: GraphLayer, plane: Plane, target: Target): void {
  const { edges, x, y } = layer;
  const ends = new Float64Array(edges.length * 2);
  for (let e = 0; e < edges.length; e++) {
    ends[2 * e] = plane.x(x[edges[e]!]!);
    ends[2 * e + 1] = plane.y(y[edges[e]!]!);
  }
  target.marks.push({ kind: "segments", ends, color: target.theme.faint, width: 1 });
  dots({ ...layer, heading: undefined }, plane, target);
}

/** Points with their colors, and what lies under a place. */
function dots(
  layer: Pick<PointsLayer, "x" | "y" | "heading" | "values" | "coloring" | "size" | "path">,
  plane: Plane,
  { marks, hits, theme }: Target,
): void {
  const { heading, values, coloring, size, path } = layer;
  const x = layer.x.map((value) => plane.x(value));
  const y = layer.y.map((value) => plane.y(value));
  const painted: Painted = values === undefined
    ? { palette: [theme.plain], indices: new Uint16Array(x.length) }
    : paint(values, coloring, theme);
  marks.push({
    kind: "dots",
    x,
    y,
    radius: size,
    heading: heading?.map((angle) => -angle),
    ...painted,
  });
  hits.push((atX, atY) => {
    let nearest = -1;
    let least = (size + 4) ** 2;
    for (let i = 0; i < x.length; i++) {
      const distance = (x[i]! - atX) ** 2 + (y[i]! - atY) ** 2;
      if (distance > least) continue;
      least = distance;
      nearest = i;
    }
    if (nearest < 0) return undefined;
    const value = values === undefined ? "" : ` = ${valueText(values[nearest]!, coloring)}`;
    const place = `(${short(layer.x[nearest]!)}, ${short(layer.y[nearest]!)})`;
    return `${path || "point"}[${nearest}]${value} at ${place}`;
  });
}

/** A value as people read it: with its name, if it has one. */
function valueText(value: number, { names }: GridLayer["coloring"]): string {
  const name = names.get(value);
  return name === undefined || name === `${value}` ? `${value}` : `${value} (${name})`;
}

function frameMark({ x, y, width, height }: Rect, { faint }: Theme): PathMark {
  const points = [x, y, x + width, y, x + width, y + height, x, y + height, x, y];
  return { kind: "path", points: Float64Array.from(points), color: faint, width: 1 };
}

function drawText({ text, at, size }: TextLayer, area: Rect, { marks, theme }: Target): void {
  const [x, y] = at!;
  marks.push({
    kind: "text",
    x: area.x + x * area.width,
    y: area.y + y * area.height,
    text,
    size,
    color: theme.ink,
    anchor: x > 0.66 ? "end" : x > 0.33 ? "middle" : "start",
  });
}
