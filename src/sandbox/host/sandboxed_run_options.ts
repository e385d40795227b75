/**
 * What opening a sandboxed run and its verbs take and give.
 *
 * @module
 */

import type { ParameterChange } from "../../engine/run_options.ts";
import type { SurveyEnd } from "../wire/answers.ts";
import type { SandboxLimits } from "./sandbox_limits.ts";
import type { ObservableChoice } from "./session_options.ts";
import type { Inputs } from "../../engine/record_types.ts";

/** Options of `openSandboxed`. */
export interface OpenSandboxedOptions extends SandboxLimits {
  /** Kills whatever runs when aborted. */
  signal?: AbortSignal;
  /** Source of a step module to use in place of the one in the artifact, import-free. */
  source?: string;
  /** Source map of that source as JSON, so that errors name the author's files. */
  sourceMap?: string | undefined;
}

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
  /**
   * Parameters to change: merged over those of the parent, objects name by name. Names that the parent lacks
   * and values of another kind are refused.
   */
  params?: unknown;
  /** Single parameters to change after that, each by the names that lead to it. */
  paramChanges?: readonly ParameterChange[];
  /** Whether what `mutate` makes is checked, and the first blocks are tried again; true by default. */
  guards?: boolean;
  /** Called with what is odd about what `mutate` made, as a sentence each; escaped. */
  onNote?: (text: string) => void;
  /**
   * Master seed of the branch; derived from the parent's seed and t by default. `"same"` keeps the parent's
   * draws: each step draws what it draws there, until it draws more or less often.
   */
  seed?: number | bigint | "same";
  /** Number of states of the branch; as many as the parent has from t on by default. */
  steps?: number;
  /** Text of a predicate of state and t, which counts from 0, that ends the branch. */
  until?: string;
  /** Inputs of the branch, the first for the transition from X_t; those of the parent by default. */
  inputs?: Inputs;
  /** Inputs to put in the place of the parent's, by the t of its state that they are given with. */
  setInputs?: Readonly<Record<number, unknown>> | ReadonlyMap<number, unknown>;
  /**
   * Takes the statistics that this run took, of the observables that the module exports.
   *
   * @default {true}
   */
  observe?: boolean;
}

/** Options of `SandboxedRun.states`. */
export interface WalkOptions {
  /** Distance of two states. */
  every?: number;
  /** Observables whose values are given in the place of states, as a list for each. */
  observe?: readonly ObservableChoice[];
  /** Whether, of a module with a `codec`, what functions of the state see is given. */
  isShown?: boolean;
}
