/**
 * Plain bisection over an integer range.
 * This module is browser compatible.
 *
 * @module
 */

/**
 * The first index in [from, to) for which `predicate` is true, for a predicate that is false up to
 * some index and true from there on; undefined if it is true for none. Asks about log2(to - from)
 * indices.
 *
 * @param predicate Monotonic in its argument.
 * @param range Integers `from <= to`.
 */
export function bisectRange(
  predicate: (index: number) => boolean,
  range: { from: number; to: number },
): number | undefined {
  let low = range.from;
  let high = range.to;
  while (low < high) {
    const middle = low + Math.floor((high - low) / 2);
    if (predicate(middle)) high = middle;
    else low = middle + 1;
  }
  return low < range.to ? low : undefined;
}
