/**
 * What a recorder in the caller's own loop can be told: types only, which nobody has to load.
 * This module is browser compatible.
 *
 * @module
 */

import type { RecordOptions } from "../engine/record_types.ts";
import type { Observable, StateCodec } from "../engine/types.ts";
import type { RngName } from "../rng/backends.ts";

/** Where a recording grows on disk. */
export interface RecordingPlace {
  /**
   * The artifact. While it is recorded, what is durable is in two files beside it, which end in `.part` and
   * `.part.tail`: at most {@linkcode RecordingPlace.flushSeconds} of it are ever lost, and they open like a
   * run at any time.
   */
  path: string | URL;
  /**
   * Most seconds between two flushes; after 8 MiB of states and inputs there is one sooner. A flush follows the
   * step after which it is due. Steps of less than 25 microseconds share a look at the clock, at most 256 of them:
   * where such steps suddenly become slow, the first flush after that may come so many steps late.
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
