/**
 * PNG files (W3C, Portable Network Graphics, third edition).
 * This module is browser compatible.
 *
 * @module
 */

import { zlibSync } from "fflate";
import { crc32 } from "../../bytes/crc32.ts";
import { type Color, rgbOf } from "./colors.ts";

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

/** Kinds of colors. */
const RGB = 2;
const INDEXED = 3;

/** A PNG file of red, green, blue and opacity per pixel; the opacity is left out. */
export function encodePng(
  { width, height, pixels }: {
    readonly width: number;
    readonly height: number;
    readonly pixels: Uint8ClampedArray;
  },
): Uint8Array {
  // Each row begins with the number of its filter: 0 for none.
  const rows = new Uint8Array(height * (1 + 3 * width));
  let at = 0;
  for (let y = 0; y < height; y++) {
    at++;
    for (let x = 0; x < width; x++) {
      const pixel = 4 * (y * width + x);
      rows[at++] = pixels[pixel]!;
      rows[at++] = pixels[pixel + 1]!;
      rows[at++] = pixels[pixel + 2]!;
    }
  }
  return file([header(width, height, RGB), chunk("IDAT", zlibSync(rows))]);
}

/** A PNG file of pixels that are indices of a palette; with more than 256 colors they are written in full. */
export function encodeIndexedPng(
  { width, height, palette, indices }: {
    readonly width: number;
    readonly height: number;
    readonly palette: readonly Color[];
    readonly indices: Uint16Array;
  },
): Uint8Array {
  if (palette.length > 256) {
    const pixels = new Uint8ClampedArray(4 * indices.length);
    const colors = palette.map(rgbOf);
    indices.forEach((index, i) => pixels.set(colors[index]!, 4 * i));
    return encodePng({ width, height, pixels });
  }
  const rows = new Uint8Array(height * (1 + width));
  for (let y = 0; y < height; y++) {
    rows.set(indices.subarray(y * width, (y + 1) * width), y * (1 + width) + 1);
  }
  const colors = Uint8Array.from(palette.flatMap(rgbOf));
  return file([
    header(width, height, INDEXED),
    chunk("PLTE", colors),
    chunk("IDAT", zlibSync(rows)),
  ]);
}

function header(width: number, height: number, kind: number): Uint8Array {
  const body = new Uint8Array(13);
  const view = new DataView(body.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  body[8] = 8;
  body[9] = kind;
  return chunk("IHDR", body);
}

function chunk(name: string, body: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(12 + body.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, body.length);
  for (let i = 0; i < 4; i++) bytes[4 + i] = name.charCodeAt(i);
  bytes.set(body, 8);
  view.setUint32(8 + body.length, crc32(bytes.subarray(4, 8 + body.length)));
  return bytes;
}

function file(chunks: readonly Uint8Array[]): Uint8Array {
  const all = [Uint8Array.from(SIGNATURE), ...chunks, chunk("IEND", new Uint8Array(0))];
  const bytes = new Uint8Array(all.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of all) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
