/**
 * Tries the first blocks of a recording again, in the ways in which ordinary models go wrong without a word: the
 * step changes its parameters, a function that looks changes the state, a checkpoint loses something that the
 * step needs, a state inside of a block is not data, the step depends on variables of its own.
 * This module is browser compatible.
 *
 * @module
 */

import { compareEncodings } from "../../codec/compare_states.ts";
import { encodeState } from "../../codec/encode_state.ts";
import { decodeState } from "../../codec/decode_state.ts";
import { isPrimitive } from "../../codec/state_copier.ts";
import { GuardError, StateEncodingError, StepError } from "../../errors.ts";
import { GUARD_BYTES_MAX, GUARD_STATES_MAX } from "../../limits.ts";
import { blockOf, blockStart } from "../block_grid.ts";
import { errorText, replaysOtherwise } from "../step_errors.ts";
import { Replayer } from "../replay.ts";
import type { ReplayPlan, StateCodec } from "../types.ts";
import { decodeWith, encodeWith, stateWith } from "../user_codec.ts";
import { keepBorrowed } from "./borrowed_constants.ts";
import { Effort, STATES_MIN } from "./guard_time.ts";
import { findChange } from "./changed_by_looking.ts";
import { firstLoss, heldParameter, lostInCopy } from "./codec_losses.ts";
import { findParameterChange } from "./changed_parameters.ts";
import type { LiveEnd } from "./second_instance.ts";
import type { FirstBlocks, Found, Loss, Trial, Way } from "./types.ts";

/** So many states of each block are encoded one by one whatever that takes. */
const STATES_KEPT_MIN = 32;

/** And more, until that has taken so many milliseconds. */
const KEPT_MS = 2;

/**
 * Tries blocks again.
 *
 * @returns Where a plain loop is then, if the blocks were tried to their ends.
 * @throws {GuardError | StateEncodingError | NondeterministicStepError} The mistake that was found.
 */
export function guardFirstBlocks<S>(
  plan: ReplayPlan<S>,
  blocks: FirstBlocks<S>,
): LiveEnd<S> | undefined {
  const { second } = blocks;
  const trial: Trial<S> = {
    ...blocks,
    plan: { ...plan, step: second.step, codec: second.codec },
  };
  const way: Way = new Map();
  const effort = new Effort(blocks.now);
  for (let block = 0; isTried(trial, block); block++) walkAlone(trial, block, { way, effort });
  const make = () => second.initial?.(trial.ends[0]!)?.state;
  const putBack = second.isOwn ? undefined : keepBorrowed(make(), make());
  try {
    return walkLive(trial, way);
  } finally {
    putBack?.();
  }
}

/** Whether there is something of a block to try. */
function isTried<S>({ plan, ends, to }: Trial<S>, block: number): boolean {
  return block + 1 < ends.length && blockStart(block, plan) < to;
}

/** A block's first state. */
function startOf<S>({ plan, starts }: Trial<S>, block: number): S {
  return stateWith(plan.codec, starts[block]);
}

/** Index of the last state of a block to try. */
function endOf<S>({ plan, to }: Trial<S>, block: number): number {
  return Math.min(blockStart(block + 1, plan), to);
}

/** Canonical bytes of that state as it was recorded; undefined where they were not kept. */
function recordedEnd<S>(trial: Trial<S>, block: number): Uint8Array | undefined {
  const { plan, ends, recordedTo, early } = trial;
  if (early?.t === endOf(trial, block)) return early.bytes;
  const isWhole = endOf(trial, block) === Math.min(blockStart(block + 1, plan), recordedTo);
  return isWhole ? ends[block + 1]! : undefined;
}

/** Replays a block as a verification would, step by step as far as there is room and time to keep the states. */
function walkAlone<S>(
  trial: Trial<S>,
  block: number,
  { way, effort }: { way: Way; effort: Effort },
): void {
  const { plan, ends, lookers } = trial;
  const from = { block, bytes: ends[block]!, make: () => startOf(trial, block) };
  const to = endOf(trial, block);
  const reached = recordedEnd(trial, block);
  const change = findParameterChange(plan, { from, to });
  if (change !== undefined) throw change;
  const replayer = new Replayer(plan);
  replayer.enter(block, from.make());
  keepWay(replayer, { codec: plan.codec, to, way, effort, least: STATES_KEPT_MIN });
  replayer.advance(to);
  const end = encodeAt(plan.codec, replayer.state, to);
  way.set(to, end);
  if (reached === undefined || isSame(reached, end)) return;
  const error = findChange({ plan, lookers, from, to, reached });
  throw error ?? encodeChanges(trial, block, { reached, end }) ?? replaysOtherwise(block, to);
}

