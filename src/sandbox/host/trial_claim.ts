/**
 * Checks what a child says of a trial of a campaign.
 * This module is browser compatible.
 *
 * @module
 */

import { fieldsOf } from "../../codec/exact_fields.ts";
import type { RunFailure } from "../../engine/types.ts";
import { STEPS_MAX } from "../../limits.ts";
import type { KeptRun, TrialAnswer, TrialEnd } from "../wire/answers.ts";
import type { TrialRequest } from "../wire/trial_requests.ts";
import { checkFrames, fields, isCount, isInRange, malformed } from "./claims.ts";
import { checkAccumulators, checkFailure, type RecordEnd } from "./record_claims.ts";

/** What came of a trial, checked; the run itself is still a claim. */
export interface CheckedTrial
  extends TrialEnd, Pick<RecordEnd, "observables" | "observed" | "accumulators" | "frames"> {
  /** Number of states recorded. */
  readonly steps: number;
  /** Why the run is shorter than asked for, if the step threw; foreign text. */
  readonly failure: RunFailure | undefined;
  /** Content hash of the run, if it was asked for. */
  readonly hash: string | undefined;
  /** Resident memory of the child, in bytes. */
  readonly memoryBytes: number;
  /** The run, if it is to be kept. */
  readonly kept: KeptRun | undefined;
}

/** What was asked for. */
export interface TrialAsked {
  /** Most states. */
  readonly steps: number;
  /** What was asked besides the run. */
  readonly trial: TrialRequest;
  /** Whether a hash was. */
  readonly isHashed: boolean;
}

/**
 * The answer of a trial, checked against what was asked for; why one failed stays a claim.
 *
 * @throws {SandboxError} If it does not fit.
 */
export function checkTrialAnswer(
  claim: unknown,
  asked: TrialAsked,
): Pick<TrialAnswer, "ms" | "failed"> & { readonly ended: CheckedTrial | undefined } {
  const answer = fieldsOf(claim, ["ms", "failed", "ended"]);
  if (answer === undefined) throw malformed();
  const { ms, failed, ended } = answer;
  if (typeof ms !== "number" || !(ms >= 0)) throw malformed();
  if ((failed === undefined) === (ended === undefined)) throw malformed();
  return {
    ms,
    failed: failed as TrialAnswer["failed"],
    ended: ended === undefined ? undefined : checkTrial(ended, asked),
  };
}

function checkTrial(claim: unknown, asked: TrialAsked): CheckedTrial {
  const { steps, accumulators, failure, frames, hash, memoryBytes, kept, ...end } = fields(claim);
  if (!isCount(steps, Math.min(asked.steps, STEPS_MAX))) throw malformed();
  if (!isInRange(memoryBytes, { from: 0, to: Number.MAX_SAFE_INTEGER })) throw malformed();
  if ((hash !== undefined) !== asked.isHashed) throw malformed();
  if (hash !== undefined && !(typeof hash === "string" && /^[0-9a-f]{64}$/.test(hash))) {
    throw malformed();
  }
  const statistics = checkAccumulators(accumulators, steps);
  return {
    ...{ steps, memoryBytes, hash, ...statistics },
    ...checkTrialEnd(end, asked.trial, { steps, observables: statistics.observables.length }),
    failure: failure === undefined ? undefined : checkFailure(failure),
    frames: checkFrames(frames),
    kept: kept === undefined ? undefined : checkKept(kept),
  };
}

/** What was asked besides the run, checked. */
function checkTrialEnd(
  claim: unknown,
  { where, stops, final: asked, points: at }: TrialRequest,
  { steps, observables }: { steps: number; observables: number },
): TrialEnd {
  const end = fieldsOf(claim, ["first", "final", "points"]);
  if (end === undefined) throw malformed();
  const { first, final, points } = end;
  if (first !== undefined) {
    if (where === undefined || !isInRange(first, { from: 0, to: steps })) throw malformed();
    if (stops && first !== steps - 1) throw malformed();
  }
  if (!Array.isArray(final) || final.length !== (asked === undefined ? 0 : 1)) throw malformed();
  if (!Array.isArray(points) || points.length !== observables) throw malformed();
  for (const column of points as unknown[]) {
    if (!(column instanceof Float64Array) || column.length !== at.length) throw malformed();
  }
  return { first, final, points } as unknown as TrialEnd;
}

/** The bytes of a run that is sent, checked for their form; its head is checked as that of any recording. */
function checkKept(claim: unknown): KeptRun {
  const { lastState, checkpoints, stride } = fields(claim);
  const isBytes = (value: unknown) => value instanceof Uint8Array;
  if (!isBytes(lastState) || !isCount(stride, STEPS_MAX)) throw malformed();
  if (!Array.isArray(checkpoints) || !checkpoints.every(isBytes)) throw malformed();
  return claim as KeptRun;
}
