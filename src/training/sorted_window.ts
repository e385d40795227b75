/**
 * The median and the spread of the last values of a series, kept up to date while the window moves on.
 * This module is browser compatible.
 *
 * @module
 */

/** A fixed number of values in ascending order, of which one at a time is replaced. */
export class SortedWindow {
  readonly #sorted: Float64Array;

  /** Starts with a copy of these values; none may be NaN. */
  constructor(values: Float64Array) {
    this.#sorted = values.slice().sort();
  }

  /** Takes out one value equal to `old`, which must be there, and puts in another. */
  replace(old: number, value: number): void {
    const sorted = this.#sorted;
    const from = this.#firstAtLeast(old);
    const to = this.#firstAtLeast(value);
    if (to > from) {
      sorted.copyWithin(from, from + 1, to);
      sorted[to - 1] = value;
    } else {
      sorted.copyWithin(to + 1, to, from);
      sorted[to] = value;
    }
  }

  /** The median, the mean of the middle two for an even count. */
  median(): number {
    const sorted = this.#sorted;
    const low = sorted[(sorted.length - 1) >>> 1]!;
    return low + 0.5 * (sorted[sorted.length >>> 1]! - low);
  }

  /** 1.4826 times the median absolute deviation from the median. */
  robustDeviation(): number {
    const sorted = this.#sorted;
    const count = sorted.length;
    const middle = this.median();
    // The nearest values are found by walking outwards from the median on both sides.
    let right = this.#firstAtLeast(middle);
    let left = right - 1;
    let low = 0;
    let distance = 0;
    for (let rank = 0; rank <= count >>> 1; rank++) {
      const below = left >= 0 ? middle - sorted[left]! : Infinity;
      const above = right < count ? sorted[right]! - middle : Infinity;
      if (below < above) {
        distance = below;
        left--;
      } else {
        distance = above;
        right++;
      }
      if (rank === (count - 1) >>> 1) low = distance;
    }
    return 1.4826 * (low + 0.5 * (distance - low));
  }

  #firstAtLeast(value: number): number {
    let low = 0;
    let high = this.#sorted.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#sorted[middle]! < value) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
