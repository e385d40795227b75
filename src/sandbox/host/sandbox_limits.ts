/**
 * The bounds of a sandboxed pass, their defaults and what they may be.
 * This module is browser compatible.
 *
 * @module
 */

import { ArgumentRangeError } from "../../errors.ts";
import { SANDBOX_MEMORY_BYTES_MAX, SANDBOX_TIMEOUT_MS } from "../../limits.ts";
import { SANDBOX_OUTPUT_BYTES_MAX } from "../wire/limits.ts";

/** Bounds of a sandboxed pass. */
export interface SandboxLimits {
  /**
   * Resident memory that the processes of one pass may take together, in bytes.
   *
   * @default {500_000_000}
   */
  memoryBytesMax?: number;
  /**
   * Time that one job may take, in milliseconds; Infinity for no limit.
   *
   * @default {60_000}
   */
  timeoutMs?: number;
  /**
   * What one job may send back, in bytes.
   *
   * @default {268_435_456}
   */
  outputBytesMax?: number;
}

/** The child needs some for itself; less could not run any step. */
const MEMORY_BYTES_MIN = 120_000_000;

/** Takes defaults and checks limits. */
export function checkLimits(limits: SandboxLimits): Required<SandboxLimits> {
  const checked = {
    memoryBytesMax: limits.memoryBytesMax ?? SANDBOX_MEMORY_BYTES_MAX,
    timeoutMs: limits.timeoutMs ?? SANDBOX_TIMEOUT_MS,
    outputBytesMax: limits.outputBytesMax ?? SANDBOX_OUTPUT_BYTES_MAX,
  };
  for (const [name, value] of Object.entries(checked)) {
    if (!(value > 0)) {
      throw new ArgumentRangeError(
        `Cannot use '${name}': it must be greater than 0: current value is ${value}`,
      );
    }
  }
  if (checked.memoryBytesMax < MEMORY_BYTES_MIN) {
    throw new ArgumentRangeError(
      `Cannot use 'memoryBytesMax': a sandboxed process needs at least ${MEMORY_BYTES_MIN} ` +
        `bytes for itself: current value is ${checked.memoryBytesMax}`,
    );
  }
  return checked;
}
