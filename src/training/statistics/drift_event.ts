/**
 * What a comparison of two series can find, as plain data.
 * This module is browser compatible.
 *
 * @module
 */

/** In which way two runs part. */
export type DriftKind =
  /** The runs differ by about the same amount from their first step on. */
  | "offset"
  /** From a step on they differ by about the same amount. */
  | "level_shift"
  /** Between two steps they differ by about the same amount, and come back. */
  | "bump"
  /** From a step on they part more and more. */
  | "drift"
  /** From a step on one is noisier than the other. */
  | "variance_change"
  /** One value stands apart. */
  | "outlier"
  /** From a step on one has NaN or an infinity where the other has something else. */
  | "non_finite"
  /** At some steps only one has a value. */
  | "missing";

/** One finding. */
export interface DriftEvent {
  /** In which way. */
  readonly kind: DriftKind;
  /** Index of its first value. */
  readonly index: number;
  /** How many values in a row it covers. */
  readonly count: number;
  /** Its statistic, in standard deviations; infinite where no test is needed. */
  readonly zScore: number;
  /** Its p-value, to be compared with `alphaPerTest`; 0 where no test is needed. */
  readonly p: number;
  /** The difference before it: a mean, or for a variance change the ratio of the deviations. */
  readonly before: number;
  /** The same from it on; for a drift its change per step, for an outlier its own difference. */
  readonly after: number;
}

/** What {@linkcode detectDrift} found. */
export interface DriftResult {
  /** Findings by index. */
  readonly events: readonly DriftEvent[];
  /** Values that were tested. */
  readonly n: number;
  /** Independent values that the difference is worth. */
  readonly nEffective: number;
  /** Level that each p was compared with. */
  readonly alphaPerTest: number;
  /** Why nothing could be tested, if so. */
  readonly notComputable: string | undefined;
}
