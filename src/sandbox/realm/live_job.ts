/**
 * A recorded run as the plain loop that it stands for: one instance of the module, one live state that is never copied.
 * This module is browser compatible.
 *
 * @module
 */

import { compareEncodings } from "../../codec/compare_states.ts";
import { encodeState } from "../../codec/encode_state.ts";
import { decodeState } from "../../codec/decode_state.ts";
import { blockStart, type Grid, spanReach } from "../../engine/block_grid.ts";
import type { LiveStart } from "../../engine/guards/second_instance.ts";
import { makeInitialOf } from "../../engine/record_options.ts";
import { Replayer } from "../../engine/replay.ts";
import type { InitFunction } from "../../engine/types.ts";
import type { RecordOutcome, RecordPlan } from "../../engine/record_types.ts";
import { decodeWith, encodeWith } from "../../engine/user_codec.ts";
import { GuardError } from "../../errors.ts";
import { createRng } from "../../rng/backends.ts";
import type { ReplaySpansJob } from "../wire/requests.ts";
import { describeError } from "./child_error.ts";
import { initOf, ownParams, type RecordContext } from "./plan_recording.ts";
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
      live = goOnLive(replayer, live, { block: span * run.stride, to: spanReach(span, run), run });
      sendState(replayer, context);
    } catch (error) {
      writer.item(encodeState(describeError(error, position[0]!)), true);
      return;
    }
  }
}

/** Goes on from the live state that starts a block; gives X_to. */
function goOnLive(
  replayer: Replayer<unknown>,
  state: unknown,
  { block: first, to, run }: { readonly block: number; readonly to: number; readonly run: Grid },
): unknown {
  let live = state;
  for (let block = first; blockStart(block, run) < to; block++) {
    replayer.enter(block, live);
    replayer.advance(Math.min(blockStart(block + 1, run), to));
    live = replayer.state;
  }
  return live;
}

/** X_0, and parameters that it may hold parts of. */
function startOf(
  { job: { live, run }, context }: Replay<ReplaySpansJob>,
  { instance, bytes }: { readonly instance: StepInstance; readonly bytes: Uint8Array },
): LiveStart<unknown> {
  const asked = { ...run, params: decodeState(run.params) };
  if (live !== "stored") return initialOf(instance, asked, context);
  return { state: decodeWith(instance.codec, bytes), params: ownParams(instance, asked) };
}

/** X_0 as `init` makes it, and the parameters that it is made of. */
function initialOf(
  instance: StepInstance,
  run: Pick<RecordPlan<unknown>, "seed" | "rng" | "params">,
  context: Pick<RecordContext, "module" | "position">,
): LiveStart<unknown> {
  const params = ownParams(instance, run);
  const init = initOf(instance, context);
  const state = typeof init === "function"
    ? makeInitialOf(init as InitFunction<unknown>, { ...run, params })
    : init;
  return { state, params };
}

/**
 * Runs the plain loop of a trial that was just recorded from its `init`.
 *
 * @throws {GuardError} If its last state is another one.
 */
export async function checkPlainTrial(
  plan: RecordPlan<unknown>,
  { steps, lastState, inputs }: RecordOutcome,
  { context, reason }: { readonly context: RecordContext; readonly reason: string },
): Promise<void> {
  const rng = createRng(plan.rng, 0);
  const instance = await context.module.instantiate(rng);
  const { step, codec } = instance;
  const replayer = new Replayer({ ...plan, step, codec, inputs }, rng);
  const { state, params } = initialOf(instance, plan, context);
  replayer.useParams(params);
  openDraws();
  const live = goOnLive(replayer, state, { block: 0, to: steps - 1, run: { ...plan, stride: 1 } });
  const comparison = compareEncodings(encodeWith(codec, live), lastState, {
    mayBeFrozen: true,
  });
  if (comparison.kind !== "value") return;
  const { path, expected, actual } = comparison.difference;
  const t = steps - 1;
  throw new GuardError(
    { kind: "lost", path, t },
    `Cannot use the trial: a plain loop would give another state ${t}, where ${path} is ${expected}, and ${actual} ` +
      `in the run: ${reason}`,
    { hint: "compare values or names in the step, not whether two objects are one" },
  );
}
