/**
 * A recorded run whose step is not trusted: the verbs of a run, each answered by a sandbox child.
 *
 * @module
 */

import type { RecordedStretch } from "../../artifact/recorded_by.ts";
import {
  blocksOfShard,
  type PartOrigin,
  type StatsShardPart,
  verifyPart,
  type VerifyShardPart,
} from "../../artifact/shard_part.ts";
import { decodeState } from "../../codec/decode_state.ts";
import { resolveRange, resolveStep } from "../../engine/run_bounds.ts";
import { extensionInputs } from "../../engine/derived_inputs.ts";
import { spanOf, spanStart } from "../../engine/block_grid.ts";
import type { StepRange, VerifyOptions } from "../../engine/run_options.ts";
import type { Shard } from "../../engine/shard.ts";
import { StatsAccumulator } from "../../engine/stats.ts";
import { holds, PREDICATE } from "../../engine/predicate_result.ts";
import type { Observable, RemadeStart, RunRecord, TraceEntry } from "../../engine/types.ts";
import { describeFailure } from "../../engine/verify.ts";
import type { VerifyReport } from "../../engine/verify_types.ts";
import { ArgumentRangeError, NondeterministicReplayError } from "../../errors.ts";
import type { ModuleDescription } from "./claims.ts";
import { holdsOfCopy } from "./holds_of_copy.ts";
import { branchJob, exportedAmong } from "./branch_job.ts";
import { mayHaveCodec, statesPerJob } from "./job_requests.ts";
import { framesOf, type FramesRange, type StateFrame } from "./state_frames.ts";
import { ChildLender } from "./child_lender.ts";
import type { ChildOptions } from "./sandbox_child.ts";
import type {
  Predicate,
  SandboxedBranchOptions,
  SurveyResult,
  WalkOptions,
} from "./sandboxed_run_options.ts";
import type { SandboxSession } from "./session.ts";
import type { ObservableChoice, StepLog, SurveyOptions } from "./session_options.ts";
import { SandboxedRecord } from "./sandboxed_record.ts";
import { traceIn } from "./sandboxed_side.ts";
import { CHILDREN_PER_SHARD } from "./shared_pass.ts";
import { seriesSandboxed, statsShardSandboxed } from "./series_sandboxed.ts";
import type { SeriesOptions, SeriesStats } from "../../engine/series_stats.ts";
import { verifySandboxed } from "./verify_sandboxed.ts";
import type { Inputs } from "../../engine/record_types.ts";

/** A child that has sent a larger state than this is not kept for the next one. */
const IDLE_STATE_BYTES_MAX = 8 * 2 ** 20;

/**
 * A recorded run with untrusted step source. States come back as plain data; where the module has a
 * `codec`, as what it encodes to. Dispose of it (`await using`) to end its child.
 */
export class SandboxedRun extends SandboxedRecord implements AsyncDisposable {
  /** What its children are started with. @internal For recordings that come of it. */
  readonly child: ChildOptions;
  readonly #children: ChildLender;
  /** For a branch: the run it started from, if it is at hand. */
  readonly #parent: SandboxedRun | undefined;

  /** Joins recorded data with the source that is to have made it; use `openSandboxed`. */
  constructor(
    record: RunRecord,
    options: ChildOptions,
    origin: {
      parent?: SandboxedRun;
      contentHash?: string;
      stretches?: readonly RecordedStretch[];
    } = {},
  ) {
    const { parent, contentHash, stretches } = origin;
    super(record, { parent, contentHash, stretches });
    this.child = options;
    this.#children = new ChildLender(options);
    this.#parent = parent;
  }

  /** What the step module exports. */
  async describe(): Promise<ModuleDescription> {
    return await this.#children.lend((session) => session.describe());
  }

