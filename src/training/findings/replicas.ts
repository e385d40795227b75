/**
 * How far replicas of one command differ, and whether an original could be one of them.
 * This module is browser compatible.
 *
 * @module
 */

import { alignSteps } from "../compare/align_steps.ts";
import type { MetricSelection } from "../compare/metric_selection.ts";
import { resolveMetrics } from "../compare/metric_selection.ts";
import type { Replica, ReplicaSignificance, ReplicaSpread } from "./replay_report.ts";
import { column, type RunLog } from "../log/run_log.ts";
import { summarize } from "../statistics/summary.ts";
import { ksTest, welchTest } from "../statistics/two_sample_tests.ts";

/** Names of the metrics that `selection` means, between the first two of `logs`. */
export function selectedNames(selection: MetricSelection, logs: readonly RunLog[]): string[] {
  const first = logs[0];
  if (first === undefined) return selection.requests.map((request) => request.name);
  return resolveMetrics(selection, first, logs[1] ?? first).pairs
    .filter((pair) => pair.original !== undefined)
    .map((pair) => pair.name);
}

/** The spread over `logs` of one metric, step by step. */
export function replicaSpread(metric: string, logs: readonly RunLog[]): ReplicaSpread {
  const having = logs.filter((log) => column(log, metric) !== undefined);
  const steps = [...new Set(having.flatMap((log) => Array.from(log.steps)))].sort((a, b) => a - b);
  const cursors = new Uint32Array(having.length);
  const columns = having.map((log) => column(log, metric)!);
  let shared = 0;
  let maxSpread = 0;
  let maxSpreadStep: number | undefined;
  let firstUnequalStep: number | undefined;
  let stdSum = 0;
  for (const step of steps) {
    let n = 0;
    let mean = 0;
    let m2 = 0;
    let low = Infinity;
    let high = -Infinity;
    let first = NaN;
    let unequal = false;
    for (let k = 0; k < having.length; k++) {
      const row = cursors[k]!;
      if (having[k]!.steps[row] !== step) continue;
      cursors[k] = row + 1;
      if (columns[k]!.present[row] === 0) continue;
      const value = columns[k]!.values[row]!;
      if (n === 0) first = value;
      else if (!Object.is(value, first)) unequal = true;
      n++;
      const delta = value - mean;
      mean += delta / n;
      m2 += delta * (value - mean);
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
    if (n < 2) continue;
    shared++;
    if (unequal) firstUnequalStep ??= step;
    const spread = high - low;
    if (spread > maxSpread) {
      maxSpread = spread;
      maxSpreadStep = step;
    }
    if (Number.isFinite(m2)) stdSum += Math.sqrt(m2 / (n - 1));
  }
  return {
    metric,
    replicas: having.length,
    steps: shared,
    maxSpread,
    maxSpreadStep,
    firstUnequalStep,
    meanStd: shared > 0 ? stdSum / shared : 0,
  };
}

/** What it shows that runs with different seeds log the same values, bit for bit; undefined if they do not. */
export function identicalReplicas(
  selection: MetricSelection,
  replicas: readonly Replica[],
): string | undefined {
  const logs = replicas.flatMap((replica) => replica.log ?? []);
  if (logs.length < 2 || logs.length < replicas.length) return undefined;
  const spreads = selectedNames(selection, logs).map((name) => replicaSpread(name, logs));
  const compared = spreads.filter((spread) => spread.steps > 0);
  if (compared.length === 0) return undefined;
  if (compared.some((spread) => spread.firstUnequalStep !== undefined)) return undefined;
  const seeds = replicas.map((replica) => replica.seed).join(", ");
  return `the seed has no effect: runs with seeds ${seeds} log the same values of ` +
    compared.map((spread) => spread.metric).join(", ");
}

/** Options of {@linkcode replicaSignificance}. */
export interface SignificanceOptions {
  /** Level of all tests together, in (0, 1). */
  alpha: number;
  /** Number of tests that share `alpha`. */
  tests: number;
  /** Steps above this do not count. */
  maxSteps?: number;
}

/**
 * Tests whether the original's values are distributed as those of `replicas`, which ran with other
 * seeds; undefined if there are too few values. The course that all runs share is taken off first: each
 * value is compared with the mean over all runs at its step.
 */
export function replicaSignificance(
  metric: string,
  original: RunLog,
  replicas: readonly RunLog[],
  { alpha, tests, maxSteps = Infinity }: SignificanceOptions,
): ReplicaSignificance | undefined {
  const logs = [original, ...replicas].filter((log) => column(log, metric) !== undefined);
  if (logs[0] !== original || logs.length < 2) return undefined;
  const rows = commonRows(logs, metric, maxSteps);
  const steps = rows[0]!.length;
  if (steps < 4) return undefined;
  const residuals = logs.map(() => new Float64Array(steps));
  for (let k = 0; k < steps; k++) {
    let mean = 0;
    for (let r = 0; r < logs.length; r++) mean += rows[r]![k]! / logs.length;
    for (let r = 0; r < logs.length; r++) residuals[r]![k] = rows[r]![k]! - mean;
  }
  // A run's own share of that mean takes a part of its noise away; this gives it back.
  const restore = Math.sqrt(logs.length / (logs.length - 1));
  for (const series of residuals) {
    const { mean } = summarize(series);
    for (let k = 0; k < steps; k++) series[k] = mean + (series[k]! - mean) * restore;
  }
  const own = residuals[0]!;
  const others = Float64Array.from(residuals.slice(1).flatMap((series) => Array.from(series)));
  const welch = {
    ...welchTest(own, others, { serial: true }),
    means: [
      summarize(rows[0]!).mean,
      summarize(rows.slice(1).flatMap((values) => Array.from(values))).mean,
    ] as const,
  };
  const ks = ksTest(own, others, { serial: true });
  const level = alpha / tests;
  const differs = welch.p < level || ks.p < level;
  const n = `n = ${own.length} (worth ${welch.nEffective[0].toFixed(1)}) against ` +
    `${others.length} (worth ${welch.nEffective[1].toFixed(1)})`;
  return {
    metric,
    alpha: level,
    welch,
    ks,
    text:
      `${metric}: ${differs ? "differs" : "no difference found"} at alpha ${
        level.toPrecision(2)
      }; ` +
      `Welch p = ${welch.p.toPrecision(3)}, KS p = ${ks.p.toPrecision(3)}, ` +
      `effect size ${welch.effectSize.toFixed(2)}, ${n}`,
  };
}

/** Values of `metric` in each log at the steps at which all of them have a finite one. */
function commonRows(logs: readonly RunLog[], metric: string, stepMax: number): Float64Array[] {
  let steps = logs[0]!.steps;
  for (const log of logs.slice(1)) steps = alignSteps(steps, log.steps, { stepMax }).steps;
  const all = logs.map((log) => {
    const { values, present } = column(log, metric)!;
    const { rowsB } = alignSteps(steps, log.steps, { stepMax });
    return Float64Array.from(rowsB, (row) => present[row] === 1 ? values[row]! : NaN);
  });
  const kept: number[] = [];
  for (let k = 0; k < all[0]!.length; k++) {
    if (all.every((values) => Number.isFinite(values[k]!))) kept.push(k);
  }
  return all.map((values) => Float64Array.from(kept, (k) => values[k]!));
}
