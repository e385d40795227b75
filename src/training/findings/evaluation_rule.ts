/**
 * What a rule of an evaluation is, and what rules share: a metric's finite values, and the answer
 * where a log does not hold what a rule needs.
 * This module is browser compatible.
 *
 * @module
 */

import { canonicalName } from "../log/canonical_names.ts";
import { type Column, column, type RunLog } from "../log/run_log.ts";

/** Outcome of one rule. */
export type EvaluationStatus = "pass" | "warn" | "fail" | "not_computable";

/** Result of one rule. */
export interface EvaluationResult {
  /** Name of the rule. */
  readonly evaluation: string;
  /** Outcome. */
  readonly status: EvaluationStatus;
  /** What was found, in one line. */
  readonly detail: string;
  /** The rule and its threshold, in one line. */
  readonly rule: string;
  /** Values that it rests on. */
  readonly n: number;
  /** First step at which it fired. */
  readonly firstStep?: number;
  /** What was measured, by name. */
  readonly measured: Readonly<Record<string, number>>;
}

/** A rule. */
export interface EvaluationRule {
  /** Its name. */
  readonly name: string;
  /** The rule and its threshold, in one line. */
  readonly rule: string;
  /** Applies it to a log. */
  evaluate(log: RunLog): Omit<EvaluationResult, "evaluation" | "rule">;
}

/** What a rule finds. */
export type EvaluationOutcome = Omit<EvaluationResult, "evaluation" | "rule">;

/** A metric's finite values and their steps. */
export interface MetricSeries {
  /** Steps at which it has a finite value. */
  readonly steps: Float64Array;
  /** These values. */
  readonly values: Float64Array;
}

/**
 * The column of a metric by canonical name; where no name of the log stands in the list of names, the one whose last
 * part does, such as `losses/entropy` or `Loss / Entropy loss`.
 */
export function columnLike(log: RunLog, canonical: string): Column | undefined {
  const named = column(log, canonical);
  if (named !== undefined) return named;
  const found = [...log.columns.values()].filter(({ name, canonical: own }) => {
    const last = name.toLowerCase().split(/\s*\/\s*|\./).at(-1)!.replace(/^mean\s+/, "");
    return own === undefined && canonicalName(last.replace(/\s+/g, "_")) === canonical;
  });
  return found.length === 1 ? found[0] : undefined;
}

/** Finite values of a metric by canonical name; undefined if the log has fewer than `least` of them. */
export function metricSeries(log: RunLog, name: string, least = 1): MetricSeries | undefined {
  const found = columnLike(log, name);
  if (found === undefined) return undefined;
  const steps = new Float64Array(log.steps.length);
  const values = new Float64Array(log.steps.length);
  let count = 0;
  for (let row = 0; row < log.steps.length; row++) {
    if (found.present[row] !== 1 || !Number.isFinite(found.values[row]!)) continue;
    steps[count] = log.steps[row]!;
    values[count++] = found.values[row]!;
  }
  if (count < least) return undefined;
  return { steps: steps.subarray(0, count), values: values.subarray(0, count) };
}

/** The answer of a rule whose log does not hold what it needs. */
export function notComputable(detail: string): EvaluationOutcome {
  return { status: "not_computable", detail, n: 0, measured: {} };
}
