/**
 * What guards run a model with: their own functions if there can be such, and what a plain loop starts with.
 * This module is browser compatible.
 *
 * @module
 */

import type { ReplayPlan, StateCodec, StepFunction } from "../types.ts";

/** What a plain loop starts with. */
export interface LiveStart<S> {
  /** X_0. */
  readonly state: S;
  /** The parameters that it was made of, and parts of which it may hold; not read-only. */
  readonly params: unknown;
}

/** The functions to try with: those of another instance of the module, where there can be one. */
export interface SecondInstance<S> {
  /** The step. */
  readonly step: StepFunction<S>;
  /** Its codec. */
  readonly codec: StateCodec<S> | undefined;
  /** What a plain loop starts with, given X_0's bytes; undefined where it is the caller's, or was changed. */
  readonly initial: ((start: Uint8Array) => LiveStart<S> | undefined) | undefined;
  /** Who looks at live states too, and goes on from them; only where the functions are nobody else's. */
  readonly looks?: LiveLooks<S>;
  /** Whether nobody else has what `initial` gives; what the caller has too is put back as it was. */
  readonly isOwn: boolean;
  /** Told the index of the state that a late trial starts from, where something else counts along. */
  readonly startAt?: (t: number) => void;
}

/** A live state and what is stored of it. */
export interface Looked<S> {
  /** The live state X_t. */
  readonly live: S;
  /** Its canonical bytes, or those of an equal state. */
  readonly bytes: Uint8Array;
  /** Index of the state. */
  readonly t: number;
  /** Translation of states. */
  readonly codec: StateCodec<S> | undefined;
}

/** Looks at states that were never copied. */
export interface LiveLooks<S> {
  /** Looks at the first state. */
  start(looked: Looked<S>): void;
  /** Looks at the last state of a block. */
  end(looked: Looked<S>): void;
  /** Goes on from the end of the blocks that were tried, beside the recording. */
  goOn(live: LiveEnd<S>): BesideRecording<S>;
}

/** What is done beside a recording. */
export interface BesideRecording<S> {
  /** Called at the end of each block, with its last state. */
  endBlock(plan: ReplayPlan<S>, block: { block: number; t: number; end: Uint8Array }): void;
}

/** What a plain loop has at the end of the blocks that were tried first. */
export interface LiveEnd<S> {
  /** The live state. */
  readonly state: S;
  /** The parameters, parts of which it may hold. */
  readonly params: unknown;
  /** What these were before. */
  readonly before: Uint8Array | undefined;
  /** The block that the state starts. */
  readonly block: number;
  /** Canonical bytes of an equal state. */
  readonly bytes: Uint8Array;
}