/** The error for a codec that changes the states it encodes: left alone, they lead where the recording did. */
function encodeChanges<S>(
  trial: Trial<S>,
  block: number,
  { reached, end }: { readonly reached: Uint8Array; readonly end: Uint8Array },
): Error | undefined {
  const { plan } = trial;
  if (plan.codec === undefined) return undefined;
  const t = endOf(trial, block);
  const replayer = new Replayer(plan);
  replayer.enter(block, startOf(trial, block));
  // As the recording did.
  for (const at of [1, STATES_MIN]) {
    if (replayer.t > at || at >= t) continue;
    replayer.advance(at);
    replayer.encode();
  }
  replayer.advance(t);
  if (!isSame(reached, replayer.encode())) return undefined;
  const comparison = compareEncodings(reached, end);
  const path = comparison.kind === "value" ? comparison.difference.path : "state";
  return new GuardError(
    { kind: "lost", path, t },
    `Cannot record: codec.encode changes the state that it is given: ${path} of state ${t} is another one where the ` +
      "states before it were encoded",
    { hint: "let it encode a copy" },
  );
}

/** Makes the states before X_to, and keeps them as far as there is room and time. */
function keepWay<S>(
  replayer: Replayer<S>,
  { codec, to, way, effort, least }: {
    codec: StateCodec<S> | undefined;
    to: number;
    way: Way;
    effort: Effort;
    least: number;
  },
): void {
  let room = GUARD_BYTES_MAX;
  for (const bytes of way.values()) room -= bytes.length;
  const sizeMin = way.size + least;
  effort.start();
  // Not step by step with `advance`: V8 would compile the loop that records for stretches of one step.
  replayer.search(to - 1, (state, t) => {
    if (codec === undefined && isPrimitive(state)) return false;
    if (room <= 0 || way.size >= GUARD_STATES_MAX) return true;
    const bytes = encodeAt(codec, state, t);
    way.set(t, bytes);
    room -= bytes.length;
    return effort.count() > KEPT_MS && way.size >= sizeMin;
  });
}

/**
 * Goes on from X_t of a run and from a copy of it, within its block as far as there is room and time: a branch starts
 * from such a copy.
 *
 * @param seek Puts the replayer on X_t.
 * @param options The run; and the last state of the branch, which may lie beyond the end of the run.
 * @throws {GuardError} If the copy leads to another state.
 */
export function tryCopy<S>(
  replayer: Replayer<S>,
  seek: () => void,
  { plan, last, now }: { plan: ReplayPlan<S>; last: number; now?: () => number },
): void {
  seek();
  const { codec } = plan;
  const { t, state } = replayer;
  const known = plan.inputs === undefined ? last : Math.min(last, plan.steps - 1);
  const end = Math.min(replayer.blockEnd, known);
  const block = blockOf(t, plan);
  // Where a block starts, the run itself went on from a copy.
  if (t >= end || t === blockStart(block, plan)) return;
  if (codec === undefined && isPrimitive(state)) return;
  const loss = lossOf(state, plan);
  const way: Way = new Map();
  try {
    keepWay(replayer, { codec, to: end, way, effort: new Effort(now), least: STATES_MIN });
    const next = replayer.t + 1;
    replayer.advance(next);
    way.set(next, encodeAt(codec, replayer.state, next));
  } catch (error) {
    // It fails there without a copy, too.
    if (!(error instanceof StepError || error instanceof StateEncodingError)) throw error;
    if (way.size === 0) return;
  }
  const to = Math.max(...way.keys());
  seek();
  replayer.state = replayer.copy();
  const found = compareWay(replayer, { to, way, codec, isCopy: true });
  if (found === undefined) return;
  seek();
  throw compareWay(replayer, { to, way, codec }) === undefined
    ? lostInCopy(found, loss, codec !== undefined, `Cannot branch at ${t}`)
    : replaysOtherwise(block, to);
}

function encodeAt<S>(codec: StateCodec<S> | undefined, state: S, t: number): Uint8Array {
  try {
    return encodeWith(codec, state);
  } catch (error) {
    if (!(error instanceof StateEncodingError)) throw error;
    const why = error.problem.slice(error.path.length + 1);
    throw new StateEncodingError(error.path, `${why} (at state ${t})`, { cause: error });
  }
}

