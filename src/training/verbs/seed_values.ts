/**
 * The one value of each run that counts, and what makes values that are no match for each other.
 *
 * @module
 */

import type { SeedSample } from "../findings/seed_findings.ts";
import type { SeedResult } from "../findings/seeds_report.ts";
import { type Column, column, type RunLog } from "../log/run_log.ts";
import { summarize } from "../statistics/summary.ts";
import type { SeededGroup, SeededRun } from "./seed_groups.ts";

/** Which value counts. */
export interface ValueOptions {
  readonly over: "last" | "best" | "mean";
  readonly window: number;
  readonly maxSteps?: number;
  readonly better: "higher" | "lower" | undefined;
  readonly allowMissing?: boolean;
}

/** Values, or why there are none. */
export interface FoundValues {
  readonly samples: SeedSample[];
  readonly lastStep: number;
  /** Why the values cannot be compared; empty if they can. */
  readonly problems: readonly string[];
  readonly warnings: readonly string[];
}

interface Series {
  readonly steps: readonly number[];
  readonly values: readonly number[];
}

/** The values of a metric in all groups: all of them finite, and up to one and the same step. */
export function valuesOf(
  groups: readonly SeededGroup[],
  metric: string,
  options: ValueOptions,
): FoundValues {
  const { allowMissing = false, maxSteps = Infinity } = options;
  const problems: string[] = [];
  const warnings: string[] = [];
  const doubt = (text: string, mended: string): void => {
    if (allowMissing) warnings.push(`${text}; ${mended}`);
    else problems.push(`${text} (--allow-missing: ${mended})`);
  };
  const found = groups.map(({ path, runs }) => ({
    path,
    runs: runs.flatMap((run) => {
      const series = seriesOf(run.log, metric, maxSteps);
      if (series !== undefined) return [{ run, series }];
      doubt(`${run.name} of ${path} has no value of ${metric}`, "it is left out");
      return [];
    }),
  }));
  const lasts = found.flatMap(({ path, runs }) =>
    runs.map(({ run, series }) => ({ name: `${run.name} of ${path}`, last: series.steps.at(-1)! }))
  );
  const lastStep = Math.min(...lasts.map(({ last }) => last));
  const longest = Math.max(...lasts.map(({ last }) => last));
  if (lastStep < longest) {
    const short = lasts.filter(({ last }) => last === lastStep);
    doubt(
      `${metric} ends at step ${lastStep} in ${
        short.slice(0, 3).map(({ name }) => name).join(", ")
      }${
        short.length > 3 ? ` and ${short.length - 3} more` : ""
      }, and at step ${longest} in others`,
      `all are cut at step ${lastStep}`,
    );
  }
  const samples = found.map(({ path, runs }): SeedSample => ({
    path,
    values: runs.flatMap(({ run, series }): SeedResult[] => {
      const value = valueOf(cut(series, lastStep), options);
      if (Number.isFinite(value)) return [{ run: run.name, seed: run.seed, value }];
      doubt(
        `${metric} of ${run.name} of ${path} is ${value}: a mean of the others would leave out the worst`,
        "it is left out",
      );
      return [];
    }),
  }));
  for (const { path, values } of samples) {
    if (values.length === 0) problems.push(`no run of ${path} has a value of ${metric}`);
  }
  return { samples, lastStep, problems, warnings };
}

/** Values of a metric, NaN among them, in the order of the steps; undefined if there are none. */
function seriesOf(log: RunLog, metric: string, maxSteps: number): Series | undefined {
  const item: Column | undefined = column(log, metric);
  if (item === undefined) return undefined;
  const steps: number[] = [];
  const values: number[] = [];
  for (let row = 0; row < log.steps.length; row++) {
    if (item.present[row] !== 1 || log.steps[row]! > maxSteps) continue;
    steps.push(log.steps[row]!);
    values.push(item.values[row]!);
  }
  return steps.length === 0 ? undefined : { steps, values };
}

function cut({ steps, values }: Series, lastStep: number): number[] {
  return values.slice(0, steps.filter((step) => step <= lastStep).length);
}

function valueOf(values: readonly number[], { over, window, better }: ValueOptions): number {
  if (over === "last") return summarize(values.slice(-window)).mean;
  if (over === "mean") return summarize(values).mean;
  const finite = values.filter((value) => !Number.isNaN(value));
  return finite.length === 0
    ? NaN
    : finite.reduce((best, value) =>
      better === "lower" ? Math.min(best, value) : Math.max(best, value)
    );
}

/** Runs of a group that log the very same values, although they are said to have different seeds. */
export function sameEverywhere({ path, runs }: SeededGroup, metric: string): string[] {
  const byValues = new Map<string, SeededRun>();
  for (const run of runs) {
    const series = seriesOf(run.log, metric, Infinity);
    // One or two equal values may be chance, or the start of the run.
    if (series === undefined || new Set(series.values).size < 3) continue;
    const key = series.steps.map((step, i) => `${step}:${series.values[i]}`).join(" ");
    const other = byValues.get(key);
    if (other !== undefined) {
      return [
        `${other.name} and ${run.name} of ${path} log the same ${metric} at all ${series.steps.length} steps: ` +
        "the seed has no effect, or a log was copied",
      ];
    }
    byValues.set(key, run);
  }
  return [];
}
