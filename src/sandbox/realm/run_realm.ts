/**
 * The entry of a realm: locks it down, then answers jobs until there are no more. It is the same in a
 * Deno child and in a browser worker, which differ in the {@linkcode RealmIo} that they give.
 * This module is browser compatible.
 *
 * A platform calls {@linkcode runRealm} once, as the last thing it does: the lock-down takes everything
 * that is not of the language itself from the global object. What the platform's own code needs later
 * has to be captured in variables before.
 *
 * @module
 */

import { encodeState } from "../../codec/encode_state.ts";
import { decodeState } from "../../codec/decode_state.ts";
import { FrameWriter } from "../wire/frame_writer.ts";
import { LOADING } from "../wire/position.ts";
import type { JobRequest, SessionRequest } from "../wire/requests.ts";
import { describeError } from "./child_error.ts";
import { lockDown } from "./lock_down.ts";
import type { RealmIo } from "./realm_io.ts";
import type { ReplayContext } from "./replay_plan.ts";
import { closeDraws } from "./rng_facade.ts";
import { RealmShims } from "./shims.ts";
import { StepModule } from "./step_module.ts";
import type { TrialsContext } from "./trials_job.ts";

/** Runs one session with any number of jobs; returns when the parent is done. */
export async function runRealm(io: RealmIo): Promise<void> {
  const { position } = io;
  position[0] = LOADING;
  const session = await nextRequest(io) as SessionRequest;
  const shims = new RealmShims(session.shims ?? {}, position);
  lockDown({ math: session.math, shims });
  const module = new StepModule(session.source, { io, position, shims });
  const { nonce, signature, parentPid, memoryBytesMax } = session;
  const limits = { signature, parentPid, memoryBytesMax };
  for (let number = 1;; number++) {
    const received = nextRequest(io);
    // Not waited for where it is there already: what the step left pending runs under a job's limits only.
    const job = (received instanceof Promise ? await received : received) as JobRequest | undefined;
    if (job === undefined) return;
    const startPart = (index: number): void => {
      position[1] = 0;
      position[2] = index;
      io.enforce({ ...limits, timeoutMs: job.timeoutMs });
    };
    startPart(0);
    const writer = new FrameWriter({ write: io.send, now: io.now, nonce }, number);
    try {
      const secret = secretOf(nonce) + BigInt(number);
      const end = await runJob(job, {
        ...{ io, module, position, writer, memoryBytesMax, secret, startPart },
      });
      writer.finish("end", encodeState(end));
    } catch (error) {
      writer.finish("error", encodeState(describeError(error, position[0]!)));
    }
    closeDraws();
    io.enforce({ ...limits, timeoutMs: Infinity });
  }
}

/** A number that the step does not know. */
function secretOf(nonce: Uint8Array): bigint {
  return new DataView(nonce.buffer, nonce.byteOffset).getBigUint64(0);
}

/** The next request; undefined when the parent has no more. */
function nextRequest(io: RealmIo): unknown {
  const received = io.request();
  return received instanceof Promise ? received.then(decodeRequest) : decodeRequest(received);
}

function decodeRequest(bytes: Uint8Array | undefined): unknown {
  return bytes === undefined ? undefined : decodeState(bytes);
}

async function runJob(
  job: JobRequest,
  context: ReplayContext & TrialsContext,
): Promise<unknown> {
  if (job.kind === "describe") return await describeModule(context.module);
  const jobs = await context.io.loadPart("jobs") as typeof import("./jobs.ts");
  return await jobs.runJob(job, context);
}

/** What the parent's `ModuleDescription` is checked from. */
async function describeModule(module: StepModule): Promise<unknown> {
  const { init, params, rng, observe, codec, picture } = await module.instantiate();
  return {
    init: init === undefined ? "none" : typeof init === "function" ? "function" : "value",
    hasParams: params !== undefined,
    params: encodable(params),
    rng: typeof rng === "string" ? rng : undefined,
    observe: Object.keys(observe),
    hasCodec: codec !== undefined,
    hasPicture: picture !== undefined,
  };
}

/** Canonical bytes of parameters; undefined where they are not data, which a recording will tell. */
function encodable(params: unknown): Uint8Array | undefined {
  try {
    return encodeState(params);
  } catch {
    return undefined;
  }
}
