/**
 * Checks what a child says of a trial of a campaign besides its run.
 * This module is browser compatible.
 *
 * @module
 */

import { fieldsOf } from "../../codec/exact_fields.ts";
import type { SandboxError } from "../../errors.ts";
import { refuse } from "../wire/frame_reader.ts";
import type { TrialEnd } from "../wire/answers.ts";
import type { TrialRequest } from "../wire/requests.ts";

/**
 * The claim, checked against what was asked for and what came of the run.
 *
 * @param run Its number of states, and its observables by name.
 * @throws {SandboxError} If it does not fit.
 */
export function checkTrialEnd(
  claim: unknown,
  { where, final: asked, points: at }: TrialRequest,
  { steps, observables }: { steps: number; observables: unknown },
): TrialEnd {
  const end = fieldsOf(claim, ["first", "final", "points", "memoryBytes"]);
  if (end === undefined) throw malformed();
  const { first, final, points, memoryBytes } = end;
  if (first !== undefined && (where === undefined || !isStep(first, steps))) throw malformed();
  if (!Array.isArray(final) || final.length !== (asked === undefined ? 0 : 1)) throw malformed();
  if (!Array.isArray(points)) throw malformed();
  if (points.length !== Object.keys(observables as object).length) throw malformed();
  for (const column of points as unknown[]) {
    if (!(column instanceof Float64Array) || column.length !== at.length) throw malformed();
  }
  if (typeof memoryBytes !== "number" || !(memoryBytes >= 0)) throw malformed();
  return { first, final, points, memoryBytes } as unknown as TrialEnd;
}

function isStep(t: unknown, steps: number): t is number {
  return Number.isInteger(t) && (t as number) >= 0 && (t as number) < steps;
}

function malformed(): SandboxError {
  return refuse("it is not of the expected shape");
}
