/**
 * A moving picture.
 *
 * @module
 */

import gifenc from "gifenc";
import type { Pixels } from "./raster.ts";

/** As much of the package as is used: it has no types of its own. */
interface Gifenc {
  GIFEncoder(): {
    writeFrame(
      indices: Uint8Array,
      width: number,
      height: number,
      options: { palette: number[][]; delay: number; repeat?: number },
    ): void;
    finish(): void;
    bytes(): Uint8Array;
  };
  quantize(pixels: Uint8ClampedArray, colors: number): number[][];
  applyPalette(pixels: Uint8ClampedArray, palette: number[][]): Uint8Array;
}

const { GIFEncoder, applyPalette, quantize } = gifenc as Gifenc;

/** Colors of a GIF. */
const COLORS_MAX = 256;

/** Puts frames together to a GIF that plays for ever. */
export class GifWriter {
  readonly #encoder = GIFEncoder();
  readonly #delayMs: number;
  #isFirst = true;

  /** @param delayMs How long each frame is shown, in milliseconds. */
  constructor(delayMs: number) {
    this.#delayMs = delayMs;
  }

  /** Adds a frame; all have the size of the first. */
  add({ width, height, pixels }: Pixels): void {
    // Of its own: colors that the first frame lacks come later.
    const palette = quantize(pixels, COLORS_MAX);
    const indices = applyPalette(pixels, palette);
    const delay = this.#delayMs;
    this.#encoder.writeFrame(indices, width, height, {
      palette,
      delay,
      ...(this.#isFirst ? { repeat: 0 } : {}),
    });
    this.#isFirst = false;
  }

  /** The file. */
  finish(): Uint8Array {
    this.#encoder.finish();
    return this.#encoder.bytes();
  }
}
