/**
 * What a comparison of two runs found, and the words for it.
 * This module is browser compatible.
 *
 * @module
 */

import { differences, equalBytes } from "../../codec/compare_states.ts";
import { decodeState } from "../../codec/decode_state.ts";
import type { PathFilter } from "../../codec/path_filter.ts";
import type { CompareOptions } from "../../codec/types.ts";
import type { TraceEntry } from "../types.ts";
import type { StateDifference } from "../../error_types.ts";

/**
 * How two runs diverge: not at all; first in their draws; in a value, with equal draws; or in values that differ in
 * the last bits only, as where a sum was written in another order.
 */
export type DivergenceKind = "equal" | "draws" | "value" | "last-bits";

/** The first draw that differs in a step. */
export interface DrawDifference {
  /** Its place among the draws of the step, from 0. */
  readonly index: number;
  /** Whether the new step makes a draw more, one less, or another one there. */
  readonly change: "more" | "fewer" | "other";
  /** The draw of the old step; undefined where the new one makes one more. */
  readonly before: TraceEntry | undefined;
  /** The draw of the new step; undefined where it makes one less. */
  readonly after: TraceEntry | undefined;
  /** How many draws the old step makes. */
  readonly drawsBefore: number;
  /** How many draws the new step makes. */
  readonly drawsAfter: number;
  /** Where the author wrote the old draw, such as `walk.ts:3:17 in step()`, if that is known. */
  readonly placeBefore: string | undefined;
  /** Where the author wrote the new draw, if that is known. */
  readonly placeAfter: string | undefined;
}

/** Where two runs first diverge. */
export interface Divergence {
  /** How. */
  readonly kind: DivergenceKind;
  /** Index of the first state whose making differs, local to the old run; undefined if all are equal. */
  readonly t: number | undefined;
  /** The first draw that differs in that step; undefined if none does, or it cannot be traced. */
  readonly draw: DrawDifference | undefined;
  /**
   * Index of the first state that differs: `t`, or a later one where another draw did not matter at once; undefined if
   * none does.
   */
  readonly stateT: number | undefined;
  /** Where that state differs first, as `state.agents[3].x`; undefined if none does, or the step threw. */
  readonly path: string | undefined;
  /** The old value there, as short text. */
  readonly before: string | undefined;
  /** The new value there, as short text. */
  readonly after: string | undefined;
  /** The same with the distance in bits and units in the last place. */
  readonly difference: StateDifference | undefined;
  /** What the old step threw instead of making state `stateT`. */
  readonly errorBefore: string | undefined;
  /** What the new step threw instead of making state `stateT`. */
  readonly errorAfter: string | undefined;
  /** Where equal values first share other objects, if that comes before: no divergence in itself. */
  readonly sharing: { readonly t: number; readonly difference: StateDifference } | undefined;
  /** Number of states that were made on both sides without finding more. */
  readonly compared: number;
  /** Whether every state was compared, or those in the blocks before by their ends only. */
  readonly isEveryStateCompared: boolean;
}

/** Most units in the last place that are a matter of the last bits. */
const LAST_BITS_ULPS_MAX = 1024n;

/** Whether all differences are in the last bits of numbers that are not whole. */
export function areLastBits(differences: Iterable<StateDifference>): boolean {
  for (const { ulps, expected, actual } of differences) {
    const areWhole = [expected, actual].every((text) => /^-?\d+$/.test(text));
    if (ulps === undefined || ulps > LAST_BITS_ULPS_MAX || areWhole) return false;
  }
  return true;
}

/**
 * The differences of two states that count: the first of them, and enough to tell whether all are in the last bits.
 *
 * @param before Canonical bytes of the old state.
 * @param after Canonical bytes of the new one.
 */
export function countedDifferences(
  before: Uint8Array,
  after: Uint8Array,
  { ignore, ...options }: CompareOptions & { readonly ignore: PathFilter },
): StateDifference[] {
  const found: StateDifference[] = [];
  if (equalBytes(before, after)) return found;
  for (const difference of differences(decodeState(before), decodeState(after), options)) {
    if (ignore.has(difference.path)) continue;
    found.push(difference);
    if (!areLastBits([difference])) break;
  }
  return found;
}
