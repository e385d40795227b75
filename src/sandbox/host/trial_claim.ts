/**
 * Checks what a child says of a trial of a campaign besides its run.
 * This module is browser compatible.
 *
 * @module
 */

import { fieldsOf } from "../../codec/exact_fields.ts";
import type { TrialEnd } from "../wire/answers.ts";
import type { TrialRequest } from "../wire/requests.ts";
import { isInRange, malformed } from "./claims.ts";

/**
 * The claim, checked against what was asked for and what came of the run.
 *
 * @param run Its number of states, and its observables by name.
 * @throws {SandboxError} If it does not fit.
 */
export function checkTrialEnd(
  claim: unknown,
  { where, stops, final: asked, points: at }: TrialRequest,
  { steps, observables }: { steps: number; observables: unknown },
): TrialEnd {
  const end = fieldsOf(claim, ["first", "final", "points", "memoryBytes"]);
  if (end === undefined) throw malformed();
  const { first, final, points, memoryBytes } = end;
  if (first !== undefined) {
    if (where === undefined || !isInRange(first, { from: 0, to: steps })) throw malformed();
    if (stops && first !== steps - 1) throw malformed();
  }
  if (!Array.isArray(final) || final.length !== (asked === undefined ? 0 : 1)) throw malformed();
  if (!Array.isArray(points)) throw malformed();
  if (points.length !== Object.keys(observables as object).length) throw malformed();
  for (const column of points as unknown[]) {
    if (!(column instanceof Float64Array) || column.length !== at.length) throw malformed();
  }
  if (!isInRange(memoryBytes, { from: 0, to: Number.MAX_SAFE_INTEGER })) throw malformed();
  return { first, final, points, memoryBytes } as unknown as TrialEnd;
}
