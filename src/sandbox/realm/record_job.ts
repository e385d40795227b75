/**
 * Records a run inside the child, with the engine's own sweep, and tries parts of it again at once.
 * This module is browser compatible.
 *
 * @module
 */

import { equalBytes } from "../../codec/compare_states.ts";
import { decodeState } from "../../codec/decode_state.ts";
import { encodeState } from "../../codec/encode_state.ts";
import { assertInvariant, NondeterministicStepError } from "../../errors.ts";
import { CheckpointLog } from "../../engine/checkpoint_log.ts";
import { blockStart } from "../../engine/block_grid.ts";
import { settleCopies } from "../../engine/hot_loops.ts";
import { recordPlan, type RecordPlanOptions } from "../../engine/record.ts";
import { InputLog } from "../../engine/input_log.ts";
import { makeInitial } from "../../engine/record_options.ts";
import type { RecordOutcome, RecordPlan, Resumption } from "../../engine/record_types.ts";
import { BlockSamples } from "../../engine/guards/block_samples.ts";
import { encodeWith } from "../../engine/user_codec.ts";
import type { InitFunction, RunFailure } from "../../engine/types.ts";
import { createRng } from "../../rng/backends.ts";
import { userText } from "./child_error.ts";
import { InputStream } from "./input_stream.ts";
import {
  initOf,
  type PlannedRecording,
  planRecording,
  type RecordContext,
} from "./plan_recording.ts";
import { MarkedRecording } from "./record_marks.ts";
import { misspeltNames } from "./added_names.ts";
import { takeDenials, type UserCodeError } from "./user_code.ts";
import { loadGenerator } from "./late_numpy.ts";
import type { Doubt, Frame } from "../wire/answers.ts";
import type { InitialJob, RecordJob } from "../wire/requests.ts";
import type { Position } from "../wire/position.ts";
import { tryAgain } from "./try_again.ts";
import { consoleCount } from "./step_console.ts";
import { closeDraws, openDraws } from "./rng_facade.ts";
import { Doubts, ObjectWatch } from "./doubts.ts";
import { changedReason } from "../wire/doubt_text.ts";

/** Carries out a record job: its first item is the head, the others are the checkpoints. */
export async function runRecordJob(
  job: RecordJob,
  context: RecordContext,
): Promise<
  & Pick<RecordOutcome, "steps" | "lastState" | "accumulators" | "failure">
  & { notes: readonly string[]; frames: readonly Frame[]; doubts: readonly Doubt[] }
> {
  const { module, position, writer } = context;
  const { budget, marks } = job;
  // Before the module loads: what is denied here is not the module's doing.
  settleCopies();
  takeDenials();
  let marked: MarkedRecording<unknown> | undefined;
  const stream = job.hasInputs ? new InputStream(context.io, () => marked?.mark()) : undefined;
  const isDoubted = job.guards || job.resume !== undefined;
  const watch = isDoubted ? new ObjectWatch(module) : undefined;
  const { instance, beside, plan } = await planRecording(job, context, { source: stream });
  const { blockSize, rng, params } = plan;
  module.shims.useRun(plan);
  const { isLoadUsed } = module.shims;
  const observables = Object.keys(plan.observe);
  writer.item(encodeState({ blockSize, rng, params, isLoadUsed, observables }));
  const checkpoints = new CheckpointLog({
    push(bytes) {
      if (marks === undefined) position[1]! += bytes.length;
      marked?.sent(bytes);
      writer.item(bytes);
      // Before the first step the parent estimates from X_0 how much will be stored.
      if (marks !== undefined && checkpoints.count === 1) writer.flush();
    },
    // The parent, which sees the same lengths, gives up the same ones.
    thin() {},
  }, { budget, ...job.resume });
  if (marks !== undefined) {
    marked = new MarkedRecording(plan, { marks, checkpoints, writer, stream, now: context.io.now });
  }
  const { exports } = instance;
  const isResumed = job.resume !== undefined;
  const doubts = watch && new Doubts(watch, { exports, params, isResumed });
  const { outcome, start } = await recordAndTry(plan, context, {
    ...{ doubts, beside },
    checkpoints,
    advance: marked && ((recorder, to) => marked.advance(recorder, to)),
    resumption: resumptionOf(job, plan, position),
    // The parent compares it with what it has.
    onResume: (bytes) => writer.item(bytes),
  });
  const notes = [
    ...module.notes,
    ...observableNotes(exports.observe, observables),
    ...consoleNotes(),
    ...mutationNotes(job, start),
    ...inputNotes(job, exports.step),
  ];
  const { steps, lastState, accumulators } = outcome;
  const failure = failureText(outcome.failure, instance.lastError());
  const frames = failure === undefined ? [] : instance.lastError()?.frames ?? [];
  return { steps, lastState, accumulators, failure, frames, notes, doubts: doubts?.list() ?? [] };
}

/** What is recorded with, and who looks on. */
interface RecordAndTryOptions
  extends Omit<RecordPlanOptions<unknown>, "onBlock">, Pick<PlannedRecording, "beside"> {
  /** Takes doubts on the way. */
  readonly doubts: Doubts | undefined;
}

