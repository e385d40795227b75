/**
 * The first draw in which two traced steps differ.
 * This module is browser compatible.
 *
 * @module
 */

import { compareEncodings } from "../../codec/compare_states.ts";
import { encodeState } from "../../codec/encode_state.ts";
import type { DrawDifference } from "./divergence.ts";
import type { Look } from "./side.ts";
import type { TracedDraw } from "../types.ts";

/**
 * The first draw that differs: in its value, or in the bits that it took where those can be compared. Two calls that
 * give the same from the same bits are one draw, whatever they are called.
 */
export function firstOtherDraw(
  { draws: before }: Pick<Look, "draws">,
  { draws: after }: Pick<Look, "draws">,
  { arePositionsComparable }: { arePositionsComparable: boolean },
): DrawDifference | undefined {
  const count = Math.max(before.length, after.length);
  let index = 0;
  while (
    index < count && isSameDraw(before[index], after[index], arePositionsComparable)
  ) index++;
  if (index === count) return undefined;
  const change = changeAt(index, before, after);
  const old = change === "more" ? undefined : before[index];
  const own = change === "fewer" ? undefined : after[index];
  return {
    index,
    change,
    before: entryOf(old),
    after: entryOf(own),
    drawsBefore: before.length,
    drawsAfter: after.length,
    placeBefore: placeOf(old),
    placeAfter: placeOf(own),
  };
}

function entryOf(draw: TracedDraw | undefined): DrawDifference["before"] {
  return draw && { method: draw.method, args: draw.args, result: draw.result };
}

function placeOf(draw: TracedDraw | undefined): string | undefined {
  return typeof draw?.place === "string" ? draw.place : undefined;
}

function isSameDraw(
  a: TracedDraw | undefined,
  b: TracedDraw | undefined,
  arePositionsComparable: boolean,
): boolean {
  if (a === undefined || b === undefined) return false;
  return (!arePositionsComparable || a.position === b.position) && isSame(a.result, b.result);
}

/** Whether one side makes a draw that the other does not, and goes on as the other does. */
function changeAt(
  index: number,
  before: readonly TracedDraw[],
  after: readonly TracedDraw[],
): DrawDifference["change"] {
  const isRest = (longer: readonly TracedDraw[], shorter: readonly TracedDraw[]): boolean =>
    longer.length > shorter.length &&
    shorter.slice(index).every((draw, i) => isSameCall(draw, longer[index + 1 + i]!));
  if (after.length > before.length && isRest(after, before)) return "more";
  if (before.length > after.length && isRest(before, after)) return "fewer";
  return "other";
}

function isSameCall(a: TracedDraw, b: TracedDraw): boolean {
  return a.method === b.method && isSame(a.args, b.args);
}

function isSame(a: unknown, b: unknown): boolean {
  return Object.is(a, b) || compareEncodings(encodeState(a), encodeState(b)).kind !== "value";
}
