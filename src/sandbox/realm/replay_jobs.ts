/**
 * The jobs over a recorded run, inside the child: replay blocks for a verification, read states, take
 * statistics, search, trace. The loops are the engine's.
 * This module is browser compatible.
 *
 * @module
 */

import { decodeState } from "../../codec/decode_state.ts";
import { encodeState } from "../../codec/encode_state.ts";
import { firstAtOrAfter, spanEnd, spanReach, spanStart } from "../../engine/block_grid.ts";
import { Replayer } from "../../engine/replay.ts";
import { tryCopy } from "../../engine/guards/first_blocks.ts";
import { SpanGuard } from "../../engine/guards/changed_by_looking.ts";
import { observeRange } from "../../engine/observe_range.ts";
import { observeSpans, visitRange } from "../../engine/observe_spans.ts";
import { dataOfPartial } from "../../engine/partial_stats.ts";
import type { Observation } from "../../engine/types.ts";
import { decodeWith } from "../../engine/user_codec.ts";
import { createRng, type GeneratorState } from "../../rng/backends.ts";
import { describeError } from "./child_error.ts";
import { pictureDrawer } from "./draw_picture.ts";
import { consoleText } from "./console_text.ts";
import { CheckpointStream } from "./checkpoint_stream.ts";
import { DoubleLook, sameObservation, sameTruth, unlike } from "./double_look.ts";
import { Freshness } from "./fresh_instances.ts";
import { loadGenerator } from "./late_numpy.ts";
import { runLive } from "./live_job.ts";
import type {
  FindJob,
  GeneratorJob,
  LogJob,
  LookJob,
  MarksJob,
  ReadsJob,
  ReplaySpansJob,
  StatesJob,
  StatsJob,
  SurveyJob,
  WhenJob,
} from "../wire/requests.ts";
import { missingReads } from "./missing_reads.ts";
import type { ChildError, LogEnd, LogLine, MissingRead } from "../wire/answers.ts";
import { LOADING } from "../wire/position.ts";
import { CONSOLE_LINES_MAX } from "../wire/limits.ts";
import { closeDraws, openDraws } from "./rng_facade.ts";
import { observableOf, type StepInstance } from "./step_module.ts";
import { listenToConsole } from "./step_console.ts";
import { Survey, watchedObservables } from "./survey.ts";
import { findChanges } from "./when_job.ts";
import { lookAtStep, markStates } from "./compare_jobs.ts";
import { planOf, type Replay, type ReplayContext, sendState } from "./replay_plan.ts";

/** Any job over a recorded run. */
type AnyReplayJob =
  | ReplaySpansJob
  | StatesJob
  | StatsJob
  | FindJob
  | WhenJob
  | SurveyJob
  | MarksJob
  | LookJob
  | GeneratorJob
  | LogJob
  | ReadsJob;

/** Carries out a job over a recorded run; reads all its checkpoints even if it fails. */
export async function runReplayJob(job: AnyReplayJob, context: ReplayContext): Promise<unknown> {
  const checkpoints = new CheckpointStream(context.io, job, (span) => {
    openDraws();
    context.position[0] = spanStart(span, job.run);
  });
  try {
    await loadGenerator(context.io, job.run.rng);
    context.module.useParams(() => decodeState(job.run.params));
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
      return await (job.live === undefined ? replaySpans : runLive)({ ...replay, job });
    case "states":
      return await sendStates({ ...replay, job });
    case "stats":
      return await takeStats({ ...replay, job });
    case "find":
      return await findState({ ...replay, job });
    case "survey":
      return await surveyStates({ ...replay, job });
    case "when":
      return await findChanges({ ...replay, job });
    case "marks":
      return await markStates({ ...replay, job });
    case "look":
      return await lookAtStep({ ...replay, job });
    case "reads":
      return await readsOf({ ...replay, job });
    case "log":
      return await logSteps({ ...replay, job });
    case "generator":
      return await generatorAt({ ...replay, job });
  }
}

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

