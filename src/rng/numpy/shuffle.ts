/**
 * NumPy's `shuffle`, `permutation` and `permuted`: Fisher-Yates from the end, with masked draws.
 * This module is browser compatible.
 *
 * @module
 */

import { ArgumentRangeError } from "../../errors.ts";
import {
  axisLayout,
  isShaped,
  requireList,
  requireShape,
  swap,
  swapRows,
  takeRows,
} from "./axis.ts";
import { maskedInteger } from "./bounded.ts";

import type { PCG64 } from "./pcg64.ts";
import type { AxisLayout, Shaped, Swappable } from "./types.ts";

/**
 * Shuffles a list, a typed array, or the rows along one axis of data with a shape, in place.
 *
 * @throws {TypeError} if it is none of those
 * @throws {RangeError} if there is no such axis
 */
export function shuffle(bits: PCG64, x: Swappable | Shaped<Swappable>, axis: number): void {
  if (isShaped(x)) {
    shuffleRows(bits, x.data, axisLayout(x, axis));
  } else {
    shuffleList(bits, requireList("shuffle", x, axis));
  }
}

/** Shuffles all elements of a list in place. */
export function shuffleList(bits: PCG64, data: Swappable): void {
  for (let i = data.length - 1; i > 0; i--) swap(data, i, maskedInteger(bits, i));
}

function shuffleRows(bits: PCG64, data: Swappable, layout: AxisLayout): void {
  if (data.length === 0) return;
  for (let i = layout.length - 1; i > 0; i--) swapRows(data, layout, i, maskedInteger(bits, i));
}

/** A shuffled copy: of 0 to x - 1 for a number, of the elements or of the rows along an axis. */
export function permutation(
  bits: PCG64,
  x: number | Swappable | Shaped<Swappable>,
  axis: number,
): Swappable | Shaped<Swappable> {
  if (typeof x === "number") {
    if (!Number.isSafeInteger(x) || x < 0) {
      throw new ArgumentRangeError(
        `Cannot permute the integers below ${x}: give an integer of 0 or more`,
      );
    }
    return permutedIndices(bits, x);
  }
  if (isShaped(x)) {
    const layout = axisLayout(x, axis);
    return {
      shape: [...x.shape],
      data: takeRows(x.data, layout, permutedIndices(bits, layout.length)),
    };
  }
  const list = requireList("permute", x, axis);
  const layout = { outer: 1, length: list.length, inner: 1 };
  return takeRows(list, layout, permutedIndices(bits, list.length));
}

function permutedIndices(bits: PCG64, count: number): Float64Array {
  const indices = Float64Array.from({ length: count }, (_, i) => i);
  shuffleList(bits, indices as unknown as Swappable);
  return indices;
}

/** A copy in which each row along the axis is shuffled on its own, or all elements without an axis. */
export function permuted(
  bits: PCG64,
  x: Swappable | Shaped<Swappable>,
  axis: number | undefined,
): Swappable | Shaped<Swappable> {
  if (!isShaped(x)) {
    const list = requireList("permute", x, axis ?? 0);
    const copy = takeRows(list, { outer: 1, length: 1, inner: list.length }, [0]);
    shuffleList(bits, copy);
    return copy;
  }
  requireShape(x);
  const data = takeRows(x.data, { outer: 1, length: 1, inner: x.data.length }, [0]);
  if (axis === undefined) {
    shuffleList(bits, data);
  } else {
    const { outer, length, inner } = axisLayout(x, axis);
    for (let lane = 0; lane < outer * inner; lane++) {
      const first = Math.floor(lane / inner) * length * inner + lane % inner;
      for (let i = length - 1; i > 0; i--) {
        swap(data, first + i * inner, first + maskedInteger(bits, i) * inner);
      }
    }
  }
  return { shape: [...x.shape], data };
}
