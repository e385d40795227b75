/**
 * Records a run inside the child, with the engine's own sweep, and tries parts of it again at once.
 * This module is browser compatible.
 *
 * @module
 */

import { equalBytes } from "../../codec/compare_states.ts";
import { decodeState } from "../../codec/decode_state.ts";
import { encodeState } from "../../codec/encode_state.ts";
import { copyState, copyThawed } from "../../codec/copy_state.ts";
import { ArgumentTypeError, assertInvariant } from "../../errors.ts";
import { CheckpointLog } from "../../engine/checkpoint_log.ts";
import { blockStart } from "../../engine/grid.ts";
import { settleCopies } from "../../engine/loops.ts";
import { recordPlan } from "../../engine/record.ts";
import { InputLog } from "../../engine/input_log.ts";
import type { RecordOutcome, Resumption } from "../../engine/recorder.ts";
import { makeInitial, makeInitialOf, planRecord } from "../../engine/record_options.ts";
import type { RecordOptions, RecordPlan } from "../../engine/record_types.ts";
import { BlockSamples } from "../../engine/guards/block_samples.ts";
import { liveLooks } from "../../engine/guards/live_looks.ts";
import type { SecondInstance } from "../../engine/guards/second_instance.ts";
import { keepParameterKind } from "../../engine/given_value.ts";
import { changeParameters, mutatedState } from "../../engine/same_kind.ts";
import { decodeWith, encodeWith } from "../../engine/user_codec.ts";
import type { InitFunction, Observable, RunFailure } from "../../engine/types.ts";
import { createRng, isRngName, RNG_NAMES, type RngName } from "../../rng/backends.ts";
import type { Rng } from "../../rng/rng.ts";
import { userText } from "./child_error.ts";
import { recordingInstance } from "./copy_hot_code.ts";
import { InputStream } from "./input_stream.ts";
import type { RealmIo } from "./realm_io.ts";
import { MarkedRecording } from "./record_marks.ts";
import type { FrameWriter } from "../wire/frame_writer.ts";
import { callUser, takeDenials, type UserCodeError } from "./guards.ts";
import { LookError, looking } from "./look_error.ts";
import { loadGenerator } from "./late_numpy.ts";
import type { Frame, TrialEnd } from "../wire/answers.ts";
import type { InitialJob, RecordJob } from "../wire/requests.ts";
import type { Position } from "../wire/position.ts";
import { tryAgain } from "./try_again.ts";
import { consoleCount } from "./step_console.ts";
import { closeDraws, facadeOf, openDraws } from "./rng_facade.ts";
import {
  exportedObservable,
  guardObservable,
  ModuleShapeError,
  type StepInstance,
  type StepModule,
} from "./step_module.ts";
import { TrialWatch } from "./trial_watch.ts";

/** What is to be recorded, by whatever job. */
type RecordingJob = Omit<RecordJob, "kind">;

/** What a record job works with. */
export interface RecordContext {
  /** What loads generators, and tells time and memory. */
  readonly io: Pick<RealmIo, "checkpoint" | "loadPart" | "memoryBytes" | "now">;
  /** The module to record. */
  readonly module: StepModule;
  /** Where user code is. */
  readonly position: Position;
  /** Receives the checkpoints. */
  readonly writer: FrameWriter;
  /** A number that the step does not know. */
  readonly secret: bigint;
}

/** Carries out a record job: its first item is the head, the others are the checkpoints. */
export async function runRecordJob(
  job: RecordJob,
  context: RecordContext,
): Promise<
  & Pick<RecordOutcome, "steps" | "lastState" | "accumulators" | "failure">
  & { notes: readonly string[]; frames: readonly Frame[]; trial: TrialEnd | undefined }
