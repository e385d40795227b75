/**
 * The jobs over a recorded run, inside the child: replay blocks for a verification, read states, take
 * statistics, search, trace. The loops are the engine's.
 * This module is browser compatible.
 *
 * @module
 */

import { decodeState } from "../../codec/decode_state.ts";
import { encodeState } from "../../codec/encode_state.ts";
import { BaseRun } from "../../engine/base_run.ts";
import { spanEnd, spanReach, spanStart } from "../../engine/grid.ts";
import { Replayer, type ReplayPlan, replayPlan } from "../../engine/replay.ts";
import { PLAIN_RECORD } from "../../engine/record_defaults.ts";
import { observeSpans } from "../../engine/observe_spans.ts";
import { dataOfPartial } from "../../engine/partial_stats.ts";
import type { Observation, RunRecord } from "../../engine/types.ts";
import type { TraceEntry } from "../../engine/trace.ts";
import { createRng } from "../../rng/backends.ts";
import { describeError } from "./child_error.ts";
import type { RealmIo } from "./realm_io.ts";
import { CheckpointStream } from "./checkpoint_stream.ts";
import { loadGenerator } from "./late_numpy.ts";
import type { FrameWriter } from "../wire/frame_writer.ts";
import {
  type FindJob,
  firstAtOrAfter,
  type GeneratorJob,
  type ReplayShape,
  type ReplaySpansJob,
  type StatesJob,
  type StatsJob,
  type SurveyJob,
  type TraceJob,
} from "../wire/requests.ts";
import type { Position } from "../wire/position.ts";
import { closeDraws, openDraws } from "./rng_facade.ts";
import { observableOf, type StepInstance, type StepModule } from "./step_module.ts";
import { Survey } from "./survey.ts";

/** What the jobs over a recorded run work with. */
export interface ReplayContext {
  /** Where the checkpoints come from, what loads generators, and how much memory is taken. */
  readonly io: Pick<RealmIo, "checkpoint" | "loadPart" | "memoryBytes" | "now">;
  /** The module that made the run. */
  readonly module: StepModule;
  /** Where user code is. */
  readonly position: Position;
  /** Receives states. */
  readonly writer: FrameWriter;
  /** Resident memory at which the child is killed, in bytes. */
  readonly memoryBytesMax: number;
}

/** A job over a recorded run, its checkpoints, and what it needs. */
interface Replay<J> {
  readonly job: J;
  readonly checkpoints: CheckpointStream;
  readonly context: ReplayContext;
}

/** Any job over a recorded run. */
type AnyReplayJob =
  | ReplaySpansJob
  | StatesJob
  | StatsJob
  | FindJob
  | SurveyJob
  | TraceJob
  | GeneratorJob;

/** Carries out a job over a recorded run; reads all its checkpoints even if it fails. */
export async function runReplayJob(job: AnyReplayJob, context: ReplayContext): Promise<unknown> {
  const checkpoints = new CheckpointStream(context.io, job, (span) => {
    openDraws();
    context.position[0] = spanStart(span, job.run);
  });
  try {
    await loadGenerator(context.io, job.run.rng);
    return await dispatch({ job, checkpoints, context });
  } finally {
    closeDraws();
    checkpoints.drain();
  }
}

async function dispatch(replay: Replay<AnyReplayJob>): Promise<unknown> {
  const { job } = replay;
  switch (job.kind) {
    case "replay":
      return await replaySpans({ ...replay, job });
    case "states":
      return await sendStates({ ...replay, job });
    case "stats":
      return await takeStats({ ...replay, job });
    case "find":
      return await findState({ ...replay, job });
    case "survey":
      return await surveyStates({ ...replay, job });
    case "trace":
      return await traceStep({ ...replay, job });
    case "generator":
      return await generatorAt({ ...replay, job });
  }
}

/** Share of a block's time that a fresh instance of the module may take. */
const FRESH_TIME_SHARE = 0.1;

/**
 * Blocks before the first decision, while V8 still warms up. Runs of no more than these get an instance
 * for each that is made in {@linkcode FEW_MAKING_MS_MAX}: of few blocks few orders show hidden state.
 */
const WARM_UP_BLOCKS = 8;

/** A module of a run of few blocks that takes longer to load, in milliseconds, is loaded once. */
const FEW_MAKING_MS_MAX = 250;

