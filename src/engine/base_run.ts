/**
 * A recorded run in memory: random access to its states, branches, statistics, verification. It knows
 * no files; the artifact room adds them.
 * This module is browser compatible.
 *
 * @module
 */

import { ArgumentTypeError, NondeterministicReplayError } from "../errors.ts";
import { checkEvery, resolveRange, resolveStep } from "./run_bounds.ts";
import { recordBranch } from "./branch.ts";
import { extendRecord } from "./extend.ts";
import { indicesOf, spanCount, spanEnd, spanOf, spanReach, spanStart } from "./block_grid.ts";
import { SpanGuard } from "./guards/changed_by_looking.ts";
import { observeSpans, visitRange } from "./observe_spans.ts";
import { dataOfPartial } from "./partial_stats.ts";
import { RecordView } from "./record_view.ts";
import { replayPlan } from "./record_view.ts";
import { Replayer } from "./replay.ts";
import type {
  IndexRange,
  Observable,
  Observation,
  PartialStatsData,
  RemadeStart,
  ReplayPlan,
  RunRecord,
  SeriesRange,
  Stats,
  TraceEntry,
  ValuePass,
} from "./types.ts";
import { holds, PREDICATE } from "./predicate_result.ts";
import {
  BRANCH_OPTION_NAMES,
  checkOptionNames,
  EXTEND_OPTION_NAMES,
  STATES_OPTION_NAMES,
  STATS_OPTION_NAMES,
  STEP_RANGE_NAMES,
  VERIFY_OPTION_NAMES,
} from "./option_names.ts";
import type {
  BranchOptions,
  ExtendOptions,
  RunFunctions,
  StatesOptions,
  StatsExtras,
  StatsOptions,
  StepRange,
  VerifyOptions,
} from "./run_options.ts";
import { bisectRange } from "./bisect_range.ts";
import { StateReader } from "./state_reader.ts";
import { exactQuantiles, histogramOf } from "./value_passes.ts";
import { StatsAccumulator } from "./stats.ts";
import { untracedDraw } from "./trace.ts";
import { encodeWith } from "./user_codec.ts";
import { describeFailure, verifySpans } from "./verify.ts";
import type { VerifyReport } from "./verify_types.ts";
import type { RangeVisit, SpanObservation } from "./record_types.ts";

/**
 * A recorded run whose states are regenerated on demand.
 *
 * @internal
 */
export class BaseRun<S> extends RecordView {
  /** The functions that replay it. */
  protected readonly functions: RunFunctions<S>;
  readonly #plan: ReplayPlan<S>;
  readonly #reader: StateReader<S>;
  /** For a branch: the run it started from, if it is at hand. */
  readonly #parent: BaseRun<S> | undefined;

  /** Joins recorded data with the step that made it, and a branch with its parent. */
  constructor(record: RunRecord, functions: RunFunctions<S>, parent?: BaseRun<S>) {
    super(record);
    this.functions = functions;
    this.#plan = replayPlan(record, functions);
    this.#reader = new StateReader(record, this.#plan);
    this.#parent = parent;
  }

  /**
   * Regenerates X_t. Increasing t cost one step each; any other t replays from the checkpoint before it.
   *
   * @param t Index of the state; negative values count from the end.
   * @returns A fresh value that the caller owns.
   * @throws {RangeError} If the run has no such state.
   * @throws {StepError} If the step throws, as it did not when recording.
   */
  get(t: number): S {
    return this.#reader.get(resolveStep(t, this.record.steps));
  }

  /**
   * Walks over the states of [from, to) in order.
   *
   * Yields the live state: it is valid until the next one is asked for, and must not be changed, as the
   * step goes on from it. With `{copy: true}` each is a fresh value that the caller owns.
   *
   * @param from First t; negative values count from the end. The options alone stand for all states.
   * @param to One past the last t; the number of steps by default.
   * @param options Whether to copy.
   * @throws {RangeError} If the range lies outside the run.
   */
  states(options: StatesOptions): Generator<S, void, void>;
  /** Walks over the states of [from, to) in order; see above. */
  states(from?: number, to?: number, options?: StatesOptions): Generator<S, void, void>;
  states(
    from?: number | StatesOptions,
    to?: number,
    options?: StatesOptions,
  ): Generator<S, void, void> {
    if (typeof from === "object") return this.states(undefined, undefined, from);
    checkOptionNames(options, STATES_OPTION_NAMES, "states");
    const [start, end] = resolveRange(from, to, this.record.steps);
    return this.#walk(start, end, options?.copy ?? false);
  }

