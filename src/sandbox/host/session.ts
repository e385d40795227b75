/**
 * The jobs of a sandbox child as typed calls, over recorded runs as plain data.
 *
 * @module
 */

import { type CheckedStats, checkStats } from "./stats_claims.ts";
import { checkSurvey } from "./survey_claims.ts";
import { encodeState } from "../../codec/encode_state.ts";
import type { ExtendableRecord } from "../../engine/derived_inputs.ts";
import {
  countWithin,
  firstAtOrAfter,
  indexAtOrAfter,
  indicesOf,
  spanEnd,
  spanStart,
} from "../../engine/block_grid.ts";
import { bucketsOf } from "../../engine/series.ts";
import { statesOfSpans } from "../../engine/shard.ts";
import type { IndexRange, RunRecord } from "../../engine/types.ts";
import type { RewindError } from "../../errors.ts";
import { type GeneratorState, isGeneratorState } from "../../rng/backends.ts";
import type { SurveyEnd } from "../wire/answers.ts";
import { decodeClaim, type Item, refuse } from "../wire/frame_reader.ts";
import type { JobInput, ReplaySpansJob } from "../wire/requests.ts";
import { nextOf, placedError } from "./child_answer.ts";
import { checkDescription, checkFound, checkLog, type ModuleDescription } from "./claims.ts";
import { checkExpression, checkpointsOf, requestOf, shapeOf, spansOf } from "./job_requests.ts";
import { recordInChild } from "./record_in_child.ts";
import { type ChildOptions, type Messages, SandboxChild } from "./sandbox_child.ts";
import type {
  RecordedRun,
  SandboxRecordOptions,
  StatesOptions,
  StatsTaking,
  StepLog,
  SurveyOptions,
} from "./session_options.ts";
import { type TrialResult, trialsJob, type TrialsOptions } from "./trials_in_child.ts";

/** One child with one step module; one job at a time. */
export class SandboxSession implements AsyncDisposable {
  readonly #child: SandboxChild;
  /** What the child was started with. */
  readonly options: ChildOptions;

  /** Starts the child. Throws what the constructor of `SandboxChild` throws. */
  constructor(options: ChildOptions) {
    this.options = options;
    this.#child = new SandboxChild(options);
  }

  /** Loads the module and says what it exports. */
  async describe(): Promise<ModuleDescription> {
    return checkDescription(await this.end({ kind: "describe" }));
  }

