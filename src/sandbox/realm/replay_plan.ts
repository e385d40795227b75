/**
 * What the jobs over a recorded run have in common.
 * This module is browser compatible.
 *
 * @module
 */

import { decodeState } from "../../codec/decode_state.ts";
import { encodeState } from "../../codec/encode_state.ts";
import { plainView } from "../../codec/plain_view.ts";
import { PLAIN_RECORD } from "../../engine/record_defaults.ts";
import { replayPlan } from "../../engine/record_view.ts";
import type { Replayer } from "../../engine/replay.ts";
import type { ReplayPlan, RunRecord } from "../../engine/types.ts";
import type { FrameWriter } from "../wire/frame_writer.ts";
import type { Position } from "../wire/position.ts";
import type { LookJob } from "../wire/requests.ts";
import type { CheckpointStream } from "./checkpoint_stream.ts";
import type { RealmIo } from "./realm_io.ts";
import type { StepInstance, StepModule } from "./step_module.ts";

/** What the jobs over a recorded run work with. */
export interface ReplayContext {
  /** Where the checkpoints come from, what loads generators, and how much memory is taken. */
  readonly io: Pick<RealmIo, "checkpoint" | "loadPart" | "memoryBytes" | "now" | "worked">;
  /** The module that made the run. */
  readonly module: StepModule;
  /** Where user code is. */
  readonly position: Position;
  /** Receives states. */
  readonly writer: FrameWriter;
  /** Resident memory at which the child is killed, in bytes. */
  readonly memoryBytesMax: number;
  /** A number that the step does not know. */
  readonly secret: bigint;
}

/** A job over a recorded run, its checkpoints, and what it needs. */
export interface Replay<J> {
  readonly job: J;
  readonly checkpoints: CheckpointStream;
  readonly context: ReplayContext;
}

/** What a job says of the run, and the checkpoints and inputs that come with it. */
export type Sent = Pick<Replay<Pick<LookJob, "run" | "spans">>, "job" | "checkpoints">;

/** How a job's run is replayed with an instance of the module. */
export function planOf(sent: Sent, { step, codec }: StepInstance): ReplayPlan<unknown> {
  return replayPlan(recordOf(sent), { step, codec });
}

function recordOf({ job: { run }, checkpoints }: Sent): RunRecord {
  return {
    ...PLAIN_RECORD,
    ...run,
    params: decodeState(run.params),
    checkpoints,
    inputs: checkpoints.inputs,
    lastState: undefined,
    observed: {},
    stepId: "",
    source: undefined,
    math: "portable",
  };
}

/** Sends the live state, which the parent then holds too, at least until the next one. */
export function sendState(
  replayer: Replayer<unknown>,
  { position, writer }: ReplayContext,
  isShown = false,
): Uint8Array {
  const { state } = replayer;
  const bytes = isShown ? encodeState(plainView(state, replayer.dataOf(state))) : replayer.encode();
  position[1] = bytes.length;
  writer.item(bytes);
  return bytes;
}
