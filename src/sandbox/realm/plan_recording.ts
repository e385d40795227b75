/**
 * Loads the module and takes together what is to be recorded, by whatever job.
 * This module is browser compatible.
 *
 * @module
 */

import { copyState, copyThawed } from "../../codec/copy_state.ts";
import { equalBytes } from "../../codec/compare_states.ts";
import { encodeState } from "../../codec/encode_state.ts";
import { keepParameterKind } from "../../engine/given_value.ts";
import { liveLooks } from "../../engine/guards/live_looks.ts";
import type { SecondInstance } from "../../engine/guards/second_instance.ts";
import { copyParams, makeInitialOf, planRecord } from "../../engine/record_options.ts";
import type { RecordOptions, RecordPlan } from "../../engine/record_types.ts";
import { changeParameters, mutatedState } from "../../engine/same_kind.ts";
import type { InitFunction, Observable } from "../../engine/types.ts";
import { decodeWith, encodeWith } from "../../engine/user_codec.ts";
import { isRngName, RNG_NAMES, type RngName } from "../../rng/backends.ts";
import type { Rng } from "../../rng/rng.ts";
import type { FrameWriter } from "../wire/frame_writer.ts";
import type { Position } from "../wire/position.ts";
import type { RecordJob } from "../wire/requests.ts";
import type { TrialRequest } from "../wire/trial_requests.ts";
import { recordingInstance } from "./copy_hot_code.ts";
import { callUser } from "./user_code.ts";
import type { InputStream } from "./input_stream.ts";
import { inBoth, objectsIn } from "./lasting_objects.ts";
import { loadGenerator } from "./late_numpy.ts";
import { looking } from "./look_error.ts";
import { shownSteps } from "./shown_steps.ts";
import type { RealmIo } from "./realm_io.ts";
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
export type RecordingJob = Omit<RecordJob, "kind" | "timeoutMs">;

/** What a record job works with. */
export interface RecordContext {
  /** What loads generators, and tells time and memory. */
  readonly io: Pick<RealmIo, "checkpoint" | "loadPart" | "memoryBytes" | "now" | "worked">;
  /** The module to record. */
  readonly module: StepModule;
  /** Where user code is. */
  readonly position: Position;
  /** Receives the checkpoints. */
  readonly writer: FrameWriter;
  /** A number that the step does not know. */
  readonly secret: bigint;
}

/** What is known of the instance that guards use. */
export interface Beside {
  /** What it exports. */
  readonly exports: Readonly<Record<string, unknown>>;
  /** Objects that its `init` gives again and again, by whatever name. */
  readonly given: readonly object[];
}

/** What a job that records, or splits, works with. */
export interface PlannedRecording {
  /** The module's instance that makes the states. */
  readonly instance: StepInstance;
  /** What is known of the guards' instance, where there is one. */
  readonly beside: Beside | undefined;
  /** What is recorded. */
  readonly plan: RecordPlan<unknown>;
  /** What a trial wants to see besides. */
  readonly watch: TrialWatch | undefined;
}

/**
 * Loads the module and takes together what is to be recorded.
 *
 * @param options Where inputs come from, if there are any; what is asked of the run besides, if it is a trial.
 */
export async function planRecording(
  job: RecordingJob,
  context: RecordContext,
  { source, trial }: { source?: InputStream | undefined; trial?: TrialRequest } = {},
): Promise<PlannedRecording> {
  const { module } = context;
  const instance = await recordingInstance(module, { trial, guards: job.guards });
  const backend = job.rng ?? backendOf(instance.rng);
  await loadGenerator(context.io, backend);
  const params = changeParameters(
    job.params.length === 1 ? job.params[0] : copyParams(instance.params),
    job.paramChanges,
    keepParameterKind,
  );
  module.useParams(() => copyThawed(params));
  const chosen = await observablesOf(job, module, instance);
  const { position } = context;
  const observe = lookedAt(chosen, trial === undefined ? undefined : position);
  const watch = trial && await TrialWatch.start(trial, { module, observe, position });
  const until = await untilOf(job, { module, trial, watch, position });
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
  const guarding = job.guards
    ? await secondInstance(job, context, { seed: job.seed, rng: backend, params })
    : undefined;
  const plan: RecordPlan<unknown> = {
    ...planRecord(instance.step, options),
    ...{ origin, gridOffset, generatorState, budget },
    untilName: trial !== undefined && job.until === undefined ? "where" : "until",
    source,
    now: context.io.now,
    worked: workClock(context.io, job.steps <= SHORT_STEPS ? COLD_SHARE : 1),
    second: guarding?.second,
  };
  return { instance, beside: guarding?.beside, plan, watch };
}

