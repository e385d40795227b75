/**
 * What a determinism check found.
 * This module is browser compatible.
 *
 * @module
 */

import type { Mismatch, RunComparison } from "../compare/run_comparison.ts";
import type { CulpritSearch } from "./culprit.ts";
import type { PerturbationResult } from "./perturbation.ts";
import type { FingerprintFinding } from "./fingerprint_finding.ts";
import type { ReplicaSpread } from "./replay_report.ts";
import type { RunLog } from "../log/run_log.ts";

/** Outcome of a determinism check. */
export type DeterminismVerdict =
  | "deterministic"
  | "nondeterministic"
  | "depends_on_environment"
  | "nothing_compared"
  | "command_failed"
  | "interrupted";

/** A disagreement of one run with the first. */
export interface ReplicaMismatch extends Mismatch {
  /** Which run, counted from 0. */
  readonly replica: number;
}

/** Report of `checkDeterminism`. */
export interface DeterminismReport {
  /** Whether all runs agreed, under every condition that was tried. */
  readonly passed: boolean;
  /** The outcome. */
  readonly verdict: DeterminismVerdict;
  /** Why it did not pass. */
  readonly reasons: readonly string[];
  /** Those among the reasons that say how a metric differs, one for each that does. */
  readonly differing: readonly string[];
  /** What may make the answer another one than was meant, such as rows that were left out. */
  readonly warnings: readonly string[];
  /** Files that were written; undefined before. */
  readonly files?: readonly string[];
  /** What it depends on, by name: `threads`, `hashseed`, `cwd`, `unseeded random`, ...; undefined if nothing was found. */
  readonly culprit: string | undefined;
  /** How the culprit was looked for; undefined if it was not. */
  readonly search: CulpritSearch | undefined;
  /** What the number of runs can show; undefined unless they agree. */
  readonly power: string | undefined;
  /** What to do about it. */
  readonly fixes: readonly string[];
  /** Runs that were made without any perturbation. */
  readonly replicas: number;
  /** Values compared. */
  readonly compared: number;
  /** Metrics that were compared. */
  readonly metricsCompared: readonly string[];
  /** Metrics that were not, and why. */
  readonly skipped: RunComparison["skipped"];
  /** Disagreements with the first run, by step. */
  readonly mismatches: readonly ReplicaMismatch[];
  /** How many there are in all. */
  readonly violations: number;
  /** Those among them where one side has no value, which are not among the compared. */
  readonly oneSided: number;
  /** The first of them: the metric and step at which runs part. */
  readonly firstMismatch: ReplicaMismatch | undefined;
  /** Spread over the runs, per metric. */
  readonly spread: readonly ReplicaSpread[];
  /** What each perturbation did. */
  readonly perturbations: readonly PerturbationResult[];
  /** The command that was run. */
  readonly command: string;
  /** Variables that every run had in common, on top of the user's own. */
  readonly environment: Readonly<Record<string, string>>;
  /** Lines of stderr in which a library says that it is not deterministic. */
  readonly hints: readonly string[];
  /** What fingerprints of the steps showed; undefined unless they were asked for. */
  readonly fingerprints?: FingerprintFinding | undefined;
  /** Metrics of each run, for plots. */
  readonly logs: readonly (RunLog | undefined)[];
  /** Where the card and the runs' output are. */
  readonly outputDir: string;
}