  *#walk(from: number, to: number, copy: boolean): Generator<S, void, void> {
    if (from === to) return;
    const replayer = this.#reader.seek(from);
    for (let t = from;;) {
      yield copy ? replayer.copy() : replayer.state;
      if (++t === to) return;
      this.#reader.next(replayer, t);
    }
  }

  /**
   * Exact statistics of an observable over all states, or those of a range, in one pass; quantiles take four
   * more, a histogram two. The memory does not grow with the run.
   *
   * @param observable A function of the state that gives a number or a vector of numbers; the state
   * itself by default.
   * @param options Which states, and which quantiles: those are in `quantiles` of the result, in their order.
   * @throws {TypeError} If it gives anything else, or quantiles of vectors are asked for.
   * @throws {RangeError} If the range lies outside the run or is empty, or a quantile is none.
   */
  stats(observable?: Observable<S>, options?: Omit<StatsOptions, keyof StatsExtras>): Stats;
  /** Exact statistics with quantiles; see above. */
  stats(
    observable: Observable<S>,
    options: StatsOptions,
  ): Stats & StatsExtras;
  stats(
    observable: Observable<S> = identity,
    options: StatsOptions = {},
  ): Stats & StatsExtras {
    checkOptionNames(options, STATS_OPTION_NAMES, "stats");
    const { every = 1, quantiles, histogram } = options;
    const [from, to] = resolveRange(options.from, options.to, this.record.steps);
    checkEvery(every);
    const isWhole = from === 0 && to === this.record.steps && every === 1;
    const accumulator = isWhole
      ? this.#observe(observable, { from: 0, to: spanCount(this.record) })
      : new StatsAccumulator();
    const visit = (take: (observation: Observation) => void): void =>
      this.#visit({ from, to, every }, { observable, take });
    if (!isWhole) visit((observation) => accumulator.add(observation));
    const stats = accumulator.result();
    if (quantiles === undefined && histogram === undefined) return stats;
    if ("covariance" in stats) {
      throw new ArgumentTypeError(
        "Cannot compute quantiles or a histogram: the observable gives vectors",
      );
    }
    const pass: ValuePass = (take) => visit((observation) => take(Number(observation)));
    return {
      ...stats,
      ...(quantiles && { quantiles: exactQuantiles(pass, stats.count, quantiles) }),
      ...(histogram === undefined ? {} : { histogram: histogramOf(pass, histogram) }),
    };
  }

  /** Observes the states of a range, in order. */
  #visit(
    range: SeriesRange,
    { observable, take }: Pick<RangeVisit<S>, "observable" | "take">,
  ): void {
    const { record } = this;
    const { from, to } = range;
    if (from >= to) return;
    const spans = indicesOf({ from: spanOf(from, record), to: spanOf(to - 1, record) + 1 });
    const replayer = new Replayer(this.#plan);
    visitRange(replayer, spans, { ...this.#observation(observable), range, take });
  }

  /**
   * The first t of [from, to) whose state satisfies a predicate; undefined if none does.
   *
   * @param predicate A function of the state and t; it must not change the state.
   * @param range Where to look; the whole run by default.
   * @throws {GuardError} If the predicate changes the states that it is shown.
   * @throws {TypeError} If it gives an object or a function, which would count as true.
   */
  find(predicate: (state: S, t: number) => unknown, range: StepRange = {}): number | undefined {
    const { record } = this;
    checkOptionNames(range, STEP_RANGE_NAMES, "find");
    const [from, to] = resolveRange(range.from, range.to, record.steps);
    const replayer = new Replayer(this.#plan);
    const guard = new SpanGuard(this.#plan, {
      lookers: { "the predicate": predicate },
      grid: record,
    });
    for (let t = from; t < to; t = spanEnd(spanOf(t, record), record)) {
      const span = spanOf(t, record);
      guard.enter(span, record.checkpoints.bytesAt(span));
      this.#reader.seek(t, replayer);
      const last = Math.min(spanEnd(span, record), to) - 1;
      const isFound = guard.look(replayer, () => {
        if (holds(predicate(replayer.state, t), PREDICATE)) return true;
        if (replayer.search(last, predicate)) return true;
        guard.leave(replayer);
        return false;
      });
      if (!isFound) continue;
      const { t: found } = replayer;
      guard.stop(replayer);
      guard.end();
      return found;
    }
    guard.end();
    return undefined;
  }

  /**
   * The first t from which on a predicate that stays true holds: looks at log2(T) states. Undefined if it holds nowhere.
   */
  bisect(predicate: (state: S, t: number) => unknown): number | undefined {
    const holdsAt = (t: number) => this.find(predicate, { from: t, to: t + 1 }) !== undefined;
    return bisectRange(holdsAt, { from: 0, to: this.record.steps });
  }

  /**
   * The calls that the step made to its generator, and to those that it spawned, while it made X_t; none for
   * X_0. Where the recording ended as the step threw, t may be that of the state that it did not make: the calls up
   * to there.
   *
   * @param t Index of the state; negative values count from the end.
   * @throws {UntracedDrawError} If the generator moved otherwise, as by a method that the step kept bound.
   */
  trace(t: number): TraceEntry[] {
    const { steps, failure } = this.record;
    const isFailing = t === steps && failure !== undefined;
    const target = isFailing ? t : resolveStep(t, steps);
    if (target === 0) return [];
    const replayer = new Replayer(this.#plan);
    // The transition into X_t belongs to the block of X_{t-1}.
    const { draws, thrown, isWhole } = replayer.look(() => this.#reader.seek(target - 1, replayer));
    if (thrown !== undefined && !isFailing) throw thrown.error;
    if (!isWhole) throw untracedDraw();
    return draws.map(({ method, args, result }) => ({ method, args, result }));
  }

  /**
   * Replays every block and compares its end with the recorded state, by canonical bytes. Where the run
   * stores only some checkpoints, the blocks between two of them are compared together. X_0 is compared with
   * what `init` makes, or with the parent's state, where these are at hand.
   *
   * @returns The report, if everything agreed.
   * @throws {NondeterministicReplayError} If a block differs; its `report` lists the bad blocks: the
   * first, or with `full` all of them.
   */
  verify(options: VerifyOptions = {}): VerifyReport {
    checkOptionNames(options, VERIFY_OPTION_NAMES, "verify");
    const report = this.verifyRange({ from: 0, to: spanCount(this.record) }, options);
    if (!report.ok) throw new NondeterministicReplayError(report, describeFailure(report));
    return report;
  }

  /** Replays the spans of a range and compares each with the recorded one. */
  protected verifyRange(spans: IndexRange, { full = false }: VerifyOptions): VerifyReport {
    const { record } = this;
    // No step needs the source of an opened run: where it is damaged, that shows when it is read.
    void [record.source, record.sourceMap];
    const replayer = new Replayer(this.#plan);
    const start = spans.from === 0 && spans.to > 0 ? this.#startAgain() : undefined;
    return verifySpans(record, (span) => {
      this.#reader.seek(spanStart(span, record), replayer);
      replayer.advance(spanReach(span, record));
      return replayer.encode();
    }, { full, spans, start });
  }

  /** Makes X_0 again the way it was made, if that is at hand. */
  #startAgain(): (() => RemadeStart) | undefined {
    const { record, functions } = this;
    const { start, branchPoint } = record;
    const parent = this.#parent;
    const { init } = functions;
    if (start === "parent" && parent !== undefined && branchPoint !== undefined) {
      return () => ({
        bytes: encodeWith(functions.codec, parent.get(branchPoint)),
        maker: `state ${branchPoint} of the parent`,
      });
    }
    if (start !== "init" || init === undefined) return undefined;
    return () => ({ bytes: encodeWith(functions.codec, init()), maker: "what init makes" });
  }

  /** Exact statistics of an observable over the states of a range of spans, to be merged. */
  protected partialStats(
    spans: IndexRange,
    observable: Observable<S> = identity,
  ): PartialStatsData {
    return dataOfPartial(this.#observe(observable, spans).partial());
  }

  #observe(observable: Observable<S>, spans: IndexRange): StatsAccumulator {
    const replayer = new Replayer(this.#plan);
    return observeSpans(replayer, indicesOf(spans), this.#observation(observable));
  }

  /** What is observed; the guards name it. */
  #observation(observable: Observable<S>): SpanObservation<S> {
    const name = observable === identity ? "the statistics" : "the observable";
    return { record: this.record, observable, name, plan: this.#plan };
  }

  /** Records a branch from X_t; the public face wraps it. */
  protected recordBranch(t: number, options: BranchOptions<S>): RunRecord {
    checkOptionNames<BranchOptions<unknown>>(
      options as BranchOptions<unknown>,
      BRANCH_OPTION_NAMES,
      "branch",
    );
    return recordBranch(this.record, this.functions, {
      ...options,
      reader: this.#reader,
      point: resolveStep(t, this.record.steps),
    });
  }

  /** Goes on recording; the public face wraps it. */
  protected recordExtension(steps: number, options: ExtendOptions): RunRecord {
    checkOptionNames(options, EXTEND_OPTION_NAMES, "extend");
    const lastState = this.record.lastState ?? this.encodeLastState();
    return extendRecord({ ...this.record, lastState }, this.functions, { ...options, steps });
  }

  /**
   * Canonical bytes of a state of this run.
   *
   * @internal
   */
  encodeOf(state: S): Uint8Array {
    return encodeWith(this.functions.codec, state);
  }

  /** Canonical bytes of X_{T-1}, regenerated. */
  protected encodeLastState(): Uint8Array {
    return encodeWith(this.functions.codec, this.get(-1));
  }
}

function identity<S>(state: S): Observation {
  return state as Observation;
}
