/**
 * Finds a step that changes its parameters: each block would start with them as they were.
 * This module is browser compatible.
 *
 * @module
 */

import { compareEncodings, equalBytes } from "../../codec/compare_states.ts";
import { copyState } from "../../codec/copy_state.ts";
import { encodeState } from "../../codec/encode_state.ts";
import { GuardError } from "../../errors.ts";
import { Replayer } from "../replay.ts";
import type { ReplayPlan } from "../types.ts";
import type { Stretch } from "./types.ts";

/**
 * Replays a stretch on parameters of its own that are not read-only, so that code which ignores that
 * shows as well, and looks whether they are as before.
 *
 * @returns The error that names what was changed and when; undefined if nothing was.
 */
export function findParameterChange<S>(
  plan: ReplayPlan<S>,
  stretch: Stretch<S>,
): GuardError | undefined {
  if (typeof plan.params !== "object" || plan.params === null) return undefined;
  const before = encodeState(plan.params);
  if (!isChanged(plan, stretch, before)) return undefined;
  const { replayer, params } = begin(plan, stretch);
  for (let t = replayer.t + 1; t <= stretch.to; t++) {
    const isMade = tryTo(replayer, t);
    const error = parameterError(before, encodeState(params), t);
    if (error !== undefined || !isMade) return error;
  }
  return undefined;
}

/** Whether the whole stretch changes them, or fails on the way. */
function isChanged<S>(plan: ReplayPlan<S>, stretch: Stretch<S>, before: Uint8Array): boolean {
  const { replayer, params } = begin(plan, stretch);
  return !tryTo(replayer, stretch.to) || !equalBytes(before, encodeState(params));
}

/** What the step throws is told where the run is made; here only the parameters matter. */
function tryTo<S>(replayer: Replayer<S>, t: number): boolean {
  try {
    replayer.advance(t);
    return true;
  } catch {
    return false;
  }
}

function begin<S>(
  plan: ReplayPlan<S>,
  { from }: Stretch<S>,
): { replayer: Replayer<S>; params: unknown } {
  const replayer = new Replayer(plan);
  const params = copyState(plan.params);
  replayer.useParams(params);
  if (from.make === undefined) replayer.start(from.block, from.bytes);
  else replayer.enter(from.block, from.make());
  return { replayer, params };
}

/** The error for parameters that differ from what they were; undefined if they do not. */
export function parameterError(
  before: Uint8Array,
  after: Uint8Array,
  t: number,
): GuardError | undefined {
  const comparison = compareEncodings(before, after);
  if (comparison.kind !== "value") return undefined;
  const { path, expected, actual } = comparison.difference;
  const place = path.replace(/^state/, "params");
  return new GuardError(
    { kind: "params", path: place, t },
    `Cannot record: the step changes its parameters: ${place} was ${expected} and is ${actual} ` +
      `once state ${t} is made`,
    { hint: "keep what changes in the state; parameters stay the same for the whole run" },
  );
}