> {
  const { module, position, writer } = context;
  const { budget, marks } = job;
  // Before the module loads: what is denied here is not the module's doing.
  settleCopies();
  takeDenials();
  let marked: MarkedRecording<unknown> | undefined;
  const stream = job.hasInputs ? new InputStream(context.io, () => marked?.mark()) : undefined;
  const { instance, plan, watch } = await planRecording(job, context, stream);
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
  const chance = createRng("sfc32", context.secret);
  const samples = new BlockSamples(() => chance.random());
  const startedAt = context.io.now();
  const record = job.trial === undefined ? recordPlan : recordTrial(position);
  const { inputs, ...outcome } = record(plan, {
    checkpoints,
    advance: marked && ((recorder, to) => marked.advance(recorder, to)),
    resumption: resumptionOf(job, plan, position),
    // The parent compares it with what it has.
    onResume: (bytes) => writer.item(bytes),
    onBlock(block, bytes) {
      openDraws();
      position[0] = blockStart(block, plan);
      samples.keep(bytes, block);
    },
  });
  const notes = [...module.notes, ...consoleNotes(), ...mutationNotes(job, samples.start)];
  if (job.trial?.certify ?? true) {
    const { now } = context.io;
    await tryAgain(samples.stretches(outcome, plan), { ...plan, inputs }, {
      ...{ module, position, now },
      recordedMs: now() - startedAt,
    });
  }
  const { steps, lastState, accumulators } = outcome;
  const failure = failureText(outcome.failure, instance.lastError());
  const frames = failure === undefined ? [] : instance.lastError()?.frames ?? [];
  const trial = watch && {
    ...watch.result(outcome, instance.codec),
    memoryBytes: context.io.memoryBytes(),
  };
  return { steps, lastState, accumulators, failure, frames, notes, trial };
}

/** Records so that an observable that gives no number says at which state. */
function recordTrial(position: Position): typeof recordPlan {
  return (...args) => {
    try {
      return recordPlan(...args);
    } catch (error) {
      throw error instanceof ArgumentTypeError ? new LookError(error.message, position[0]!) : error;
    }
  };
}

/** What a job that records, or splits, works with. */
export interface PlannedRecording {
  /** The module's instance that makes the states. */
  readonly instance: StepInstance;
  /** What is recorded. */
  readonly plan: RecordPlan<unknown>;
  /** What a trial wants to see besides. */
  readonly watch: TrialWatch | undefined;
}

/**
 * Loads the module and takes together what is to be recorded.
 *
 * @param source Where inputs come from, if there are any.
 */
export async function planRecording(
  job: RecordingJob,
  context: RecordContext,
  source?: InputStream,
): Promise<PlannedRecording> {
  const { module } = context;
  const instance = await recordingInstance(module, job);
  const backend = job.rng ?? backendOf(instance.rng);
  await loadGenerator(context.io, backend);
  const params = changeParameters(
    job.params.length === 1 ? job.params[0] : copyThawed(instance.params),
    job.paramChanges,
    keepParameterKind,
  );
  module.useParams(() => copyThawed(params));
  const observe = await observablesOf(job, context, instance);
  const { position } = context;
  const watch = job.trial && await TrialWatch.start(job.trial, { module, observe, position });
  const until = await untilOf(job, { module, watch, position });
  const options: RecordOptions<unknown, RngName, unknown> = {
    ...(await initialOf(job, context, instance)),
    steps: job.steps,
    seed: job.seed,
    rng: backend,
    params,
    observe,
    selfCheck: job.selfCheck,
    ...(job.blockSize === undefined ? {} : { blockSize: job.blockSize }),
    ...(instance.codec === undefined ? {} : { codec: instance.codec }),
    ...(until === undefined ? {} : { until }),
  };
  instance.checkParameters();
  const { origin, gridOffset, generatorState, budget } = job;
  const plan: RecordPlan<unknown> = {
    ...planRecord(instance.step, options),
    ...{ origin, gridOffset, generatorState, budget },
    source,
    now: context.io.now,
    second: job.guards
      ? await secondInstance(job, context, { seed: job.seed, rng: backend, params })
      : undefined,
  };
  return { instance, plan, watch };
}

/** Nothing is printed while a run is recorded: a run of a million steps would drown in it. */
function consoleNotes(): string[] {
  if (consoleCount() === 0) return [];
  return [
    "the step wrote to console, which recording keeps silent: read it with 'rewind get FILE T --log'",
  ];
}

