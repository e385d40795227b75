/**
 * Compares two logs metric by metric and step by step. A comparison passes only if every requested
 * metric was compared and nothing that one side has is missing on the other.
 * This module is browser compatible.
 *
 * @module
 */

import { type AlignedSteps, alignSteps, type StepsOnOneSide } from "./align_steps.ts";
import { compareMetric, listMismatches } from "./compare_metric.ts";
import { type MetricPair, type MetricSelection, resolveMetrics } from "./metric_selection.ts";
import { type RunLog, suggestNames } from "../log/run_log.ts";
import {
  type MetricComparison,
  outsideText,
  type RunComparison,
  type SkippedMetric,
} from "./run_comparison.ts";
import { formatTolerance } from "./tolerance.ts";

/** Options of {@linkcode compareRuns}. */
export interface CompareOptions {
  /** Which metrics, and how closely. */
  metrics: MetricSelection;
  /** Steps above this are left out of both logs. */
  maxSteps?: number;
  /** Metrics and steps that one side lacks are reported, but do not fail the comparison. */
  allowMissing?: boolean;
  /** The second log was cut off on purpose: that it ends early says nothing. */
  replayCutShort?: boolean;
}

/** Compares `replay` with `original`. */
export function compareRuns(
  original: RunLog,
  replay: RunLog,
  options: CompareOptions,
): RunComparison {
  const { allowMissing = false } = options;
  const cut = options.replayCutShort ? replay.steps.at(-1) ?? -Infinity : Infinity;
  const stepMax = Math.min(options.maxSteps ?? Infinity, cut);
  const aligned = alignSteps(original.steps, replay.steps, { stepMax });
  const { pairs, leftOut } = resolveMetrics(options.metrics, original, replay);
  const metrics: MetricComparison[] = [];
  const skipped: SkippedMetric[] = [...leftOut];
  const failures: string[] = [];
  const waivable: string[] = [];

  for (const pair of pairs) {
    const missing = missingReason(pair, original, replay);
    if (missing !== undefined) {
      skipped.push({ metric: pair.name, reason: missing });
      waivable.push(`${pair.name} was not compared: ${missing}`);
      continue;
    }
    const comparison = compareMetric(pair, aligned, {
      allowMissing,
      lastMayLack: options.replayCutShort ?? false,
    });
    metrics.push(comparison);
    if (comparison.compared === 0) {
      const reason = "no step has a value of it in both logs";
      skipped.push({ metric: pair.name, reason });
      waivable.push(`${pair.name} was not compared: ${reason}`);
    } else if (comparison.violations > 0) {
      failures.push(describeViolations(comparison));
    }
  }
  const compared = metrics.reduce((sum, metric) => sum + metric.compared, 0);
  waivable.push(...describeSteps(original, replay, aligned));
  const mismatches = metrics.flatMap((metric) => listMismatches(metric, pairs, aligned));
  mismatches.sort((a, b) => a.step - b.step);
  const nothing = compared === 0;
  const reasons = nothing
    ? ["no value of any requested metric could be compared", ...waivable]
    : [...failures, ...(allowMissing ? [] : waivable)];
  return {
    verdict: nothing ? "nothing_compared" : reasons.length > 0 ? "differs" : "match",
    reasons,
    notes: allowMissing && !nothing ? waivable : [],
    metrics,
    skipped,
    compared,
    mismatches,
    violations: metrics.reduce((sum, metric) => sum + metric.violations, 0),
    firstMismatch: mismatches[0],
    aligned,
  };
}

function missingReason(pair: MetricPair, original: RunLog, replay: RunLog): string | undefined {
  const lacking = [
    ...(pair.original === undefined ? [original] : []),
    ...(pair.replay === undefined ? [replay] : []),
  ];
  if (lacking.length === 0) return undefined;
  const close = suggestNames(lacking[0]!, pair.name);
  const hint = close.length > 0 ? ` (did you mean ${close.join(" or ")}?)` : "";
  return `not in ${lacking.map((log) => log.source).join(" nor in ")}${hint}`;
}

function describeViolations(metric: MetricComparison): string {
  const first = metric.firstMismatch!;
  return `${metric.metric} differs from step ${first.step} on (${
    formatValue(first.original)
  } against ` +
    `${formatValue(first.replay)}): ${outsideText(metric, "values")} ${
      formatTolerance(metric.tolerance)
    }`;
}

function formatValue(value: number | undefined): string {
  return value === undefined ? "no value" : Object.is(value, -0) ? "-0" : String(value);
}

function describeSteps(original: RunLog, replay: RunLog, aligned: AlignedSteps): string[] {
  const lines: string[] = [];
  if (aligned.onlyA.count > 0) {
    lines.push(describeSide(aligned.onlyA, original, replay, "original"));
  }
  if (aligned.onlyB.count > 0) lines.push(describeSide(aligned.onlyB, replay, original, "replay"));
  return lines;
}

function describeSide(
  side: StepsOnOneSide,
  has: RunLog,
  lacks: RunLog,
  which: "original" | "replay",
): string {
  const steps = side.count === 1
    ? `step ${side.first}`
    : `${side.count} steps (${side.first} to ${side.last})`;
  const end = lacks.steps.at(-1);
  const early = end !== undefined && side.first! > end ? `; the other ends at step ${end}` : "";
  return `${steps} only in the ${which} (${has.source})${early}`;
}
