/**
 * What the parent asks of a realm that runs a step: the first request of a session, and the jobs.
 * This module is browser compatible.
 *
 * A realm is sent a {@linkcode SessionRequest}, then any number of {@linkcode JobRequest}s, all as
 * canonical data; a job that needs checkpoints is followed by one message per span, in the order of
 * `spans`, each with the inputs of its span behind it if the run has inputs. A result that is expected is never sent. Each job is answered with frames (`frames.ts`).
 *
 * @module
 */

import type { PathPart } from "../../codec/path_reader.ts";
import type { LeafPath } from "../../codec/numeric_leaves.ts";
import type { ParameterChange } from "../../engine/run_options.ts";
import type { ExtrasRequest } from "../../engine/series_extras.ts";
import type {
  MathKind,
  PartialStatsData,
  RunRecord,
  SeriesRange,
  Shims,
  StorageBudget,
} from "../../engine/types.ts";
import type { GeneratorState, RngName } from "../../rng/backends.ts";
import type { HashedFacts, Keep, TrialRequest, TrialSeed } from "./trial_requests.ts";

/** Observables are printed as table heads, so their names are kept plain. */
export const OBSERVABLE_NAME = /^(?!.*\p{DI})[\p{L}_$][\p{L}\p{N}_$.-]{0,63}$/u;

/** First request of a session: what every job of it has in common. */
export interface SessionRequest {
  /** Secret of this child. */
  nonce: Uint8Array;
  /** Word with which the watchdog signs. */
  signature: string;
  /** Process id of the parent. */
  parentPid: number;
  /** Resident memory at which the child is killed. */
  memoryBytesMax: number;
  /** Source of the step module. */
  source: string;
  /** Which transcendental functions the step sees as `Math`. */
  math: MathKind;
  /** What the step sees as clock and randomness, if anything. */
  shims: Shims | undefined;
}

/** Data of a recorded run that a replay needs besides its checkpoints and inputs. */
export interface ReplayShape extends
  Pick<
    RunRecord,
    "steps" | "seed" | "blockSize" | "rng" | "gridOffset" | "generatorState" | "stride"
  > {
  /** Canonical bytes of the third argument of every step: nested here, it could exceed the limits. */
  params: Uint8Array;
  /** The t of the root run at which X_0 lies. */
  origin: number;
  /** Whether the run has inputs: those of a span follow its checkpoint, as the bytes of an `InputChunk`. */
  hasInputs: boolean;
}

/** Parts that every job has. */
interface JobBase {
  /** Time for this job, in milliseconds; Infinity for no limit. */
  timeoutMs: number;
}

/** A job over a recorded run; the checkpoints of `spans` follow it, in this order. */
export interface ReplayJob extends JobBase {
  /** The recorded run. */
  run: ReplayShape;
  /** Indices of the spans whose checkpoints follow. */
  spans: Uint32Array;
}

/** Loads the module and says what it exports. */
export interface DescribeJob extends JobBase {
  /** Which job. */
  kind: "describe";
}

/** One observable of a job. */
export interface ObserveRequest {
  /** Its name; of a function given as text the one under which a recording keeps its statistics. */
  name: string;
  /** Text of a function of the state; the module's export of that name if undefined. */
  expression: string | undefined;
}

/** Where a recording stopped. */
export interface RecordResumption {
  /** Index of its last state. */
  t: number;
  /** How many blocks lie between two of its checkpoints. */
  stride: number;
  /** Lengths of its checkpoints. */
  lengths: Float64Array;
  /** Canonical bytes of the last checkpoint. */
  checkpoint: Uint8Array;
  /** The exact sums of its observables, of the states up to and with X_t. */
  accumulators: Record<string, PartialStatsData>;
}

/**
 * Records a new run, or goes on with one; checkpoints come back as items. The inputs that follow a job that
 * goes on begin with those from the last checkpoint on.
 */
