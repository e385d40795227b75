/**
 * Tries the first blocks of a recording once more when it is over, the second one first: a step or an observable that
 * remembers something finds it changed.
 * This module is browser compatible.
 *
 * @module
 */

import { compareEncodings, equalBytes } from "../../codec/compare_states.ts";
import { encodeState } from "../../codec/encode_state.ts";
import { GuardError } from "../../errors.ts";
import { blockStart } from "../block_grid.ts";
import { Observers } from "../observers.ts";
import type { RecordPlan } from "../record_types.ts";
import { Replayer } from "../replay.ts";
import { replaysOtherwise } from "../step_errors.ts";
import { stateWith } from "../user_codec.ts";
import type { PartialStatsData } from "../types.ts";
import type { Tried } from "./types.ts";

/**
 * Tries the blocks, and the observables on the first one.
 *
 * @param tried The blocks, and what the observables took in of the first one.
 * @throws {NondeterministicStepError} If a block leads to another state.
 * @throws {GuardError} If an observable says something else of the states of the first block.
 */
export function tryLate<S>(
  plan: RecordPlan<S>,
  tried: Tried & { readonly sums: Readonly<Record<string, PartialStatsData>> | undefined },
): void {
  const { ends, starts, to, sums } = tried;
  for (let block = ends.length - 2; block >= 0; block--) {
    const end = Math.min(blockStart(block + 1, plan), to);
    const observers = new Observers(block === 0 && sums !== undefined ? plan.observe : {});
    const replayer = new Replayer(plan);
    replayer.enter(block, stateWith(plan.codec, starts[block]));
    plan.second?.startAt?.(blockStart(block, plan));
    if (observers.names.length > 0) {
      observers.add(replayer.state);
      replayer.observe(lastSeen(plan, to), observers.functions, observers.accumulators);
    }
    replayer.advance(end);
    if (compareEncodings(ends[block + 1]!, replayer.encode()).kind === "value") {
      throw replaysOtherwise(block, end);
    }
    const again = observers.sums();
    const name = observers.names.find((name) =>
      !equalBytes(encodeState(again[name]), encodeState(sums![name]))
    );
    if (name !== undefined) throw forgetful(name);
  }
}

/** Index of the last state of the first block that was shown: one that starts the next block is shown there. */
function lastSeen<S>(plan: RecordPlan<S>, to: number): number {
  return Math.min(blockStart(1, plan) - 1, to);
}

function forgetful(name: string): GuardError {
  return new GuardError(
    { kind: "observer", path: `observe.${name}`, t: 0 },
    `Cannot use observe.${name}: it says something else of the same states when it is asked again, or the step ` +
      "makes others",
    { hint: "let both depend on the state only: put what they need of the state before into it" },
  );
}
