/**
 * A recorded run in memory: random access to its states, branches, statistics, verification. It knows
 * no files; the artifact room adds them.
 * This module is browser compatible.
 *
 * @module
 */

import { NondeterministicReplayError } from "../errors.ts";
import type { RngName } from "../rng/backends.ts";
import { deriveBranchSeed } from "../rng/derive_seed.ts";
import { blockCount, blockOf, blockReach, resolveRange, resolveStep } from "./blocks.ts";
import { NumberCache } from "./number_cache.ts";
import { observeBlocks } from "./observe_blocks.ts";
import { dataOfPartial, type PartialStatsData } from "./partial_stats.ts";
import { RecordView } from "./record_view.ts";
import { recordRun, type RecordRunOptions } from "./record.ts";
import { Replayer, type ReplayPlan } from "./replay.ts";
import { decodeWith, encodeWith } from "./user_codec.ts";
import { bisectRange } from "./search.ts";
import { type IndexRange, indicesOf } from "./shard.ts";
import type { StatsAccumulator } from "./stats.ts";
import { type TraceEntry, traceRng } from "./trace.ts";
import type {
  Observable,
  Observation,
  RunRecord,
  StateCodec,
  Stats,
  StepFunction,
} from "./types.ts";
import { describeFailure, verifyBlocks, type VerifyReport } from "./verify.ts";

/** The user's functions that a record alone does not hold. */
export interface RunFunctions<S> {
  /** The step that made the run. */
  readonly step: StepFunction<S>;
  /** Translation of states that are not plain data. */
  readonly codec: StateCodec<S> | undefined;
  /** Observables that were asked for when recording; branches take their statistics too. */
  readonly observe?: Readonly<Record<string, Observable<S>>>;
}

/** Options of {@linkcode BaseRun.branch}. */
export interface BranchOptions<S> {
  /**
   * Changes X_t before the branch starts: returns the new state, or changes the one given (which the
   * branch owns) and returns nothing.
   */
  mutate?: (state: S) => S | void;
  /** Parameters of the branch; those of the parent by default. */
  params?: unknown;
  /** Master seed of the branch; derived from the parent's seed and t by default. */
  seed?: number | bigint;
  /** Number of states of the branch, X_t among them; as many as the parent has from t on by default. */
  steps?: number;
}

/** Options of {@linkcode BaseRun.states}. */
export interface StatesOptions {
  /**
   * Yields a fresh copy of each state instead of the live one.
   *
   * @default {false}
   */
  copy?: boolean;
}

/** A range of states [from, to); negative values count from the end. */
export interface StepRange {
  /** First t; 0 by default. */
  from?: number;
  /** One past the last t; the number of steps by default. */
  to?: number;
}

/** Options of {@linkcode BaseRun.verify}. */
export interface VerifyOptions {
  /**
   * Goes on after the first block that differs, so that the report lists all of them.
   *
   * @default {false}
   */
  full?: boolean;
}

/** A walk over the states of a run that remembers where it is. */
interface Cursor<S> {
  readonly replayer: Replayer<S>;
  block: number;
}

/** A recorded run whose states are regenerated on demand. */
export class BaseRun<S> extends RecordView {
  /** The functions that replay it. */
  protected readonly functions: RunFunctions<S>;
  readonly #plan: ReplayPlan<S> & { readonly blockSize: number };
  /** Where the last `get` stopped, so that increasing t cost one step each. */
  #cursor: Cursor<S> | undefined;
  /** States kept for later reads, once a block was seen to start with a number. */
  #numbers: NumberCache | undefined;
  /** False once a state was seen that is no number. */
  #isNumeric = true;

