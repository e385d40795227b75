/**
 * Where a function meets a level: the quantiles of distributions whose tails are known.
 * This module is browser compatible.
 *
 * @module
 */

/** Where a falling function of positive numbers meets `level`. */
export function crossing(falling: (x: number) => number, level: number): number {
  let [low, high] = [0, 1];
  while (falling(high) > level) [low, high] = [high, 2 * high];
  for (let round = 0; round < 100 && high - low > 1e-12 * high; round++) {
    const middle = (low + high) / 2;
    if (falling(middle) > level) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
