/**
 * The plain data that a run consists of, and the shapes of the functions that a user hands in.
 * This module is browser compatible.
 *
 * @module
 */

import type { InputChunk } from "./input_chunk.ts";
import type { GeneratorState, RngName } from "../rng/backends.ts";
import type { Rng } from "../rng/rng.ts";
import type { AuthorPlace } from "../error_types.ts";

/**
 * One transition: takes X_t and returns X_{t+1}. Pure given its arguments: all randomness comes from
 * `rng`, nothing from clocks, I/O or variables outside. It may change `state` in place and return it.
 *
 * `t` is the index of the state given, in global time: a branch counts on from where it left the run
 * it came from. `input` is the value from outside for this transition; undefined in a run without
 * inputs. `params` and `input` must not be changed.
 */
export type StepFunction<S, R extends Rng = Rng, P = unknown, I = unknown> = (
  state: S,
  rng: R,
  params: P,
  t: number,
  input: I,
) => S;

/** Makes X_0; `rng` is seeded for it alone, with BLAKE2b-64 of `init:<seed>`. */
export type InitFunction<S, R extends Rng = Rng, P = unknown> = (params: P, rng: R) => S;

/** Translates states that are not plain data (class instances) to plain data and back. */
export interface StateCodec<S> {
  /** Plain data that holds all of `state`; must not share mutable parts with it. */
  encode(state: S): unknown;
  /** A fresh state from what `encode` returned. */
  decode(data: unknown): S;
}

/** A number, or a vector of numbers, observed of a state. */
export type Observation = number | bigint | boolean | ArrayLike<number>;

/** A named function of the state. */
export type Observable<S> = (state: S) => Observation;

/** Exact statistics of a scalar observable over all states of a range. */
export interface ScalarStats {
  /** How many states were observed. */
  readonly count: number;
  /** Arithmetic mean, correctly rounded; NaN where a value was NaN or infinities cancel. */
  readonly mean: number;
  /** Sample variance (divisor n-1), correctly rounded; 0 for one state. */
  readonly variance: number;
  /** Square root of `variance`. */
  readonly std: number;
  /** Smallest value; NaN where a value was NaN. */
  readonly min: number;
  /** Largest value; NaN where a value was NaN. */
  readonly max: number;
}

/** Exact statistics of a vector observable of length k over all states of a range. */
export interface VectorStats {
  /** How many states were observed. */
  readonly count: number;
  /** Mean of each of the k components, correctly rounded. */
  readonly mean: number[];
  /** The k x k sample covariance matrix (divisor n-1). */
  readonly covariance: number[][];
}

/** What `stats` returns: scalar or vector statistics, after what the observable returned. */
export type Stats = ScalarStats | VectorStats;

/** Why a recording ended early: the state that could not be made, and the error as text. */
export interface RunFailure {
  /** Index of the state that the failing call was to make. */
  readonly t: number;
  /** Name and message of what was thrown. */
  readonly error: string;
  /** Where in the author's files, in the run that was recorded in this process; a file does not say it. */
  readonly place?: AuthorPlace;
}

/** Which implementation of the transcendental functions a step saw as `Math`. */
export type MathKind = "engine" | "portable";

/** A range [from, to) of spans, or of states; may be empty. */
export interface IndexRange {
  /** First index. */
  readonly from: number;
  /** One past the last index. */
  readonly to: number;
}

/** Read access to the stored states; what is behind it may be read lazily from a file. */
export interface CheckpointStore {
  /** Number of checkpoints: one per block. */
  readonly length: number;
  /**
   * Canonical encoding of X_{block * blockSize}; shared, must not be changed.
   *
   * @throws {ArtifactIntegrityError} if the file behind it is damaged there.
   */
  bytesAt(block: number): Uint8Array;
}

/** Read access to the inputs of a run; what is behind it may be read lazily from a file. */
export interface InputStore {
  /** Number of inputs: one per transition; and, if the step failed, the one it failed on. */
  readonly length: number;
  /**
   * The chunk that holds the input of the transition from X_t to X_{t+1}; shared, must not be changed.
   *
   * @throws {ArtifactIntegrityError} if the file behind it is damaged there.
   */
  chunkAt(t: number): InputChunk;
}

/** What a recording may store; where it would exceed it, the stride doubles. */
export interface StorageBudget {
  /** Most canonical bytes of all checkpoints together; undefined for no limit. */
  readonly bytesMax: number | undefined;
  /** Most checkpoints; undefined for no limit. */
  readonly checkpointsMax: number | undefined;
}

/**
 * Where X_0 came from: `init` if it is what the step module's `init` makes, `parent` if it is X_t of the
 * parent, unchanged, else `given`. `verify` checks the first two where it can.
 */
export type StartKind = "init" | "parent" | "given";

/** A clock that tells the time by the index of a state. */
export interface ClockShim {
  /** Milliseconds since 1970 at X_0 of the root run. */
  readonly originMs: number;
  /** Milliseconds from one state to the next, at least 0; need not be whole. */
  readonly stepMs: number;
}

