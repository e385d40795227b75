/**
 * A picture as SVG. Every text in it is escaped; nothing in it can run or load anything.
 * This module is browser compatible.
 *
 * @module
 */

import { escapeHtml } from "../../page/html.ts";
import type { DotsMark, ImageMark, Mark, PathMark, RectsMark, Scene } from "./marks.ts";
import { encodeIndexedPng } from "./png.ts";

/** The text of an SVG file. */
export function svgOf({ width, height, theme, marks }: Scene): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" ` +
    `height="${height}" font-family="system-ui, sans-serif">\n` +
    `<rect width="${width}" height="${height}" fill="${theme.paper}"/>\n` +
    `${marks.map(markText).join("\n")}\n</svg>\n`;
}

function markText(mark: Mark): string {
  switch (mark.kind) {
    case "image":
      return imageText(mark);
    case "dots":
      return dotsText(mark);
    case "segments": {
      const parts: string[] = [];
      for (let i = 0; i < mark.ends.length; i += 4) {
        const [x1, y1, x2, y2] = mark.ends.subarray(i, i + 4);
        parts.push(`M${px(x1!)} ${px(y1!)}L${px(x2!)} ${px(y2!)}`);
      }
      return stroke(parts.join(""), mark);
    }
    case "path":
      return stroke(pathText(mark), mark);
    case "rects":
      return rectsText(mark);
    case "text":
      return `<text x="${px(mark.x)}" y="${px(mark.y)}" font-size="${mark.size}" ` +
        `fill="${mark.color}" text-anchor="${mark.anchor}" dominant-baseline="central">` +
        `${escapeHtml(mark.text)}</text>`;
  }
}

/** Cells are an image of one pixel each: a million rectangles would be no picture that anything opens. */
function imageText({ x, y, width, height, columns, rows, palette, indices }: ImageMark): string {
  const png = encodeIndexedPng({ width: columns, height: rows, palette, indices });
  return `<image x="${px(x)}" y="${px(y)}" width="${px(width)}" height="${px(height)}" ` +
    `preserveAspectRatio="none" style="image-rendering: pixelated" ` +
    `href="data:image/png;base64,${base64(png)}"/>`;
}

/** Dots of one color are one path. */
function dotsText({ x, y, radius, heading, palette, indices }: DotsMark): string {
  const paths = new Map<number, string[]>();
  for (let i = 0; i < x.length; i++) {
    if (!Number.isFinite(x[i]!) || !Number.isFinite(y[i]!)) continue;
    const parts = paths.get(indices[i]!) ?? [];
    paths.set(indices[i]!, parts);
    parts.push(
      heading === undefined
        ? circle(x[i]!, y[i]!, radius)
        : arrow(x[i]!, y[i]!, radius, heading[i]!),
    );
  }
  return [...paths].map(([index, parts]) =>
    `<path fill="${palette[index]}" d="${parts.join("")}"/>`
  ).join("\n");
}

function circle(x: number, y: number, radius: number): string {
  const r = px(radius);
  return `M${px(x - radius)} ${px(y)}a${r} ${r} 0 1 0 ${px(2 * radius)} 0a${r} ${r} 0 1 0 ${
    px(-2 * radius)
  } 0`;
}

/** A triangle that points where a point goes. */
function arrow(x: number, y: number, radius: number, angle: number): string {
  const corners = arrowCorners(x, y, radius, angle);
  return `M${corners.map(([cx, cy]) => `${px(cx)} ${px(cy)}`).join("L")}Z`;
}

/** Corners of that triangle. */
export function arrowCorners(
  x: number,
  y: number,
  radius: number,
  angle: number,
): [x: number, y: number][] {
  return [[0, 1.6], [2.5, 1], [-2.5, 1]].map(([turn, length]) => [
    x + length! * radius * Math.cos(angle + turn!),
    y + length! * radius * Math.sin(angle + turn!),
  ]);
}

function pathText({ points }: PathMark): string {
  let text = "";
  let isOpen = false;
  for (let i = 0; i < points.length; i += 2) {
    const x = points[i]!;
    const y = points[i + 1]!;
    const isThere = Number.isFinite(x) && Number.isFinite(y);
    if (isThere) text += `${isOpen ? "L" : "M"}${px(x)} ${px(y)}`;
    isOpen = isThere;
  }
  return text;
}

function stroke(path: string, { color, width }: { color: string; width: number }): string {
  return `<path fill="none" stroke="${color}" stroke-width="${width}" d="${path}"/>`;
}

function rectsText({ rects, colors }: RectsMark): string {
  const parts: string[] = [];
  for (let i = 0; i < rects.length; i += 4) {
    const [x, y, width, height] = rects.subarray(i, i + 4);
    const color = colors[Math.min(i / 4, colors.length - 1)];
    parts.push(
      `<rect x="${px(x!)}" y="${px(y!)}" width="${px(width!)}" height="${
        px(height!)
      }" fill="${color}"/>`,
    );
  }
  return parts.join("\n");
}

/** Pixels with two decimals. */
function px(value: number): string {
  return `${Math.round(value * 100) / 100}`;
}

function base64(bytes: Uint8Array): string {
  let units = "";
  for (let i = 0; i < bytes.length; i += 8192) {
    units += String.fromCharCode(...bytes.subarray(i, i + 8192));
  }
  return btoa(units);
}
