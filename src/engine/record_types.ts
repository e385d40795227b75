/**
 * What a recording is asked for, and what that comes to once defaults are taken and all is checked.
 * This module is browser compatible.
 *
 * @module
 */

import type { RngByName, RngName } from "../rng/backends.ts";
import type { SecondInstance } from "./guards/second_instance.ts";
import type { Lookers } from "./guards/types.ts";
import type {
  CheckpointStore,
  InitFunction,
  MathKind,
  Observable,
  Observation,
  PartialStatsData,
  ReplayPlan,
  RunFailure,
  RunRecord,
  SeriesRange,
  StateCodec,
  Stats,
  StorageBudget,
} from "./types.ts";
import type { InputLog } from "./input_log.ts";
import type { CheckpointLog } from "./checkpoint_log.ts";
import type { Grid } from "./block_grid.ts";

/** How far a recording has come. */
export interface RecordProgress {
  /** Index of the last state made. */
  readonly t: number;
  /** Number of states asked for. */
  readonly steps: number;
}

/** Options of {@linkcode record}. */
export interface RecordOptions<S, N extends RngName = "python", P = undefined, I = unknown> {
  /**
   * X_0, or a function of the parameters and a generator of its own that makes it. It is copied, never
   * changed.
   */
  init: S | InitFunction<S, RngByName[N], P>;
  /** Number of states T, X_0 among them: an integer from 1 to 2^52. */
  steps: number;
  /** Master seed: any safe integer or bigint. */
  seed: number | bigint;
  /**
   * Generator backend.
   *
   * @default {"python"}
   */
  rng?: N;
  /** States per block; ceil(sqrt(steps)) by default. */
  blockSize?: number;
  /** Plain data handed to `init` and to every step; stored in the artifact. */
  params?: P;
  /**
   * Values from outside, plain data: a list of `steps - 1` of them, or something to iterate over, which is
   * asked for the next one when it is needed. The step is given `inputs[t]` for the transition from X_t; it
   * must not change it.
   */
  inputs?: Inputs<I>;
  /**
   * Most canonical bytes that the checkpoints may take together; inputs come on top. Where they would take
   * more, every other one is given up: reading a state then replays up to twice as many steps.
   */
  maxSize?: number;
  /** Most checkpoints, at least 2; every other one is given up where there would be more. */
  maxCheckpoints?: number;
  /** Named functions of the state whose exact statistics are computed while recording. */
  observe?: Readonly<Record<string, Observable<S>>>;
  /**
   * Replays each block as soon as it is recorded and throws where the result differs; doubles the
   * time.
   *
   * @default {false}
   */
  selfCheck?: boolean;
  /** Ends the recording after the first state for which it returns true; that state is kept. */
  until?: (state: S, t: number) => boolean;
  /** Called at the end of every block. */
  onProgress?: (progress: RecordProgress) => void;
  /**
   * Checked at every block start; the recording throws `signal.reason`. Use `until` to stop and keep
   * what was recorded.
   */
  signal?: AbortSignal;
  /**
   * Tries the first blocks again, to find a step that changes its parameters or depends on more than its
   * arguments, a function that changes the states it looks at, and a codec that forgets something.
   *
   * @default {true}
   */
  guards?: boolean;
  /** Free text stored in the artifact that names the step; the function's name by default. */
  stepId?: string;
  /** For states that are not plain data. */
  codec?: StateCodec<S>;
  /** Source of the step module to embed, as one import-free ES module. */
  source?: string;
}

/** What a recording starts from, all defaults taken and everything checked. */
export interface RecordPlan<S> extends ReplayPlan<S> {
  /** Makes X_0; what it gives is copied. */
  readonly initial: () => S;
  /** Observables by name. */
  readonly observe: Readonly<Record<string, Observable<S>>>;
  /** Which blocks are replayed at once: all, some, or none. */
  readonly selfCheck: "all" | "some" | "none";
  /** Early end, if any. */
  readonly until: ((state: S, t: number) => boolean) | undefined;
  /** What messages call it; "until" by default. */
  readonly untilName?: string;
  /** Progress report, if any. */
  readonly onProgress: ((progress: RecordProgress) => void) | undefined;
  /** Cancellation, if any. */
  readonly signal: AbortSignal | undefined;
  /** What may be stored. */
  readonly budget: StorageBudget | undefined;
  /** Where inputs come from, if the recording fetches them. */
  readonly source: InputSource | undefined;
  /** What the guards of the first blocks try them again with; undefined without guards. */
  readonly second: SecondInstance<S> | undefined;
  /** A clock for the guards, in milliseconds, so that trials take little of a recording; without one they take all. */
  readonly now: (() => number) | undefined;
  /** The same of processor time, where it is told: on a busy machine a step is not slow, it waits. */
  readonly worked?: (() => number) | undefined;
}

