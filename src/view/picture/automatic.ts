/**
 * Pictures of states whose module draws none: what looks like a lattice or like points in a plane.
 * This module is browser compatible.
 *
 * @module
 */

import { PICTURE_CELLS_MAX, PICTURE_POINTS_MAX } from "../limits.ts";
import { checkPicture } from "./check_picture.ts";
import { isList } from "./fields.ts";
import type { Picture } from "./picture.ts";
import type { Ranges } from "./ranges.ts";

/** Fewer cells are read faster as numbers. */
const CELLS_MIN = 16;

/** Parts of a state that are looked at, the nearest to the root first. */
const PARTS_MAX = 64;

/** A picture of a state, which must be decoded data; undefined if there is nothing to draw. */
export function automaticPicture(state: unknown, ranges: Ranges): Picture | undefined {
  const parts: { path: string; value: unknown }[] = [{ path: "", value: state }];
  for (let i = 0; i < parts.length; i++) {
    const { path, value } = parts[i]!;
    const layer = gridIn(value) ?? pointsIn(value);
    if (layer !== undefined) {
      return { ...checkPicture({ ...layer, path: path || "state" }, ranges), isAutomatic: true };
    }
    if (typeof value !== "object" || value === null || isList(value)) continue;
    if (Object.getPrototypeOf(value) !== Object.prototype) continue;
    for (const [key, part] of Object.entries(value)) {
      if (parts.length === PARTS_MAX) break;
      parts.push({ path: path === "" ? key : `${path}.${key}`, value: part });
    }
  }
  return undefined;
}

function gridIn(value: unknown): object | undefined {
  if (!isList(value) || value.length === 0) return undefined;
  const [first] = value as ArrayLike<unknown> & [unknown];
  if (isList(first)) {
    const rows = Array.from(value);
    const isGrid = rows.every((row) =>
      isList(row) && row.length === first.length && areNumbers(row)
    );
    const cells = rows.length * first.length;
    return isGrid && cells >= CELLS_MIN && cells <= PICTURE_CELLS_MAX && first.length > 1
      ? { kind: "grid", values: value }
      : undefined;
  }
  const side = Math.sqrt(value.length);
  return Number.isInteger(side) && value.length >= CELLS_MIN &&
      value.length <= PICTURE_CELLS_MAX && areNumbers(value)
    ? { kind: "grid", values: value }
    : undefined;
}

function areNumbers(list: ArrayLike<unknown>): boolean {
  if (!Array.isArray(list)) return true;
  return list.every((value) => typeof value === "number" || typeof value === "boolean");
}

interface Point {
  readonly x: number;
  readonly y: number;
  readonly heading?: unknown;
  readonly angle?: unknown;
}

function pointsIn(value: unknown): object | undefined {
  if (!Array.isArray(value) || value.length < 2 || value.length > PICTURE_POINTS_MAX) {
    return undefined;
  }
  if (!value.every(isPoint)) return undefined;
  const headings = value.map(({ heading, angle }) => heading ?? angle);
  return {
    kind: "points",
    x: value.map(({ x }) => x),
    y: value.map(({ y }) => y),
    ...(headings.every((heading) => typeof heading === "number") ? { heading: headings } : {}),
  };
}

function isPoint(value: unknown): value is Point {
  return typeof value === "object" && value !== null &&
    typeof (value as Point).x === "number" && typeof (value as Point).y === "number";
}
