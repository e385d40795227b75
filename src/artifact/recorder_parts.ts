/**
 * What a recorder in the caller's own loop is made of.
 * This module is browser compatible.
 *
 * @module
 */

import { CheckpointLog, MemoryCheckpoints } from "../engine/checkpoint_log.ts";
import { recordOf } from "../engine/record.ts";
import { planRecord } from "../engine/record_options.ts";
import type { RecordPlan } from "../engine/record_types.ts";
import { Recorder } from "../engine/recorder.ts";
import type { StepFunction } from "../engine/types.ts";
import type { RngByName, RngName } from "../rng/backends.ts";
import type { OpenRecorderOptions } from "./recorder_options.ts";
import { runOf } from "./run.ts";
import type { RecorderParts } from "./types.ts";

/** The plan of a new recording in the caller's loop. */
export function planOpen<S>(
  step: StepFunction<S>,
  options: OpenRecorderOptions<S, RngName, unknown>,
): RecordPlan<S> {
  const plan = planRecord(step as StepFunction<S, RngByName[RngName]>, {
    ...options,
    isOpen: true,
  });
  // The live state is in the caller's hands.
  return options.selfCheck === undefined ? { ...plan, selfCheck: "some" } : plan;
}

/** A new recording in memory. */
export function memoryParts<S>(
  step: StepFunction<S>,
  options: OpenRecorderOptions<S, RngName, unknown>,
): RecorderParts<S> {
  const plan = planOpen(step, options);
  const checkpoints = new MemoryCheckpoints();
  const { stepId = step.name, source } = options;
  return {
    plan,
    isBounded: options.steps !== undefined,
    file: undefined,
    recorder: new Recorder(plan, { checkpoints: new CheckpointLog(checkpoints, plan) }),
    end: (outcome) =>
      runOf(recordOf(plan, checkpoints, { ...outcome, stepId, source }), step, options),
  };
}
