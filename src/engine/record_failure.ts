/**
 * What happens to a recording when something goes wrong within a block: what was recorded before is kept,
 * and a block that replays differently is found.
 * This module is browser compatible.
 *
 * @module
 */

import { compareEncodings } from "../codec/compare_states.ts";
import { NondeterministicStepError, StateEncodingError, StepError } from "../errors.ts";
import type { Observers } from "./observers.ts";
import { errorText, replaysOtherwise } from "./step_errors.ts";
import { Replayer } from "./replay.ts";
import type { BlockStart, ReplayPlan } from "./types.ts";
import type { EarlyEnd } from "./record_types.ts";

/** What a block is made again with. */
interface Retry<S> {
  readonly plan: ReplayPlan<S>;
  readonly from: BlockStart;
}

/**
 * Turns an error within a block into the end of a run that keeps its states; throws it again where that
 * is not for it to do.
 *
 * @param plan What is recorded.
 * @param options The observables, the block, and up to which state it was made.
 */
export function endEarly<S>(
  plan: ReplayPlan<S>,
  options: { observers: Observers<S>; from: BlockStart; to: number; error: unknown },
): EarlyEnd {
  const { observers, from, to, error } = options;
  if (error instanceof StepError) {
    const place = error.place && { place: error.place };
    const failure = { t: error.t, error: errorText(error.cause), ...place };
    try {
      return { failure, lastState: keepUntil({ plan, from }, observers, failure.t) };
    } catch (before) {
      // The state that the step choked on may itself be no data.
      if (!(before instanceof StateEncodingError)) throw before;
      return endEarly(plan, { ...options, to: failure.t - 1, error: before });
    }
  }
  if (error instanceof StateEncodingError && from.block > 0) {
    const failure = { t: firstUnencodable({ plan, from }, to), error: error.message };
    return { failure, lastState: keepUntil({ plan, from }, observers, failure.t) };
  }
  throw error;
}

function replayFrom<S>({ plan, from }: Retry<S>): Replayer<S> {
  const replayer = new Replayer(plan);
  replayer.start(from.block, from.bytes);
  return replayer;
}

/** Index of the first state of the block that is not data. */
function firstUnencodable<S>(retry: Retry<S>, to: number): number {
  const replayer = replayFrom(retry);
  while (replayer.t < to) {
    replayer.advance(replayer.t + 1);
    try {
      replayer.encode();
    } catch {
      break;
    }
  }
  return replayer.t;
}

/**
 * Makes the block again up to X_{t-1} and returns its bytes: a step that threw may have left the live
 * state half changed, and states that are not data may have been observed.
 */
function keepUntil<S>(retry: Retry<S>, observers: Observers<S>, t: number): Uint8Array {
  const replayer = replayFrom(retry);
  observers.reset();
  try {
    const { markedT } = observers;
    if (markedT > replayer.t) replayer.advance(markedT - 1);
    else observers.add(replayer.state);
    replayer.observe(t - 1, observers.functions, observers.accumulators);
  } catch (cause) {
    throw new NondeterministicStepError(
      replayer.t + 1,
      `Cannot keep the run: the step threw at state ${t} and, replayed, already at state ${
        replayer.t + 1
      }`,
      { cause, hint: "draw all randomness from rng" },
    );
  }
  return replayer.encode();
}

/**
 * Replays a block that was just recorded and compares its end.
 *
 * @param plan What is recorded.
 * @param from The block.
 * @param reached Index and bytes of the state that it was made up to.
 * @throws {NondeterministicStepError} If the replay leads to another state.
 */
export function checkBlock<S>(
  plan: ReplayPlan<S>,
  from: BlockStart,
  { t, end, isDriven }: { t: number; end: Uint8Array; isDriven: boolean },
): void {
  const replayer = replayFrom({ plan, from });
  replayer.advance(t);
  if (compareEncodings(end, replayer.encode()).kind !== "value") return;
  const first = firstDifference({ plan, from }, t);
  if (first === undefined && isDriven) {
    const hint = "change the state in the step only, and let the step depend on its arguments only";
    throw replaysOtherwise(from.block, t, hint);
  }
  throw new NondeterministicStepError(
    first ?? t,
    `Cannot certify the run: two replays of block ${from.block} differ from state ${first ?? t} on`,
    {
      hint:
        "draw all randomness from rng, and nothing from clocks, I/O or variables outside the step",
    },
  );
}

/** Index of the first state at which two replays of a block diverge; undefined if they do not. */
function firstDifference<S>(retry: Retry<S>, to: number): number | undefined {
  const a = replayFrom(retry);
  const b = replayFrom(retry);
  while (a.t < to) {
    a.advance(a.t + 1);
    b.advance(b.t + 1);
    if (compareEncodings(a.encode(), b.encode()).kind === "value") return a.t;
  }
  return undefined;
}
