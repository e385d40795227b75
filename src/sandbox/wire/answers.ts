/**
 * What a realm answers besides the bytes of states, as it claims it.
 * This module is browser compatible.
 *
 * @module
 */

import type { Change } from "../../engine/when.ts";
import type { ExtrasPart } from "../../engine/series_extras.ts";
import type { Series } from "../../engine/series.ts";
import type { SplitRepeat } from "../../engine/trajectories.ts";
import type { PartialStatsData, RunFailure, RunRecord } from "../../engine/types.ts";
import type { GuardKind } from "../../error_types.ts";

/** What the step module is called in stacks. */
export const STEP_MODULE_ID = "rewind:step";

/** A call in the step module's source. */
export interface Frame {
  /** Line, from 1. */
  readonly line: number;
  /** Column, from 1. */
  readonly column: number;
  /** Name of the function; empty for none. */
  readonly name: string;
}

/** Why a run may not be that of a plain loop, as the child tells it: an object that the module made when it loaded. */
export interface Doubt {
  /** Whether a state holds the object, of which a checkpoint makes a copy, or the object was changed. */
  readonly kind: "held" | "changed";
  /** What leads to it in the module's text; empty if no name does. Not yet escaped. */
  readonly name: string;
}

/** What went wrong in user code, as the child tells it. */
export interface ChildError {
  /**
   * `load`: the module; `expression`: a function given as text; `step`: init or step threw; `denied`:
   * they asked for what is denied, and the message says all; `encoding`: a state is not data; `look`: a function
   * that was asked about a state of a trial threw; `untraced`: a draw that a trace cannot show; what a guard found has
   * the guard's kind; else `other`.
   */
  kind:
    | "load"
    | "expression"
    | "step"
    | "denied"
    | "encoding"
    | "nondeterministic"
    | "look"
    | "untraced"
    | GuardKind
    | "other";
  /** Text for the user; not yet escaped. */
  message: string;
  /** Where it was thrown, innermost first; none where nothing was. */
  frames: readonly Frame[];
  /** Index of the state concerned; -1 if none. */
  t: number;
  /** Path of the value that is not data, or that a guard found to differ; empty otherwise. */
  path: string;
}

/** What a search for changes gives, as the realm claims it. */
export interface WhenEnd {
  /** The changes, in order. */
  readonly changes: readonly Change[];
  /** Whether any state that was looked at has the part. */
  readonly isSeen: boolean;
}

/** A draw of a step that was looked at, as the realm claims it. */
export interface LookedDraw {
  /** Name of the generator's method. */
  readonly method: string;
  /** Arguments of the call. */
  readonly args: readonly unknown[];
  /** What it gave. */
  readonly result: unknown;
  /** Where the generator was behind it. */
  readonly position: string;
  /** Where it was made, innermost first. */
  readonly frames: readonly Frame[];
}

/** All that a look at a step gives, as the realm claims it. */
export interface LookEnd {
  /** Its draws, in order. */
  readonly draws: readonly LookedDraw[];
  /** Whether the generator moved by these draws only. */
  readonly isWhole: boolean;
  /** What the step threw, if it did. */
  readonly failed: ChildError | undefined;
}

/** How a step wrote a line. */
export type LogLevel = "debug" | "info" | "log" | "warn" | "error";

/** All of them. */
export const LOG_LEVELS: readonly LogLevel[] = ["debug", "info", "log", "warn", "error"];

/** A line that a step wrote to `console`. */
export interface LogLine {
  /** Index of the state that the step was making; -1 for what the module wrote while it loaded. */
  readonly t: number;
  /** By which method: `log`, `warn` and so on. */
  readonly level: LogLevel;
  /** What it wrote, on one line and cut. */
  readonly text: string;
}

/** A name that a function asks of states and that no state has, as the realm claims it. */
export interface MissingRead {
  /** Where it would be, such as `state.agents[].enrgy`. */
  readonly path: string;
  /** What may have been meant, as a question; empty if nothing is near. */
  readonly hint: string;
}

/** All that a log gives, as the realm claims it. */
export interface LogEnd {
  /** The lines, in order. */
  readonly lines: readonly LogLine[];
  /** Whether there were more. */
  readonly isCut: boolean;
  /** What ended the replay early, if something did. */
  readonly failed: ChildError | undefined;
}

