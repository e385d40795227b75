/**
 * Tries blocks of a recording again, at once, to find a step that depends on more than its arguments.
 * This module is browser compatible.
 *
 * @module
 */

import { compareEncodings } from "../../codec/compare_states.ts";
import type { RecordPlan } from "../../engine/record_types.ts";
import { findChange } from "../../engine/guards/changed_by_looking.ts";
import { lookersOf } from "../../engine/guards/recording_guard.ts";
import type { Stretch } from "../../engine/guards/block_samples.ts";
import { Replayer } from "../../engine/replay.ts";
import { NondeterministicStepError } from "../../errors.ts";
import type { Rng } from "../../rng/rng.ts";
import type { Position } from "../wire/position.ts";
import { openDraws } from "./rng_facade.ts";
import type { StepInstance } from "./step_module.ts";

/** What a block does whose step throws. */
const FAILED = "failed";

/** Share of the recording's time that blocks beyond the first two may take. */
const TIME_SHARE = 0.015;

/** Or so many milliseconds. */
const FREE_MS = 10;

/**
 * Replays blocks with a fresh instance of the module and compares what they end in, so that an author
 * learns now, and not the reader of the artifact, that the step depends on more than its arguments. The first two are
 * always tried, the others while that takes little.
 */
export function tryAgain(
  stretches: readonly Stretch[],
  plan: RecordPlan<unknown>,
  { fresh: { step, codec }, rng, position, now, recordedMs }: {
    fresh: StepInstance;
    rng: Rng;
    position: Position;
    now: () => number;
    recordedMs: number;
  },
): void {
  const replayer = new Replayer({ ...plan, step, codec }, rng);
  const until = now() + Math.max(FREE_MS, TIME_SHARE * recordedMs);
  for (const [index, stretch] of stretches.entries()) {
    if (index >= 2 && now() > until) break;
    openDraws();
    position[0] = stretch.from;
    const problem = differenceOf(replayer, stretch);
    if (problem !== undefined) {
      const { block, start: bytes, to, end: reached } = stretch;
      const from = { block, bytes };
      const lookers = lookersOf(plan);
      const looked = { plan: { ...plan, step, codec }, rng, lookers, from, to, reached };
      const change = problem === FAILED ? undefined : findChange(looked);
      if (change !== undefined) throw change;
      throw new NondeterministicStepError(
        stretch.to,
        `Cannot certify the run: block ${stretch.block} ${problem} when replayed`,
      );
    }
  }
}

function differenceOf(
  replayer: Replayer<unknown>,
  { block, start, to, end }: Stretch,
): string | undefined {
  try {
    replayer.start(block, start);
    replayer.advance(to);
    const { kind } = compareEncodings(end, replayer.encode());
    return kind === "value" ? "gave another state" : undefined;
  } catch {
    return FAILED;
  }
}
