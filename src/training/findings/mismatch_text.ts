/**
 * A disagreement in words.
 * This module is browser compatible.
 *
 * @module
 */

import type { Mismatch } from "../compare/run_comparison.ts";

/** One disagreement in one line. */
export function mismatchText({ step, metric, original, replay, relativeDiff }: Mismatch): string {
  const size = Number.isNaN(relativeDiff) ? "" : ` (off by ${relativeDiff.toPrecision(3)})`;
  return `step ${step}: ${metric} is ${valueText(replay)} against ${valueText(original)}${size}`;
}

/** A value as the log has it. */
export function valueText(value: number | undefined): string {
  return value === undefined ? "missing" : Object.is(value, -0) ? "-0" : String(value);
}
