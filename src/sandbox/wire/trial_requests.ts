/**
 * What the parent asks of the trials of a campaign: many runs in one job, since asking for each of them would take
 * longer than most of them do.
 * This module is browser compatible.
 *
 * @module
 */

import type { ParameterChange } from "../../engine/run_options.ts";

/** What a trial of a campaign is asked for besides its run. */
export interface TrialRequest {
  /** Text of a predicate of state and t: the first t at which it holds is given back. */
  where: string | undefined;
  /** Whether the run ends there. */
  stops: boolean;
  /** What is added to t for that predicate and for `until`: the t at which a fork starts in the run that it is one of. */
  offset: number;
  /** Text of a function of the last state, whose value is given back. */
  final: string | undefined;
  /** Ascending t at which the numbers that the observables give are given back. */
  points: Float64Array;
  /** Whether all trials may have one instance of the module, which keeps nothing between calls. */
  reuses: boolean;
  /** Why a run may not be that of a plain loop, which then is run for each trial that is tried. */
  doubt: string | undefined;
}

/** What is sent of the runs themselves: all of them, those in which the event happened or a step failed, or none. */
export type Keep = "hits" | "all" | "none";

/** What each trial of a job has of its own. */
export interface TrialSeed {
  /** Master seed. */
  seed: bigint;
  /** What to change of the parameters. */
  paramChanges: readonly ParameterChange[];
  /** Whether guards try parts of the run again. */
  isTried: boolean;
}

/** What a content hash covers that a realm does not know by itself. */
export interface HashedFacts {
  /** Name of the step module. */
  stepId: string;
  /** SHA-256 of its source, lower-case hexadecimal. */
  sourceHash: string;
}