/**
 * What a step sees of clock and randomness besides its arguments, for libraries that ask for them: off unless
 * asked for. `crypto` and `performance` are there with them.
 */
export interface Shims {
  /** `Date` and `performance` tell the time of the state that the step was given, in global time. */
  readonly clock?: ClockShim;
  /**
   * `Math.random` and `crypto` draw: while the module loads from a generator seeded with the BLAKE2b-64 of
   * `shim:load:<seed>`, in `init` with that of `shim:init:<seed>`, in block j with that of `shim:<seed>:<j>`.
   */
  readonly random?: true;
  /** While the module loads, and only then: `Date` says 2000-01-01, and `Math.random` draws as above. */
  readonly load?: true;
}

/** All that an artifact holds of a run, as plain data. */
export interface RunRecord {
  /** Number of states T, at least 1. */
  readonly steps: number;
  /** Master seed, any integer. */
  readonly seed: bigint;
  /** States per block, at least 1. */
  readonly blockSize: number;
  /** Generator backend. */
  readonly rng: RngName;
  /** Plain data handed to every step as its third argument; undefined if there is none. */
  readonly params: unknown;
  /** One stored state per block. */
  readonly checkpoints: CheckpointStore;
  /** Canonical encoding of X_{T-1}; absent only in artifacts of the Python package. */
  readonly lastState: Uint8Array | undefined;
  /** Names of the observables whose statistics were computed while recording, in their order. */
  readonly observables: readonly string[];
  /** Those statistics by name. */
  readonly observed: Readonly<Record<string, Stats>>;
  /** The exact sums that they follow from; the Python package's artifacts have none. */
  readonly accumulators: Readonly<Record<string, PartialStatsData>>;
  /** The t of the root run at which X_0 lies: global time is origin + t. 0 unless this is a branch. */
  readonly origin: number;
  /**
   * Index of X_0 in the numbering of the run whose seed this one uses; block = floor((gridOffset + t) /
   * blockSize). 0 unless this is a branch that keeps its parent's draws.
   */
  readonly gridOffset: number;
  /** State of the generator at X_0 where gridOffset is no multiple of blockSize; else undefined. */
  readonly generatorState: GeneratorState | undefined;
  /** How many blocks lie between two checkpoints. */
  readonly stride: number;
  /** What the recording may store. */
  readonly budget: StorageBudget | undefined;
  /** Values from outside, one per transition; undefined for a run without. */
  readonly inputs: InputStore | undefined;
  /** Where X_0 came from. */
  readonly start: StartKind;
  /** Free text that names the step, such as `walk.ts` or `module:function`. */
  readonly stepId: string;
  /** Source of the step module as one import-free ES module, if embedded. */
  readonly source: string | undefined;
  /** SHA-256 of that source, lower-case hexadecimal, where it was left out of the file; else it follows from it. */
  readonly sourceHash?: string | undefined;
  /** Whether the recording was not tried for mistakes that would make its answers wrong. */
  readonly unguarded?: true | undefined;
  /**
   * Source map of that module as JSON, back to the files of its author; undefined where there is none: lines
   * and columns are those of the one file that was recorded.
   */
  readonly sourceMap: string | undefined;
  /** Which `Math` the step saw. */
  readonly math: MathKind;
  /** What the step saw of clock and randomness, if anything. */
  readonly shims: Shims | undefined;
  /** Why the run is shorter than asked for, if a step threw. */
  readonly failure: RunFailure | undefined;
  /** For a branch: the t of the parent's state it started from. */
  readonly branchPoint: number | undefined;
  /** For a branch: content hash of its parent, lower-case hex, once known. */
  readonly parentHash: string | undefined;
  /** Whether sets are compared whatever their order: they were recorded in Python, where they have none. */
  readonly unorderedSets?: boolean;
}

/** What a replayer needs to know of a run. */
export interface ReplayPlan<S> extends
  Pick<
    RunRecord,
    "steps" | "seed" | "rng" | "params" | "origin" | "blockSize" | "gridOffset" | "generatorState"
  > {
  /** The user's step. */
  readonly step: StepFunction<S>;
  /** Translation of states that are not plain data. */
  readonly codec: StateCodec<S> | undefined;
  /** Values from outside, one per transition. */
  readonly inputs: InputStore | undefined;
}

/** One component's part of a partial result, as plain data. */
export interface PartialComponent {
  /** Exact sum in units of 2^TOTAL_EXPONENT. */
  readonly sum: bigint;
  /** Smallest value but NaN, -0 before 0; Infinity where there was none. */
  readonly min: number;
  /** Largest value but NaN, 0 after -0; -Infinity where there was none. */
  readonly max: number;
  /** How many values were NaN, +Infinity and -Infinity. */
  readonly nonFinite: readonly [nan: number, positive: number, negative: number];
}