  /**
   * Records a run. If the `signal` of the session is aborted meanwhile, gives the run up to the last
   * checkpoint that came in, without `observed`; throws if there is none, or the recording grows in a file.
   */
  async record(options: SandboxRecordOptions): Promise<RecordedRun> {
    return await recordInChild(this.#child, { ...options, child: this.options });
  }

  /**
   * Goes on recording a run, up to `steps` states: the run that one recording of this length would have given.
   *
   * @throws {NondeterministicStepError} If the step does not lead to the run's last state.
   */
  async goOn(
    record: ExtendableRecord,
    options: Omit<SandboxRecordOptions, "seed" | "goOn" | "start">,
  ): Promise<RecordedRun> {
    const { seed, rng, blockSize, params, origin, gridOffset, generatorState, budget } = record;
    return await this.record({
      observe: {},
      ...options,
      ...{ seed, rng, blockSize, origin, gridOffset, generatorState, budget },
      params: { value: params },
      // Not read: the run has its X_0.
      start: record.checkpoints.bytesAt(0),
      goOn: record,
    });
  }

  /**
   * Records trials of a campaign; yields what comes of each, in their order, as many together as come together.
   * What goes wrong in one is its result; where the child dies, those that did not come are not done.
   *
   * @throws {ChildDeathError} If the child died.
   */
  async *trials(options: TrialsOptions): AsyncGenerator<TrialResult[], void, void> {
    const { length } = options.trials;
    const { job, messages, read } = trialsJob(options, this.options);
    let next = 0;
    for await (const items of this.items(job, messages ?? [], length, { parts: length })) {
      const results: TrialResult[] = [];
      for (const item of items) results.push(await read(item, next++));
      yield results;
    }
  }

  /** Canonical bytes of X_0 as the module's `init` makes it; undefined if it exports none. */
  async initial(
    { seed, rng, params }: Pick<RunRecord, "seed" | "rng" | "params">,
  ): Promise<Uint8Array | undefined> {
    const job: JobInput = { kind: "initial", seed, rng, params: encodeState(params) };
    const batches = await Array.fromAsync(this.items(job, [], 1));
    const { bytes } = batches.flat()[0]!;
    return bytes.length === 0 ? undefined : bytes;
  }

  /**
   * State of the generator at X_t.
   *
   * @param tryTo Index of the last state up to which it is seen to that the run goes on from a copy of X_t, too, as a
   * branch does; none without.
   * @throws {GuardError} If it leads to another state.
   */
  async generatorAt(record: RunRecord, t: number, tryTo = t): Promise<GeneratorState> {
    const spans = spansOf(record, t, t + 1);
    const job: JobInput = { kind: "generator", run: shapeOf(record), spans, t, tryTo };
    const claim = await this.end(job, checkpointsOf(record, spans));
    if (isGeneratorState(record.rng, claim)) return claim;
    throw refuse("it is not the state of a generator");
  }

  /**
   * Replays spans in the order given; yields the bytes that each leads to, or why it failed. With
   * `oneInstance` variables of the module keep their values from span to span. With `live` the spans, all of the
   * run, are one plain loop, which never copies a state.
   */
  async *replaySpans(
    record: RunRecord,
    spans: Uint32Array,
    { oneInstance = false, live }: Partial<Pick<ReplaySpansJob, "oneInstance" | "live">> = {},
  ): AsyncGenerator<Uint8Array | RewindError> {
    const job: JobInput = { kind: "replay", run: shapeOf(record), spans, oneInstance, live };
    for await (const items of this.items(job, checkpointsOf(record, spans), spans.length)) {
      for (const { bytes, isAccount } of items) {
        yield isAccount ? await placedError(decodeClaim(bytes), this.options) : bytes;
      }
    }
  }

  /**
   * Yields the canonical bytes of the states at `from`, `from + every` and so on below `to`, in order, as many
   * together as come together: one await per state would take longer than most steps. With `isShown` those of
   * what functions of the state see; with `observe` those of lists of the observables' values. With `pictures`,
   * the bytes of a `DrawnPicture` follow each.
   */
  async *states(
    record: RunRecord,
    { from, to, every = 1, isShown = false, pictures = false, observe = [] }: StatesOptions,
  ): AsyncGenerator<Uint8Array[]> {
    if (from >= to) return;
    const spans = spansOf(record, from, to).filter((span) =>
      firstAtOrAfter(spanStart(span, record), { from, every }) < spanEnd(span, record)
    );
    const asked = { from, to, every, isShown, pictures, observe: observe.map(requestOf) };
    const job: JobInput = { kind: "states", run: shapeOf(record), spans, ...asked };
    const count = Math.ceil((to - from) / every) * (pictures ? 2 : 1);
    for await (const items of this.items(job, checkpointsOf(record, spans), count)) {
      yield items.map(({ bytes }) => bytes);
    }
  }

  /** Of canonical bytes of a state those of what functions of it see. */
  async shown(record: RunRecord, bytes: Uint8Array): Promise<Uint8Array> {
    // The only state of a run that nothing has to be made for.
    const alone = {
      ...record,
      ...{ steps: 1, origin: 0, gridOffset: 0, inputs: undefined, generatorState: undefined },
      checkpoints: { length: 1, bytesAt: () => bytes },
    };
    const states = this.states(alone, { from: 0, to: 1, isShown: true });
    return (await Array.fromAsync(states)).flat()[0]!;
  }

  /**
   * Partial statistics of groups of spans, in the order given; of the states themselves if no observable is
   * given.
   */
  async *stats(
    record: RunRecord,
    groups: readonly IndexRange[],
    { observable, range, extras }: StatsTaking = {},
  ): AsyncGenerator<CheckedStats> {
    const within = range ?? { from: 0, to: record.steps, every: 1 };
    const has = (span: number): boolean =>
      countWithin({ start: spanStart(span, record), end: spanEnd(span, record) }, within) > 0;
    const spans = groups.map((group) => Uint32Array.from([...indicesOf(group)].filter(has)));
    const all = new Uint32Array(spans.reduce((sum, { length }) => sum + length, 0));
    let filled = 0;
    for (const group of spans) {
      all.set(group, filled);
      filled += group.length;
    }
    const job: JobInput = {
      kind: "stats",
      run: shapeOf(record),
      spans: all,
      groups: Uint32Array.from(spans, ({ length }) => length),
      observe: observable === undefined ? undefined : requestOf(observable),
      range,
      extras,
    };
    let next = 0;
    for await (const items of this.items(job, checkpointsOf(record, all), groups.length)) {
      for (const { bytes } of items) {
        const { from: start, to: end } = statesOfSpans(groups[next++]!, record);
        yield checkStats(decodeClaim(bytes), {
          count: countWithin({ start, end }, within),
          first: indexAtOrAfter(start, within),
          extras,
        });
      }
    }
  }

  /** The first t of [from, to) whose state satisfies a predicate given as text. */
  async find(
    record: RunRecord,
    expression: string,
    range: { from: number; to: number },
  ): Promise<number | undefined> {
    checkExpression(expression);
    const { from, to } = range;
    if (from >= to) return undefined;
    const spans = spansOf(record, from, to);
    const job: JobInput = { kind: "find", run: shapeOf(record), spans, from, to, expression };
    return checkFound(await this.end(job, checkpointsOf(record, spans)), range);
  }

  /**
   * Takes the series of numbers over [from, to), which is not empty, in one pass. Yields on the way the
   * canonical bytes of the states at `samples`, and returns the series.
   */
  async *survey(
    record: RunRecord,
    options: SurveyOptions,
  ): AsyncGenerator<Uint8Array[], SurveyEnd, void> {
    const { from, to, bucketsMax, seriesMax, leaves, samples } = options;
    const observe = options.observe.map(requestOf);
    const spans = spansOf(record, from, to);
    const job: JobInput = {
      kind: "survey",
      run: shapeOf(record),
      spans,
      from,
      to,
      bucketsMax,
      leaves: [...leaves],
      observe,
      seriesMax,
      samples: Float64Array.from(samples),
    };
    const answer = this.items(job, checkpointsOf(record, spans), samples.length);
    try {
      for (;;) {
        const { value, done } = await answer.next();
        if (done) {
          return checkSurvey(value, {
            buckets: bucketsOf(from, to, bucketsMax),
            leaves: leaves.length,
            observables: observe.length,
            seriesMax,
          });
        }
        yield value.map(({ bytes }) => bytes);
      }
    } finally {
      await answer.return(undefined);
    }
  }

  /**
   * What the steps that made the states of [from, to), which is not empty, wrote to `console`. `to` may lie one
   * behind the run's last state, where a step failed.
   */
  async log(record: RunRecord, { from, to }: { from: number; to: number }): Promise<StepLog> {
    const spans = spansOf(record, Math.max(0, from - 1), Math.max(1, to - 1));
    const job: JobInput = { kind: "log", run: shapeOf(record), spans, from, to };
    const answer = await this.end(job, checkpointsOf(record, spans));
    const { failed, ...log } = checkLog(answer, { from, to });
    const error = failed === undefined ? undefined : await placedError(failed, this.options);
    return { ...log, error };
  }

  /**
   * Ends the child and makes sure that it said nothing after its last answer.
   *
   * @throws {SandboxError} If it did.
   */
  async close(): Promise<void> {
    await this.#child.close();
  }

  /** Kills the child. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#child[Symbol.asyncDispose]();
  }

  /** Runs a job whose answer has `count` items and no more; returns what its end says. */
  async *items(
    job: JobInput,
    messages: Messages,
    count: number,
    options: { readonly parts?: number } = {},
  ): AsyncGenerator<Item[], unknown, void> {
    const answer = this.#child.run(job, messages, options);
    try {
      for (let missing = count;;) {
        const { value, done } = await nextOf(answer, this.options);
        if (!done) missing -= value.length;
        if (done ? missing !== 0 : missing < 0) {
          throw refuse("it has another number of states than was asked for");
        }
        if (done) return value;
        yield value;
      }
    } finally {
      await answer.return(undefined);
    }
  }

  /** Runs a job whose answer has no items. */
  async end(job: JobInput, checkpoints?: Iterable<Uint8Array>): Promise<unknown> {
    const answer = this.#child.run(job, checkpoints);
    const { value, done } = await nextOf(answer, this.options);
    if (done) return value;
    await answer.return(undefined);
    throw refuse("it has states that were not asked for");
  }
}
