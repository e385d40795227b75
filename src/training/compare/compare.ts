/**
 * Compares two logs metric by metric and step by step. A comparison passes only if every requested
 * metric was compared and nothing that one side has is missing on the other.
 * This module is browser compatible.
 *
 * @module
 */

import { alignSteps, type StepsOnOneSide } from "./align_steps.ts";
import { compareMetric, listMismatches } from "./compare_metric.ts";
import { type MetricPair, type MetricSelection, resolveMetrics } from "./metric_selection.ts";
import { type Column, type RunLog, suggestNames } from "../log/run_log.ts";
import {
  type MetricComparison,
  outsideText,
  type RunComparison,
  type SkippedMetric,
} from "./run_comparison.ts";
import { formatTolerance } from "./tolerance.ts";
import { reasonNotUnderstood } from "./understood.ts";
import { reasonOnlySaid, weaknesses } from "./weak_match.ts";

/** Options of {@linkcode compareRuns}. */
export interface CompareOptions {
  /** Which metrics, and how closely. */
  metrics: MetricSelection;
  /** Steps above this are left out of both logs. */
  maxSteps?: number | undefined;
  /** Steps that are compared (default: all). */
  steps?: ReadonlySet<number> | undefined;
  /** Metrics and steps that one side lacks are reported, but do not fail the comparison. */
  allowMissing?: boolean;
  /** What the two logs are called in reasons (default "original" and "replay"). */
  names?: readonly [string, string];
  /** The second log was cut off on purpose: that it ends early says nothing. */
  replayCutShort?: boolean;
}

/** Compares `replay` with `original`. */
export function compareRuns(
  original: RunLog,
  replay: RunLog,
  options: CompareOptions,
): RunComparison {
  const { allowMissing = false, names: called = ["original", "replay"] } = options;
  const cut = options.replayCutShort ? replay.steps.at(-1) ?? -Infinity : Infinity;
  const stepMax = Math.min(options.maxSteps ?? Infinity, cut);
  const counts = { stepMax, only: options.steps };
  const aligned = alignSteps(original.steps, replay.steps, counts);
  const { pairs, oneSided, leftOut } = resolveMetrics(options.metrics, original, replay);
  const requested = new Set(options.metrics.requests.map((request) => request.name));
  const metrics: MetricComparison[] = [];
  const skipped: SkippedMetric[] = [];
  const differing: string[] = [];
  const missing: string[] = [];

  for (const pair of pairs) {
    const lacking = missingReason(pair, original, replay);
    const comparison = lacking === undefined
      ? compareMetric(pair, aligned, {
        allowMissing,
        lastMayLack: options.replayCutShort ?? false,
      })
      : undefined;
    if (comparison !== undefined) metrics.push(comparison);
    if (comparison === undefined || comparison.compared === 0) {
      const reason = lacking ?? "no step has a value of it in both logs";
      skipped.push({ metric: pair.name, reason });
      // What neither log has within the steps to compare is missing only if it was asked for by name.
      if (
        requested.has(pair.name) || hasValue(original, pair.original, counts) ||
        hasValue(replay, pair.replay, counts)
      ) missing.push(`${pair.name} was not compared: ${reason}`);
    } else if (comparison.violations > 0) differing.push(describeViolations(comparison));
  }
  for (
    const [side, log, other] of [["original", original, replay], [
      "replay",
      replay,
      original,
    ]] as const
  ) {
    const names = oneSided.filter((metric) =>
      metric.side === side && hasValue(log, metric.column, counts)
    ).map((metric) => metric.column.name);
    const reason = `only in the ${called[side === "original" ? 0 : 1]} (${log.source})`;
    skipped.push(...names.map((metric) => ({ metric, reason })));
    if (names.length > 0) missing.push(`${reason}: ${listNames(names, other)}`);
  }
  skipped.push(...leftOut);
  const compared = metrics.reduce((sum, metric) => sum + metric.compared, 0);
  const steps = [
    ...describeSide(aligned.onlyA, original, replay, called[0]),
    ...describeSide(aligned.onlyB, replay, original, called[1]),
    ...describeAbsent(options.steps, [original, replay]),
  ];
  const mismatches = metrics.flatMap((metric) => listMismatches(metric, pairs, aligned));
  mismatches.sort((a, b) => a.step - b.step);
  const nothing = compared === 0;
  const doubts = [original, replay].flatMap((log) => reasonNotUnderstood(log) ?? []);
  const said = nothing ? undefined : reasonOnlySaid(metrics, pairs, [original, replay]);
  if (said !== undefined) doubts.push(said);
  const reasons = nothing
    ? ["no value of any requested metric could be compared", ...missing, ...steps]
    : allowMissing
    ? differing
    : [...missing, ...differing, ...steps];
  const verdict = nothing || (reasons.length === 0 && doubts.length > 0)
    ? "nothing_compared"
    : reasons.length > 0
    ? "differs"
    : "match";
  return {
    verdict,
    reasons: [...reasons, ...doubts],
    differing,
    missing: allowMissing ? [] : [...missing, ...steps],
    waived: allowMissing && !nothing ? [...missing, ...steps] : [],
    metrics,
    skipped,
    compared,
    mismatches,
    violations: metrics.reduce((sum, metric) => sum + metric.violations, 0),
    firstMismatch: mismatches[0],
    weaknesses: verdict === "match" ? weaknesses(metrics, pairs) : [],
    aligned,
  };
}

/** Whether a log has a value in this column at a step that counts. */
function hasValue(
  { steps }: RunLog,
  column: Column | undefined,
  { stepMax, only }: { stepMax: number; only: ReadonlySet<number> | undefined },
): boolean {
  if (column === undefined) return false;
  let row = column.present.indexOf(1);
  while (row >= 0 && steps[row]! <= stepMax) {
    if (only?.has(steps[row]!) ?? true) return true;
    row = column.present.indexOf(1, row + 1);
  }
  return false;
}

/** Steps that were named and that neither log has. */
function describeAbsent(only: ReadonlySet<number> | undefined, logs: readonly RunLog[]): string[] {
  const absent = [...only ?? []].filter((step) => logs.every((log) => !log.steps.includes(step)));
  return absent.length === 0 ? [] : [`neither log has step ${absent.join(", ")}`];
}

const NAMES_SHOWN_MAX = 12;

/** Names of metrics that `other` lacks, each with one there that is spelled almost the same. */
function listNames(names: readonly string[], other: RunLog): string {
  const plain = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, "");
  const twins = new Map([...other.columns.keys()].map((name) => [plain(name), name]));
  const shown = names.slice(0, NAMES_SHOWN_MAX).map((name) => {
    const twin = twins.get(plain(name));
    return twin === undefined ? name : `${name} (is it ${twin} there?)`;
  });
  const more = names.length - shown.length;
  return shown.join(", ") + (more > 0 ? ` and ${more} more` : "");
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

function describeSide(
  side: StepsOnOneSide,
  has: RunLog,
  lacks: RunLog,
  which: string,
): string[] {
  if (side.count === 0) return [];
  const steps = side.count === 1
    ? `step ${side.first}`
    : `${side.count} steps (${side.first} to ${side.last})`;
  const end = lacks.steps.at(-1);
  const early = end !== undefined && side.first! > end ? `; the other ends at step ${end}` : "";
  return [`${steps} only in the ${which} (${has.source})${early}`];
}
