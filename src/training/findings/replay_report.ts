/**
 * What a seeded replay found: plain data, but for the two logs that plots are drawn from.
 * This module is browser compatible.
 *
 * @module
 */

import type { Mismatch, RunComparison, SkippedMetric } from "../compare/run_comparison.ts";
import type { RunLog, SeedFinding } from "../log/run_log.ts";
import type { KolmogorovSmirnovResult, WelchResult } from "../statistics/two_sample_tests.ts";
import type { SurroundingsChange } from "./surroundings_changes.ts";
import type { FingerprintFinding } from "./fingerprint_finding.ts";
import type { OwnHandTrial } from "./own_hand.ts";
import type { Tolerance } from "../compare/tolerance.ts";

/**
 * Outcome of a replay: "passed" and "failed" are about the metrics; "nothing_compared" says that there
 * were none to compare; "command_failed" that the command did not end as it should; "dry_run" that it
 * was not run.
 */
export type ReplayVerdict =
  | "passed"
  | "failed"
  | "nothing_compared"
  | "command_failed"
  | "interrupted"
  | "dry_run";

/** Difference statistics of one metric, named as rldk names them, and more. */
export interface ReplayMetricStats {
  /** Largest relative difference (absolute near zero). */
  readonly maxDiff: number;
  /** Step at which it is. */
  readonly maxDiffStep: number | undefined;
  /** Mean of the differences. */
  readonly meanDiff: number;
  /** Their standard deviation. */
  readonly stdDiff: number;
  /** Values outside the tolerance, and those that one side lacks. */
  readonly toleranceViolations: number;
  /** Those among them that one side lacks. */
  readonly oneSided: number;
  /** Values compared. */
  readonly compared: number;
  /** Largest absolute difference. */
  readonly maxAbsDiff: number;
  /** First step outside the tolerance. */
  readonly firstViolationStep: number | undefined;
  /** First step at which the values are not the same bits. */
  readonly firstUnequalStep: number | undefined;
  /** The bounds in force. */
  readonly tolerance: Tolerance;
}

/** One run of the command. */
export interface Replica {
  /** Counted from 0; the first one decides the verdict together with all others of the same seed. */
  readonly index: number;
  /** Seed that the command was given. */
  readonly seed: bigint;
  /** Seed that its own log names, which should be the same; undefined if it names none. */
  readonly ownSeed: bigint | undefined;
  /** Whether the command ended as it should. */
  readonly completed: boolean;
  /** Whether it was stopped on purpose. */
  readonly cutShort: boolean;
  /** What went wrong, or why it was stopped. */
  readonly problem: string | undefined;
  /** Why it has no metrics; undefined if it has some. */
  readonly metricsProblem: string | undefined;
  /** How it ended, such as `exited`, `timeout`, `interrupted`. */
  readonly end: string;
  /** Exit code; undefined if it was killed. */
  readonly exitCode: number | undefined;
  /** Last part of its standard error. */
  readonly stderrTail: string;
  /** Wall time in seconds. */
  readonly durationSeconds: number;
  /** Processes that it left behind, which were killed. */
  readonly leftBehind: number;
  /** Where its output is. */
  readonly files: { readonly metrics: string; readonly stdout: string; readonly stderr: string };
  /** Its metrics; undefined if there are none. */
  readonly log: RunLog | undefined;
  /** Its comparison with the original. */
  readonly comparison: RunComparison | undefined;
  /** Python libraries that it drew from after rewind seeded them: what it logged rests on that. */
  readonly injected: readonly string[];
  /** Those of which that is not known, as the library does not tell or the command was killed. */
  readonly injectedPerhaps: readonly string[];
  /** What else there is to know, such as where the metrics were found. */
  readonly notes: readonly string[];
}

/** How far replicas differ among themselves, for one metric. */
export interface ReplicaSpread {
  /** The metric. */
  readonly metric: string;
  /** Replicas that have it. */
  readonly replicas: number;
  /** Steps at which at least two have a value. */
  readonly steps: number;
  /** Largest max - min over the replicas at one step. */
  readonly maxSpread: number;
  /** Step at which it is. */
  readonly maxSpreadStep: number | undefined;
  /** First step at which two replicas are not the same bits; undefined if they all agree. */
  readonly firstUnequalStep: number | undefined;
  /** Mean over the steps of the standard deviation over the replicas. */
  readonly meanStd: number;
}