/**
 * So many instances are made where making one takes less than a block, to learn what one costs: the
 * first takes many times longer than the others, as with it V8 meets the text and the loader warms up.
 */
const TRIAL_INSTANCES = 3;

/**
 * But not where a step takes less, in milliseconds: V8 inlines the step of one instance only, so that from
 * the second on all blocks would take half as long again.
 */
const TRIAL_STEP_MS_MIN = 0.001;

/**
 * Share of the memory limit beyond which there are no more fresh instances. V8 collects those that are
 * done with, each with all that the module makes when it loads, only when it sees fit; and what one
 * takes that left the other half free fits into it once more.
 */
const FRESH_MEMORY_SHARE = 0.5;

/**
 * Replays spans in the order given, each with a fresh instance of the module where that is cheap:
 * what a span leaves behind in variables then cannot reach the next one. Where spans are short
 * the parent's random order has to show such hidden state alone: instances would cost more than the
 * replay, and V8 inlines only one of them.
 */
async function replaySpans({ job, checkpoints, context }: Replay<ReplaySpansJob>): Promise<void> {
  const { run } = job;
  const { module, writer } = context;
  const { now } = context.io;
  const freshness = new Freshness(job, context);
  const rng = createRng(run.rng, 0);
  let replayer: Replayer<unknown> | undefined;
  for (const span of job.spans) {
    if (replayer === undefined || (!job.oneInstance && freshness.due())) {
      const started = now();
      closeDraws();
      replayer = new Replayer(planOf({ job, checkpoints }, await module.instantiate(rng)), rng);
      freshness.instantiated(now() - started);
    }
    const started = now();
    const bytes = checkpoints.bytesAt(span);
    try {
      replayer.start(span * run.stride, bytes);
      replayer.advance(spanReach(span, run));
      sendState(replayer, context);
    } catch (error) {
      writer.item(encodeState(describeError(error, context.position[0]!)), true);
    }
    freshness.replayed(now() - started);
  }
}

/**
 * Decides before which blocks the module is instantiated anew. What an instance costs is the time to
 * make it and, above all, how much longer its block takes, as V8 has not yet compiled its step. Times
 * are the least that were seen: the others may have waited for the processor, for input or for V8.
 */
class Freshness {
  readonly #areFew: boolean;
  readonly #spanSteps: number;
  readonly #context: Pick<ReplayContext, "io" | "memoryBytesMax">;
  #blocks = 0;
  #instances = 0;
  /** Whether the instance has replayed no block yet. */
  #isNew = false;
  /** Time to make an instance. */
  #makingMs = Infinity;
  /** By how much the first block of an instance takes longer; unknown until there were two. */
  #coldMs = Infinity;
  /** Time of a block. */
  #blockMs = Infinity;

  constructor(
    { spans, run }: ReplaySpansJob,
    context: Pick<ReplayContext, "io" | "memoryBytesMax">,
  ) {
    this.#areFew = spans.length <= WARM_UP_BLOCKS;
    this.#spanSteps = run.blockSize * run.stride;
    this.#context = context;
  }

  /** Whether one more instance stays within the share of time and the memory. */
  due(): boolean {
    const { io, memoryBytesMax } = this.#context;
    return this.#isCheap() && io.memoryBytes() < FRESH_MEMORY_SHARE * memoryBytesMax;
  }

  instantiated(ms: number): void {
    this.#instances++;
    this.#isNew = true;
    this.#makingMs = Math.min(this.#makingMs, ms);
  }

  replayed(ms: number): void {
    this.#blockMs = Math.min(this.#blockMs, ms);
    // The first block of all warms up more than the step.
    if (this.#isNew && this.#blocks > 0) {
      this.#coldMs = Math.min(this.#coldMs, ms - this.#blockMs);
    }
    this.#isNew = false;
    this.#blocks++;
  }

