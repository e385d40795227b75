/**
 * The median without sorting: a part of a long sample is moved, in time linear in its length.
 * This module is browser compatible.
 *
 * @module
 */

/** Partitions after which what is left is sorted, so that no order of values takes quadratic time. */
const PARTITIONS_MAX = 100;

/**
 * The median of a sample without NaN, the mean of the middle two for an even count; NaN if it is empty.
 * The sample is put in another order.
 */
export function selectMedian(values: Float64Array): number {
  const count = values.length;
  if (count === 0) return NaN;
  const middle = (count - 1) >>> 1;
  select(values, middle);
  const low = values[middle]!;
  if (count % 2 === 1) return low;
  let high = Infinity;
  for (let i = middle + 1; i < count; i++) if (values[i]! < high) high = values[i]!;
  return low + 0.5 * (high - low);
}

/** Puts at `rank` what sorting would put there, nothing larger before it, nothing smaller after it. */
function select(values: Float64Array, rank: number): void {
  let from = 0;
  let last = values.length - 1;
  for (let round = 0; from < last; round++) {
    if (round === PARTITIONS_MAX) {
      values.subarray(from, last + 1).sort();
      return;
    }
    const pivot = middleOf(values[from]!, values[(from + last) >>> 1]!, values[last]!);
    let i = from;
    let j = last;
    // Hoare's partition: it stops at equal values, so that a constant sample is halved too.
    while (i <= j) {
      while (values[i]! < pivot) i++;
      while (values[j]! > pivot) j--;
      if (i > j) break;
      const value = values[i]!;
      values[i++] = values[j]!;
      values[j--] = value;
    }
    if (rank <= j) last = j;
    else if (rank >= i) from = i;
    else return;
  }
}

function middleOf(a: number, b: number, c: number): number {
  return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
}