/** Records, and tries parts of the run again; gives X_0, too. */
export async function recordAndTry(
  plan: RecordPlan<unknown>,
  { module, position, secret, io: { now } }: RecordContext,
  { doubts, beside, ...options }: RecordAndTryOptions,
): Promise<{ outcome: RecordOutcome; start: Uint8Array | undefined }> {
  const chance = createRng("sfc32", secret);
  const samples = new BlockSamples(() => chance.random());
  const startedAt = now();
  const rng = createRng(plan.rng, 0);
  const outcome = await explaining(async () => {
    const recorded = recordPlan(plan, {
      ...options,
      onBlock(block, bytes, live, params) {
        openDraws();
        position[0] = blockStart(block, plan);
        samples.keep(bytes, block);
        if (block === 0) doubts?.lookAtStart(() => plan.second?.initial?.(bytes));
        doubts?.look(live, params);
      },
    });
    const recordedMs = now() - startedAt;
    closeDraws();
    const fresh = await module.instantiate(rng);
    doubts?.compare(fresh.exports, beside);
    tryAgain(samples.stretches(recorded, plan), { ...plan, inputs: recorded.inputs }, {
      ...{ fresh, rng, position, now, recordedMs },
    });
    return recorded;
  }, async () => {
    closeDraws();
    doubts?.compare((await module.instantiate()).exports, beside);
    return doubts?.changed;
  });
  return { outcome, start: samples.start };
}

/** Does something; of a run that does not replay with what changes in the module, if that can be seen. */
async function explaining<T>(
  act: () => Promise<T>,
  changed: () => Promise<string | undefined>,
): Promise<T> {
  try {
    return await act();
  } catch (error) {
    const place = error instanceof NondeterministicStepError ? await changed() : undefined;
    if (!(error instanceof NondeterministicStepError) || place === undefined) throw error;
    const { t, problem } = error;
    throw new NondeterministicStepError(t, `${problem}: ${changedReason(place)}`);
  }
}

/** An observable of `(state, t)`, as a predicate may be, would give NaN, or what its defaults give. */
function observableNotes(exported: unknown, names: readonly string[]): string[] {
  return names.flatMap((name) => {
    const look = Object.getOwnPropertyDescriptor(Object(exported), name)?.value as unknown;
    if (typeof look !== "function" || look.length < 2) return [];
    return [`observe.${name} has ${look.length} parameters, and is given the state alone`];
  });
}

/** Nothing is printed while a run is recorded: a run of a million steps would drown in it. */
function consoleNotes(): string[] {
  if (consoleCount() === 0) return [];
  return [
    "the step wrote to console, which recording keeps silent: read it with 'rewind get FILE T --log'",
  ];
}

/** A function that was to change the state, and did not, as far as the step sees: `(s) => { s = 100 }`, a name too many. */
function mutationNotes({ mutate, start }: RecordJob, first: Uint8Array | undefined): string[] {
  if (mutate === undefined || start === undefined || first === undefined) return [];
  if (!equalBytes(start, first)) return misspeltNames(decodeState(start), decodeState(first));
  return ["the branch starts from the unchanged state: the function that was to change it did not"];
}

/** Inputs that the step has no parameter for: they change nothing. */
function inputNotes({ hasInputs }: RecordJob, step: unknown): string[] {
  if (!hasInputs || typeof step !== "function" || step.length === 0 || step.length > 4) return [];
  const text = Function.prototype.toString.call(step);
  const [head = text] = /^[^]*?(?:=>|\)\s*\{)/.exec(text) ?? [];
  // Parameters behind a default are not counted.
  if (/\.\.\.|=(?!>)/.test(head) || /\barguments\b/.test(text)) return [];
  return [
    `the inputs change nothing: step has ${step.length} parameters, and the input is the fifth`,
  ];
}

/** Where to go on; opens the draws, as the last span is made again. */
function resumptionOf(
  { resume }: RecordJob,
  plan: RecordPlan<unknown>,
  position: Position,
): Resumption | undefined {
  if (resume === undefined) return undefined;
  const { t, stride, lengths, checkpoint, accumulators } = resume;
  const first = blockStart((lengths.length - 1) * stride, plan);
  settleCopies();
  openDraws();
  position[0] = first;
  let inputs: InputLog | undefined;
  if (plan.source !== undefined) {
    inputs = new InputLog(first);
    while (inputs.length < t) {
      assertInvariant(plan.source.pull(inputs, t - inputs.length) > 0, "the inputs are sent again");
    }
  }
  return { t, checkpoint, lastState: undefined, accumulators, inputs };
}

/** Carries out the job that makes X_0 again. */
export async function runInitialJob(
  { seed, rng, params }: InitialJob,
  { io, module, position, writer }: RecordContext,
): Promise<void> {
  const instance = await module.instantiate();
  if (instance.init === undefined) return writer.item(new Uint8Array(0));
  await loadGenerator(io, rng);
  const init = initOf(instance, { module, position });
  const state = typeof init === "function"
    ? makeInitial(init as InitFunction<unknown>, { params: decodeState(params), seed, rng })
    : init;
  writer.item(encodeWith(instance.codec, state));
}

/** The failure with the guard's sentence, if the step failed because it asked for what is denied. */
export function failureText(
  failure: RunFailure | undefined,
  cause: UserCodeError | undefined,
): RunFailure | undefined {
  if (failure === undefined || cause?.denial === undefined) return failure;
  return { t: failure.t, error: userText(cause, failure.t) };
}
