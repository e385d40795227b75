/**
 * The median and the spread of the last values of a series, kept up to date while the window moves on.
 * This module is browser compatible.
 *
 * @module
 */

/** Values in ascending order; none may be NaN. */
export class SortedWindow {
  readonly #sorted: Float64Array;
  #count = 0;

  /** Room for so many values. */
  constructor(capacity: number) {
    this.#sorted = new Float64Array(capacity);
  }

  /** How many values there are. */
  get count(): number {
    return this.#count;
  }

  /** The value at a rank, from 0 for the least. */
  at(rank: number): number {
    return this.#sorted[rank]!;
  }

  /** Puts a value in. */
  add(value: number): void {
    const at = this.#firstAtLeast(value);
    this.#sorted.copyWithin(at + 1, at, this.#count++);
    this.#sorted[at] = value;
  }

  /** Takes one value equal to this one out, which must be there. */
  remove(value: number): void {
    const at = this.#firstAtLeast(value);
    this.#sorted.copyWithin(at, at + 1, this.#count--);
  }

  /** The median, the mean of the middle two for an even count; there must be a value. */
  median(): number {
    const low = this.at((this.#count - 1) >>> 1);
    return low + 0.5 * (this.at(this.#count >>> 1) - low);
  }

  /** 1.4826 times the median absolute deviation from the median. */
  robustDeviation(): number {
    const sorted = this.#sorted;
    const count = this.#count;
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
    let high = this.#count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#sorted[middle]! < value) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
