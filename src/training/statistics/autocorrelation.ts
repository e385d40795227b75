/**
 * How many independent values a serial sample is worth.
 * This module is browser compatible.
 *
 * @module
 */

import { summarize } from "./summary.ts";

/** Lags that are summed for a long series before it is made coarser. */
const LAGS_OF_LONG = 200;
/** Values of a long series that are averaged for the coarser one. */
const COARSE_WIDTH = 8;

/**
 * Integrated autocorrelation time (at least 1): n divided by it is the number of independent values
 * that a serial sample is worth. Sokal's automatic window with c = 5. A long series that stays correlated
 * over many steps is first averaged in groups, whose mean has the same error (Flyvbjerg and Petersen
 * 1989): the time taken is linear in its length.
 */
export function autocorrelationTime(values: ArrayLike<number>): number {
  const { n, mean, variance } = summarize(values);
  if (n < 4 || !(variance > 0)) return 1;
  let tau = 1;
  let lags = 0;
  const isLong = n > 10 * COARSE_WIDTH * LAGS_OF_LONG;
  const lagMax = isLong ? LAGS_OF_LONG : n - 1;
  for (let lag = 1; lag <= lagMax; lag++) {
    let sum = 0;
    for (let i = lag; i < n; i++) sum += (values[i]! - mean) * (values[i - lag]! - mean);
    tau += 2 * sum / ((n - 1) * variance);
    lags = lag;
    if (lag >= 5 * tau) break;
  }
  if (isLong && lags < 5 * tau) {
    const coarse = groupMeans(values, COARSE_WIDTH);
    const share = summarize(coarse).variance / variance;
    return Math.max(1, COARSE_WIDTH * share * autocorrelationTime(coarse));
  }
  // The mean is itself estimated, which lowers every term a little (Wolff 2004, eq. 49).
  return Math.min(Math.max(1, tau * (1 + (2 * lags + 1) / n)), n / 2);
}

function groupMeans(values: ArrayLike<number>, width: number): Float64Array {
  const means = new Float64Array(Math.floor(values.length / width));
  for (let group = 0; group < means.length; group++) {
    let sum = 0;
    for (let i = group * width; i < (group + 1) * width; i++) sum += values[i]!;
    means[group] = sum / width;
  }
  return means;
}
