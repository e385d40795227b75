/**
 * Whether two runs are made alike: from equal states at the same t, the same states follow.
 * This module is browser compatible.
 *
 * @module
 */

import { equalBytes } from "../codec/compare_states.ts";
import { encodeState } from "../codec/encode_state.ts";
import type { RunRecord } from "./types.ts";

/**
 * Whether equal states at the same t, where a block starts, lead to equal blocks. Equal ends alone tell nothing of
 * what lies between them: a run may leave another one and come back to it.
 *
 * @param a A run.
 * @param b Another one, as it is counted itself: runs that begin at another global time are not made alike.
 */
export function isMadeAlike(a: RunRecord, b: RunRecord): boolean {
  return a.source !== undefined && a.inputs === undefined && b.inputs === undefined &&
    equalBytes(encodeState(makingOf(a)), encodeState(makingOf(b)));
}

/** All that a state follows from, besides the one before. */
function makingOf(run: RunRecord): unknown {
  const { source, params, rng, seed, blockSize, gridOffset, generatorState, stride } = run;
  const { origin, math, shims, failure } = run;
  return {
    ...{ source, params, rng, seed, blockSize, gridOffset, generatorState, stride },
    ...{ origin, math, shims, failure },
  };
}
