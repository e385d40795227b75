/**
 * What a comparison of all runs of a folder found.
 * This module is browser compatible.
 *
 * @module
 */

import type { DiffReport } from "./diff_report.ts";

/** Two runs of the folder. */
export interface RunPair {
  /** Name of the first. */
  readonly a: string;
  /** Name of the second. */
  readonly b: string;
  /** Their comparison. */
  readonly report: DiffReport;
}

/** Report of `diffFolder`. */
export interface FolderDiffReport {
  /** Whether all runs match; never true if nothing was compared. */
  readonly passed: boolean;
  /** "differs" if any two do; "nothing_compared" if that holds for any two, or a run could not be read, and none differ. */
  readonly verdict: DiffReport["verdict"];
  /** The folder. */
  readonly folder: string;
  /** Names of the runs, in order. */
  readonly runs: readonly string[];
  /** Every two of them. */
  readonly pairs: readonly RunPair[];
  /** What lies in the folder and was not read as a run, and why. */
  readonly skipped: readonly { readonly name: string; readonly reason: string }[];
}

/** The report as JSON. */
export function folderDiffJson(report: FolderDiffReport): Record<string, unknown> {
  const { passed, verdict, folder, runs, pairs, skipped } = report;
  return {
    passed,
    verdict,
    folder,
    runs,
    pairs: pairs.map(({ a, b, report }) => ({
      a,
      b,
      verdict: report.verdict,
      compared: report.comparison.compared,
      first_divergence: report.firstDivergence,
      reasons: report.reasons,
      warnings: report.warnings,
      causes: report.causes,
    })),
    skipped,
  };
}
