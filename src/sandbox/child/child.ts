/**
 * The harness: what runs inside a sandbox child. Locks the realm down, then answers jobs until the
 * parent closes the stream. Bundled to one text by tools/build_harness.ts.
 * This module is browser compatible.
 *
 * @module
 */

import { encodeState } from "../../codec/encode_state.ts";
import { describeError } from "../realm/child_error.ts";
import type { ChildIo } from "./child_io.ts";
import { FrameWriter } from "../wire/frame_writer.ts";
import { readRequest } from "../realm/job_input.ts";
import { lockDown } from "../realm/lock_down.ts";
import type { JobRequest, SessionRequest } from "../wire/protocol.ts";
import type { ReplayContext } from "../realm/replay_jobs.ts";
import { closeDraws } from "../realm/rng_facade.ts";
import { StepModule } from "../realm/step_module.ts";
import { LOADING } from "./watch_memory.ts";

/** Runs the child: one session, any number of jobs. Returns when the parent is done. */
export async function runHarness(io: ChildIo): Promise<void> {
  const now = performance.now.bind(performance);
  const { messages, watched } = io;
  const { position } = watched;
  position[0] = LOADING;
  const session = readRequest(messages) as SessionRequest;
  lockDown(session.math);
  const module = new StepModule(io, session.source, position);
  const { nonce, signature, parentPid, memoryBytesMax } = session;
  const orders = { signature, parentPid, memoryBytesMax };
  for (let number = 1;; number++) {
    const job = readRequest(messages) as JobRequest | undefined;
    if (job === undefined) return;
    position[1] = 0;
    watched.order({ ...orders, timeoutMs: job.timeoutMs });
    const writer = new FrameWriter({ write: io.write, now, nonce }, number);
    try {
      const end = await runJob(job, { io, module, position, writer, memoryBytesMax, now });
      writer.finish("end", encodeState(end));
    } catch (error) {
      writer.finish("error", encodeState(describeError(error, position[0]!)));
    }
    closeDraws();
    watched.order({ ...orders, timeoutMs: Infinity });
  }
}

async function runJob(job: JobRequest, context: ReplayContext): Promise<unknown> {
  if (job.kind === "describe") return await describeModule(context.module);
  const jobs = await context.io.loadPart("jobs") as typeof import("../realm/jobs.ts");
  return await jobs.runJob(job, context);
}

/** What the parent's `ModuleDescription` is checked from. */
async function describeModule(module: StepModule): Promise<unknown> {
  const { init, params, rng, observe, codec } = await module.instantiate();
  return {
    init: init === undefined ? "none" : typeof init === "function" ? "function" : "value",
    hasParams: params !== undefined,
    rng: typeof rng === "string" ? rng : undefined,
    observe: Object.keys(observe),
    hasCodec: codec !== undefined,
  };
}
