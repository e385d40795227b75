/**
 * What of a training step is to be recorded, and where the records lie.
 * This module is browser compatible.
 *
 * @module
 */

import { ArgumentRangeError, ArgumentTypeError } from "../../errors.ts";

/**
 * How much is recorded: `step` has batches, generators, loss, gradients, weights and the optimizer's state;
 * `full` has what every module does forward and backward, too.
 */
export const FINGERPRINT_LEVELS = ["step", "full"] as const;

/** One of {@linkcode FINGERPRINT_LEVELS}. */
export type FingerprintLevel = typeof FINGERPRINT_LEVELS[number];

/** What to record. */
export interface FingerprintRequest {
  /** How much of a step. */
  readonly level: FingerprintLevel;
  /** Records steps 0, K, 2K, ... alone, at least 1 (default 1). */
  readonly every?: number | undefined;
}

/**
 * Checks a request before anything runs.
 *
 * @throws {TypeError} If the level is not known.
 * @throws {RangeError} If `every` is no whole number of at least 1.
 */
export function checkFingerprintRequest(request: FingerprintRequest | undefined): void {
  if (request === undefined) return;
  const { level, every = 1 } = request;
  if (!FINGERPRINT_LEVELS.includes(level)) {
    throw new ArgumentTypeError(
      `Cannot record fingerprints of level "${level}" as it is not known; choose from ${
        FINGERPRINT_LEVELS.join(", ")
      }`,
    );
  }
  if (!Number.isSafeInteger(every) || every < 1) {
    throw new ArgumentRangeError(
      `Cannot record fingerprints as 'every' must be a whole number of at least 1: current value is ${every}`,
    );
  }
}