export interface RecordJob extends JobBase {
  /** Which job. */
  kind: "record";
  /** Number of states. */
  steps: number;
  /** Master seed. */
  seed: bigint;
  /** Generator backend; what the module exports as `rng`, else "python", if undefined. */
  rng: RngName | undefined;
  /** States per block; the default if undefined. */
  blockSize: number | undefined;
  /** Parameters in place of the module's own, if there is one element. */
  params: [unknown] | [];
  /** What to change in those. */
  paramChanges: ParameterChange[];
  /** Canonical bytes of X_0 in place of what `init` gives, for a branch. */
  start: Uint8Array | undefined;
  /** The t of the root run at which X_0 lies. */
  origin: number;
  /** Index of X_0 in the numbering of the run whose seed this one uses. */
  gridOffset: number;
  /** State of the generator at X_0, if that lies within a block. */
  generatorState: GeneratorState | undefined;
  /** What may be stored. */
  budget: StorageBudget | undefined;
  /** Whether inputs follow: bytes of an `InputChunk` each, and an empty message behind the last one. */
  hasInputs: boolean;
  /** Where an earlier recording stopped, to go on there; the first item behind the head is X_t then. */
  resume: RecordResumption | undefined;
  /** Text of a function that changes X_0. */
  mutate: string | undefined;
  /** Text of a predicate of state and t that ends the run. */
  until: string | undefined;
  /** Observables to take statistics of; all that the module exports if undefined. */
  observe: ObserveRequest[] | undefined;
  /** Whether each block is replayed at once. */
  selfCheck: boolean;
  /** Whether the first blocks are tried again, by the engine's guards. */
  guards: boolean;
  /**
   * Set where the recording grows in a file: how often it is to be said how far it is, in milliseconds, and
   * whether the run ends where its inputs do. Checkpoints then do not count as memory of the pass.
   */
  marks: { everyMs: number; endsWithInputs: boolean } | undefined;
}

/**
 * Records trials one after the other, each with the time limit of the job to itself. The items are one
 * `TrialAnswer` each, in their order, also where a trial fails.
 */
export interface TrialsJob extends JobBase {
  /** Which job. */
  kind: "trials";
  /** What all of them have in common: a recording without inputs, from its start. */
  recording: Omit<RecordJob, "kind" | "timeoutMs" | keyof TrialSeed | "guards">;
  /** What is asked of each besides its run. */
  trial: TrialRequest;
  /** The trials. */
  trials: readonly TrialSeed[];
  /** What is sent of the runs. */
  keep: Keep;
  /** What their hashes cover besides; undefined if nobody wants hashes. */
  hashed: HashedFacts | undefined;
  /** Most bytes that the states of a run may take which a recording stores. */
  outputBytesMax: number;
}

/** One repeat of a splitting of the runs that a recording would make. */
export interface RareJob extends Omit<RecordJob, "kind"> {
  /** Which job. */
  kind: "rare";
  /** How to split. */
  splitting: SplittingRequest;
}

/** How to split. */
export interface SplittingRequest {
  /** Text of the score, a function of state and t. */
  score: string;
  /** The score at which the event has happened. */
  level: number;
  /** Particles. */
  particles: number;
  /** At least so many are killed at a time. */
  kill: number;
  /** Which of the independent repeats. */
  repeat: number;
}

/** Replays whole spans; the items are the bytes of the states that they lead to, in the order of `spans`. */
export interface ReplaySpansJob extends ReplayJob {
  /** Which job. */
  kind: "replay";
  /** Whether one instance of the module is to make all spans, so that hidden state shows. */
  oneInstance: boolean;
  /**
   * Goes from span to span with the live state, as a plain loop does: from what `init` makes, or from the first
   * checkpoint. The spans are all of the run, in order, and one instance makes them.
   */
  live: "init" | "stored" | undefined;
}

/**
 * Gives states of [from, to) as items. With `pictures`, behind each comes what the module draws of it, as the
 * bytes of a `DrawnPicture`.
 */
export interface StatesJob extends ReplayJob {
  /** Which job. */
  kind: "states";
  /** First t. */
  from: number;
  /** One past the last t. */
  to: number;
  /** Distance in t from one item to the next; 1 for all states. */
  every: number;
  /** Whether the items are what functions of the state see, where the module has a codec. */
  isShown: boolean;
  /** Whether pictures are asked for. */
  pictures: boolean;
  /** Observables whose values, as a list, are the items in the place of the states; none for the states. */
  observe: ObserveRequest[];
}

/** Statistics of an observable over the states of spans; the items are what was taken, one per group. */
export interface StatsJob extends ReplayJob {
  /** Which job. */
  kind: "stats";
  /** How many of `spans` are in each group, in order; together all of them. */
  groups: Uint32Array;
  /** What to observe; the states themselves if undefined. */
  observe: ObserveRequest | undefined;
  /** Which states of the spans to take; all if undefined. */
  range: SeriesRange | undefined;
  /** What to take besides the moments. */
  extras: ExtrasRequest | undefined;
}

