/**
 * Why a match may say less than it seems to: bounds that let everything pass, values that are no numbers, metrics
 * that no training moves.
 * This module is browser compatible.
 *
 * @module
 */

import type { Column, RunLog } from "../log/run_log.ts";
import type { MetricPair } from "./metric_selection.ts";
import type { MetricComparison } from "./run_comparison.ts";

/** A bound from which on a value may be twice as large, or 0. */
const RELATIVE_BOUND_MAX = 1;

/** Metrics that a schedule gives, whatever is learned. */
const SCHEDULED = new Set(["lr", "epoch", "step"]);

/** One line for each reason; none for a match that says what it seems to. */
export function weaknesses(
  metrics: readonly MetricComparison[],
  pairs: readonly MetricPair[],
): string[] {
  const compared = metrics.filter((metric) => metric.compared > 0);
  const named = (found: readonly MetricComparison[]): string =>
    found.map(({ metric }) => metric).join(", ");
  const loose = compared.filter(({ tolerance, violations }) =>
    violations === 0 && Math.max(tolerance.tolerance, tolerance.rtol) >= RELATIVE_BOUND_MAX
  );
  const lost = compared.filter(({ maxDiffStep, violations }) =>
    maxDiffStep === undefined && violations === 0
  );
  return [
    ...(loose.length > 0
      ? [
        `a relative bound of 1 or more lets values of any size near 0 pass, for ${
          named(loose)
        }: 1% is 0.01`,
      ]
      : []),
    ...(lost.length > 0 ? [`no value of ${named(lost)} is a finite number, on either side`] : []),
    ...(areUnmoved(metrics, pairs) && lost.length === 0 ? [unmovedText(compared)] : []),
  ];
}

function unmovedText(compared: readonly MetricComparison[]): string {
  const names = compared.map(({ metric }) => metric).join(", ");
  return `only values that never change or follow a schedule were compared: ${names}`;
}

/**
 * Why nothing was compared, where all that was are values that never change, and the logs say their
 * numbers in messages; undefined otherwise.
 */
export function reasonOnlySaid(
  metrics: readonly MetricComparison[],
  pairs: readonly MetricPair[],
  logs: readonly RunLog[],
): string | undefined {
  const log = logs.find(({ numbers }) => numbers.said !== undefined);
  // Of one row nothing can be said to stay: names that people know are values.
  const isKnown = pairs.some(({ original }) => original?.canonical !== undefined);
  const isOnce = metrics.every(({ compared }) => compared <= 1) && !isKnown;
  if (log === undefined || !(isOnce || areUnmoved(metrics, pairs))) return undefined;
  const { line, detail } = log.numbers.said!;
  return `${
    unmovedText(metrics.filter(({ compared }) => compared > 0))
  }, while line ${line} of ${log.source} has numbers in a message (${detail}): ` +
    "compare the messages alone, each on a line of its own";
}

/** Whether all that was compared is what no training moves. */
function areUnmoved(metrics: readonly MetricComparison[], pairs: readonly MetricPair[]): boolean {
  const compared = metrics.filter((metric) => metric.compared > 0);
  const columns = new Map(pairs.map(({ name, original }) => [name, original]));
  const isUnmoved = ({ metric }: MetricComparison): boolean => {
    const column = columns.get(metric);
    return column !== undefined && column.earlierOf === undefined &&
      (SCHEDULED.has(column.canonical ?? column.name) ||
        isConstant(column));
  };
  return compared.some((metric) => metric.compared > 1) && compared.every(isUnmoved);
}

function isConstant({ values, present }: Column): boolean {
  const first = present.indexOf(1);
  return values.every((value, row) => present[row] === 0 || Object.is(value, values[first]));
}
