/**
 * The jobs with which two runs are compared: marks of where a replay is, and a look at one step. They start from
 * a state that the parent sends, which need not be the recorded one.
 * This module is browser compatible.
 *
 * @module
 */

import { encodeState } from "../../codec/encode_state.ts";
import { marksOf } from "../../engine/diverge/marks.ts";
import { Replayer } from "../../engine/replay.ts";
import { createRng } from "../../rng/backends.ts";
import type { Frame, LookEnd } from "../wire/answers.ts";
import type { LookJob, MarksJob } from "../wire/requests.ts";
import { describeError } from "./child_error.ts";
import { reusedInstance } from "./copy_hot_code.ts";
import { framesOf } from "./frames.ts";
import { planOf, type Replay } from "./replay_plan.ts";

/** Makes states and marks them. */
export async function markStates(replay: Replay<MarksJob>): Promise<void> {
  const { job, context } = replay;
  const { run, block, start: bytes } = job;
  const replayer = job.reuses
    ? new Replayer(planOf(replay, await reusedInstance(context.module)))
    : await replayerOf(replay);
  const onBlock = inputReader(replay);
  const { shims } = context.module;
  const source = { replayer, grid: run, onBlock };
  const otherPosition = () => `${shims.capture().shim}`;
  const marks = marksOf(shims.hasRandom ? { ...source, otherPosition } : source, {
    ...job,
    start: { block, bytes },
  });
  for (const mark of marks) {
    const item = encodeState(mark);
    context.position[1] = item.length;
    context.writer.item(item);
  }
}

/** Traces one step, up to where it throws. */
export async function lookAtStep(replay: Replay<LookJob>): Promise<LookEnd> {
  const { job, context } = replay;
  const { block, start, t } = job;
  const replayer = await replayerOf(replay);
  const onBlock = inputReader(replay);
  const { draws, thrown, isWhole } = replayer.look(() => {
    onBlock(block);
    replayer.start(block, start);
    // The inputs of the last span are the ones that are there.
    for (let next = block + 1; replayer.blockEnd < t; next++) {
      replayer.advance(replayer.blockEnd);
      onBlock(next);
      replayer.cross();
    }
    replayer.goTo(t - 1);
  }, () => framesOf(new Error()));
  return {
    draws: draws.map(({ place, ...draw }) => ({ ...draw, frames: place as readonly Frame[] })),
    isWhole,
    failed: thrown && describeError(thrown.error, context.position[0]!),
  };
}

async function replayerOf(
  { job, checkpoints, context }: Replay<MarksJob | LookJob>,
): Promise<Replayer<unknown>> {
  const rng = createRng(job.run.rng, 0);
  return new Replayer(planOf({ job, checkpoints }, await context.module.instantiate(rng)), rng);
}

/** Reads the inputs of each span before its first block. */
function inputReader({ job, checkpoints }: Replay<MarksJob | LookJob>): (block: number) => void {
  let next = 0;
  return (block) => {
    const span = Math.floor(block / job.run.stride);
    while (next < job.spans.length && job.spans[next]! <= span) {
      checkpoints.bytesAt(job.spans[next++]!);
    }
  };
}
