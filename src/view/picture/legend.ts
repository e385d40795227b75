/**
 * What the colors of a picture mean.
 * This module is browser compatible.
 *
 * @module
 */

import { paletteOf } from "./colors.ts";
import type { Coloring, Picture } from "./picture.ts";
import { type Rect, short, type Target } from "./marks.ts";

const ROW_HEIGHT = 22;
const SIZE = 12;
/** About what a letter takes of its height. */
const LETTER = 0.62;
const SWATCH = 12;
const BAR_WIDTH = 140;
const GAP = 16;

/** Height of the legend of a picture; 0 if there are no colors to explain. */
export function legendHeight(picture: Picture, width: number): number {
  const coloring = coloringOf(picture);
  if (coloring === undefined) return 0;
  return ROW_HEIGHT * (coloring.scale === "categories" ? rowsOf(coloring, width).length : 1);
}

/** The scale that is explained: that of the first layer with values. */
function coloringOf({ layers }: Picture): Coloring | undefined {
  for (const layer of layers) {
    if (layer.kind === "grid") return layer.coloring;
    if ((layer.kind === "points" || layer.kind === "graph") && layer.values !== undefined) {
      return layer.coloring;
    }
  }
  return undefined;
}

interface Entry {
  readonly name: string;
  readonly index: number;
  readonly x: number;
}

/** Categories in as many rows as they need. */
function rowsOf({ names }: Coloring, width: number): Entry[][] {
  const rows: Entry[][] = [];
  let row: Entry[] = [];
  let x = 0;
  [...names.values()].forEach((name, index) => {
    const needed = SWATCH + 6 + name.length * SIZE * LETTER + GAP;
    if (row.length > 0 && x + needed > width - GAP) {
      rows.push(row);
      row = [];
      x = 0;
    }
    row.push({ name, index, x });
    x += needed;
  });
  if (row.length > 0) rows.push(row);
  return rows;
}

/** Draws the legend. */
export function drawLegend(picture: Picture, { x, y, width }: Rect, target: Target): void {
  const coloring = coloringOf(picture);
  if (coloring === undefined) return;
  const { marks, theme } = target;
  const palette = paletteOf(coloring, theme);
  const text = (atX: number, atY: number, words: string): void => {
    marks.push({
      ...{ kind: "text", x: atX, y: atY, text: words, size: SIZE },
      ...{ color: theme.ink, anchor: "start" },
    });
  };
  if (coloring.scale === "categories") {
    rowsOf(coloring, width).forEach((row, i) => {
      const middle = y + (i + 0.5) * ROW_HEIGHT;
      for (const entry of row) {
        const rects = Float64Array.of(x + entry.x, middle - SWATCH / 2, SWATCH, SWATCH);
        marks.push({ kind: "rects", rects, colors: [palette[entry.index]!] });
        text(x + entry.x + SWATCH + 6, middle, entry.name);
      }
    });
    return;
  }
  const middle = y + ROW_HEIGHT / 2;
  const low = short(coloring.low);
  const start = x + low.length * SIZE * LETTER + 8;
  text(x, middle, low);
  marks.push({
    kind: "image",
    ...{ x: start, y: middle - SWATCH / 2, width: BAR_WIDTH, height: SWATCH },
    ...{ columns: palette.length, rows: 1, palette },
    indices: Uint16Array.from(palette.keys()),
  });
  text(start + BAR_WIDTH + 8, middle, short(coloring.high));
}
