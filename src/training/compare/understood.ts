/**
 * How much of a log was understood: a verdict must not rest on the rest of it.
 * This module is browser compatible.
 *
 * @module
 */

import type { LogIssueKind, RunLog } from "../log/run_log.ts";

/** A log of which more than this share was not understood is no ground for a match. */
const NOT_UNDERSTOOD_MAX = 0.1;

/** Oddities by which whole records were left out. */
const LOST: ReadonlySet<LogIssueKind> = new Set(["damaged", "missing_step", "bad_step"]);

/** Why a log is no ground for a match; undefined if it is one. */
export function reasonNotUnderstood(log: RunLog): string | undefined {
  const lost = log.issues.filter((issue) => LOST.has(issue.kind));
  const count = lost.reduce((sum, issue) => sum + issue.count, 0);
  if (count <= NOT_UNDERSTOOD_MAX * (log.recordCount + count)) return undefined;
  const first = lost[0]!;
  const example = first.examples[0];
  const where = example?.line === undefined ? "" : ` (line ${example.line}: ${example.detail})`;
  return `${count} of ${log.recordCount + count} records of ${log.source} were not understood: ` +
    `${lost.map((issue) => `${issue.count} x ${issue.kind}`).join(", ")}${where}`;
}
