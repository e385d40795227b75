/**
 * What a predicate that runs here says of a state of a sandboxed run.
 *
 * @module
 */

import { compareEncodings } from "../../codec/compare_states.ts";
import { encodeState } from "../../codec/encode_state.ts";
import { changed } from "../../engine/guards/changed_by_looking.ts";
import { holds, PREDICATE } from "../../engine/predicate_result.ts";

/**
 * Whether a predicate holds of a state.
 *
 * @param predicate The function.
 * @param state A copy of its own: who assigns to it, as by `=` in the place of `==`, says nothing of it.
 * @param t Index of the state.
 * @throws {GuardError} If it changes the state.
 * @throws {TypeError} If it gives an object or a function.
 */
export function holdsOfCopy(
  predicate: (state: unknown, t: number) => unknown,
  state: unknown,
  t: number,
): boolean {
  const before = encodeState(state);
  const answer = holds(predicate(state, t), PREDICATE);
  const comparison = compareEncodings(before, encodeState(state));
  if (comparison.kind === "value") throw changed(PREDICATE, t, comparison.difference);
  return answer;
}
