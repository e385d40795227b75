/**
 * The errors where a run does not do again what it did, so that nothing can be compared with it.
 * This module is browser compatible.
 *
 * @module
 */

import { compareEncodings, equalBytes } from "../../codec/compare_states.ts";
import { BaselineError, type StepError } from "../../errors.ts";
import { spanOf, spanStart } from "../block_grid.ts";
import type { RunRecord } from "../types.ts";
import type { Mark } from "./marks.ts";
import type { Side } from "./side.ts";

/** Compares a state with the stored one. @throws {BaselineError} If it is another one. */
export function checkRecorded({ isRecorded, record }: Side, { t, state }: Mark): void {
  if (!isRecorded) return;
  const expected = storedState(record, t);
  if (expected === undefined || equalBytes(expected, state)) return;
  if (compareEncodings(expected, state, record).kind === "value") {
    throw notReplayed(`it gives another state ${t}`);
  }
}

/** Canonical bytes of X_t where the run stores it. */
export function storedState(record: RunRecord, t: number): Uint8Array | undefined {
  const span = spanOf(t, record);
  if (t === spanStart(span, record)) return record.checkpoints.bytesAt(span);
  return t === record.steps - 1 ? record.lastState : undefined;
}

/** Refuses an error of a step that threw nowhere when it was recorded. @throws {BaselineError} Then. */
export function checkFailure({ isRecorded, record }: Side, error: StepError): void {
  if (isRecorded && error.t < record.steps) throw notReplayed(error.message);
}

/** The error for a recorded run whose own step does not lead to its states. */
export function notReplayed(why: string): BaselineError {
  return new BaselineError(
    `Cannot compare the runs: the step that a run was recorded with does not replay it here: ${why}`,
    { hint: "verify the run first" },
  );
}

/** The error for a step that did something else the second time. */
export function notRepeated(t: number): BaselineError {
  return new BaselineError(
    `Cannot compare the runs: the new step made state ${t} and then did not make it again`,
    { hint: "draw all randomness from rng, and nothing from variables outside the step" },
  );
}
