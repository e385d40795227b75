/**
 * What fingerprints add to a check of resuming: the parts that were not restored, and the first difference inside a
 * step.
 *
 * @module
 */

import { compareResumed } from "../fingerprints/compare_resumed.ts";
import type { ResumeOutcome } from "../findings/resume_report.ts";
import { TrainingLogError } from "../log/errors.ts";

/** The streams of the runs. */
export interface ResumeStreams {
  /** Stream of the uninterrupted run; undefined if it wrote none. */
  readonly whole: string | undefined;
  /** Stream of the resumed run. */
  readonly resumed: string | undefined;
  /** Step of the metrics at which the resumed run began less that of the uninterrupted one, where both log each step. */
  readonly offset: number | undefined;
}

/** The outcome with what the streams tell. Metrics that agree do not excuse weights that differ. */
export async function withFingerprints(
  outcome: ResumeOutcome,
  { whole, resumed, offset }: ResumeStreams,
): Promise<ResumeOutcome> {
  const isDecided = outcome.verdict === "passed" || outcome.verdict === "failed";
  if (!isDecided || whole === undefined || resumed === undefined) return outcome;
  let found;
  try {
    found = await compareResumed(whole, resumed, { expected: offset });
  } catch (error) {
    if (!(error instanceof TrainingLogError)) throw error;
    const warning = `fingerprints were not compared: ${error.message}`;
    return { ...outcome, warnings: [warning] };
  }
  const { lost, comparison, startsAnew } = found;
  const culprits = lost.map(({ part, name, text }) => ({ part, name, evidence: text }));
  const differs = comparison?.verdict === "differ";
  const cause = differs ? comparison.cause : undefined;
  if (outcome.verdict === "failed") {
    // What the log alone suggests is known better now.
    if (culprits.length > 0) return { ...outcome, culprits, cause, hints: [] };
    const inside = cause === undefined ? [] : [cause.text];
    return { ...outcome, cause, hints: [...outcome.hints ?? [], ...inside] };
  }
  if (startsAnew) {
    return {
      ...outcome,
      verdict: "failed",
      culprits,
      reasons: ["the resume command began anew, from the initial weights"],
    };
  }
  if (differs) {
    return {
      ...outcome,
      verdict: "failed",
      culprits,
      cause,
      reasons: [
        "the metrics agree, and what the steps compute does not",
        ...(cause === undefined ? [] : [cause.text]),
      ],
    };
  }
  return {
    ...outcome,
    // The steps that the process made tell what the log does not.
    doubts: [],
    warnings: lost.map(({ text }) => `${text}; nothing in the steps that followed depends on it`),
    notes: comparison?.verdict === "agree"
      ? [`fingerprints of ${comparison.steps} steps after resuming agree`]
      : [],
  };
}