async function sendStates({ job, checkpoints, context }: Replay<StatesJob>): Promise<void> {
  const { run, to, every } = job;
  const rng = createRng(run.rng, 0);
  const instance = await context.module.instantiate(rng);
  const isShown = job.isShown && instance.codec !== undefined;
  const plan = planOf({ job, checkpoints }, instance);
  const replayer = new Replayer(plan, rng);
  if (job.observe.length > 0) {
    const look = doubleLook(context, instance);
    const { module } = context;
    const watched = await watchedObservables(job.observe, { module, instance, look });
    const { lookers, observables } = watched;
    visitRange<unknown>(replayer, job.spans, {
      ...{ record: { ...run, checkpoints }, plan, lookers, name: "", range: job },
      observable: (state) => observables.map((look) => look(state)) as number[],
      take: (values) => context.writer.item(encodeState(values)),
    });
    return;
  }
  const draw = job.pictures ? pictureDrawer(instance, run) : undefined;
  for (const span of job.spans) {
    const start = spanStart(span, run);
    const end = Math.min(spanEnd(span, run), to);
    replayer.start(span * run.stride, checkpoints.bytesAt(span));
    for (let t = firstAtOrAfter(start, job); t < end; t += every) {
      replayer.advance(t);
      const bytes = sendState(replayer, context, isShown);
      if (draw !== undefined) context.writer.item(draw(isShown ? replayer.encode() : bytes, t));
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
  const who = job.observe === undefined ? "the statistics" : job.observe.name || "the observable";
  const watched = doubleLook(context, instance).watch(who, observable, sameObservation);
  const record = { ...run, checkpoints };
  const plan = planOf({ job, checkpoints }, instance);
  const replayer = new Replayer(plan, rng);
  let next = 0;
  for (const size of job.groups) {
    const spans = job.spans.subarray(next, next += size);
    const group = { record, observable: watched, name: who, plan };
    if (job.range === undefined && job.extras === undefined) {
      const partial = dataOfPartial(observeSpans(replayer, spans, group).partial());
      context.writer.item(encodeState({ partial, extras: undefined }));
      continue;
    }
    const range = job.range ?? { from: 0, to: run.steps, every: 1 };
    const taken = observeRange(replayer, spans, { ...group, range, extras: job.extras });
    context.writer.item(encodeState(taken));
  }
}

async function findState(
  { job, checkpoints, context }: Replay<FindJob>,
): Promise<number | undefined> {
  const { run, from, to } = job;
  const rng = createRng(run.rng, 0);
  const instance = await context.module.instantiate(rng);
  const predicate = await context.module.predicate(job.expression);
  const watched = doubleLook(context, instance).watch("the predicate", predicate, sameTruth);
  const plan = planOf({ job, checkpoints }, instance);
  const replayer = new Replayer(plan, rng);
  const guard = new SpanGuard(plan, { lookers: { "the predicate": watched }, grid: run });
  for (const span of job.spans) {
    const bytes = checkpoints.bytesAt(span);
    guard.enter(span, bytes);
    replayer.start(span * run.stride, bytes);
    const last = Math.min(spanEnd(span, run), to) - 1;
    const isFound = guard.look(replayer, () => {
      replayer.goTo(Math.max(replayer.t, from));
      if (watched(replayer.state, replayer.t) || replayer.search(last, watched)) return true;
      guard.leave(replayer);
      return false;
    });
    if (!isFound) continue;
    guard.stop(replayer);
    const { t } = replayer;
    // As `get` makes it, undisturbed by whoever looked at states on the way.
    replayer.start(span * run.stride, bytes);
    context.position[0] = replayer.t;
    replayer.goTo(t);
    if (!predicate(decodeWith(instance.codec, replayer.encode()), t)) throw unlike("the predicate");
    guard.end();
    return t;
  }
  guard.end();
  return undefined;
}

function doubleLook(
  { io, secret }: ReplayContext,
  { codec }: StepInstance,
): DoubleLook {
  return new DoubleLook(io, { codec, secret });
}

/** Takes series of all states of the range, and sends those asked for on the way. */
async function surveyStates({ job, checkpoints, context }: Replay<SurveyJob>): Promise<unknown> {
  const { run, from, to, samples } = job;
  const rng = createRng(run.rng, 0);
  const instance = await context.module.instantiate(rng);
  const look = doubleLook(context, instance);
  const survey = await Survey.start(job, { module: context.module, instance, look });
  const take = (state: unknown, t: number): boolean => survey.take(state, t);
  const plan = planOf({ job, checkpoints }, instance);
  const replayer = new Replayer(plan, rng);
  const guard = new SpanGuard(plan, { lookers: survey.lookers, grid: run });
  let sample = 0;
  for (const span of job.spans) {
    const end = spanEnd(span, run);
    const last = Math.min(end, to) - 1;
    const bytes = checkpoints.bytesAt(span);
    guard.enter(span, bytes);
    replayer.start(span * run.stride, bytes);
    guard.look(replayer, () => {
      replayer.goTo(Math.max(replayer.t, from));
      take(replayer.state, replayer.t);
      for (;;) {
        if (samples[sample] === replayer.t) {
          sendState(replayer, context, instance.codec !== undefined);
          sample++;
        }
        if (replayer.t === last) break;
        replayer.search(Math.min(samples[sample] ?? last, last), take);
      }
      if (last < end - 1) guard.stop(replayer);
      else guard.leave(replayer);
    });
  }
  guard.end();
  return survey.result();
}

/** What a function asks of stored states that none of them has. */
async function readsOf({ job, checkpoints, context }: Replay<ReadsJob>): Promise<MissingRead[]> {
  const { codec } = await context.module.instantiate();
  const look = await context.module.expression(job.expression);
  const states = Array.from(job.spans, (span) => ({
    state: decodeWith(codec, checkpoints.bytesAt(span)),
    t: spanStart(span, job.run),
  }));
  return missingReads(look, states);
}

/** Makes states and listens; a step that throws ends it, with what was written before. */
async function logSteps({ job, checkpoints, context }: Replay<LogJob>): Promise<LogEnd> {
  const { run, from, to } = job;
  const { position } = context;
  const lines: LogLine[] = [];
  let isCut = false;
  listenToConsole((level, values) => {
    const t = position[0]!;
    const isAsked = t >= from && t < to || t === LOADING && from === 0;
    if (isAsked && lines.length < CONSOLE_LINES_MAX) {
      lines.push({ t, level, text: consoleText(values) });
    } else if (isAsked) isCut = true;
  });
  let failed: ChildError | undefined;
  try {
    const rng = createRng(run.rng, 0);
    const instance = await context.module.instantiate(rng);
    const replayer = new Replayer(planOf({ job, checkpoints }, instance), rng);
    for (const span of job.spans) {
      replayer.start(span * run.stride, checkpoints.bytesAt(span));
      replayer.advance(Math.min(spanStart(span + 1, run), to - 1));
    }
  } catch (error) {
    failed = describeError(error, position[0]!);
  } finally {
    listenToConsole(undefined);
  }
  return { lines, isCut, failed };
}

async function generatorAt(
  { job, checkpoints, context }: Replay<GeneratorJob>,
): Promise<GeneratorState> {
  const { run, spans } = job;
  const rng = createRng(run.rng, 0);
  const instance = await context.module.instantiate(rng);
  const plan = planOf({ job, checkpoints }, instance);
  const replayer = new Replayer(plan, rng);
  const [span] = spans as unknown as [number];
  const bytes = checkpoints.bytesAt(span);
  const seek = (): void => {
    openDraws();
    context.position[0] = spanStart(span, run);
    replayer.start(span * run.stride, bytes);
    replayer.goTo(job.t);
  };
  const { t, tryTo } = job;
  if (tryTo > t) tryCopy(replayer, seek, { plan, last: tryTo, now: context.io.now });
  seek();
  return { ...replayer.generatorState(), ...context.module.shims.capture() };
}
