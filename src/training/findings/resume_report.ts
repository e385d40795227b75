/**
 * What a check of resuming found: plain data, but for the logs.
 * This module is browser compatible.
 *
 * @module
 */

import type { Mismatch, RunComparison } from "../compare/run_comparison.ts";
import type { RestoredPart } from "../fingerprints/compare_resumed.ts";
import type { FingerprintCause } from "../fingerprints/cause.ts";
import type { RunLog } from "../log/run_log.ts";

/** A part that was not restored, and how that is known. */
export interface ResumeCulprit {
  /** The part. */
  readonly part: RestoredPart;
  /** Which one, such as `torch`; empty if there is only one. */
  readonly name: string;
  /** What was seen, in one line. */
  readonly evidence: string;
}

/**
 * "passed": the resumed run is the uninterrupted one. "failed": it is not, or it began anew. "nothing_compared": the
 * command does not repeat itself, was not killed, or wrote no metrics.
 */
export type ResumeVerdict =
  | "passed"
  | "failed"
  | "command_failed"
  | "nothing_compared"
  | "interrupted";

/** What the metrics of the runs amount to. */
export interface ResumeOutcome extends
  Pick<ResumeReport, "verdict" | "reasons">,
  Partial<
    Pick<ResumeReport, "culprits" | "comparison" | "resumedAt" | "notes" | "warnings" | "cause">
  > {
  /** What the metrics alone suggest: further reasons, unless fingerprints tell what was not restored. */
  readonly hints?: readonly string[];
  /** What the log leaves open: further warnings, unless fingerprints answer it. */
  readonly doubts?: readonly string[];
}

/** One of the three runs. */
export interface ResumeRun {
  /** Its name: `killed`, `resumed` or `whole`. */
  readonly name: string;
  /** Its command, as a shell would take it. */
  readonly command: string;
  /** First and last step of its log; undefined without one. */
  readonly steps: readonly [number, number] | undefined;
  /** How it ended. */
  readonly end: string;
  /** Its folder. */
  readonly folder: string;
  /** Its log. */
  readonly log: RunLog | undefined;
}

/** Report of `checkResume`. */
export interface ResumeReport {
  /** Whether the resumed run is the uninterrupted one. */
  readonly passed: boolean;
  /** The outcome. */
  readonly verdict: ResumeVerdict;
  /** Why it is not. */
  readonly reasons: readonly string[];
  /** What may make the answer another one than was meant. */
  readonly warnings: readonly string[];
  /** Files that were written; undefined before. */
  readonly files?: readonly string[];
  /** What else there is to know. */
  readonly notes: readonly string[];
  /** Step at which the command was to be killed. */
  readonly at: number;
  /** First step of the resumed run; undefined if it has none. */
  readonly resumedAt: number | undefined;
  /** Parts that were not restored; empty where that is not known. */
  readonly culprits: readonly ResumeCulprit[];
  /** The first thing inside a step that differs, after what was not restored; undefined where that is not known. */
  readonly cause: FingerprintCause | undefined;
  /** The uninterrupted run against the resumed one. */
  readonly comparison: RunComparison | undefined;
  /** The first difference. */
  readonly firstMismatch: Mismatch | undefined;
  /** The runs, in the order in which they ran. */
  readonly runs: readonly ResumeRun[];
  /** Folder of the results. */
  readonly outputDir: string;
}

/** The report as `resume_report.json` holds it. */
export function resumeJson(report: ResumeReport): Record<string, unknown> {
  const { comparison, firstMismatch } = report;
  return {
    passed: report.passed,
    verdict: report.verdict,
    reasons: report.reasons,
    warnings: report.warnings,
    notes: report.notes,
    at: report.at,
    resumed_at: report.resumedAt,
    not_restored: report.culprits,
    cause: report.cause,
    compared: comparison?.compared ?? 0,
    metrics_compared: comparison?.metrics.filter(({ compared }) => compared > 0)
      .map(({ metric }) => metric) ?? [],
    violations: comparison?.violations ?? 0,
    first_metric: firstMismatch?.metric,
    first_step: firstMismatch?.step,
    runs: report.runs.map(({ log: _, ...run }) => run),
  };
}