  #isCheap(): boolean {
    if (this.#areFew) return this.#makingMs < FEW_MAKING_MS_MAX;
    if (this.#blocks < WARM_UP_BLOCKS) return false;
    if (this.#blockMs < TRIAL_STEP_MS_MIN * this.#spanSteps) return false;
    if (this.#instances < TRIAL_INSTANCES) return this.#makingMs < this.#blockMs;
    return this.#makingMs + this.#coldMs < FRESH_TIME_SHARE * this.#blockMs;
  }
}

/** Sends the live state, which the parent then holds too, at least until the next one. */
function sendState(replayer: Replayer<unknown>, { position, writer }: ReplayContext): void {
  const bytes = replayer.encode();
  position[1] = bytes.length;
  writer.item(bytes);
}

async function sendStates({ job, checkpoints, context }: Replay<StatesJob>): Promise<void> {
  const { run, to, every } = job;
  const rng = createRng(run.rng, 0);
  const replayer = new Replayer(
    planOf({ job, checkpoints }, await context.module.instantiate(rng)),
    rng,
  );
  for (const span of job.spans) {
    const start = spanStart(span, run);
    const end = Math.min(spanEnd(span, run), to);
    replayer.start(span * run.stride, checkpoints.bytesAt(span));
    for (let t = firstAtOrAfter(start, job); t < end; t += every) {
      replayer.advance(t);
      sendState(replayer, context);
    }
  }
}

async function takeStats({ job, checkpoints, context }: Replay<StatsJob>): Promise<void> {
  const { run } = job;
  const rng = createRng(run.rng, 0);
  const instance = await context.module.instantiate(rng);
  const observable = job.observe === undefined
    ? (state: unknown) => state as Observation
    : await observableOf(job.observe, context.module, instance);
  const record = { ...run, checkpoints };
  const replayer = new Replayer(planOf({ job, checkpoints }, instance), rng);
  let next = 0;
  for (const size of job.groups) {
    const spans = job.spans.subarray(next, next += size);
    const taken = observeSpans(replayer, spans, { record, observable });
    context.writer.item(encodeState(dataOfPartial(taken.partial())));
  }
}

async function findState(replay: Replay<FindJob>): Promise<number | undefined> {
  const { job, context } = replay;
  const instance = await context.module.instantiate();
  const predicate = await context.module.expression(job.expression);
  const { from, to } = job;
  return baseRun(replay, instance).find((state, t) => predicate(state, t), { from, to });
}

/** Takes series of all states of the range, and sends those asked for on the way. */
async function surveyStates({ job, checkpoints, context }: Replay<SurveyJob>): Promise<unknown> {
  const { run, from, to, samples } = job;
  const rng = createRng(run.rng, 0);
  const instance = await context.module.instantiate(rng);
  const survey = await Survey.start(job, context.module, instance);
  const take = (state: unknown, t: number): boolean => survey.take(state, t);
  const replayer = new Replayer(planOf({ job, checkpoints }, instance), rng);
  let sample = 0;
  for (const span of job.spans) {
    const last = Math.min(spanEnd(span, run), to) - 1;
    replayer.start(span * run.stride, checkpoints.bytesAt(span));
    replayer.goTo(Math.max(replayer.t, from));
    take(replayer.state, replayer.t);
    for (;;) {
      if (samples[sample] === replayer.t) {
        sendState(replayer, context);
        sample++;
      }
      if (replayer.t === last) break;
      replayer.search(Math.min(samples[sample] ?? last, last), take);
    }
  }
  return survey.result();
}

async function traceStep(replay: Replay<TraceJob>): Promise<TraceEntry[]> {
  const instance = await replay.context.module.instantiate();
  return baseRun(replay, instance).trace(replay.job.t);
}

async function generatorAt(replay: Replay<GeneratorJob>): Promise<unknown> {
  const instance = await replay.context.module.instantiate();
  return baseRun(replay, instance).generatorAt(replay.job.t);
}

/** What a job says of the run, and the checkpoints and inputs that come with it. */
type Sent = Pick<Replay<{ readonly run: ReplayShape }>, "job" | "checkpoints">;

function planOf(sent: Sent, { step, codec }: StepInstance): ReplayPlan<unknown> {
  return replayPlan(recordOf(sent), { step, codec });
}

/** The engine's run over the checkpoints that the parent sends. */
function baseRun(sent: Sent, { step, codec }: StepInstance): BaseRun<unknown> {
  return new BaseRun(recordOf(sent), { step, codec });
}

function recordOf({ job: { run }, checkpoints }: Sent): RunRecord {
  return {
    ...PLAIN_RECORD,
    ...run,
    params: decodeState(run.params),
    checkpoints,
    inputs: checkpoints.inputs,
    lastState: undefined,
    observed: {},
    stepId: "",
    source: undefined,
    math: "portable",
  };
}
