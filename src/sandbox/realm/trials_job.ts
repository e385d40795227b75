/**
 * Records trials of a campaign inside the child, one after the other.
 * This module is browser compatible.
 *
 * @module
 */

import { encodeState } from "../../codec/encode_state.ts";
import { type RunFront, StatesHasher } from "../../artifact/run_hash.ts";
import { CheckpointLog, MemoryCheckpoints } from "../../engine/checkpoint_log.ts";
import { blockStart } from "../../engine/block_grid.ts";
import { settleCopies } from "../../engine/hot_loops.ts";
import { recordPlan } from "../../engine/record.ts";
import { PLAIN_RECORD } from "../../engine/record_defaults.ts";
import type { RecordOutcome, RecordPlan } from "../../engine/record_types.ts";
import { recordedShims } from "../../engine/recorded_shims.ts";
import type { Shims } from "../../engine/types.ts";
import { ArgumentTypeError } from "../../errors.ts";
import type { TrialAnswer, TrialRun } from "../wire/answers.ts";
import type { TrialsJob } from "../wire/requests.ts";
import type { Keep, TrialRequest, TrialSeed } from "../wire/trial_requests.ts";
import { describeError } from "./child_error.ts";
import { heldReason } from "../wire/doubt_text.ts";
import { Doubts, ObjectWatch } from "./doubts.ts";
import { checkPlainTrial } from "./live_job.ts";
import { takeDenials } from "./user_code.ts";
import { InputStream } from "./input_stream.ts";
import { LookError } from "./look_error.ts";
import { type PlannedRecording, planRecording, type RecordContext } from "./plan_recording.ts";
import { failureText, recordAndTry } from "./record_job.ts";
import { closeDraws, openDraws } from "./rng_facade.ts";
import { SeededShimDraws } from "./shim_draws.ts";

/** What a job with several parts works with. */
export interface TrialsContext extends RecordContext {
  /** Says that the next part of the job begins: the limits of a job count from here. */
  startPart(index: number): void;
}

/** The states of a trial take more than may be sent of them. */
class OutputError extends Error {}

/** Carries out the job; each item is the answer of a trial. */
export async function runTrialsJob(job: TrialsJob, context: TrialsContext): Promise<void> {
  const { io, module, position, writer } = context;
  // Before the module loads: what is denied here is not the module's doing.
  settleCopies();
  takeDenials();
  const watch = job.trials.some(({ isTried }) => isTried) ? new ObjectWatch(module) : undefined;
  for (const [index, seed] of job.trials.entries()) {
    context.startPart(index);
    const startedAt = io.now();
    let answer: Omit<TrialAnswer, "ms">;
    try {
      const ended = await runTrial(job, seed, { ...context, watch });
      // Asking takes a tenth of a short trial.
      const memoryBytes = index === job.trials.length - 1 ? io.memoryBytes() : 0;
      answer = { failed: undefined, ended: { ...ended, memoryBytes } };
    } catch (error) {
      const failed = error instanceof OutputError
        ? "output" as const
        : describeError(error, position[0]!);
      answer = { failed, ended: undefined };
    }
    closeDraws();
    writer.item(encodeState({ ms: io.now() - startedAt, ...answer }));
  }
}

/** Records one trial. */
async function runTrial(
  { recording, trial, keep, hashed, outputBytesMax }: TrialsJob,
  { seed, paramChanges, isTried }: TrialSeed,
  context: TrialsContext & { readonly watch: ObjectWatch | undefined },
): Promise<Omit<TrialRun, "memoryBytes">> {
  const { io, module } = context;
  const { shims } = module;
  const recorded = {
    ...recording,
    ...{ seed, paramChanges: [...paramChanges], guards: isTried },
  };
  shims.begin(new SeededShimDraws(seed, recording.generatorState));
  const source = recording.hasInputs ? new InputStream(io, () => {}) : undefined;
  const planned = await planRecording(recorded, context, { trial, source });
  const { instance, plan, watch } = planned;
  shims.useRun(plan);
  const { isLoadUsed } = shims;
  const front = frontOf(plan, recordedShims(shims.given, isLoadUsed));
  const hasher = hashed && new StatesHasher({ ...front, ...hashed });
  const kept = keep === "none" ? undefined : new MemoryCheckpoints();
  let bytesLeft = outputBytesMax;
  const spend = ({ length }: Uint8Array): void => {
    bytesLeft -= length;
    if (bytesLeft < 0) throw new OutputError();
  };
  const checkpoints = new CheckpointLog({
    push(bytes) {
      spend(bytes);
      hasher?.state(bytes);
      kept?.push(bytes);
    },
    thin: () => kept?.thin(),
  }, recording);
  const { exports } = instance;
  const { blockSize, rng, params, observables } = front;
  const doubts = isTried && context.watch !== undefined
    ? new Doubts(context.watch, { exports, params, isResumed: false })
    : undefined;
  const outcome = await recordTrial(planned, context, { checkpoints, doubts, trial });
  spend(outcome.lastState);
  const error = instance.lastError();
  const failure = failureText(outcome.failure, error);
  const { steps, accumulators, lastState } = outcome;
  const end = watch!.result(outcome, instance.codec);
  return {
    ...{ steps, accumulators, failure, ...end },
    frames: failure === undefined ? [] : error?.frames ?? [],
    hash: hasher?.finish({ ...outcome, failure }),
    kept: isKept(keep, { failure, first: end.first })
      ? {
        ...{ blockSize, rng, params, isLoadUsed, observables, lastState },
        stride: checkpoints.stride,
        checkpoints: Array.from({ length: kept!.length }, (_, i) => kept!.bytesAt(i)),
      }
      : undefined,
  };
}

/** What is known of a trial's run before its first state, without what its module is called. */
function frontOf(plan: RecordPlan<unknown>, shims: Shims | undefined): RunFront {
  const { seed, blockSize, rng, params, origin, gridOffset, generatorState, budget } = plan;
  return {
    ...PLAIN_RECORD,
    ...{ seed, blockSize, rng, params, origin, gridOffset, generatorState, budget, shims },
    observables: Object.keys(plan.observe),
    stepId: "",
    source: undefined,
    math: "portable",
  };
}

/** Records; where guards are asked for, they try parts again. What an observable does wrong is a result of the trial. */
async function recordTrial(
  { plan, beside }: PlannedRecording,
  context: TrialsContext,
  { checkpoints, doubts, trial }: {
    checkpoints: CheckpointLog;
    doubts: Doubts | undefined;
    trial: TrialRequest;
  },
): Promise<RecordOutcome> {
  const { position } = context;
  try {
    if (doubts === undefined) {
      return recordPlan(plan, {
        checkpoints,
        onBlock(block) {
          openDraws();
          position[0] = blockStart(block, plan);
        },
      });
    }
    const { outcome } = await recordAndTry(plan, context, { checkpoints, doubts, beside });
    const { held } = doubts;
    const reason = held === undefined ? trial.doubt : heldReason(held);
    if (reason !== undefined) await checkPlainTrial(plan, outcome, { context, reason });
    return outcome;
  } catch (error) {
    throw error instanceof ArgumentTypeError ? new LookError(error.message, position[0]!) : error;
  }
}

/** Whether the run of a trial is sent. */
function isKept(
  keep: Keep,
  { failure, first }: Pick<TrialRun, "failure" | "first">,
): boolean {
  return keep === "all" || (keep === "hits" && (failure !== undefined || first !== undefined));
}
