/**
 * A recorded run as the plain loop that it stands for: one instance of the module, one live state that is never copied.
 * This module is browser compatible.
 *
 * @module
 */

import { encodeState } from "../../codec/encode_state.ts";
import { decodeState } from "../../codec/decode_state.ts";
import { blockStart, spanReach } from "../../engine/block_grid.ts";
import type { LiveStart } from "../../engine/guards/second_instance.ts";
import { makeInitialOf } from "../../engine/record_options.ts";
import { Replayer } from "../../engine/replay.ts";
import type { InitFunction } from "../../engine/types.ts";
import { decodeWith } from "../../engine/user_codec.ts";
import { createRng } from "../../rng/backends.ts";
import type { ReplaySpansJob } from "../wire/requests.ts";
import { describeError } from "./child_error.ts";
import { initOf, ownParams } from "./plan_recording.ts";
import { planOf, type Replay, sendState } from "./replay_plan.ts";
import { openDraws } from "./rng_facade.ts";
import type { StepInstance } from "./step_module.ts";

/** Sends what the loop has at the end of each span; ends where the step throws. */
export async function runLive(replay: Replay<ReplaySpansJob>): Promise<void> {
  const { job, checkpoints, context } = replay;
  const { run, spans } = job;
  const { position, writer } = context;
  const rng = createRng(run.rng, 0);
  const instance = await context.module.instantiate(rng);
  const replayer = new Replayer(planOf({ job, checkpoints }, instance), rng);
  let live: unknown;
  for (const span of spans) {
    // Also what brings the inputs of the span.
    const bytes = checkpoints.bytesAt(span);
    try {
      if (span === spans[0]) {
        const start = startOf(replay, { instance, bytes });
        replayer.useParams(start.params);
        live = start.state;
        openDraws();
        // A run of one state has no block to go through.
        replayer.enter(0, live);
      }
      const reach = spanReach(span, run);
      for (let block = span * run.stride; blockStart(block, run) < reach; block++) {
        replayer.enter(block, live);
        replayer.advance(Math.min(blockStart(block + 1, run), reach));
        live = replayer.state;
      }
      sendState(replayer, context);
    } catch (error) {
      writer.item(encodeState(describeError(error, position[0]!)), true);
      return;
    }
  }
}

/** X_0, and parameters that it may hold parts of. */
function startOf(
  { job: { live, run }, context }: Replay<ReplaySpansJob>,
  { instance, bytes }: { readonly instance: StepInstance; readonly bytes: Uint8Array },
): LiveStart<unknown> {
  const params = ownParams(instance, { ...run, params: decodeState(run.params) });
  if (live === "stored") return { state: decodeWith(instance.codec, bytes), params };
  const init = initOf(instance, context);
  const state = typeof init === "function"
    ? makeInitialOf(init as InitFunction<unknown>, { ...run, params })
    : init;
  return { state, params };
}
