/**
 * Draws a picture on a canvas.
 *
 * @module
 */

/// <reference lib="dom" />

import { rgbOf } from "../../picture/colors.ts";
import type { DotsMark, ImageMark, Mark, Scene } from "../../picture/marks.ts";
import { arrowCorners } from "../../picture/svg.ts";

/** From this many dots on they are squares: circles take ten times as long. */
const SQUARES_MIN = 20_000;

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

/** One pixel per cell, which the browser makes larger. */
const cells = { canvas: undefined as HTMLCanvasElement | undefined };

function drawImage(mark: ImageMark, context: CanvasRenderingContext2D): void {
  const { columns, rows, palette, indices } = mark;
  const canvas = cells.canvas ??= document.createElement("canvas");
  canvas.width = columns;
  canvas.height = rows;
  const colors = Uint32Array.from(palette, (name) => {
    const [red, green, blue] = rgbOf(name);
    return (255 << 24 | blue << 16 | green << 8 | red) >>> 0;
  });
  const image = new ImageData(columns, rows);
  const pixels = new Uint32Array(image.data.buffer);
  for (let i = 0; i < indices.length; i++) pixels[i] = colors[indices[i]!]!;
  canvas.getContext("2d")!.putImageData(image, 0, 0);
  // More cells than pixels are averaged, fewer keep their edges.
  context.imageSmoothingEnabled = columns > mark.width * devicePixelRatio;
  context.drawImage(canvas, mark.x, mark.y, mark.width, mark.height);
}

function drawDots(
  { x, y, radius, heading, palette, indices }: DotsMark,
  context: CanvasRenderingContext2D,
): void {
  // Color by color: changing it costs more than a dot.
  const order = byColor(indices, palette.length);
  const isMany = x.length >= SQUARES_MIN;
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
    } else if (isMany) context.rect(x[i]! - radius, y[i]! - radius, 2 * radius, 2 * radius);
    else {
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