/** What is planned from: a recording whose length is not known has no `steps`. */
export type PlanOptions<S, N extends RngName, P, I = unknown> =
  & Omit<RecordOptions<S, N, P, I>, "steps">
  & ({ steps: number } | { steps?: number | undefined; isOpen: true });

/** Options of {@linkcode recordRun}: those of `record`, and what a branch knows besides. */
export interface RecordRunOptions<S, N extends RngName, P, I = unknown>
  extends RecordOptions<S, N, P, I> {
  /** Inputs in the place of `inputs`. */
  inputSource?: InputSource | undefined;
  /** Where a branch starts, from what, and what it has of its parent besides. */
  lineage?: Partial<
    Pick<
      RunRecord,
      "origin" | "start" | "branchPoint" | "gridOffset" | "generatorState" | "sourceMap"
    >
  >;
}

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
  /** How many blocks lie between two checkpoints. */
  readonly stride: number;
  /** The inputs, if any was given. */
  readonly inputs: InputLog | undefined;
}

/** Where an earlier recording stopped. */
export interface Resumption {
  /** Index of the last state. */
  readonly t: number;
  /** Canonical bytes of the last checkpoint. */
  readonly checkpoint: Uint8Array;
  /** Canonical bytes of the last state, to be compared; undefined if they are not known. */
  readonly lastState: Uint8Array | undefined;
  /** The exact sums of what the observables took in of the states up to and with X_t, by name. */
  readonly accumulators: Readonly<Record<string, PartialStatsData>>;
  /** The inputs of the transitions up to X_t; the log goes on growing. */
  readonly inputs: InputLog | undefined;
}

/** What a recorder works with besides its plan. */
export interface RecorderOptions {
  /** Decides which checkpoints are kept, and has those of an earlier recording. */
  readonly checkpoints: CheckpointLog;
  /** Where an earlier recording stopped, to go on there. */
  readonly resumption?: Resumption | undefined;
  /** Called with the state at which the recording goes on. */
  readonly onResume?: ((bytes: Uint8Array) => void) | undefined;
  /**
   * Called with the first state of each block, stored or not: the bytes must not be changed, and the live state has
   * not been copied yet. The parameters are those that the step is given.
   */
  readonly onBlock?:
    | ((block: number, bytes: Uint8Array, live: unknown, params: unknown) => void)
    | undefined;
}

/** The end of a run that is shorter than asked for. */
export interface EarlyEnd {
  /** Why it is. */
  readonly failure: RunFailure;
  /** Canonical bytes of its last state. */
  readonly lastState: Uint8Array;
}

/** What to observe, and of which run. */
export interface SpanObservation<S> {
  /** The run; only what replaying takes of it. */
  readonly record: Grid & { readonly checkpoints: CheckpointStore };
  /** Function of the state. */
  readonly observable: Observable<S>;
  /** What messages call it, such as `observe.mean`. */
  readonly name: string;
  /** What is replayed, to find out whether the observable changes states. */
  readonly plan: ReplayPlan<S>;
}

/** Which states to visit, and who takes what the observable says of them. */
export interface RangeVisit<S> extends SpanObservation<S> {
  /** The states, by their t. */
  readonly range: SeriesRange;
  /** Who looks at the states, where it is not the observable alone. */
  readonly lookers?: Lookers<S>;
  /** Takes the next observation. */
  readonly take: (observation: Observation) => void;
}

/** Gives inputs, one per transition, in order. */
export interface InputSource {
  /** How many there are; undefined where only the end will tell. */
  readonly length: number | undefined;
  /** How many may be asked for before the states that come before them are made. */
  readonly ahead: number;
  /** Puts the next inputs into the log, at most `count` of them; returns how many there were. */
  pull(log: InputLog, count: number): number;
  /** Whether there are no more; asks for one more to know. */
  isOver(): boolean;
  /** Says that no more are wanted. */
  close(): void;
}

/** Inputs as a user gives them. */
export type Inputs<I = unknown> = Iterable<I> | ArrayLike<I>;

/** What `metadata` of a run tells. */
export interface RunMetadata {
  /** Number of states T. */
  readonly steps: number;
  /** Master seed. */
  readonly seed: bigint;
  /** States per block. */
  readonly blockSize: number;
  /** Number of blocks, and so of checkpoints. */
  readonly blocks: number;
  /** Generator backend. */
  readonly rng: RngName;
  /** Which `Math` the step saw. */
  readonly math: MathKind;
  /** Free text that names the step. */
  readonly stepId: string;
  /** Names of the observables computed while recording. */
  readonly observed: readonly string[];
  /** Whether the step's source is embedded. */
  readonly hasSource: boolean;
  /** For a branch: the t of the parent's state it started from. */
  readonly branchPoint: number | undefined;
  /** For a branch whose parent was saved or hashed: the parent's content hash. */
  readonly parentHash: string | undefined;
}
