/**
 * A picture as pixels, for PNG and GIF: drawn at twice its size and averaged, which makes edges smooth.
 * This module is browser compatible.
 *
 * @module
 */

import { type Color, rgbOf } from "./colors.ts";
import { FONT_HEIGHT, FONT_WIDTH, glyphOf } from "./font.ts";
import type { DotsMark, ImageMark, Mark, Scene, TextMark } from "./marks.ts";
import { arrowCorners } from "./svg.ts";

/** Pixels, four bytes each, row by row from the top. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8ClampedArray;
}

/** How much larger it is drawn. */
const SCALE = 2;

/** Draws a picture. */
export function rasterOf({ width, height, theme, marks }: Scene): Pixels {
  const canvas = new Canvas(width * SCALE, height * SCALE, theme.paper);
  for (const mark of marks) draw(mark, canvas);
  return canvas.averaged(width, height);
}

function draw(mark: Mark, canvas: Canvas): void {
  switch (mark.kind) {
    case "image":
      return drawImage(mark, canvas);
    case "dots":
      return drawDots(mark, canvas);
    case "segments":
      for (let i = 0; i < mark.ends.length; i += 4) {
        const [x1, y1, x2, y2] = mark.ends.subarray(i, i + 4);
        canvas.line([x1!, y1!], [x2!, y2!], mark);
      }
      return;
    case "path":
      for (let i = 2; i < mark.points.length; i += 2) {
        const [x1, y1, x2, y2] = mark.points.subarray(i - 2, i + 2);
        canvas.line([x1!, y1!], [x2!, y2!], mark);
      }
      return;
    case "rects":
      for (let i = 0; i < mark.rects.length; i += 4) {
        const [x, y, width, height] = mark.rects.subarray(i, i + 4);
        const color = mark.colors[Math.min(i / 4, mark.colors.length - 1)]!;
        canvas.box([x!, y!, x! + width!, y! + height!], rgbOf(color));
      }
      return;
    case "text":
      return drawText(mark, canvas);
  }
}

function drawImage(
  { x, y, width, height, columns, rows, palette, indices }: ImageMark,
  canvas: Canvas,
) {
  const colors = palette.map(rgbOf);
  const left = Math.round(x * SCALE);
  const top = Math.round(y * SCALE);
  const across = Math.round((x + width) * SCALE) - left;
  const down = Math.round((y + height) * SCALE) - top;
  for (let py = 0; py < down; py++) {
    const row = Math.floor(py * rows / down) * columns;
    for (let px = 0; px < across; px++) {
      const index = indices[row + Math.floor(px * columns / across)]!;
      canvas.set(left + px, top + py, colors[index]!);
    }
  }
}

function drawDots({ x, y, radius, heading, palette, indices }: DotsMark, canvas: Canvas): void {
  const colors = palette.map(rgbOf);
  for (let i = 0; i < x.length; i++) {
    const color = colors[indices[i]!]!;
    if (heading === undefined) canvas.disk(x[i]!, y[i]!, radius, color);
    else canvas.triangle(arrowCorners(x[i]!, y[i]!, radius, heading[i]!), color);
  }
}

function drawText({ x, y, text, size, color, anchor }: TextMark, canvas: Canvas): void {
  const pixel = Math.max(1, Math.round(size * SCALE / (FONT_HEIGHT + 3)));
  const advance = (FONT_WIDTH + 1) * pixel;
  const letters = [...text];
  const width = letters.length * advance;
  const shift = anchor === "start" ? 0 : anchor === "middle" ? width / 2 : width;
  const left = Math.round(x * SCALE - shift);
  const top = Math.round(y * SCALE - FONT_HEIGHT * pixel / 2);
  const rgb = rgbOf(color);
  letters.forEach((letter, i) => {
    glyphOf(letter).forEach((bits, column) => {
      for (let row = 0; row < FONT_HEIGHT; row++) {
        if ((bits >> row & 1) === 0) continue;
        const px = left + i * advance + column * pixel;
        const py = top + row * pixel;
        canvas.fill([px, py, px + pixel, py + pixel], rgb);
      }
    });
  });
}

type Rgb = readonly [number, number, number];
type Point = readonly [x: number, y: number];

/** What is drawn on; coordinates of the picture become its pixels here. */
class Canvas {
  readonly #width: number;
  readonly #height: number;
  readonly #pixels: Uint8ClampedArray;

  constructor(width: number, height: number, paper: Color) {
    this.#width = width;
    this.#height = height;
    this.#pixels = new Uint8ClampedArray(4 * width * height);
    const [red, green, blue] = rgbOf(paper);
    for (let i = 0; i < this.#pixels.length; i += 4) {
      this.#pixels[i] = red;
      this.#pixels[i + 1] = green;
      this.#pixels[i + 2] = blue;
      this.#pixels[i + 3] = 255;
    }
  }

