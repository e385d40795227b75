/**
 * What a session can be asked for.
 *
 * @module
 */

import type { InputLog } from "../../engine/input_log.ts";
import type { RewindError } from "../../errors.ts";
import type { Doubt, KnownMark, LogLine } from "../wire/answers.ts";
import type { LeafPath } from "../../codec/numeric_leaves.ts";
import type { ExtendableRecord } from "../../engine/derived_inputs.ts";
import type { ExtrasRequest } from "../../engine/series_extras.ts";
import type { ParameterChange } from "../../engine/run_options.ts";
import type {
  CheckpointKeeper,
  RunRecord,
  SeriesRange,
  StartKind,
  StorageBudget,
} from "../../engine/types.ts";
import type { GeneratorState, RngName } from "../../rng/backends.ts";
import type { InputSource } from "../../engine/record_types.ts";

/** What to record in the sandbox. */
export interface SandboxRecordOptions {
  /** Number of states. */
  steps: number;
  /** Master seed. */
  seed: bigint;
  /** Generator backend; what the module exports as `rng`, else "python". */
  rng?: RngName;
  /** States per block. */
  blockSize?: number;
  /** Parameters in place of those that the module exports. */
  params?: { value: unknown };
  /** What to change in those. */
  paramChanges?: readonly ParameterChange[];
  /** Canonical bytes of the state to start from, for a branch; what the module's `init` gives by default. */
  start?: Uint8Array;
  /** For a branch: the t of the root run at which it starts. */
  origin?: number;
  /** For a branch: whether X_0 is the parent's X_t. */
  startKind?: StartKind;
  /** For a branch that keeps its parent's draws: index of X_0 in the numbering of the run with its seed. */
  gridOffset?: number;
  /** State of the generator at X_0, if that lies within a block. */
  generatorState?: GeneratorState | undefined;
  /** What may be stored. */
  budget?: StorageBudget | undefined;
  /**
   * Values from outside, one per transition: a source, or lists of them as they come in.
   */
  inputs?: InputSource | AsyncIterable<readonly unknown[]> | undefined;
  /** A run to go on with: its observables must be those of `observe`, all else is as it was there. */
  goOn?: ExtendableRecord | undefined;
  /** For a branch: text of a function that changes that state. */
  mutate?: string;
  /** Text of a predicate of state and t that ends the run. */
  until?: string;
  /**
   * Observables to take statistics of, by name: those that the module exports (undefined), or functions of
   * the state as text. All that the module exports by default.
   */
  observe?: Readonly<Record<string, string | undefined>>;
  /** Replays each block at once. @default {false} */
  selfCheck?: boolean;
  /** Whether the engine's guards try the first blocks again; true by default. */
  guards?: boolean;
  /** Stored as the run's `stepId`. */
  stepId?: string;
  /** For a branch: what it says of its parent. */
  lineage?: Pick<RunRecord, "branchPoint" | "parentHash">;
  /** Whether the run carries no source of its step. */
  isSourceLeftOut?: boolean;
  /**
   * Lets the recording grow in a file: given what is known before the first state, and the inputs that come
   * in. The run that comes of it has no checkpoints of its own then, and nothing is given when it is aborted.
   */
  grow?: ((front: RunRecord, options: { inputs: InputLog }) => RecordingSink) | undefined;
  /** Whether a growing recording ends where its inputs do; `steps` is then the most that there may be. */
  endsWithInputs?: boolean;
  /**
   * Called with the length of each checkpoint of a growing recording as soon as it comes in, and with what is
   * known before the first state.
   */
  onCheckpoint?: ((length: number, front: RunRecord) => void) | undefined;
  /** How often it is heard how far a growing recording is, in milliseconds. */
  markMs?: number;
  /** Called with what the module looked for in vain while it loaded, as a sentence each; escaped. */
  onNote?: (text: string) => void;
  /** Called with each reason why the run may not be that of a plain loop; names are escaped. */
  onDoubt?: (doubt: Doubt) => void;
  /** Called with the place in the author's files where the step threw, if it did; escaped. */
  onFailure?: (place: string) => void;
  /** Called as checkpoints come in, with the index of the last state that is known. */
  onProgress?: (t: number) => void;
}

/** A run that was recorded in a child. */
export type RecordedRun = RunRecord & {
  readonly lastState: Uint8Array;
  readonly inputs: InputLog | undefined;
};

/** What a recording grows in: it is given the checkpoints, and how far the recording is. */
export interface RecordingSink extends CheckpointKeeper {
  /**
   * Takes how far the recording is, once the checkpoints up to there are taken.
   *
   * @throws {unknown} What ends the recording.
   */
  take(mark: KnownMark): void;
}

/** An observable: one that the module exports, or a function as text. */
export type ObservableChoice = { name: string } | { expression: string };

/** What to take statistics of. */
export interface StatsTaking {
  /** What to observe; the states themselves by default. */
  readonly observable?: ObservableChoice | undefined;
  /** Which states; all by default. */
  readonly range?: SeriesRange | undefined;
  /** What to take besides the moments. */
  readonly extras?: ExtrasRequest | undefined;
}

/** What to take on a pass over a run. */
export interface SurveyOptions {
  /** First t. */
  from: number;
  /** One past the last t. */
  to: number;
  /** Most buckets per series. */
  bucketsMax: number;
  /** Numbers inside the states. */
  leaves: readonly LeafPath[];
  /** Observables: numbers, or vectors, whose components are series of their own. */
  observe: readonly ObservableChoice[];
  /** Most series that the observables may give. */
  seriesMax: number;
  /** Ascending t of the states to send. */
  samples: readonly number[];
}

/** What steps wrote to `console`. */
export interface StepLog {
  /** The lines, in order, each with the t of the state that the step was making; escaped. */
  readonly lines: readonly LogLine[];
  /** Whether there were more than are kept. */
  readonly isCut: boolean;
  /** What ended the replay before all steps were made, if something did. */
  readonly error: RewindError | undefined;
}

/** Which states. */
export interface StatesRange {
  /** First t. */
  readonly from: number;
  /** One past the last t. */
  readonly to: number;
  /** Distance in t from one to the next; 1 by default. */
  readonly every?: number;
}

/** Which states, and what of them. */
export interface StatesOptions extends StatesRange {
  /** Of a module with a codec, what functions of the state see. */
  readonly isShown?: boolean;
  /** Whether a picture follows each. */
  readonly pictures?: boolean;
  /** What to give of each state in its place: a list of the values of these; the state itself by default. */
  readonly observe?: readonly ObservableChoice[];
}