  /** Joins recorded data with the step that made it. */
  constructor(record: RunRecord, functions: RunFunctions<S>) {
    super(record);
    this.functions = functions;
    this.#plan = {
      step: functions.step,
      codec: functions.codec,
      params: record.params,
      origin: record.origin,
      seed: record.seed,
      rng: record.rng,
      steps: record.steps,
      blockSize: record.blockSize,
    };
  }

  /**
   * Regenerates X_t. Increasing t cost one step each; any other t replays at most one block.
   *
   * @param t Index of the state; negative values count from the end.
   * @returns A fresh value that the caller owns.
   * @throws {RangeError} If the run has no such state.
   * @throws {StepError} If the step throws, as it did not when recording.
   */
  get(t: number): S {
    const { blockSize, steps } = this.record;
    const target = resolveStep(t, steps);
    const block = blockOf(target, blockSize);
    const first = block * blockSize;
    // Only runs of numbers have entries there, so S is number.
    const known = this.#numbers?.valuesOf(block);
    if (known !== undefined) return known[target - first] as S;
    let cursor = this.#cursor;
    if (cursor === undefined || cursor.block !== block || cursor.replayer.t > target) {
      if (target === first) return this.#stored(this.record.checkpoints.bytesAt(block));
      if (target === steps - 1 && this.record.lastState !== undefined) {
        return this.#stored(this.record.lastState);
      }
      const values = this.#numbers?.visit(block) ? this.#makeBlock(block) : undefined;
      if (values !== undefined) return values[target - first] as S;
      cursor = this.#startBlock(cursor, block);
    }
    if (cursor.replayer.t < target) {
      // While the step is at work the cursor is not to be trusted: the step may throw half way.
      this.#cursor = undefined;
      cursor.replayer.advance(target);
    }
    this.#cursor = cursor;
    return cursor.replayer.copy();
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
    const [start, end] = resolveRange(from, to, this.record.steps);
    return this.#walk(start, end, options?.copy ?? false);
  }

  *#walk(from: number, to: number, copy: boolean): Generator<S, void, void> {
    const { blockSize } = this.record;
    const replayer = new Replayer(this.#plan);
    for (let t = from; t < to; t++) {
      if (t === from || t % blockSize === 0) this.#seek(replayer, t);
      else replayer.advance(t);
      yield copy ? replayer.copy() : replayer.state;
    }
  }

  /**
   * Exact statistics of an observable over all states, in one pass.
   *
   * @param observable A function of the state that gives a number or a vector of numbers; the state
   * itself by default.
   * @throws {TypeError} If it gives anything else.
   */
  stats(observable: Observable<S> = identity): Stats {
    const { steps, blockSize } = this.record;
    return this.#observe(observable, { from: 0, to: blockCount(steps, blockSize) }).result();
  }

  /**
   * The first t of [from, to) whose state satisfies a predicate; undefined if none does.
   *
   * @param predicate A function of the state and t; it must not change the state.
   * @param range Where to look; the whole run by default.
   */
  find(predicate: (state: S, t: number) => unknown, range: StepRange = {}): number | undefined {
    const { steps, blockSize } = this.record;
    const [from, to] = resolveRange(range.from, range.to, steps);
    const replayer = new Replayer(this.#plan);
    for (let t = from; t < to; t = (blockOf(t, blockSize) + 1) * blockSize) {
      this.#seek(replayer, t);
      if (predicate(replayer.state, t)) return t;
      const last = Math.min((blockOf(t, blockSize) + 1) * blockSize, to) - 1;
      if (replayer.search(last, predicate)) return replayer.t;
    }
    return undefined;
  }

  /**
   * The first t from which on a predicate holds, for one that is false up to some t and true from there
   * on: looks at log2(T) states. Undefined if it holds nowhere.
   */
  bisect(predicate: (state: S, t: number) => unknown): number | undefined {
    return bisectRange((t) => Boolean(predicate(this.get(t), t)), {
      from: 0,
      to: this.record.steps,
    });
  }

  /**
   * The calls that the step made to its generator while it made X_t; none for X_0.
   *
   * @param t Index of the state; negative values count from the end.
   */
  trace(t: number): TraceEntry[] {
    const target = resolveStep(t, this.record.steps);
    const entries: TraceEntry[] = [];
    if (target === 0) return entries;
    // The transition into X_t belongs to the block of X_{t-1}.
    const replayer = new Replayer(this.#plan);
    this.#seek(replayer, target - 1);
    replayer.stepWith(traceRng(replayer.rng, entries));
    return entries;
  }

  /**
   * Replays every block and compares its end with the recorded state, by canonical bytes.
   *
   * @returns The report, if everything agreed.
   * @throws {NondeterministicReplayError} If a block differs; its `report` lists the bad blocks: the
   * first, or with `full` all of them.
   */
  verify(options: VerifyOptions = {}): VerifyReport {
    const { steps, blockSize } = this.record;
    const report = this.verifyRange({ from: 0, to: blockCount(steps, blockSize) }, options);
    if (!report.ok) throw new NondeterministicReplayError(report, describeFailure(report));
    return report;
  }

  /** Replays the blocks of a range and compares each with the recorded one. */
  protected verifyRange(blocks: IndexRange, { full = false }: VerifyOptions): VerifyReport {
    const { record } = this;
    const replayer = new Replayer(this.#plan);
    return verifyBlocks(record, (block) => {
      this.#seek(replayer, block * record.blockSize);
      replayer.advance(blockReach(block, record.steps, record.blockSize));
      return replayer.encode();
    }, { full, blocks });
  }

  /** Exact statistics of an observable over the states of a range of blocks, to be merged. */
  protected partialStats(
    blocks: IndexRange,
    observable: Observable<S> = identity,
  ): PartialStatsData {
    return dataOfPartial(this.#observe(observable, blocks).partial());
  }

  #observe(observable: Observable<S>, blocks: IndexRange): StatsAccumulator {
    const { record } = this;
    return observeBlocks(new Replayer(this.#plan), indicesOf(blocks), { record, observable });
  }

  /** Records a branch from X_t; the public face wraps it. */
  protected recordBranch(t: number, options: BranchOptions<S>): RunRecord {
    const { record, functions } = this;
    const point = resolveStep(t, record.steps);
    const state = this.get(point);
    const mutated = options.mutate?.(state);
    const initial = mutated === undefined ? state : mutated as S;
    const recordOptions: RecordRunOptions<S, RngName, unknown> = {
      // As a function, so that a state that is itself a function is refused and not called.
      init: () => initial,
      steps: options.steps ?? record.steps - point,
      seed: options.seed ?? deriveBranchSeed(record.seed, point),
      rng: record.rng,
      params: "params" in options ? options.params : record.params,
      stepId: record.stepId,
      codec: functions.codec,
      observe: functions.observe,
      source: record.source,
      lineage: {
        origin: record.origin + point,
        start: options.mutate === undefined ? "parent" : "given",
        branchPoint: point,
      },
    };
    return recordRun(functions.step, recordOptions);
  }

  /** Canonical bytes of X_{T-1}, regenerated. */
  protected encodeLastState(): Uint8Array {
    return encodeWith(this.functions.codec, this.get(-1));
  }

  /** Puts a replayer on X_t, from the checkpoint of its block. */
  #seek(replayer: Replayer<S>, t: number): void {
    const block = blockOf(t, this.record.blockSize);
    replayer.start(block, block * this.record.blockSize, this.record.checkpoints.bytesAt(block));
    replayer.advance(t);
  }

  /** Makes and keeps all states of a block; undefined if they are not all numbers. */
  #makeBlock(block: number): Float64Array | undefined {
    const { blockSize, steps } = this.record;
    const first = block * blockSize;
    const last = Math.min(first + blockSize, steps) - 1;
    const replayer = this.#cursor?.replayer ?? new Replayer(this.#plan);
    this.#cursor = undefined;
    this.#seek(replayer, first);
    const start: unknown = replayer.state;
    const values = new Float64Array(last - first + 1);
    if (typeof start === "number") values[0] = start;
    if (typeof start !== "number" || replayer.collect(last, values, first) < last) {
      this.#isNumeric = false;
      this.#numbers = undefined;
      return undefined;
    }
    this.#numbers!.keep(block, values);
    return values;
  }

  #startBlock(cursor: Cursor<S> | undefined, block: number): Cursor<S> {
    const replayer = cursor?.replayer ?? new Replayer(this.#plan);
    this.#cursor = undefined;
    this.#seek(replayer, block * this.record.blockSize);
    if (this.#isNumeric && typeof replayer.state === "number") {
      this.#numbers ??= new NumberCache(this.record.blockSize);
    }
    return { replayer, block };
  }

  #stored(bytes: Uint8Array): S {
    return decodeWith(this.functions.codec, bytes);
  }
}

function identity<S>(state: S): Observation {
  return state as Observation;
}
