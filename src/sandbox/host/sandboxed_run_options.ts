/**
 * What the verbs of a sandboxed run take and give.
 *
 * @module
 */

import type { SurveyEnd } from "../wire/answers.ts";
import type { ObservableChoice } from "./session_options.ts";

/** What `SandboxedRun.survey` gives. */
export interface SurveyResult {
  /** Canonical bytes of the states that were asked for. */
  readonly states: readonly Uint8Array[];
  /** The observables that were taken. */
  readonly observed: readonly ObservableChoice[];
  /** The series, in the order of the request. */
  readonly series: SurveyEnd;
}

/** A function of a state that runs here, or its text, which runs in the sandbox. */
export type Predicate = string | ((state: unknown, t: number) => unknown);

/** Options of `SandboxedRun.branch`. */
export interface SandboxedBranchOptions {
  /** Text of a function that changes X_t: returns the new state, or changes the one given. */
  mutate?: string;
  /** Parameters of the branch; those of the parent by default. */
  params?: unknown;
  /** Master seed of the branch; derived from the parent's seed and t by default. */
  seed?: number | bigint;
  /** Number of states of the branch; as many as the parent has from t on by default. */
  steps?: number;
  /**
   * Takes the statistics that this run took, of the observables that the module exports.
   *
   * @default {true}
   */
  observe?: boolean;
}
