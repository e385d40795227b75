/**
 * Checks what a child says of a recording before anything else sees it. Text in it is foreign.
 * This module is browser compatible.
 *
 * @module
 */

import { statsOfPartial } from "../../engine/stats.ts";
import type { RecordOutcome } from "../../engine/record_types.ts";
import type { PartialStatsData, RunFailure } from "../../engine/types.ts";
import { DENIALS_TOLD_MAX } from "../wire/limits.ts";
import { STEPS_MAX } from "../../limits.ts";
import type { RngName } from "../../rng/backends.ts";
import { escapeText } from "../../text/escape_text.ts";
import type { Doubt, Frame, RecordMark } from "../wire/answers.ts";
import {
  backend,
  checkFrames,
  checkPartialStats,
  fields,
  isCount,
  malformed,
  observableName,
} from "./claims.ts";

/** What a child says first of a recording. */
export interface RecordHead {
  /** States per block. */
  readonly blockSize: number;
  /** Generator backend. */
  readonly rng: RngName;
  /** Parameters that the steps are given. */
  readonly params: unknown;
  /** Whether the module asked for the time or for random numbers that it is given only while it loads. */
  readonly isLoadUsed: boolean;
  /** Names of the observables. */
  readonly observables: readonly string[];
}

/** What a child says last of a recording. */
export interface RecordEnd extends Omit<RecordOutcome, "stride" | "inputs"> {
  /** What the module looked for in vain while it loaded, as sentences; escaped. */
  readonly notes: readonly string[];
  /** Where the step threw, if it did. */
  readonly frames: readonly Frame[];
  /** Why the run may not be that of a plain loop; names are escaped. */
  readonly doubts: readonly Doubt[];
}

/** The start of a recording, checked. */
export function checkRecordHead(claim: unknown): RecordHead {
  const { blockSize, rng, params, isLoadUsed, observables } = fields(claim);
  if (!isCount(blockSize, STEPS_MAX)) throw malformed();
  if (!Array.isArray(observables)) throw malformed();
  return {
    blockSize,
    rng: backend(rng),
    params,
    isLoadUsed: isLoadUsed === true,
    observables: observables.map(observableName),
  };
}

/** The end of a recording, checked against what was asked for and what came before. */
export function checkRecordEnd(
  claim: unknown,
  known: { steps: number },
): RecordEnd {
  const { steps, lastState, accumulators, failure, notes, frames, doubts } = fields(claim);
  if (!isCount(steps, known.steps)) throw malformed();
  if (!(lastState instanceof Uint8Array)) throw malformed();
  return {
    steps,
    lastState,
    ...checkAccumulators(accumulators, steps),
    failure: failure === undefined ? undefined : checkFailure(failure),
    notes: checkNotes(notes),
    frames: checkFrames(frames),
    doubts: checkDoubts(doubts),
  };
}

/** How far a recording is, checked. */
export function checkRecordMark(claim: unknown, known: { steps: number }): RecordMark {
  const { t, lastState, accumulators } = fields(claim);
  if (typeof t !== "number" || !isCount(t + 1, known.steps)) throw malformed();
  if (lastState !== undefined && !(lastState instanceof Uint8Array)) throw malformed();
  return { t, lastState, accumulators: checkAccumulators(accumulators, t + 1).accumulators };
}

/** The exact sums of observables of `count` states, checked, and the statistics that follow from them. */
export function checkAccumulators(
  claim: unknown,
  count: number,
): Pick<RecordEnd, "observables" | "observed" | "accumulators"> {
  const accumulators = fields(claim);
  const observables = Object.keys(accumulators).map(observableName);
  const observed = observables.map((name) =>
    [name, statsOfPartial(checkPartialStats(accumulators[name], count))] as const
  );
  return {
    observables,
    observed: Object.fromEntries(observed),
    accumulators: accumulators as Record<string, PartialStatsData>,
  };
}

function checkNotes(claim: unknown): string[] {
  if (!Array.isArray(claim) || claim.length > DENIALS_TOLD_MAX) throw malformed();
  return claim.map((text: unknown) => {
    if (typeof text !== "string") throw malformed();
    return escapeText(text);
  });
}

/** Each kind once. */
const DOUBTS_MAX = 2;

function checkDoubts(claim: unknown): Doubt[] {
  if (!Array.isArray(claim) || claim.length > DOUBTS_MAX) throw malformed();
  return claim.map((doubt: unknown) => {
    const { kind, name } = fields(doubt);
    if ((kind !== "held" && kind !== "changed") || typeof name !== "string") throw malformed();
    return { kind, name: escapeText(name) };
  });
}

export function checkFailure(claim: unknown): RunFailure {
  const { t, error } = fields(claim);
  if (!isCount(t, Number.MAX_SAFE_INTEGER) || typeof error !== "string") throw malformed();
  return { t, error };
}