/** Whether the original could be one of the replicas, for one metric: replicas with different seeds. */
export interface ReplicaSignificance {
  /** The metric. */
  readonly metric: string;
  /** Level that p is compared with, after dividing by the number of tests made. */
  readonly alpha: number;
  /** Welch's t test of the original's values against those of all replicas. */
  readonly welch: WelchResult;
  /** Two-sample Kolmogorov-Smirnov test of the same. */
  readonly ks: KolmogorovSmirnovResult;
  /** One line that says it with n and alpha. */
  readonly text: string;
}

/** Report of {@linkcode replay}. */
export interface ReplayReport {
  /** Whether the run reproduces; never true if nothing was compared. */
  readonly passed: boolean;
  /** The outcome. */
  readonly verdict: ReplayVerdict;
  /** Why it did not pass. */
  readonly reasons: readonly string[];
  /** Those among the reasons that say how a metric differs, one for each that does. */
  readonly differing: readonly string[];
  /** What may make the answer another one than was meant, such as metrics that were let pass. */
  readonly warnings: readonly string[];
  /** What else there is to know beside the verdict. */
  readonly notes: readonly string[];
  /** Seed of the original run. */
  readonly originalSeed: bigint;
  /** Seed that the command was given. */
  readonly replaySeed: bigint;
  /** All seeds that were found in the original run. */
  readonly seeds: readonly SeedFinding[];
  /** Metrics that were compared. */
  readonly metricsCompared: readonly string[];
  /** Metrics that were not, and why. */
  readonly skipped: readonly SkippedMetric[];
  /** Values compared, over all metrics, of the replica that the counts below are about. */
  readonly compared: number;
  /** The relative tolerance in force for metrics without bounds of their own. */
  readonly tolerance: number;
  /** All bounds in force for metrics without bounds of their own. */
  readonly bounds: Tolerance;
  /** Values outside the tolerance, of the first replica that has any: the first of them. */
  readonly mismatches: readonly Mismatch[];
  /** How many there are in all. */
  readonly toleranceViolations: number;
  /** The first of them. */
  readonly firstMismatch: Mismatch | undefined;
  /** Difference statistics per metric, of the same replica. */
  readonly comparisonStats: Readonly<Record<string, ReplayMetricStats>>;
  /** The command with the seed in it, as a shell would take it. */
  readonly replayCommand: string;
  /** Its words. */
  readonly argv: readonly string[];
  /** Directory that it ran in. */
  readonly cwd: string;
  /** Where in the command the seed went. */
  readonly seedPlacement: string;
  /** Variables that were set on top of the user's own. */
  readonly environment: Readonly<Record<string, string>>;
  /** The same over all replicas. */
  readonly injected: readonly string[];
  /** The same over all replicas. */
  readonly injectedPerhaps: readonly string[];
  /** Text of the `sitecustomize` that did it; undefined with `inject: false`. */
  readonly injection: string | undefined;
  /** Wall time of all replicas, in seconds. */
  readonly replayDuration: number;
  /** Steps above this were not compared. */
  readonly maxSteps: number | undefined;
  /** The original's log. */
  readonly original: RunLog;
  /** Every run of the command. */
  readonly replicas: readonly Replica[];
  /** The replica that `mismatches` and `comparisonStats` are about; undefined in a dry run. */
  readonly decisive: Replica | undefined;
  /** How far the replicas of one seed differ among themselves; empty for one replica. */
  readonly spread: readonly ReplicaSpread[];
  /** Tests of the original against replicas of other seeds; empty unless seeds vary. */
  readonly significance: readonly ReplicaSignificance[];
  /** What leaving away what rewind changes about the surroundings did; empty if that was not tried. */
  readonly ownHand: readonly OwnHandTrial[];
  /** What has changed since the baseline, most suspicious first; undefined where the original is none. */
  readonly changes: readonly SurroundingsChange[] | undefined;
  /** What fingerprints of the steps showed; undefined unless they were asked for. */
  readonly fingerprints?: FingerprintFinding | undefined;
  /** Files that were written, by name. */
  readonly files: Readonly<Record<string, string>>;
}
