/**
 * Two recorded runs in files, each with its own step, from the first state that they have in common.
 *
 * @module
 */

import { openRecord } from "../artifact/open_record.ts";
import type { RunRecord } from "../engine/types.ts";
import { ArgumentRangeError, ArtifactIntegrityError, UnsafeArtifactError } from "../errors.ts";
import {
  divergeRecorded,
  type DivergeSandboxedOptions,
  type SandboxedDivergence,
} from "../sandbox/host/diverge_sandboxed.ts";
import type { ChildOptions } from "../sandbox/host/sandbox_child.ts";
import type { SandboxLimits } from "../sandbox/host/sandbox_limits.ts";
import type { StepSource } from "../sandbox/recorder/read_step.ts";
import { describeError } from "./error_report.ts";
import { InputError } from "./usage_error.ts";
import { artifactInput } from "./pipe_input.ts";

/** A recorded run and what makes it. */
export interface FileSide {
  /** The run. */
  readonly record: RunRecord;
  /** Its source, and limits. */
  readonly options: ChildOptions;
}

/**
 * Opens a file for a comparison.
 *
 * @param file Its path.
 * @param options A step module in place of the one in the file, and limits.
 * @throws {UnsafeArtifactError} If there is neither.
 */
export async function sideOf(
  file: string,
  { step, limits }: {
    step: StepSource | undefined;
    limits: SandboxLimits & { readonly signal: AbortSignal };
  },
): Promise<FileSide> {
  const record = await wholeRecord(file, limits.signal);
  const { source, sourceMap, stepId } = step ?? record;
  if (source === undefined) {
    throw new UnsafeArtifactError(
      "Cannot compare the run: the .replay file carries no step source",
      { hint: "pass the step module that made it with --step FILE" },
    );
  }
  const { math, shims } = record;
  return { record, options: { ...limits, source, sourceMap, stepId, math, shims } };
}

/** The record of one of two files, none of it damaged; an error says which of them it is about. */
async function wholeRecord(file: string, signal: AbortSignal): Promise<RunRecord> {
  try {
    const { record, checkAll } = await openRecord(await artifactInput(file, signal));
    checkAll();
    return record;
  } catch (error) {
    if (!(error instanceof ArtifactIntegrityError)) throw error;
    throw new InputError(describeError(error, file), { hint: error.hint, cause: error });
  }
}

/**
 * Compares two runs at the same t of their root run: a run and its branch from where one left the other.
 *
 * @throws {ArgumentRangeError} If no state of one lies at the t of another.
 */
export async function divergeFiles(
  before: FileSide,
  after: FileSide,
  options: DivergeSandboxedOptions,
): Promise<SandboxedDivergence> {
  const first = Math.max(before.record.origin, after.record.origin);
  const from = { before: first - before.record.origin, after: first - after.record.origin };
  if (from.before >= before.record.steps || from.after >= after.record.steps) {
    throw new ArgumentRangeError(
      "Cannot compare the runs: no state of one lies at the t of the other",
      { hint: "branches of one run are compared where both have states" },
    );
  }
  return await divergeRecorded(before, after, { ...options, from });
}
