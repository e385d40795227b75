/**
 * Draws a picture on a canvas.
 *
 * @module
 */

/// <reference lib="dom" />

import { rgbOf } from "../../picture/colors.ts";
import type { DotsMark, ImageMark, Mark, Scene } from "../../picture/marks.ts";
import { arrowCorners } from "../../picture/svg.ts";

/** From this many dots on they are made of pixels here: as circles they take a hundred times as long. */
const PIXELS_MIN = 20_000;

/** Fills a canvas with a scene, at the resolution of the screen. */
export function drawScene(canvas: HTMLCanvasElement, scene: Scene, ratio: number): void {
  const width = Math.round(scene.width * ratio);
  const height = Math.round(scene.height * ratio);
  if (canvas.width !== width || canvas.height !== height) {
    canvas.width = width;
    canvas.height = height;
    canvas.style.height = `${scene.height}px`;
  }
  const context = canvas.getContext("2d", { alpha: false })!;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.fillStyle = scene.theme.paper;
  context.fillRect(0, 0, scene.width, scene.height);
  for (const mark of scene.marks) draw(mark, context);
}

function draw(mark: Mark, context: CanvasRenderingContext2D): void {
  switch (mark.kind) {
    case "image":
      return drawImage(mark, context);
    case "dots":
      return drawDots(mark, context);
    case "segments":
      context.beginPath();
      for (let i = 0; i < mark.ends.length; i += 4) {
        context.moveTo(mark.ends[i]!, mark.ends[i + 1]!);
        context.lineTo(mark.ends[i + 2]!, mark.ends[i + 3]!);
      }
      return stroke(mark, context);
    case "path":
      context.beginPath();
      drawPath(mark.points, context);
      return stroke(mark, context);
    case "rects":
      for (let i = 0; i < mark.rects.length; i += 4) {
        context.fillStyle = mark.colors[Math.min(i / 4, mark.colors.length - 1)]!;
        const [x, y, width, height] = mark.rects.subarray(i, i + 4);
        context.fillRect(x!, y!, width!, height!);
      }
      return;
    case "text":
      context.font = `${mark.size}px system-ui, sans-serif`;
      context.textAlign = mark.anchor === "middle" ? "center" : mark.anchor;
      context.textBaseline = "middle";
      context.fillStyle = mark.color;
      context.fillText(mark.text, mark.x, mark.y);
  }
}

/** What pixels are put on before they are drawn: putting them would replace what lies under them. */
const sheet = { canvas: undefined as HTMLCanvasElement | undefined };

/** A canvas with these pixels. */
function sheetOf(image: ImageData): HTMLCanvasElement {
  const canvas = sheet.canvas ??= document.createElement("canvas");
  canvas.width = image.width;
  canvas.height = image.height;
  canvas.getContext("2d")!.putImageData(image, 0, 0);
  return canvas;
}

/** Colors as the pixels of images hold them. */
function pixelColors(palette: readonly string[]): Uint32Array {
  return Uint32Array.from(palette, (name) => {
    const [red, green, blue] = rgbOf(name);
    return (255 << 24 | blue << 16 | green << 8 | red) >>> 0;
  });
}

/** One pixel per cell, which the browser makes larger. */
function drawImage(mark: ImageMark, context: CanvasRenderingContext2D): void {
  const { columns, rows, palette, indices } = mark;
  const colors = pixelColors(palette);
  const image = new ImageData(columns, rows);
  const pixels = new Uint32Array(image.data.buffer);
  for (let i = 0; i < indices.length; i++) pixels[i] = colors[indices[i]!]!;
  // More cells than pixels are averaged, fewer keep their edges.
  context.imageSmoothingEnabled = columns > mark.width * devicePixelRatio;
  context.drawImage(sheetOf(image), mark.x, mark.y, mark.width, mark.height);
}

/** Disks of whole pixels of the screen. */
function drawPixelDots(
  { x, y, radius, palette, indices }: DotsMark,
  context: CanvasRenderingContext2D,
): void {
  const { width, height } = context.canvas;
  const { a: ratio } = context.getTransform();
  const colors = pixelColors(palette);
  const image = new ImageData(width, height);
  const pixels = new Uint32Array(image.data.buffer);
  const size = Math.max(1, Math.round(2 * radius * ratio));
  const inset = Int32Array.from({ length: size }, (_, row) => {
    const down = row + 0.5 - size / 2;
    return Math.round(size / 2 - Math.sqrt(size * size / 4 - down * down));
  });
  for (let i = 0; i < x.length; i++) {
    const left = Math.round(x[i]! * ratio - size / 2);
    const top = Math.round(y[i]! * ratio - size / 2);
    // What is no number is nowhere.
    if (!(left > -size && left < width && top > -size && top < height)) continue;
    const color = colors[indices[i]!]!;
    for (let row = Math.max(0, -top); row < size && top + row < height; row++) {
      const from = Math.max(0, left + inset[row]!);
      const to = Math.min(width, left + size - inset[row]!);
      // As short as they are, a loop is five times as fast as fill().
      const start = (top + row) * width;
      for (let at = start + from; at < start + to; at++) pixels[at] = color;
    }
  }
  context.save();
  context.resetTransform();
  context.drawImage(sheetOf(image), 0, 0);
  context.restore();
}

function drawDots(mark: DotsMark, context: CanvasRenderingContext2D): void {
  const { x, y, radius, heading, palette, indices } = mark;
  if (heading === undefined && x.length >= PIXELS_MIN) return drawPixelDots(mark, context);
  // Color by color: changing it costs more than a dot.
  const order = byColor(indices, palette.length);
  let last = -1;
  for (const i of order) {
    if (indices[i] !== last) {
      if (last >= 0) context.fill();
      last = indices[i]!;
      context.fillStyle = palette[last]!;
      context.beginPath();
    }
    if (heading !== undefined) {
      drawPath(Float64Array.from(arrowCorners(x[i]!, y[i]!, radius, heading[i]!).flat()), context);
      context.closePath();
    } else {
      context.moveTo(x[i]! + radius, y[i]!);
      context.arc(x[i]!, y[i]!, radius, 0, 2 * Math.PI);
    }
  }
  if (last >= 0) context.fill();
}

/** Indices of dots, color by color. */
function byColor(indices: Uint16Array, colors: number): Uint32Array {
  const starts = new Uint32Array(colors + 1);
  for (const index of indices) starts[index + 1]!++;
  for (let i = 1; i <= colors; i++) starts[i]! += starts[i - 1]!;
  const order = new Uint32Array(indices.length);
  for (let i = 0; i < indices.length; i++) order[starts[indices[i]!]!++] = i;
  return order;
}

/** Lines through points; where a number is missing there is a gap. */
function drawPath(points: Float64Array, context: CanvasRenderingContext2D): void {
  let isOpen = false;
  for (let i = 0; i < points.length; i += 2) {
    const isThere = Number.isFinite(points[i]!) && Number.isFinite(points[i + 1]!);
    if (isThere && isOpen) context.lineTo(points[i]!, points[i + 1]!);
    else if (isThere) context.moveTo(points[i]!, points[i + 1]!);
    isOpen = isThere;
  }
}

function stroke(
  { color, width }: { readonly color: string; readonly width: number },
  context: CanvasRenderingContext2D,
): void {
  context.strokeStyle = color;
  context.lineWidth = width;
  context.stroke();
}
