/**
 * The forward sweep: makes every state once, keeps one checkpoint per block.
 * This module is browser compatible.
 *
 * The engine goes on from a copy of the checkpoint at each block start, not from the live object, so a
 * replay from a checkpoint is the recording by construction, whatever the state hides from the codec.
 *
 * @module
 */

import { equalBytes } from "../codec/compare_states.ts";
import { NondeterministicStepError, StateEncodingError, StepError } from "../errors.ts";
import type { RngByName, RngName } from "../rng/backends.ts";
import { blockCount, blockReach } from "./blocks.ts";
import { PLAIN_RECORD } from "./record_defaults.ts";
import { dataOfPartial, type PartialStatsData } from "./partial_stats.ts";
import { planRecord, type RecordOptions, type RecordPlan } from "./record_options.ts";
import { errorText, Replayer, type ReplayPlan } from "./replay.ts";
import { encodeWith } from "./user_codec.ts";
import { StatsAccumulator } from "./stats.ts";
import type { MathKind, Observable, RunFailure, RunRecord, Stats, StepFunction } from "./types.ts";

/** What a recording gives besides its checkpoints. */
export interface RecordOutcome {
  /** Number of states recorded. */
  readonly steps: number;
  /** Canonical bytes of X_{steps-1}. */
  readonly lastState: Uint8Array;
  /** Names of the observables. */
  readonly observables: readonly string[];
  /** Their statistics. */
  readonly observed: Readonly<Record<string, Stats>>;
  /** The exact sums that these follow from. */
  readonly accumulators: Readonly<Record<string, PartialStatsData>>;
  /** Why the run is shorter than asked for, if a step threw. */
  readonly failure: RunFailure | undefined;
}

/**
 * Runs a recording and hands each checkpoint to `keep` as soon as it is taken.
 *
 * @throws {StateEncodingError} If the initial state, or a state of the first block, is not data. Later
 * ones end the run as a failure, so that hours of recording are not lost.
 * @throws {NondeterministicStepError} If `selfCheck` finds a block that replays differently.
 */
export function recordBlocks<S>(
  plan: RecordPlan<S>,
  keep: (checkpoint: Uint8Array, block: number) => void,
): RecordOutcome {
  const { steps, blockSize } = plan;
  const replayer = new Replayer(plan);
  const observers = new Observers(plan.observe);
  const blocks = blockCount(steps, blockSize);
  let bytes = encodeWith(plan.codec, plan.initial);
  for (let block = 0; block < blocks; block++) {
    plan.signal?.throwIfAborted();
    keep(bytes, block);
    observers.mark();
    if (block === 0) replayer.start(0, 0, bytes);
    else replayer.startNext(block);
    try {
      const stopped = recordBlock(plan, replayer, observers, block);
      const end = replayer.encode();
      if (plan.selfCheck) checkBlock(plan, block, bytes, replayer.t, end);
      bytes = end;
      plan.onProgress?.({ t: replayer.t, steps });
      if (stopped) {
        // The last state of a block's reach is the next block's checkpoint.
        if (replayer.t === (block + 1) * blockSize) keep(bytes, block + 1);
        return finish(replayer.t + 1, bytes, observers, undefined);
      }
    } catch (error) {
      const { failure, lastState } = endEarly(plan, observers, block, bytes, error);
      return finish(failure.t, lastState, observers, failure);
    }
  }
  return finish(steps, bytes, observers, undefined);
}

/** Options of {@linkcode recordRun}: those of `record`, and what a branch knows besides. */
export interface RecordRunOptions<S, N extends RngName, P> extends RecordOptions<S, N, P> {
  /** Where a branch starts, and from what. */
  lineage?: Pick<RunRecord, "origin" | "start" | "branchPoint">;
}