/** The first t of [from, to) whose state satisfies a predicate. */
export interface FindJob extends ReplayJob {
  /** Which job. */
  kind: "find";
  /** First t. */
  from: number;
  /** One past the last t. */
  to: number;
  /** Text of a predicate of state and t. */
  expression: string;
}

/** The changes of a part of the state in [from, to), `from` at least 1. */
export interface WhenJob extends ReplayJob {
  /** Which job. */
  kind: "when";
  /** Where the part is. */
  path: PathPart[];
  /** First t. */
  from: number;
  /** One past the last t. */
  to: number;
  /** Most changes. */
  countMax: number;
  /** Whether the last one is asked for and no other. */
  isLast: boolean;
  /** Text of a predicate of the new value, the old one and t. */
  expression: string | undefined;
}

/** Numbers of the states of [from, to), reduced for plots; some of the states as items. */
export interface SurveyJob extends ReplayJob {
  /** Which job. */
  kind: "survey";
  /** First t. */
  from: number;
  /** One past the last t. */
  to: number;
  /** Most buckets per series. */
  bucketsMax: number;
  /** Which numbers inside the states to take. */
  leaves: LeafPath[];
  /** Observables to take besides. */
  observe: ObserveRequest[];
  /** Most series that the observables may give; components of vectors beyond it are only counted. */
  seriesMax: number;
  /** Ascending t of the states that are sent as items. */
  samples: Float64Array;
}

/** A job from a state that need not be the recorded one; the checkpoints that follow it are empty. */
interface FromStateJob extends ReplayJob {
  /** Index of the block that it starts with, the first of `spans`. */
  block: number;
  /** Canonical bytes of the first state of that block. */
  start: Uint8Array;
}

/** Goes on from a state and marks where it is: the items are the canonical bytes of marks. */
export interface MarksJob extends FromStateJob {
  /** Which job. */
  kind: "marks";
  /** Index of the first state to mark. */
  from: number;
  /** Index of the last one. */
  to: number;
  /** Whether to mark every state, or the first of each block and X_to. */
  every: "block" | "state";
  /** Distance in t of the states within a block that its mark says something of. */
  digestEvery: number;
  /** Whether it says where the generator was at them, too. */
  positions: boolean;
  /** Whether one instance of the module serves all jobs, as it keeps nothing between calls. */
  reuses: boolean;
}

/** What the step that makes X_t draws, and throws. */
export interface LookJob extends FromStateJob {
  /** Which job. */
  kind: "look";
  /** Index of the state. */
  t: number;
}

/** What the steps that made the states of [from, to) wrote to `console`. */
export interface LogJob extends ReplayJob {
  /** Which job. */
  kind: "log";
  /** First t. */
  from: number;
  /** One past the last t; the one behind the run's last state may be asked for where a step failed. */
  to: number;
}

/** Names that a function asks of the states at the starts of spans, and that none of them has. */
export interface ReadsJob extends ReplayJob {
  /** Which job. */
  kind: "reads";
  /** Text of the function of state and t. */
  expression: string;
}

/** Most names that are told. */
export const READS_MAX = 8;

/** The state of the generator at X_t. */
export interface GeneratorJob extends ReplayJob {
  /** Which job. */
  kind: "generator";
  /** Index of the state. */
  t: number;
  /** Index of the last state up to which the run is seen to go on from a copy of X_t, too; t if it is not. */
  tryTo: number;
}

/** Makes X_0 as `init` makes it; the one item is its bytes, none if the module exports no `init`. */
export interface InitialJob extends JobBase {
  /** Which job. */
  kind: "initial";
  /** Master seed. */
  seed: bigint;
  /** Generator backend. */
  rng: RngName;
  /** Canonical bytes of the parameters. */
  params: Uint8Array;
}

/** Anything that a child can be asked to do. */
export type JobRequest =
  | DescribeJob
  | RecordJob
  | RareJob
  | TrialsJob
  | InitialJob
  | ReplaySpansJob
  | StatesJob
  | StatsJob
  | FindJob
  | WhenJob
  | SurveyJob
  | MarksJob
  | LookJob
  | LogJob
  | ReadsJob
  | GeneratorJob;

/** A job without its time limit, which the session has for all. */
export type JobInput = JobRequest extends infer J
  ? J extends JobRequest ? Omit<J, "timeoutMs"> : never
  : never;
