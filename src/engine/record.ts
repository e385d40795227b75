/**
 * Records a whole run in memory.
 * This module is browser compatible.
 *
 * @module
 */

import { ArgumentRangeError } from "../errors.ts";
import type { RngByName, RngName } from "../rng/backends.ts";
import { counted } from "../text/quantity.ts";
import { CheckpointLog, MemoryCheckpoints } from "./checkpoint_log.ts";
import { PLAIN_RECORD } from "./record_defaults.ts";
import { checkInputCount } from "./input_source.ts";
import { planRecord } from "./record_options.ts";
import type {
  RecorderOptions,
  RecordOutcome,
  RecordPlan,
  RecordRunOptions,
} from "./record_types.ts";
import { Recorder } from "./recorder.ts";
import type { CheckpointStore, MathKind, RunRecord, StepFunction } from "./types.ts";

/** Options of {@linkcode recordPlan}. */
export interface RecordPlanOptions<S> extends RecorderOptions {
  /** Makes the states up to and with X_to in the place of the recorder's `advanceTo`. */
  readonly advance?: ((recorder: Recorder<S>, to: number) => void) | undefined;
}

/** Records a whole run in memory; `now` is a clock for the guards, in milliseconds. */
export function recordRun<S, N extends RngName, P, I = unknown>(
  step: StepFunction<S, RngByName[N], P, I>,
  options: RecordRunOptions<S, N, P, I>,
  { now }: { now?: () => number } = {},
): RunRecord {
  const checked = planRecord(step, options);
  const { lineage = {}, inputSource = checked.source } = options;
  checkInputCount(inputSource, options);
  const plan = { ...checked, ...lineage, source: inputSource, now };
  const checkpoints = new MemoryCheckpoints();
  const outcome = recordPlan(plan, { checkpoints: new CheckpointLog(checkpoints, plan) });
  const stepId = options.stepId ?? step.name;
  return {
    ...recordOf(plan, checkpoints, { ...outcome, stepId, source: options.source }),
    ...lineage,
  };
}

/** The record of a run that is no branch: what was planned, and what came of it. */
export function recordOf<S>(
  plan: RecordPlan<S>,
  checkpoints: CheckpointStore,
  ended: RecordOutcome & Pick<RunRecord, "stepId" | "source">,
): RunRecord {
  const { seed, blockSize, rng, params, budget } = plan;
  return {
    ...PLAIN_RECORD,
    ...ended,
    ...{ seed, blockSize, rng, params, budget, checkpoints },
    math: "engine" satisfies MathKind,
    unguarded: plan.second === undefined ? true : undefined,
  };
}

/**
 * Records up to the planned end.
 *
 * @throws {RangeError} If inputs are missing or left over.
 */
export function recordPlan<S>(plan: RecordPlan<S>, options: RecordPlanOptions<S>): RecordOutcome {
  try {
    const recorder = new Recorder(plan, options);
    const last = plan.steps - 1;
    if (options.advance === undefined) recorder.advanceTo(last);
    else options.advance(recorder, last);
    if (!recorder.isStopped && recorder.error === undefined) checkSurplus(plan, last);
    return recorder.finish();
  } finally {
    plan.source?.close();
  }
}

/** Refuses inputs beyond the last transition. */
function checkSurplus<S>({ source }: RecordPlan<S>, transitions: number): void {
  if (source === undefined || source.isOver()) return;
  throw new ArgumentRangeError(
    `Cannot record: there are more inputs than the ${counted(transitions, "transition")} that ` +
      `${counted(transitions + 1, "state")} have`,
    { hint: `end the inputs with that of transition ${transitions - 1}` },
  );
}