  /**
   * Regenerates X_t; a stored state comes from the file without running anything.
   *
   * @param t Index of the state; negative values count from the end.
   * @throws {RangeError} If the run has no such state.
   * @throws {StepError} If the step throws.
   * @throws {SandboxError} If a limit was hit.
   */
  async get(t: number): Promise<unknown> {
    const bytes = await this.getBytes(t);
    // Before room is taken here: a child that made a large state holds several times its size.
    if (bytes.length > IDLE_STATE_BYTES_MAX) await this[Symbol.asyncDispose]();
    return decodeState(bytes);
  }

  /** Whether the module exports a codec: only then functions see other states than those that are stored. */
  async hasCodec(): Promise<boolean> {
    // A name of an export is in the source; most sources do without, and stored states without a child.
    return mayHaveCodec(this.child.source) && (await this.describe()).hasCodec;
  }

  /** As {@linkcode SandboxedRun.get}, but gives canonical bytes; a claim until decoded. */
  async getBytes(t: number): Promise<Uint8Array> {
    const { steps, checkpoints, lastState } = this.record;
    const target = resolveStep(t, steps);
    const span = spanOf(target, this.record);
    if (target === spanStart(span, this.record)) return checkpoints.bytesAt(span);
    if (target === steps - 1 && lastState !== undefined) return lastState;
    return await this.#children.lend(async (session) => {
      const range = { from: target, to: target + 1 };
      const batches = await Array.fromAsync(session.states(this.record, range));
      return batches.flat()[0]!;
    });
  }

  /**
   * Walks over the states of [from, to) in order; each is a fresh value.
   *
   * @param from First t; negative values count from the end.
   * @param to One past the last t; the number of steps by default.
   */
  async *states(
    from?: number,
    to?: number,
    { every = 1, observe = [], isShown = false }: WalkOptions = {},
  ): AsyncGenerator<unknown, void, void> {
    const [first, end] = resolveRange(from, to, this.record.steps);
    if (!Number.isInteger(every) || every < 1) {
      throw new ArgumentRangeError(
        `Cannot use 'every': it must be an integer of at least 1: current value is ${every}`,
      );
    }
    const session = await this.#children.start();
    try {
      for (let next = first; next < end;) {
        const until = Math.min(end, next + every * statesPerJob(this.record, next, this.child));
        const range = { from: next, to: until, every, observe, isShown };
        for await (const batch of session.states(this.record, range)) yield* batch.map(decodeState);
        next = until;
      }
    } finally {
      await session[Symbol.asyncDispose]();
    }
  }

  /** Some states, each with what the module's `picture` draws, in one job. @internal For pages and pictures. */
  async frames(range: FramesRange): Promise<StateFrame[]> {
    return await this.#children.lend((session) => framesOf(session, this.record, range));
  }

  /**
   * Exact statistics over all states.
   *
   * @param observable A function that runs here; or the name of one that the module exports, or the
   * text of one, which run in the sandbox. The state itself by default.
   * @param series Which states, and what besides; of a function that runs here, all states and nothing.
   */
  async stats(
    observable?: ObservableChoice | Observable<unknown>,
    series: SeriesOptions = {},
  ): Promise<SeriesStats> {
    if (typeof observable === "function") {
      const accumulator = new StatsAccumulator();
      for await (const state of this.states()) accumulator.add(observable(state));
      return accumulator.result();
    }
    await this[Symbol.asyncDispose]();
    return await seriesSandboxed(this.record, { ...this.child, observable, series });
  }

  /**
   * Takes exact series of numbers over a range, in one pass in the sandbox, and some of its states.
   *
   * @param options What to take, without `observe` all observables that the module exports; the range is
   * given by t that are not negative.
   * @internal For the page of a run: what it takes and gives may change.
   */
  async survey(
    options: Omit<SurveyOptions, "observe"> & {
      observe?: readonly ObservableChoice[] | undefined;
      onProgress?: (t: number) => void;
    },
  ): Promise<SurveyResult> {
    return await this.#children.alone(async (session) => {
      const observed = options.observe ??
        (await session.describe()).observe.map((name) => ({ name }));
      const answer = session.survey(this.record, { ...options, observe: observed });
      const states: Uint8Array[] = [];
      for (;;) {
        const { value, done } = await answer.next();
        if (done) return { states, observed, series: value };
        states.push(...value);
        options.onProgress?.(options.samples[states.length - 1]!);
      }
    });
  }

  /**
   * The first t of a range whose state satisfies a predicate; undefined if none does.
   * @param predicate A function that runs here, or its text, which runs in the sandbox.
   * @param range Where to look; the whole run by default.
   */
  async find(predicate: Predicate, range: StepRange = {}): Promise<number | undefined> {
    const [from, to] = resolveRange(range.from, range.to, this.record.steps);
    if (typeof predicate === "string") {
      return await this.#children.alone((session) =>
        session.find(this.record, predicate, { from, to })
      );
    }
    let t = from;
    for await (const state of this.states(from, to)) {
      if (t === from ? holdsOfCopy(predicate, state, t) : holds(predicate(state, t), PREDICATE)) {
        break;
      }
      t++;
    }
    // Asked again, it may turn out to change what it looks at.
    if (t > from && t < to) holdsOfCopy(predicate, await this.get(t), t);
    return t < to ? t : undefined;
  }

  /** The first t from which on a predicate that stays true holds: looks at log2(T) states; undefined if nowhere. */
  async bisect(predicate: Predicate): Promise<number | undefined> {
    let low = 0;
    let high = this.record.steps;
    while (low < high) {
      const middle = low + Math.floor((high - low) / 2);
      if (await this.#holds(predicate, middle)) high = middle;
      else low = middle + 1;
    }
    return low < this.record.steps ? low : undefined;
  }

  /** The draws that the step made while it made X_t; where the run ended as the step threw, also those up to there. */
  async trace(t: number): Promise<TraceEntry[]> {
    return await this.#children.lend((session) => traceIn(session, this.record, t));
  }

  /**
   * What the steps that made the states of a range wrote to `console`, each line with its t: at most 1,000 lines
   * of 200 characters. The range may reach one state beyond the run where its last step failed.
   *
   * @param range Which states; all by default.
   */
  async log(range: StepRange = {}): Promise<StepLog> {
    const { steps, failure } = this.record;
    const [from, to] = resolveRange(
      range.from,
      range.to,
      failure === undefined ? steps : steps + 1,
    );
    if (from >= to) return { lines: [], isCut: false, error: undefined };
    return await this.#children.lend((session) => session.log(this.record, { from, to }));
  }

  /**
   * Records a new run, in the sandbox, that starts from X_t, perhaps changed.
   *
   * @param t Where to branch; negative values count from the end.
   * @param options What to change.
   */
  async branch(t: number, options: SandboxedBranchOptions = {}): Promise<SandboxedRun> {
    const { record } = this;
    const point = resolveStep(t, record.steps);
    const start = await this.getBytes(point);
    const names = options.observe === false ? [] : Object.keys(this.observed);
    const branched = await this.#children.alone(async (session) => {
      const job = await branchJob(record, session, { ...options, point, start });
      return await session.record({ ...job, observe: await exportedAmong(names, session) });
    });
    return new SandboxedRun({ ...branched, branchPoint: point }, this.child, { parent: this });
  }

  /**
   * Goes on recording, in the sandbox, up to `steps` states: the run that one recording of this length would
   * have given, to the same content hash. This one stays as it is.
   *
   * @param steps Number of states of the new run, at least as many as this one has.
   * @param options Inputs of the new transitions, if the run has inputs.
   * @throws {NondeterministicStepError} If the step does not lead to this run's last state.
   */
  async extend(steps: number, options: { inputs?: Inputs } = {}): Promise<SandboxedRun> {
    const lastState = await this.getBytes(-1);
    const record = { ...this.record, lastState };
    const inputs = extensionInputs(record, { ...options, steps });
    const observe = Object.fromEntries(record.observables.map((name) => [name, undefined]));
    const extended = await this.#children.alone((session) =>
      session.goOn(record, { steps, inputs, observe })
    );
    return new SandboxedRun(extended, this.child, {
      ...(this.#parent === undefined ? {} : { parent: this.#parent }),
      stretches: this.stretchesTo(record.steps),
    });
  }

  /**
   * Replays every block in children and compares its end with the recorded state.
   *
   * @returns The report, if everything agreed: this source, run here, gave these bytes. That does not
   * make the source honest.
   * @throws {NondeterministicReplayError} If a block differs; its `report` lists the bad blocks.
   * @throws {SandboxError} If a limit was hit: no verdict then.
   */
  async verify(options: VerifyOptions = {}): Promise<VerifyReport> {
    await this[Symbol.asyncDispose]();
    const report = await verifySandboxed(this.record, {
      ...this.child,
      ...options,
      parentState: this.#parentState(),
    });
    if (!report.ok) throw new NondeterministicReplayError(report, describeFailure(report));
    return report;
  }

  /**
   * Replays the blocks of one shard, in a child, and compares each with the recorded one. A block that
   * differs does not make it throw: it is in the part.
   *
   * @param shard Which share of the run's blocks.
   * @returns The part, for `mergeShards`; the same run and shard give the same part.
   * @throws {RangeError} If there is no such shard.
   * @throws {SandboxError} If a limit was hit: no part then.
   */
  async verifyShard(shard: Shard): Promise<VerifyShardPart> {
    const spans = blocksOfShard(this.record, shard);
    await this[Symbol.asyncDispose]();
    const report = await verifySandboxed(this.record, {
      ...this.child,
      spans,
      full: true,
      childrenMax: CHILDREN_PER_SHARD,
    });
    return verifyPart(this.record, await this.#origin(shard), { report });
  }

  /**
   * Exact statistics over the states of one shard, which `mergeShards` merges to the same bits that
   * {@linkcode SandboxedRun.stats} gives.
   *
   * @param shard Which share of the run's blocks.
   * @param observable The name of an observable that the module exports, or the text of one; the state itself
   * by default.
   * @param series Which states, and what besides.
   * @returns The part; the same run, shard and observable give the same part.
   * @throws {RangeError} If there is no such shard.
   * @throws {SandboxError} If a limit was hit: no part then.
   */
  async statsShard(
    shard: Shard,
    observable?: ObservableChoice,
    series: SeriesOptions = {},
  ): Promise<StatsShardPart> {
    await this[Symbol.asyncDispose]();
    const origin = await this.#origin(shard);
    return await statsShardSandboxed(this.record, { ...this.child, observable, series, origin });
  }

  /**
   * Lends a child for one small job.
   *
   * @internal For what the command shows besides the verbs.
   */
  async lend<T>(job: (session: SandboxSession) => Promise<T>): Promise<T> {
    return await this.#children.lend(job);
  }

  /** Ends the child that is waiting, if there is one. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#children[Symbol.asyncDispose]();
  }

  /** Makes X_0 of a branch again, if its parent is at hand. */
  #parentState(): (() => Promise<RemadeStart>) | undefined {
    const { branchPoint } = this.record;
    const parent = this.#parent;
    if (parent === undefined || branchPoint === undefined) return undefined;
    return async () => ({
      bytes: await parent.getBytes(branchPoint),
      maker: `state ${branchPoint} of the parent`,
    });
  }

  async #origin(shard: Shard): Promise<PartOrigin> {
    return { contentHash: await this.contentHash(), source: this.child.source, shard };
  }

  async #holds(predicate: Predicate, t: number): Promise<boolean> {
    if (typeof predicate === "function") {
      return holdsOfCopy(predicate, await this.get(t), t);
    }
    return await this.#children.lend(async (session) =>
      await session.find(this.record, predicate, { from: t, to: t + 1 }) !== undefined
    );
  }
}
