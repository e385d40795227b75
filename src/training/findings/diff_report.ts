/**
 * What a comparison of two logs found, and a drift in words.
 * This module is browser compatible.
 *
 * @module
 */

import type { FingerprintFinding } from "./fingerprint_finding.ts";
import type { RunComparison } from "../compare/run_comparison.ts";
import { counted } from "../../text/quantity.ts";
import type { DriftEvent, DriftKind } from "../statistics/drift_event.ts";
import type { RunLog } from "../log/run_log.ts";

/** One signal in both logs. */
export interface SignalDiff {
  /** Its name. */
  readonly signal: string;
  /** Whether it differs beyond the tolerance; "no_overlap" if no step has it in both. */
  readonly status: "ok" | "differs" | "no_overlap";
  /** Steps at which both have a value. */
  readonly stepsCompared: number;
  /** First step beyond the tolerance. */
  readonly firstStep: number | undefined;
  /** First step at which the bits differ. */
  readonly firstUnequalStep: number | undefined;
  /** Disagreements of any kind. */
  readonly violations: number;
  /** Those among them where one side has no value, which are not among the compared. */
  readonly oneSided: number;
  /** Mean over the common steps in the first log. */
  readonly meanA: number;
  /** Mean over the common steps in the second log. */
  readonly meanB: number;
  /** Mean of b - a. */
  readonly deltaMean: number;
  /** Median of b - a. */
  readonly medianDelta: number;
  /** Largest b - a. */
  readonly maxDelta: number;
  /** Smallest b - a. */
  readonly minDelta: number;
  /** Largest |b - a|; infinite where only one is. */
  readonly maxAbsDelta: number;
  /** Where the two stop behaving the same, by step. */
  readonly events: readonly DriftFinding[];
  /** Values that the statistics rest on, and how many independent ones they are worth. */
  readonly n: number;
  /** See `n`. */
  readonly nEffective: number;
  /** Why the statistics could not be computed, if so. */
  readonly notComputable: string | undefined;
}

/** A drift event, by step. */
export interface DriftFinding extends Omit<DriftEvent, "index"> {
  /** First step of it. */
  readonly step: number;
}

/** Report of {@linkcode diff}. */
export interface DiffReport {
  /** Whether the logs match, by the mode that was asked for; never true if nothing was compared. */
  readonly passed: boolean;
  /** The outcome by that mode. */
  readonly verdict: "match" | "differs" | "nothing_compared";
  /** The mode. */
  readonly mode: "exact" | "drift";
  /** Why they do not match. */
  readonly reasons: readonly string[];
  /** What may make the answer another one than was meant, such as metrics that were let pass. */
  readonly warnings: readonly string[];
  /** What else was seen. */
  readonly notes: readonly string[];
  /** Each signal. */
  readonly signals: readonly SignalDiff[];
  /** The exact comparison behind it. */
  readonly comparison: RunComparison;
  /** First step and signal of all, by the mode that was asked for. */
  readonly firstDivergence: { readonly step: number; readonly signal: string } | undefined;
  /** Level that all drift tests of one signal share. */
  readonly alphaPerSignal: number;
  /** Differences between the runs themselves that may explain it: seed, commit, command. */
  readonly causes: readonly string[];
  /** What fingerprints beside the two logs showed; undefined where one has none. */
  readonly fingerprints?: FingerprintFinding | undefined;
  /** The first log. */
  readonly a: RunLog;
  /** The second log. */
  readonly b: RunLog;
  /** Files that were written, by name. */
  readonly files: Readonly<Record<string, string>>;
}

const DRIFT_WORDS: ReadonlyMap<DriftKind, string> = new Map([
  ["offset", "is offset"],
  ["level_shift", "shifts its level"],
  ["bump", "leaves its level and comes back"],
  ["drift", "drifts away"],
  ["variance_change", "changes its spread"],
  ["outlier", "has an outlier"],
  ["non_finite", "is not finite on one side"],
  ["missing", "has no value on one side"],
]);

/** One finding in one line. */
export function describeDrift(signal: string, event: DriftFinding): string {
  const where = event.kind === "outlier"
    ? `at step ${event.step}`
    : event.kind === "missing"
    ? `at ${counted(event.count, "step")}, the first of them ${event.step}`
    : event.kind === "non_finite"
    ? `at ${counted(event.count, "step")} from step ${event.step} on`
    : event.kind === "bump"
    ? `for ${event.count} steps from step ${event.step} on`
    : `from step ${event.step} on`;
  const there = short(event.after);
  const change = event.kind === "variance_change"
    ? ` (ratio of deviations ${short(event.before)} before, ${there} after)`
    : event.kind === "drift"
    ? ` (${there} per step)`
    : event.kind === "offset"
    ? ` (by ${there})`
    : event.kind === "non_finite" || event.kind === "missing"
    ? ""
    : ` (difference ${short(event.before)} before, ${there} there)`;
  const odds = event.p > 0
    ? `, z = ${event.zScore.toFixed(1)}, p = ${event.p.toExponential(1)}`
    : "";
  return `${signal} ${DRIFT_WORDS.get(event.kind)} ${where}${change}${odds}`;
}

function short(value: number): string {
  return Number(value.toPrecision(4)).toString();
}