/** Records a whole run in memory. */
export function recordRun<S, N extends RngName, P>(
  step: StepFunction<S, RngByName[N], P>,
  options: RecordRunOptions<S, N, P>,
): RunRecord {
  const checked = planRecord(step, options);
  const { lineage = PLAIN_RECORD } = options;
  const plan = { ...checked, origin: lineage.origin };
  const checkpoints: Uint8Array[] = [];
  const outcome = recordBlocks(plan, (bytes) => checkpoints.push(bytes));
  return {
    ...PLAIN_RECORD,
    ...lineage,
    ...outcome,
    seed: plan.seed,
    blockSize: plan.blockSize,
    rng: plan.rng,
    params: plan.params,
    checkpoints: { length: checkpoints.length, bytesAt: (block) => checkpoints[block]! },
    stepId: options.stepId ?? step.name,
    source: options.source,
    math: "engine" satisfies MathKind,
  };
}

/** The observables of a recording with their accumulators. */
class Observers<S> {
  readonly names: readonly string[];
  readonly functions: readonly Observable<S>[];
  accumulators: readonly StatsAccumulator[];
  #marked: readonly StatsAccumulator[] = [];

  constructor(observe: Readonly<Record<string, Observable<S>>>) {
    this.names = Object.keys(observe);
    this.functions = Object.values(observe);
    this.accumulators = this.names.map(() => new StatsAccumulator());
  }

  /** Gives one state to every accumulator. */
  add(state: S): void {
    for (let i = 0; i < this.functions.length; i++) {
      this.accumulators[i]!.add(this.functions[i]!(state));
    }
  }

  /** Remembers the accumulators as they are at a block's start. */
  mark(): void {
    this.#marked = this.accumulators.map((accumulator) => accumulator.clone());
  }

  /** Forgets all that was added since the block's start. */
  reset(): void {
    this.accumulators = this.#marked.map((accumulator) => accumulator.clone());
  }

  /** What is known of all that was added. */
  result(): Pick<RecordOutcome, "observables" | "observed" | "accumulators"> {
    const byName = <T>(of: (accumulator: StatsAccumulator) => T): Record<string, T> =>
      Object.fromEntries(this.names.map((name, i) => [name, of(this.accumulators[i]!)]));
    return {
      observables: this.names,
      observed: byName((accumulator) => accumulator.result()),
      accumulators: byName((accumulator) => dataOfPartial(accumulator.partial())),
    };
  }
}

/** Makes the states of one block; returns whether `until` ended the run. */
function recordBlock<S>(
  plan: RecordPlan<S>,
  replayer: Replayer<S>,
  observers: Observers<S>,
  block: number,
): boolean {
  const reach = blockReach(block, plan.steps, plan.blockSize);
  if (block === 0) {
    observers.add(replayer.state);
    if (plan.until?.(replayer.state, 0)) return true;
    if (reach > 0 && runTo(plan, replayer, observers, 1)) return true;
    // Tells an author at once what is wrong with the states, not only at the end of the block.
    checkFirstResult(replayer);
  }
  return runTo(plan, replayer, observers, reach);
}

function checkFirstResult<S>(replayer: Replayer<S>): void {
  if (isThenable(replayer.state)) {
    throw new StateEncodingError(
      "state",
      "is a Promise: a step must be synchronous, do all waiting before the run",
    );
  }
  replayer.encode();
}

/** Makes the states up to and with X_to; returns whether `until` ended the run. */
function runTo<S>(
  plan: RecordPlan<S>,
  replayer: Replayer<S>,
  observers: Observers<S>,
  to: number,
): boolean {
  const { until } = plan;
  if (until !== undefined) {
    return replayer.search(to, (state, t) => {
      observers.add(state);
      return until(state, t);
    });
  }
  if (observers.names.length > 0) {
    replayer.observe(to, observers.functions, observers.accumulators);
  } else {
    replayer.advance(to);
  }
  return false;
}

function isThenable(value: unknown): boolean {
  return typeof value === "object" && value !== null &&
    typeof (value as { then?: unknown }).then === "function";
}

