/**
 * What colors and axes cover, remembered from picture to picture of one run: a color that meant one value in one
 * frame and another in the next would show movement where there is none.
 * This module is browser compatible.
 *
 * @module
 */

import type { Box } from "./picture.ts";

const NONE = new Float64Array(0);

/** Extremes by name. */
export class Ranges {
  readonly #known = new Map<string, [low: number, high: number]>();
  readonly #values = new Map<string, Set<number>>();

  /** The extremes of all that was taken under a name, with those of `values`. */
  cover(name: string, values: Float64Array): readonly [low: number, high: number] {
    const range = this.#known.get(name) ?? [Infinity, -Infinity];
    for (let i = 0; i < values.length; i++) {
      const value = values[i]!;
      if (value - value !== 0) continue;
      if (value < range[0]) range[0] = value;
      if (value > range[1]) range[1] = value;
    }
    this.#known.set(name, range);
    return range[0] > range[1] ? [0, 0] : range;
  }

  /** The different values that were seen under a name, if they are whole and few; undefined otherwise. */
  distinct(name: string, values: Float64Array, countMax: number): readonly number[] | undefined {
    const seen = this.#values.get(name) ?? new Set<number>();
    this.#values.set(name, seen);
    let last = NaN;
    for (let i = 0; i < values.length && seen.size <= countMax; i++) {
      const value = values[i]!;
      // Neighbors are mostly alike, and a look into the set takes ten times as long.
      if (value === last) continue;
      last = value;
      // One value too many says that there are no categories.
      if (Number.isInteger(value)) seen.add(value === 0 ? 0 : value);
      else for (let k = 0; k <= countMax; k++) seen.add(k + 0.5);
    }
    return seen.size > countMax ? undefined : [...seen].sort((a, b) => a - b);
  }

  /** The part of the plane that all points lie in which were taken, with those of `layers`, and a little room. */
  box(layers: readonly { readonly x: Float64Array; readonly y: Float64Array }[]): Box {
    for (const { x, y } of layers) {
      this.cover("box x", x);
      this.cover("box y", y);
    }
    const [left, right] = this.cover("box x", NONE);
    const [bottom, top] = this.cover("box y", NONE);
    const room = 0.05 * Math.max(right - left, top - bottom) || 1;
    return { left: left - room, bottom: bottom - room, right: right + room, top: top + room };
  }
}

/** A range with room at both ends, which is not empty. */
export function roomy([low, high]: readonly [number, number]): [low: number, high: number] {
  const room = (high - low) * 0.04 || Math.max(Math.abs(high) * 0.1, 1);
  return [low - room, high + room];
}
