/**
 * What runs are opened and recorded with.
 * This module is browser compatible.
 *
 * @module
 */

import type { InitFunction, Observable, StateCodec, StepFunction } from "../engine/types.ts";
import type { RecordOutcome, RecordPlan } from "../engine/record_types.ts";
import type { Recorder } from "../engine/recorder.ts";
import type { Run } from "./run.ts";

/** Options of {@linkcode load}. */
export interface LoadOptions<S> {
  /** The step that made the run. It is not taken from the file: use `openSandboxed` for that. */
  // deno-lint-ignore no-explicit-any -- the backend, and so the generator's class, is in the file
  step: StepFunction<S, any, any, any>;
  /** The function that made X_0, if one did: `verify` compares what it gives. */
  // deno-lint-ignore no-explicit-any -- as for the step
  init?: InitFunction<S, any, any>;
  /** For states that are not plain data. */
  codec?: StateCodec<S>;
  /** Observables whose statistics branches of the run are to take. */
  observe?: Readonly<Record<string, Observable<S>>>;
}

/** What a recorder is made of. */
export interface RecorderParts<S> {
  /** What is recorded. */
  readonly plan: RecordPlan<S>;
  /** What makes the states. */
  readonly recorder: Recorder<S>;
  /** Whether the number of states is known. */
  readonly isBounded: boolean;
  /** The file that it grows in, if there is one. */
  readonly file: RecorderFile | undefined;
  /** Makes the run of what came of it. */
  end(outcome: RecordOutcome): Run<S>;
}

/** A file that a recording grows in. */
export interface RecorderFile {
  /**
   * Has the recorder make the states up to and with X_to, and looks now and then whether it is time for a flush.
   *
   * @returns Index of the next state after which to look.
   */
  keepUp(recorder: Pick<Recorder<unknown>, "advanceTo" | "error">, to: number): number;
  /** Makes durable what is recorded. */
  flush(): void;
  /** Stops, without an end. */
  leave(): void;
}