/** Another instance of the module for the guards: what it changes is its own. */
async function secondInstance(
  job: RecordingJob,
  context: RecordContext,
  run: Pick<RecordPlan<unknown>, "seed" | "rng" | "params">,
): Promise<{ second: SecondInstance<unknown>; beside: Beside }> {
  const instance = await context.module.instantiate();
  const { step, codec, exports } = instance;
  const { init } = await initialOf(job, context, instance);
  const params = ownParams(instance, run);
  const make = typeof init === "function"
    ? () => makeInitialOf(init as InitFunction<unknown>, { ...run, params })
    : undefined;
  const { now, worked = now } = context.io;
  const startedAt = worked();
  const state = make === undefined ? init : make();
  const isQuick = worked() - startedAt < QUICK_MS;
  // For an `init` that takes longer this would be felt; a branch starts with what was decoded.
  const held = make && isQuick && job.start === undefined ? inBoth(state, make()) : [];
  const ofParams = new Set(held.length === 0 ? [] : objectsIn(params));
  const given = held.filter((object) => !ofParams.has(object));
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
  // Blocks were replayed since: X_0 may lie in a buffer of the module, which they wrote to.
  const initial = (start: Uint8Array) =>
    equalBytes(encodeWith(codec, state), start) ? { state, params } : undefined;
  const second = { step, codec, initial, isOwn: true, startAt };
  return {
    second: { ...second, looks: liveLooks(second, observe, now) },
    beside: { exports, given },
  };
}

/** An `init` that takes less is called once more, in milliseconds of the processor. */
const QUICK_MS = 10;

/** A run of so few states ends before V8 has compiled its step. */
const SHORT_STEPS = 100;

/** What a state takes once more, of what it took then. */
const COLD_SHARE = 1 / 3;

/**
 * A clock, in milliseconds, that a busy machine does not make faster: of what passes between two readings, as much as
 * the processor worked, or a share of that.
 */
export function workClock(
  { now, worked }: Pick<RealmIo, "now" | "worked">,
  share = 1,
): () => number {
  if (worked === undefined) return now;
  let [at, done, sum] = [now(), worked(), 0];
  return () => {
    const [wasAt, wasDone] = [at, done];
    [at, done] = [now(), worked()];
    return sum += share * Math.min(at - wasAt, done - wasDone);
  };
}

/** Parameters as a plain loop has them: those of the module itself, which its state may hold, where no others were given. */
export function ownParams(
  { params }: StepInstance,
  run: Pick<RecordPlan<unknown>, "params">,
): unknown {
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
export function initOf(
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

/** The observables asked for: exported ones, and functions given as text; a list, as one may be called `then`. */
async function observablesOf(
  { observe }: RecordingJob,
  module: StepModule,
  instance: StepInstance,
): Promise<[name: string, Observable<unknown>][]> {
  if (observe === undefined) return Object.entries(instance.observe);
  const asked: [string, Observable<unknown>][] = [];
  for (const { name, expression } of observe) {
    const observable = expression === undefined
      ? exportedObservable(instance, name)
      : guardObservable(`observe.${name}`, await module.expression(expression));
    asked.push([name, observable]);
  }
  return asked;
}

/** Observables that tell a step which gives no state from failures of their own; of a trial, also at which state. */
function lookedAt(
  chosen: readonly [name: string, Observable<unknown>][],
  position: Position | undefined,
): Readonly<Record<string, Observable<unknown>>> {
  return Object.fromEntries(
    chosen.map(([name, observable]) => {
      const who = `observe.${name}`;
      const shown = shownSteps(who, observable);
      return [name, position === undefined ? shown : looking(who, shown, position)];
    }),
  );
}

/** What is asked of every state: whether the run ends with it, and what a trial wants to see. */
async function untilOf(
  { until }: RecordingJob,
  { module, trial, watch, position }: {
    module: StepModule;
    trial: TrialRequest | undefined;
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