/** A function that was to change the state, and did not: `(s) => { s = 100 }` changes a variable of its own. */
function mutationNotes({ mutate, start }: RecordJob, first: Uint8Array | undefined): string[] {
  if (mutate === undefined || start === undefined || first === undefined) return [];
  if (!equalBytes(start, first)) return [];
  return ["the branch starts from the unchanged state: the function that was to change it did not"];
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

/** Another instance of the module for the guards: what it changes is its own. */
async function secondInstance(
  job: RecordingJob,
  context: RecordContext,
  run: Pick<RecordPlan<unknown>, "seed" | "rng" | "params">,
): Promise<SecondInstance<unknown>> {
  const instance = await context.module.instantiate();
  const { step, codec } = instance;
  const { init } = await initialOf(job, context, instance);
  const params = ownParams(instance, run);
  const state = typeof init === "function"
    ? makeInitialOf(init as InitFunction<unknown>, { ...run, params })
    : init;
  openDraws();
  const startAt = (t: number): void => {
    context.position[0] = t;
  };
  // Functions that are texts look at states with the constants of the recording's own instance.
  const names = job.observe?.filter(({ expression }) => expression === undefined)
    .map(({ name }) => name) ?? Object.keys(instance.observe);
  const observe = Object.fromEntries(
    names.map((name) => [name, exportedObservable(instance, name)]),
  );
  const second = { step, codec, initial: () => ({ state, params }), isOwn: true, startAt };
  return { ...second, looks: liveLooks(second, observe, context.io.now) };
}

/** Parameters as a plain loop has them: those of the module itself, which its state may hold, where no others were given. */
function ownParams({ params }: StepInstance, run: Pick<RecordPlan<unknown>, "params">): unknown {
  return params !== undefined && equalBytes(encodeState(params), encodeState(run.params))
    ? params
    : copyState(run.params);
}

function backendOf(exported: unknown): RngName {
  if (exported === undefined) return RNG_NAMES[0]!;
  if (!isRngName(exported)) {
    throw new ModuleShapeError(`\`rng\` is not one of ${RNG_NAMES.join(", ")}`);
  }
  return exported;
}

/**
 * X_0 as the engine takes it: from the parent's bytes for a branch, else from `init`. In an object of
 * ours, as no promise may resolve with a foreign value, whose `then` would be called.
 */
async function initialOf(
  job: RecordingJob,
  context: RecordContext,
  instance: StepInstance,
): Promise<{ init: unknown }> {
  if (job.start === undefined) {
    return { init: initOf(instance, context) };
  }
  context.position[0] = 0;
  const state = decodeWith(instance.codec, job.start);
  if (job.mutate === undefined) return { init: () => state };
  const mutate = await context.module.expression(job.mutate);
  const before = job.guards ? decodeWith(instance.codec, job.start) : undefined;
  const mutated = mutatedState(state, mutate, before);
  return { init: () => mutated };
}

/** What `init` exports; as a function with the generator as it is to see it. */
function initOf(
  { init }: StepInstance,
  { module, position }: Pick<RecordContext, "module" | "position">,
): unknown {
  if (init === undefined) {
    throw new ModuleShapeError(
      "the step module does not export `init`: a state, or a function (params, rng) that makes it",
    );
  }
  if (typeof init !== "function") return init;
  position[0] = 0;
  return (params: unknown, rng: Rng): unknown => {
    openDraws();
    try {
      return module.shims.init(() =>
        callUser("init", () => init(params, facadeOf(rng)) as unknown)
      );
    } finally {
      closeDraws();
    }
  };
}

/** The observables asked for: exported ones, and functions given as text. */
async function observablesOf(
  { observe, trial }: RecordingJob,
  { module, position }: Pick<RecordContext, "module" | "position">,
  instance: StepInstance,
): Promise<Readonly<Record<string, Observable<unknown>>>> {
  let chosen: Readonly<Record<string, Observable<unknown>>> = instance.observe;
  if (observe !== undefined) {
    const asked: Record<string, Observable<unknown>> = {};
    for (const { name, expression } of observe) {
      asked[name] = expression === undefined
        ? exportedObservable(instance, name)
        : guardObservable(`observe.${name}`, await module.expression(expression));
    }
    chosen = asked;
  }
  if (trial === undefined) return chosen;
  return Object.fromEntries(
    Object.entries(chosen).map(([name, observable]) => [
      name,
      looking(`observe.${name}`, observable, position),
    ]),
  );
}

/** What is asked of every state: whether the run ends with it, and what a trial wants to see. */
async function untilOf(
  { until, trial }: RecordingJob,
  { module, watch, position }: {
    module: StepModule;
    watch: TrialWatch | undefined;
    position: Position;
  },
): Promise<((state: unknown, t: number) => boolean) | undefined> {
  const asked = until === undefined ? undefined : await module.predicate(until);
  const predicate = asked && trial ? looking("until", asked, position) : asked;
  const offset = trial?.offset ?? 0;
  const own = predicate && ((state: unknown, t: number) => predicate(state, t + offset));
  return watch === undefined ? own : watch.until(own);
}

/** The failure with the guard's sentence, if the step failed because it asked for what is denied. */
function failureText(
  failure: RunFailure | undefined,
  cause: UserCodeError | undefined,
): RunFailure | undefined {
  if (failure === undefined || cause?.denial === undefined) return failure;
  return { t: failure.t, error: userText(cause, failure.t) };
}
