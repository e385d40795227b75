/**
 * An interval for the mean of a serial sample, by resampling blocks of it.
 * This module is browser compatible.
 *
 * @module
 */

import { ArgumentRangeError } from "../../errors.ts";
import { cbrt } from "../../math/mod.ts";
import { autocorrelationTime } from "./autocorrelation.ts";
import { quantileOfSorted, summarize } from "./summary.ts";
import type { UniformSource } from "./uniform_source.ts";

/** An interval for a mean. */
export interface MeanInterval {
  /** The estimate itself. */
  readonly mean: number;
  /** Lower and upper end. */
  readonly interval: readonly [number, number];
  /** Confidence level, in (0, 1). */
  readonly level: number;
  /** Values in the sample. */
  readonly n: number;
  /** Length of the resampled blocks. */
  readonly blockLength: number;
}

/** Options of {@linkcode blockBootstrap}. */
export interface BlockBootstrapOptions {
  /** Source of randomness. */
  random: UniformSource;
  /** Number of resamples (default 1000). */
  resamples?: number;
  /** Confidence level in (0, 1) (default 0.95). */
  level?: number;
}

/**
 * Percentile interval for the mean of a serial sample by the circular block bootstrap (Politis and
 * Romano 1992); the block length follows the sample's autocorrelation time.
 *
 * @throws {RangeError} if the sample has fewer than 8 values.
 */
export function blockBootstrap(
  values: ArrayLike<number>,
  { random, resamples = 1000, level = 0.95 }: BlockBootstrapOptions,
): MeanInterval {
  const n = values.length;
  if (n < 8) {
    throw new ArgumentRangeError(
      `Cannot bootstrap a mean as it takes at least 8 values: current value is ${n}`,
    );
  }
  const tau = autocorrelationTime(values);
  const blockLength = Math.min(
    Math.max(1, Math.ceil(n / 4)),
    Math.max(1, Math.ceil(cbrt(n * tau * tau))),
  );
  // Prefix sums make each resample cost its number of blocks, not of values.
  const { mean } = summarize(values);
  const prefix = new Float64Array(2 * n + 1);
  for (let i = 0; i < 2 * n; i++) prefix[i + 1] = prefix[i]! + (values[i % n]! - mean);
  const blocks = Math.ceil(n / blockLength);
  const lastLength = n - (blocks - 1) * blockLength;
  const means = new Float64Array(resamples);
  for (let r = 0; r < resamples; r++) {
    let sum = 0;
    for (let k = 0; k < blocks; k++) {
      const start = Math.floor(random() * n);
      sum += prefix[start + (k + 1 < blocks ? blockLength : lastLength)]! - prefix[start]!;
    }
    means[r] = mean + sum / n;
  }
  means.sort();
  const tail = (1 - level) / 2;
  return {
    mean,
    interval: [quantileOfSorted(means, tail), quantileOfSorted(means, 1 - tail)],
    level,
    n,
    blockLength,
  };
}