/** What was asked of a trial besides its run. */
export interface TrialEnd {
  /** First t at which the predicate holds; undefined if it holds nowhere. */
  readonly first: number | undefined;
  /** Value of the last state, in a list of one; empty if none was asked for. */
  readonly final: readonly [unknown] | readonly [];
  /** For each observable its numbers at the points; NaN where there is none. */
  readonly points: readonly Float64Array[];
}

/** What came of a trial, as the realm claims it. */
export interface TrialRun extends TrialEnd {
  /** Number of states recorded. */
  readonly steps: number;
  /** The exact sums of the observables. */
  readonly accumulators: Readonly<Record<string, PartialStatsData>>;
  /** Why the run is shorter than asked for, if the step threw. */
  readonly failure: RunFailure | undefined;
  /** Where it threw. */
  readonly frames: readonly Frame[];
  /** Content hash of the run, if it was asked for. */
  readonly hash: string | undefined;
  /** Resident memory of the realm, in bytes; 0 unless it is the last trial of its job. */
  readonly memoryBytes: number;
  /** The run, if it is to be kept. */
  readonly kept: KeptRun | undefined;
}

/** The run of a trial, as the realm claims it: what a recording says first, and its states. */
export interface KeptRun extends Pick<RunRecord, "blockSize" | "rng" | "params" | "observables"> {
  /** Whether the module asked for the time or for random numbers while it loaded. */
  readonly isLoadUsed: boolean;
  /** Canonical bytes of its last state. */
  readonly lastState: Uint8Array;
  /** How many blocks lie between two of its checkpoints. */
  readonly stride: number;
  /** Canonical bytes of its checkpoints. */
  readonly checkpoints: readonly Uint8Array[];
}

/** What one trial of a job gives, as the realm claims it: one of two. */
export interface TrialAnswer {
  /** How long it took, in milliseconds. */
  readonly ms: number;
  /** Why there is no run; "output" where its states take more than may be sent. */
  readonly failed: ChildError | "output" | undefined;
  /** What came of it. */
  readonly ended: TrialRun | undefined;
}

/** What a module drew of a state, as the realm claims it; neither is there where it exports no `picture`. */
export interface DrawnPicture {
  /** What `picture` gave, as data. */
  readonly picture?: unknown;
  /** Why there is none; not yet escaped. */
  readonly error?: string;
  /** Where in the module that arose, innermost first. */
  readonly frames?: readonly Frame[];
}

/** What one repeat of a splitting gives, as the realm claims it. */
export interface RareEnd extends Omit<SplitRepeat, "lineage"> {
  /** How a run that gets to the level came about: the seeds of its branches, the root's first. */
  readonly seeds: readonly bigint[];
  /** The t of the root at which each of them starts. */
  readonly origins: Float64Array;
}

/** The series of one observable, as the realm claims them. */
export interface SurveyedObservable {
  /** -1 if it gave numbers only, else the length of the longest vector. */
  readonly length: number;
  /** One for a number, one per component of a vector; fewer if there was no room. */
  readonly series: readonly Series[];
}

/** All that a survey gives, as the realm claims it. */
export interface SurveyEnd {
  /** In the order of the request. */
  readonly leaves: readonly Series[];
  /** In the order of the request. */
  readonly observables: readonly SurveyedObservable[];
}

/** How far a recording is, as the realm claims it on the way. */
export interface RecordMark {
  /** Index of the last state made. */
  readonly t: number;
  /** Canonical bytes of that state; undefined where it is the checkpoint that came before. */
  readonly lastState: Uint8Array | undefined;
  /** The exact sums of the observables, of the states up to and with X_t. */
  readonly accumulators: Readonly<Record<string, PartialStatsData>>;
}

/** How far a recording is, with the state there. */
export type KnownMark = RecordMark & { readonly lastState: Uint8Array };

/** What statistics took of a group of spans, as the realm claims it. */
export interface TakenStats {
  /** The moments. */
  readonly partial: PartialStatsData;
  /** What was asked for besides. */
  readonly extras: ExtrasPart | undefined;
}
