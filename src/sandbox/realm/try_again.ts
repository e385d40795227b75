/**
 * Tries blocks of a recording again, at once, to find a step that depends on more than its arguments.
 * This module is browser compatible.
 *
 * @module
 */

import { compareEncodings } from "../../codec/compare_states.ts";
import type { RecordPlan } from "../../engine/record_types.ts";
import type { Stretch } from "../../engine/guards/block_samples.ts";
import { Replayer } from "../../engine/replay.ts";
import { NondeterministicStepError } from "../../errors.ts";
import { createRng } from "../../rng/backends.ts";
import type { Position } from "../wire/position.ts";
import { closeDraws, openDraws } from "./rng_facade.ts";
import type { StepModule } from "./step_module.ts";

/** Share of the recording's time that blocks beyond the first two may take. */
const TIME_SHARE = 0.015;

/** Or so many milliseconds. */
const FREE_MS = 10;

/**
 * Replays blocks with a fresh instance of the module and compares what they end in, so that an author
 * learns now, and not the reader of the artifact, that the step depends on more than its arguments. The first two are
 * always tried, the others while that takes little.
 */
export async function tryAgain(
  stretches: readonly Stretch[],
  plan: RecordPlan<unknown>,
  { module, position, now, recordedMs }: {
    module: StepModule;
    position: Position;
    now: () => number;
    recordedMs: number;
  },
): Promise<void> {
  closeDraws();
  const rng = createRng(plan.rng, 0);
  const { step, codec } = await module.instantiate(rng);
  const replayer = new Replayer({ ...plan, step, codec }, rng);
  const until = now() + Math.max(FREE_MS, TIME_SHARE * recordedMs);
  for (const [index, stretch] of stretches.entries()) {
    if (index >= 2 && now() > until) break;
    openDraws();
    position[0] = stretch.from;
    const problem = differenceOf(replayer, stretch);
    if (problem !== undefined) {
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
    return "failed";
  }
}
