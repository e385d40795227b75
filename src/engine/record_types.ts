/**
 * What a recording is asked for, and what that comes to once defaults are taken and all is checked.
 * This module is browser compatible.
 *
 * @module
 */

import type { RngByName, RngName } from "../rng/backends.ts";
import type { SecondInstance } from "./guards/second_instance.ts";
import type { Inputs, InputSource } from "./input_source.ts";
import type { InitFunction, Observable, ReplayPlan, StateCodec, StorageBudget } from "./types.ts";

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
}

/** What is planned from: a recording whose length is not known has no `steps`. */
export type PlanOptions<S, N extends RngName, P, I = unknown> =
  & Omit<RecordOptions<S, N, P, I>, "steps">
  & ({ steps: number } | { steps?: number | undefined; isOpen: true });
