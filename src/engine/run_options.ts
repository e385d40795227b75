/**
 * What the verbs of a run can be told.
 * This module is browser compatible.
 *
 * @module
 */

import type { Inputs, RecordProgress } from "./record_types.ts";
import type { Observable, StateCodec, StepFunction } from "./types.ts";
import type { StateReader } from "./state_reader.ts";

/** The user's functions that a record alone does not hold. */
export interface RunFunctions<S> {
  /** The step that made the run. */
  readonly step: StepFunction<S>;
  /** Translation of states that are not plain data. */
  readonly codec: StateCodec<S> | undefined;
  /** Makes X_0 again, if a function did; `verify` compares what it gives. */
  readonly init?: (() => S) | undefined;
  /** Observables that were asked for when recording; branches take their statistics too. */
  readonly observe?: Readonly<Record<string, Observable<S>>> | undefined;
}

/** One change of parameters. */
export interface ParameterChange {
  /** The names that lead to what is changed; none for all parameters. */
  readonly path: readonly string[];
  /** What to put there; an object is merged over the one that is there. */
  readonly value: unknown;
}

/** Options of {@linkcode BaseRun.branch}. */
export interface BranchOptions<S> {
  /**
   * Changes X_t before the branch starts: returns the new state, or changes the one given (which the
   * branch owns) and returns nothing. What it changes keeps its kind: a number stays a number, a
   * `Float64Array(96)` one of that length; null may come and go.
   */
  mutate?: (state: S) => S | void;
  /**
   * Parameters to change: merged over those of the parent, objects name by name. Names that the parent lacks
   * and values of another kind are refused.
   */
  params?: unknown;
  /**
   * Whether what `mutate` makes is checked, and the first blocks are tried again as for `record`.
   *
   * @default {true}
   */
  guards?: boolean;
  /**
   * Master seed of the branch; derived from the parent's seed and t by default. `"same"` keeps the parent's
   * draws: each step draws what it draws there, until it draws more or less often.
   */
  seed?: number | bigint | "same";
  /** Number of states of the branch, X_t among them; as many as the parent has from t on by default. */
  steps?: number;
  /** Inputs of the branch, the first for the transition from X_t; those of the parent by default. */
  inputs?: Inputs;
  /** Inputs to put in the place of the parent's, by the t of its state that they are given with. */
  setInputs?: Readonly<Record<number, unknown>> | ReadonlyMap<number, unknown>;
}

/** Where and how to branch. */
export interface RecordBranchOptions<S> extends BranchOptions<S> {
  /** Reads the parent's states. */
  readonly reader: StateReader<S>;
  /** The t of the parent's state to start from. */
  readonly point: number;
}

/** Options of `extend`. */
export interface ExtendOptions {
  /** Inputs of the new transitions, in a run with inputs. */
  inputs?: Inputs;
  /** Called at the end of every block. */
  onProgress?: (progress: RecordProgress) => void;
  /** Checked at every block start; the recording throws `signal.reason`. */
  signal?: AbortSignal;
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

/** Options of {@linkcode BaseRun.stats}. */
export interface StatsOptions extends StepRange {
  /**
   * Distance in t from one state to the next; an integer of at least 1.
   *
   * @default {1}
   */
  every?: number;
  /** Probabilities from 0 to 1 whose exact quantiles to take, of an observable that gives numbers. */
  quantiles?: readonly number[];
  /** Number of bins of a histogram from the smallest to the largest value, of an observable that gives numbers. */
  histogram?: number;
}

/** How the finite values of an observable are spread over bins of equal width. */
export interface Histogram {
  /** Smallest finite value, where the first bin begins. */
  readonly low: number;
  /** Largest finite value, where the last bin ends; it belongs to that bin. */
  readonly high: number;
  /** How many values lie in each bin. */
  readonly counts: readonly number[];
}

/** What `stats` gives besides the statistics, if it was asked for. */
export interface StatsExtras {
  /** Exact quantiles, in the order of the probabilities. */
  readonly quantiles?: readonly number[];
  /** The histogram; all counts are 0 where no value is finite. */
  readonly histogram?: Histogram;
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