function finish<S>(
  steps: number,
  lastState: Uint8Array,
  observers: Observers<S>,
  failure: RunFailure | undefined,
): RecordOutcome {
  return { steps, lastState, ...observers.result(), failure };
}

/**
 * Turns an error within a block into the end of a run that keeps its states; throws it again where that
 * is not for it to do.
 */
function endEarly<S>(
  plan: RecordPlan<S>,
  observers: Observers<S>,
  block: number,
  start: Uint8Array,
  error: unknown,
): { failure: RunFailure; lastState: Uint8Array } {
  if (error instanceof StepError) {
    const failure = { t: error.t, error: errorText(error.cause) };
    try {
      return { failure, lastState: keepUntil(plan, observers, block, start, failure.t) };
    } catch (before) {
      // The state that the step choked on may itself be no data.
      if (!(before instanceof StateEncodingError)) throw before;
      return endEarly(plan, observers, block, start, before);
    }
  }
  if (error instanceof StateEncodingError && block > 0) {
    const failure = { t: firstUnencodable(plan, block, start), error: error.message };
    return { failure, lastState: keepUntil(plan, observers, block, start, failure.t) };
  }
  throw error;
}

/** Index of the first state of the block that is not data. */
function firstUnencodable<S>(plan: RecordPlan<S>, block: number, start: Uint8Array): number {
  const replayer = new Replayer(plan);
  replayer.start(block, block * plan.blockSize, start);
  const reach = blockReach(block, plan.steps, plan.blockSize);
  while (replayer.t < reach) {
    replayer.advance(replayer.t + 1);
    try {
      replayer.encode();
    } catch {
      break;
    }
  }
  return replayer.t;
}

/**
 * Makes the block again up to X_{t-1} and returns its bytes: a step that threw may have left the live
 * state half changed, and states that are not data may have been observed.
 */
function keepUntil<S>(
  plan: RecordPlan<S>,
  observers: Observers<S>,
  block: number,
  start: Uint8Array,
  t: number,
): Uint8Array {
  const replayer = new Replayer(plan);
  observers.reset();
  replayer.start(block, block * plan.blockSize, start);
  try {
    if (block === 0) observers.add(replayer.state);
    replayer.observe(t - 1, observers.functions, observers.accumulators);
  } catch (cause) {
    throw new NondeterministicStepError(
      replayer.t + 1,
      `Cannot keep the run: the step threw at state ${t} and, replayed, already at state ${
        replayer.t + 1
      }`,
      { cause, hint: "draw all randomness from rng" },
    );
  }
  return replayer.encode();
}

/** Replays a block that was just recorded and compares its end. */
function checkBlock<S>(
  plan: RecordPlan<S>,
  block: number,
  start: Uint8Array,
  t: number,
  end: Uint8Array,
): void {
  const replayer = new Replayer(plan);
  replayer.start(block, block * plan.blockSize, start);
  replayer.advance(t);
  if (equalBytes(replayer.encode(), end)) return;
  const first = firstDifference(plan, block, start, t) ?? t;
  throw new NondeterministicStepError(
    first,
    `Cannot certify the run: two replays of block ${block} differ from state ${first} on`,
    {
      hint:
        "draw all randomness from rng, and nothing from clocks, I/O or variables outside the step",
    },
  );
}

/**
 * Index of the first state at which two replays of a block part; undefined if they do not.
 *
 * @param to Index of the last state to compare.
 */
export function firstDifference<S>(
  plan: ReplayPlan<S> & { readonly blockSize: number },
  block: number,
  start: Uint8Array,
  to: number,
): number | undefined {
  const a = new Replayer(plan);
  const b = new Replayer(plan);
  a.start(block, block * plan.blockSize, start);
  b.start(block, block * plan.blockSize, start);
  while (a.t < to) {
    a.advance(a.t + 1);
    b.advance(b.t + 1);
    if (!equalBytes(a.encode(), b.encode())) return a.t;
  }
  return undefined;
}
