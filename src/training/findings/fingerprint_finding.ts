/**
 * What fingerprints of the steps showed beside the metrics, and how it is said.
 * This module is browser compatible.
 *
 * @module
 */

import { counted } from "../../text/quantity.ts";
import type { FingerprintComparison } from "../fingerprints/compare_fingerprints.ts";

/** What came of fingerprints that were asked for. */
export interface FingerprintFinding {
  /** The comparison that differs first, or the first one; undefined if there was nothing to compare. */
  readonly comparison: FingerprintComparison | undefined;
  /** What was compared, such as `run 0 and run 2`. */
  readonly between: string;
  /** Why nothing could be compared; undefined if it could. */
  readonly problem: string | undefined;
  /** Streams that were written. */
  readonly files: readonly string[];
}

/** Whether the steps of two runs were seen to differ. */
export function fingerprintsDiffer(finding: FingerprintFinding | undefined): boolean {
  return finding?.comparison?.verdict === "differ";
}

/** The cause in a few words, `step 3, generator torch`; undefined where none was found. */
export function shortCause(finding: FingerprintFinding | undefined): string | undefined {
  const cause = finding?.comparison?.cause;
  return cause && `step ${cause.step}, ${cause.kind}: ${cause.module ?? cause.name}`;
}

/** The cause, what may be done about it, and what else there is to know; in the words of a report. */
export function fingerprintLines(finding: FingerprintFinding | undefined): string[] {
  if (finding === undefined) return [];
  const { comparison, between, problem } = finding;
  if (comparison === undefined || comparison.verdict === "nothing_compared") {
    return [`fingerprints: ${problem ?? comparison?.reasons[0] ?? "nothing was compared"}`];
  }
  const { cause, records, steps, notes } = comparison;
  const what = `${counted(records, "record")} of ${counted(steps, "step")}, ${between}`;
  return [
    ...(cause === undefined
      ? [`fingerprints agree: ${what}`]
      : [`cause: ${cause.text}`, `fingerprints: ${what}`]),
    ...(cause?.advice === undefined ? [] : [`what to do: ${cause.advice}`]),
    ...notes.map((note) => `fingerprints: ${note}`),
  ];
}

/** The finding as JSON files hold it; null unless it was asked for. */
export function fingerprintJson(
  finding: FingerprintFinding | undefined,
): Record<string, unknown> | null {
  if (finding === undefined) return null;
  const { comparison, between, problem, files } = finding;
  return {
    verdict: comparison?.verdict ?? "nothing_compared",
    between,
    problem,
    level: comparison?.level,
    steps: comparison?.steps ?? 0,
    records: comparison?.records ?? 0,
    cause: comparison?.cause ?? null,
    reasons: comparison?.reasons ?? [],
    notes: comparison?.notes ?? [],
    compared: comparison?.files,
    files,
  };
}