/** What is known after a share of the states; merge with `StatsAccumulator.merge`. */
export interface PartialStats {
  /** States observed. */
  readonly count: number;
  /** -2 where nothing was observed, -1 for a scalar observable, else the vector's length. */
  readonly length: number;
  /** One entry per component; one for a scalar. */
  readonly components: readonly PartialComponent[];
  /** Exact sums of products of components i <= j, row by row, in units of 2^TOTAL_EXPONENT. */
  readonly products: readonly bigint[];
}

/** One component's part of {@linkcode PartialStatsData}. */
export interface PartialComponentData {
  /** Exact sum, as `textOfSum` gives it. */
  readonly sum: string;
  /** Smallest value, as `textOfNumber` gives it. */
  readonly min: string;
  /** Largest value, as `textOfNumber` gives it. */
  readonly max: string;
  /** How many values were NaN, +Infinity and -Infinity. */
  readonly nonFinite: readonly number[];
}

/** {@linkcode PartialStats} as data that JSON holds without loss, in one form only. */
export interface PartialStatsData {
  /** States observed. */
  readonly count: number;
  /** -2 where nothing was observed, -1 for a scalar observable, else the vector's length. */
  readonly length: number;
  /** One entry per component; one for a scalar. */
  readonly components: readonly PartialComponentData[];
  /** Exact sums of products of components i <= j, row by row, as `textOfSum` gives them. */
  readonly products: readonly string[];
}

/** The names that an options object of type `T` may have: all of them, each once. */
export type OptionNames<T> = { readonly [K in keyof T]-?: true };

/** Goes over all values once, in any order. */
export type ValuePass = (take: (x: number) => void) => void;

/** What one pass is to count: how often each next digit comes behind some prefixes. */
export interface DigitRequest {
  /** How many bits lie behind the digit. */
  readonly shift: number;
  /** The bits before it, for each table. */
  readonly prefixes: readonly bigint[];
}

/** One call that a step made to its generator. */
export interface TraceEntry {
  /**
   * Name of the generator's method: `random`; with the way to it where it is that of a generator that was
   * spawned, or of the bits behind: `spawn[2].random`, `bitGenerator.random`.
   */
  readonly method: string;
  /** Arguments of the call; copies where they are data, a description where they are not. */
  readonly args: readonly unknown[];
  /** What the call returned; a copy where it is data, a description where it is not. */
  readonly result: unknown;
}

/** A call with what comparing two steps takes. */
export interface TracedDraw extends TraceEntry {
  /** Where the generator was behind it, as its `position` gives it. */
  readonly position: string;
  /** Where it was made; undefined where nobody asked. */
  readonly place: unknown;
}

/** What a traced step did. */
export interface Traced {
  /** Its calls, in order. */
  readonly draws: readonly TracedDraw[];
  /** What it threw, if it did. */
  readonly thrown: { readonly error: unknown } | undefined;
  /** Whether the generator moved by these calls only. */
  readonly isWhole: boolean;
}

/** A method of a generator whose calls are written down. */
export interface TracedMethod {
  readonly target: object;
  readonly path: string;
  readonly name: string;
  readonly method: (...args: unknown[]) => unknown;
}

/** What a loop reports of its progress, so that a throwing step can be placed. */
export interface LoopPosition {
  /** Index of the last state made. */
  t: number;
  /** What the step is told of t: origin + t. */
  readonly origin: number;
  /** Values from outside, the first for the transition from X_first; undefined for a run without. */
  inputs: readonly unknown[] | undefined;
  /** The t of the first of them. */
  first: number;
  /** Index of the last state that was kept, or that observables or the predicate are done with. */
  seen: number;
}

/** What holds checkpoints for a recording; the log says what to hold. */
export interface CheckpointKeeper {
  /** Keeps the bytes of one more checkpoint; they are not changed afterwards. */
  push(bytes: Uint8Array): void;
  /** Gives up every other checkpoint, the second first. */
  thin(): void;
}

/** Gives what to put in the place of a value. @throws {GuardError} If what was given is of another kind. */
export type Keep = (old: unknown, given: unknown, at: string) => unknown;

/** How {@linkcode checkSameKind} goes about it. */
export interface KindCheck {
  /** Path of the values, for messages. */
  readonly at: string;
  /** Whether typed arrays may change their lengths. */
  readonly isList: boolean;
  /** The message, from the path and what was and is there. */
  readonly problem: (at: string, kinds: string) => string;
}

/** X_0 as something else than the recording made it. */
export interface RemadeStart {
  /** Canonical bytes of what was made. */
  readonly bytes: Uint8Array;
  /** What made it, for the message. */
  readonly maker: string;
}

/** States at equal distances: `from`, `from + every` and so on below `to`. */
export interface SeriesRange {
  readonly from: number;
  readonly to: number;
  readonly every: number;
}

/** A block to make again: its index and the bytes of its first state. */
export interface BlockStart {
  /** Index of the block. */
  readonly block: number;
  /** Canonical bytes of its first state. */
  readonly bytes: Uint8Array;
}
