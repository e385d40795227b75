/**
 * Prints statistics, whether one process took them or several shards.
 *
 * @module
 */

import type { Histogram } from "../engine/run_options.ts";
import type { SeriesStats } from "../engine/series_stats.ts";
import type { Output } from "./output.ts";
import { grouped, printRows } from "./table.ts";
import { statsJson, statsRows } from "./print_values.ts";

/** Columns of the longest bar of a histogram. */
const BAR_COLUMNS = 40;

/** Prints them as rows, or as JSON. */
export function printStats(
  output: Output,
  stats: SeriesStats,
  { json, quantiles = [] }: { json: boolean; quantiles?: readonly number[] },
): void {
  if (json) return output.json(statsJson(stats));
  const { quantiles: found = [], histogram, autocorrelation, ...moments } = stats;
  printRows(output, [
    ...statsRows(moments as SeriesStats),
    ...found.map((value, i): [string, string] => [`quantile ${quantiles[i] ?? i}`, grouped(value)]),
    ...(autocorrelation === undefined ? [] : errorRows(autocorrelation)),
  ]);
  if (histogram !== undefined) printHistogram(output, histogram);
  if (autocorrelation?.isReliable === false) {
    output.note(
      "note: the series is too short to know its autocorrelation: the standard error may be too small",
    );
  }
}

function errorRows(
  { standardError, effectiveSize, autocorrelationTime }: NonNullable<
    SeriesStats["autocorrelation"]
  >,
): [string, string][] {
  return [
    ["standard error", grouped(standardError)],
    ["effective size", grouped(effectiveSize)],
    ["autocorrelation time", grouped(autocorrelationTime)],
  ];
}

function printHistogram(output: Output, { low, high, counts }: Histogram): void {
  const most = Math.max(1, ...counts);
  const edge = (i: number): string => (low + (high - low) * (i / counts.length)).toPrecision(6);
  printRows(
    output,
    counts.map((count, i): [string, string] => [
      `${edge(i)} to ${edge(i + 1)}`,
      `${grouped(count)} ${"#".repeat(Math.round(BAR_COLUMNS * count / most))}`.trimEnd(),
    ]),
  );
}