/**
 * Runs on from live states, as a plain loop does, and compares with what runs on from decoded ones. The live state
 * is X_0 as it was made, or else the one at the end of the first block.
 */
function walkLive<S>(trial: Trial<S>, way: Way): LiveEnd<S> | undefined {
  const { plan, second } = trial;
  let live: S;
  let params: unknown;
  let first = 0;
  const start = second.initial?.(trial.ends[0]!);
  if (start !== undefined) {
    ({ state: live, params } = start);
  } else {
    if (!isTried(trial, 1)) return undefined;
    const replayer = new Replayer(plan);
    replayer.enter(0, startOf(trial, 0));
    replayer.advance(endOf(trial, 0));
    live = replayer.state;
    first = 1;
  }
  const before = params === undefined ? undefined : encodeState(params);
  const { codec } = plan;
  second.looks?.start({ live, bytes: trial.ends[first]!, t: blockStart(first, plan), codec });
  let loss: Loss | undefined;
  let block = first;
  for (; isTried(trial, block); block++) {
    if (plan.codec === undefined && isPrimitive(live)) {
      // A number is its own copy; where the next block starts with one too, there is nothing to run for.
      const next = decodeState(way.get(endOf(trial, block))!) as S;
      if (isPrimitive(next)) {
        live = next;
        continue;
      }
    }
    loss ??= lossOf(live, plan);
    const replayer = new Replayer(plan);
    if (before !== undefined) replayer.useParams(params);
    replayer.enter(block, live);
    const found = compareWay(replayer, {
      to: endOf(trial, block),
      way,
      codec: plan.codec,
    });
    if (found !== undefined) {
      throw (before && heldParameter(before, params, found)) ??
        blame(trial, block, { found, loss, way });
    }
    live = replayer.state;
    const t = endOf(trial, block);
    second.looks?.end({ live, bytes: way.get(t)!, t, codec });
  }
  // A number is its own copy.
  if (codec === undefined && isPrimitive(live)) return undefined;
  const isWhole = blockStart(block, plan) === Math.min(trial.to, trial.recordedTo);
  return isWhole ? { state: live, params, before, block, bytes: trial.ends[block]! } : undefined;
}

function compareWay<S>(
  replayer: Replayer<S>,
  { to, way, codec, isCopy = false }: {
    to: number;
    way: Way;
    codec: StateCodec<S> | undefined;
    isCopy?: boolean;
  },
): Found | undefined {
  let found: Found | undefined;
  const compare = (state: S, t: number, expected: Uint8Array): void => {
    const own = encodeWith(codec, state);
    const comparison = isCopy
      ? compareEncodings(expected, own)
      : compareEncodings(own, expected, { mayBeFrozen: true });
    if (comparison.kind !== "value") return;
    const { path, expected: live, actual } = comparison.difference;
    found = { t, path, text: `${path} is ${live}, and ${actual} after a checkpoint` };
  };
  try {
    replayer.search(to - 1, (state, t) => {
      const expected = way.get(t);
      if (expected !== undefined) compare(state, t, expected);
      return found !== undefined;
    });
    if (found !== undefined) return found;
    replayer.advance(to);
    compare(replayer.state, to, way.get(to)!);
    return found;
  } catch (error) {
    if (!(error instanceof StepError)) throw error;
    const text = `${isCopy ? "after a checkpoint " : ""}the step throws: ${errorText(error.cause)}`;
    return { t: error.t, path: "state", text };
  }
}

/** Tells what a checkpoint loses from a step that is different each time. */
function blame<S>(
  trial: Trial<S>,
  block: number,
  { found: { t, path, text }, loss, way }: { found: Found; loss: Loss | undefined; way: Way },
): Error {
  const { plan } = trial;
  const to = endOf(trial, block);
  // Twice: what comes round in so many steps may be where it was.
  for (let i = 0; i < 2; i++) {
    const replayer = new Replayer(plan);
    replayer.enter(block, startOf(trial, block));
    if (compareWay(replayer, { to, way, codec: plan.codec }) !== undefined) {
      return replaysOtherwise(block, to);
    }
  }
  return lostInCopy({ t, path, text }, loss, plan.codec !== undefined);
}

function lossOf<S>(live: S, { codec }: ReplayPlan<S>): Loss | undefined {
  return firstLoss(live, decodeWith(codec, encodeWith(codec, live)));
}

function isSame(expected: Uint8Array, actual: Uint8Array): boolean {
  return compareEncodings(expected, actual).kind !== "value";
}
