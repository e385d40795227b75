/**
 * What a recorder in the caller's own loop is made of.
 * This module is browser compatible.
 *
 * @module
 */

import { CheckpointLog, MemoryCheckpoints } from "../engine/checkpoint_log.ts";
import { recordOf } from "../engine/record.ts";
import { planRecord, type RecordOptions, type RecordPlan } from "../engine/record_options.ts";
import { Recorder, type RecordOutcome } from "../engine/recorder.ts";
import type { Observable, StateCodec, StepFunction } from "../engine/types.ts";
import type { RngByName, RngName } from "../rng/backends.ts";
import { type Run, runOf } from "./run.ts";

/** Where a recording grows on disk. */
export interface RecordingPlace {
  /**
   * The artifact. While it is recorded, what is durable is in two files beside it, which end in `.part` and
   * `.part.tail`: at most {@linkcode RecordingPlace.flushSeconds} of it are ever lost, and they open like a
   * run at any time.
   */
  path: string | URL;
  /**
   * Most seconds between two flushes; after 8 MiB of states and inputs there is one sooner.
   *
   * @default {5}
   */
  flushSeconds?: number;
  /**
   * Whether a finished artifact that has the name is replaced when this one is finished.
   *
   * @default {false}
   */
  overwrite?: boolean;
}

/** Options of {@linkcode openRecorder}: those of `record`, except that the caller's loop decides when to end. */
export interface OpenRecorderOptions<S, N extends RngName = "python", P = undefined> extends
  Omit<
    RecordOptions<S, N, P>,
    "steps" | "inputs" | "until" | "onProgress" | "signal" | "selfCheck"
  > {
  /**
   * Most states, if that is known; `blockSize` is then ceil(sqrt(steps)) by default. Without, it is 1,024 by
   * default.
   */
  steps?: number;
  /**
   * Replays each block as soon as it is recorded and throws where the result differs. By default blocks 0,
   * 1, 2, 4, 8, ... and the last are: a state that was changed outside the step shows there.
   */
  selfCheck?: boolean;
}

/** Options of {@linkcode resumeRecorder}: what is not in the file. */
export interface ResumeRecorderOptions<S> extends Omit<RecordingPlace, "flushSeconds"> {
  /** The observables whose statistics are computed while recording, by name: those that were before. */
  observe?: Readonly<Record<string, Observable<S>>>;
  /** For states that are not plain data. */
  codec?: StateCodec<S>;
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
  /** Makes durable what is recorded, if it is time for that. */
  keepUp(): void;
  /** Makes durable what is recorded. */
  flush(): void;
  /** Stops, without an end. */
  leave(): void;
}

/** The plan of a new recording in the caller's loop. */
export function planOpen<S>(
  step: StepFunction<S>,
  options: OpenRecorderOptions<S, RngName, unknown>,
): RecordPlan<S> {
  const plan = planRecord(step as StepFunction<S, RngByName[RngName]>, {
    ...options,
    isOpen: true,
  });
  // The live state is in the caller's hands.
  return options.selfCheck === undefined ? { ...plan, selfCheck: "some" } : plan;
}

/** A new recording in memory. */
export function memoryParts<S>(
  step: StepFunction<S>,
  options: OpenRecorderOptions<S, RngName, unknown>,
): RecorderParts<S> {
  const plan = planOpen(step, options);
  const checkpoints = new MemoryCheckpoints();
  const { stepId = step.name, source } = options;
  return {
    plan,
    isBounded: options.steps !== undefined,
    file: undefined,
    recorder: new Recorder(plan, { checkpoints: new CheckpointLog(checkpoints, plan) }),
    end: (outcome) =>
      runOf(recordOf(plan, checkpoints, { ...outcome, stepId, source }), step, options),
  };
}