  set(x: number, y: number, [red, green, blue]: Rgb): void {
    if (x < 0 || y < 0 || x >= this.#width || y >= this.#height) return;
    const at = 4 * (y * this.#width + x);
    this.#pixels[at] = red;
    this.#pixels[at + 1] = green;
    this.#pixels[at + 2] = blue;
  }

  /** Fills a box given in pixels of the canvas. */
  fill([left, top, right, bottom]: readonly [number, number, number, number], color: Rgb): void {
    const endX = Math.min(this.#width, right);
    const endY = Math.min(this.#height, bottom);
    for (let y = Math.max(0, top); y < endY; y++) {
      for (let x = Math.max(0, left); x < endX; x++) this.set(x, y, color);
    }
  }

  box([left, top, right, bottom]: readonly [number, number, number, number], color: Rgb): void {
    const x = Math.round(left * SCALE);
    const y = Math.round(top * SCALE);
    // A bar that is thinner than a pixel is there.
    const endX = Math.max(x + 1, Math.round(right * SCALE));
    this.fill([x, y, endX, Math.round(bottom * SCALE)], color);
  }

  disk(centerX: number, centerY: number, size: number, color: Rgb): void {
    const x = centerX * SCALE;
    const y = centerY * SCALE;
    const radius = size * SCALE;
    if (!Number.isFinite(x) || !Number.isFinite(y)) return;
    for (let py = Math.max(0, Math.floor(y - radius)); py <= y + radius; py++) {
      if (py >= this.#height) return;
      for (let px = Math.max(0, Math.floor(x - radius)); px <= x + radius; px++) {
        if (px >= this.#width) break;
        if ((px + 0.5 - x) ** 2 + (py + 0.5 - y) ** 2 <= radius * radius) this.set(px, py, color);
      }
    }
  }

  triangle(corners: readonly Point[], color: Rgb): void {
    const [a, b, c] = corners.map(([x, y]) => [x * SCALE, y * SCALE]) as unknown as [
      Point,
      Point,
      Point,
    ];
    const xs = [a[0], b[0], c[0]];
    const ys = [a[1], b[1], c[1]];
    if (![...xs, ...ys].every(Number.isFinite)) return;
    const side = (p: Point, q: Point, x: number, y: number): number =>
      (q[0] - p[0]) * (y - p[1]) - (q[1] - p[1]) * (x - p[0]);
    const endX = Math.min(this.#width - 1, Math.max(...xs));
    const endY = Math.min(this.#height - 1, Math.max(...ys));
    for (let y = Math.max(0, Math.floor(Math.min(...ys))); y <= endY; y++) {
      for (let x = Math.max(0, Math.floor(Math.min(...xs))); x <= endX; x++) {
        const sides = [side(a, b, x, y), side(b, c, x, y), side(c, a, x, y)];
        if (sides.every((s) => s >= 0) || sides.every((s) => s <= 0)) this.set(x, y, color);
      }
    }
  }

  /** A line, as squares along it. */
  line(
    [x1, y1]: Point,
    [x2, y2]: Point,
    { color, width }: { readonly color: Color; readonly width: number },
  ): void {
    if (![x1, y1, x2, y2].every(Number.isFinite)) return;
    const rgb = rgbOf(color);
    const across = (x2 - x1) * SCALE;
    const down = (y2 - y1) * SCALE;
    // Nothing outside of the canvas is seen, and no line there takes longer than one across it.
    const steps = Math.min(
      Math.ceil(Math.max(Math.abs(across), Math.abs(down), 1)),
      4 * (this.#width + this.#height),
    );
    const thick = Math.max(1, Math.round(width * SCALE));
    for (let i = 0; i <= steps; i++) {
      const x = Math.round(x1 * SCALE + across * i / steps - thick / 2);
      const y = Math.round(y1 * SCALE + down * i / steps - thick / 2);
      this.fill([x, y, x + thick, y + thick], rgb);
    }
  }

  /** The canvas at its real size. */
  averaged(width: number, height: number): Pixels {
    const pixels = new Uint8ClampedArray(4 * width * height);
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const to = 4 * (y * width + x);
        const from = 4 * (2 * y * this.#width + 2 * x);
        const below = from + 4 * this.#width;
        for (let channel = 0; channel < 4; channel++) {
          pixels[to + channel] =
            (this.#pixels[from + channel]! + this.#pixels[from + 4 + channel]! +
              this.#pixels[below + channel]! + this.#pixels[below + 4 + channel]!) / 4;
        }
      }
    }
    return { width, height, pixels };
  }
}
