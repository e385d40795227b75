/**
 * The job that looks for changes of a part of the state.
 * This module is browser compatible.
 *
 * @module
 */

import { spanReach, spanStart } from "../../engine/block_grid.ts";
import { Replayer } from "../../engine/replay.ts";
import {
  type Change,
  changesTo,
  ChangeWatch,
  isSameSnapshot,
  lastChangeTo,
  PathReader,
} from "../../engine/when.ts";
import { createRng } from "../../rng/backends.ts";
import type { WhenEnd } from "../wire/answers.ts";
import type { WhenJob } from "../wire/requests.ts";
import { DoubleLook } from "./double_look.ts";
import { planOf, type Replay } from "./replay_plan.ts";

/** Looks for changes; ends early once there are as many as asked for. */
export async function findChanges(
  { job, checkpoints, context }: Replay<WhenJob>,
): Promise<WhenEnd> {
  const { run, path, from, to, countMax, isLast, expression } = job;
  const rng = createRng(run.rng, 0);
  const instance = await context.module.instantiate(rng);
  const where = expression === undefined ? undefined : await context.module.predicate(expression);
  const reader = new PathReader(path, instance.codec);
  const look = new DoubleLook(context.io, { codec: instance.codec, secret: context.secret })
    .watch("the path", (state: unknown) => reader.read(state), isSameSnapshot);
  const watch = new ChangeWatch(where, look);
  const replayer = new Replayer(planOf({ job, checkpoints }, instance), rng);
  let changes: Change[] = [];
  for (const span of job.spans) {
    replayer.start(span * run.stride, checkpoints.bytesAt(span));
    replayer.goTo(Math.max(spanStart(span, run), from - 1));
    const end = { to: Math.min(spanReach(span, run), to - 1), watch };
    if (isLast) {
      const last = lastChangeTo(replayer, end);
      if (last !== undefined) changes = [last];
      continue;
    }
    for (const change of changesTo(replayer, end)) {
      changes.push(change);
      if (changes.length === countMax) return { changes, isSeen: true };
    }
  }
  return { changes, isSeen: watch.isSeen };
}
