/**
 * Finds a function that changes the state it was only given to look at: an observable, a predicate.
 * This module is browser compatible.
 *
 * @module
 */

import { compareEncodings, equalBytes } from "../../codec/compare_states.ts";
import { GuardError, type StateDifference } from "../../errors.ts";
import type { BlockStart } from "../record_failure.ts";
import type { Rng } from "../../rng/rng.ts";
import { Replayer, type ReplayPlan } from "../replay.ts";

/** Functions that look at states, by what messages call them, such as `observe.median`. */
export type Lookers<S> = Readonly<Record<string, (state: S, t: number) => unknown>>;

/** A stretch of a block, or of several, that functions looked at. */
export interface Looked<S> {
  /** What was replayed. */
  readonly plan: ReplayPlan<S>;
  /** Who looked. */
  readonly lookers: Lookers<S>;
  /** Where the stretch starts. */
  readonly from: BlockStart;
  /** Index of the last state. */
  readonly to: number;
  /** The generator to replay with, if the step draws from no other. */
  readonly rng: Rng | undefined;
  /** Canonical bytes of that state, as it was reached while they looked. */
  readonly reached: Uint8Array;
}

/**
 * Replays a stretch without anybody looking and compares.
 *
 * @param looked What was reached while functions looked.
 * @returns The error that names who changed the state, or undefined: the stretch leads to the same state,
 * or to another one for a reason of its own, which is for a verification to tell.
 */
export function findChange<S>(looked: Looked<S>): GuardError | undefined {
  const { to, reached, lookers } = looked;
  const alone = replayAlone(looked);
  if (compareEncodings(reached, alone).kind !== "value") return undefined;
  // A step that differs from replay to replay is nobody's fault who only looks.
  if (!equalBytes(alone, replayAlone(looked))) return undefined;
  const replayer = replayerAt(looked);
  for (;;) {
    for (const [name, look] of Object.entries(lookers)) {
      const before = replayer.encode();
      look(replayer.state, replayer.t);
      const difference = differenceOf(before, replayer);
      if (difference !== undefined) return changed(name, replayer.t, difference);
    }
    if (replayer.t >= to) return undefined;
    replayer.goTo(replayer.t + 1);
  }
}

function replayAlone<S>(looked: Looked<S>): Uint8Array {
  const replayer = replayerAt(looked);
  replayer.advance(looked.to);
  return replayer.encode();
}

function replayerAt<S>({ plan, rng, from }: Looked<S>): Replayer<S> {
  const replayer = new Replayer(plan, rng);
  replayer.start(from.block, from.bytes);
  return replayer;
}

/** What a look changed, or made something that is not data. */
function differenceOf<S>(before: Uint8Array, replayer: Replayer<S>): StateDifference | undefined {
  const comparison = compareEncodings(before, replayer.encode());
  return comparison.kind === "value" ? comparison.difference : undefined;
}

function changed(
  name: string,
  t: number,
  { path, expected, actual }: StateDifference,
): GuardError {
  return new GuardError(
    { kind: "observer", path, t },
    `Cannot use ${name}: it changes the state that it looks at: at state ${t}, ${path} was ` +
      `${expected} before and is ${actual} after it`,
    { hint: "let it work on a copy, such as [...list].sort() or list.toSorted()" },
  );
}
