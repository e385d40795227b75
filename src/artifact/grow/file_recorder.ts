/**
 * What a recorder that writes to a growing file is made of: a new one, or one that is taken up again.
 *
 * @module
 */

import { pathText } from "../../disk/disk.ts";
import { systemDisk } from "../../disk/system_disk.ts";
import { CheckpointLog, MemoryCheckpoints } from "../../engine/checkpoint_log.ts";
import { extensionPlan, resumptionOf } from "../../engine/extend.ts";
import { recordOf } from "../../engine/record.ts";
import type { RecordOutcome, RecordPlan } from "../../engine/record_types.ts";
import { Recorder } from "../../engine/recorder.ts";
import type { RunFunctions } from "../../engine/run_options.ts";
import { needShims } from "../../engine/shims.ts";
import type { RunRecord, StepFunction } from "../../engine/types.ts";
import { ArgumentRangeError, ArgumentTypeError } from "../../errors.ts";
import { FLUSH_SECONDS } from "../limits.ts";
import { STEPS_MAX } from "../../limits.ts";
import type { RngName } from "../../rng/backends.ts";
import { decodeArtifact } from "../decode_artifact.ts";
import { openFile } from "../artifact_file.ts";
import type {
  OpenRecorderOptions,
  RecordingPlace,
  ResumeRecorderOptions,
} from "../recorder_options.ts";
import { planOpen } from "../recorder_parts.ts";
import { Run, runOf } from "../run.ts";
import { claimRecording, type RecordingClaim } from "./claim.ts";
import { type OpenedUnfinished, openUnfinished } from "./open_unfinished.ts";
import { finishedPath, PART_SUFFIX } from "./paths.ts";
import { logOf, RecordingFile } from "./recording_file.ts";
import type { RecorderParts } from "../types.ts";

/** A new recording. */
export function fileParts<S>(
  step: StepFunction<S>,
  options: OpenRecorderOptions<S, RngName, unknown> & RecordingPlace,
): RecorderParts<S> {
  const plan = planOpen(step, options);
  const { stepId = step.name, source, steps, selfCheck } = options;
  const front = recordOf(plan, new MemoryCheckpoints(), {
    ...NOTHING_YET,
    observables: Object.keys(plan.observe),
    stepId,
    source,
  });
  const claim = claimRecording(pathText(options.path), placeOf(options));
  const file = RecordingFile.begin(claim, front, { steps, selfCheck });
  return withFile(file, {
    plan,
    isBounded: steps !== undefined,
    recorder: () => new Recorder(plan, { checkpoints: new CheckpointLog(file, plan) }),
    runOf: ({ record }) => runOf(record, step, options),
  });
}

/** A recording that is taken up again. */
export function resumedParts<S>(
  step: StepFunction<S>,
  options: ResumeRecorderOptions<S>,
): RecorderParts<S> {
  const path = finishedPath(pathText(options.path));
  const { flushSeconds } = openPart(path).position.settings;
  const claim = claimRecording(path, { ...placeOf({ ...options, flushSeconds }), resume: true });
  try {
    return takenUp(step, options, { claim, path });
  } catch (error) {
    claim.lock.release();
    throw error;
  }
}

function takenUp<S>(
  step: StepFunction<S>,
  options: ResumeRecorderOptions<S>,
  { claim, path }: { claim: RecordingClaim; path: string },
): RecorderParts<S> {
  // Looked at again: from now on nobody else changes it.
  const opened = openPart(path);
  const functions: RunFunctions<S> = {
    step,
    codec: options.codec,
    observe: options.observe,
  };
  const record = opened.record as RunRecord & { readonly lastState: Uint8Array };
  const { steps, selfCheck, until } = opened.position.settings;
  if (needShims(record.shims) || until !== undefined) {
    throw new ArgumentTypeError(
      `Cannot resume the recording: it ${
        until === undefined
          ? "has a clock or randomness that only the sandbox gives"
          : "ends where a function says that only the command line calls"
      }`,
      { hint: `rewind resume ${path}${PART_SUFFIX}` },
    );
  }
  const plan: RecordPlan<S> = {
    ...extensionPlan(record, functions, { steps: steps ?? STEPS_MAX, source: undefined }),
    selfCheck: selfCheck ? "all" : "some",
  };
  const resumption = resumptionOf(record, record.inputs !== undefined);
  const file = RecordingFile.resume(claim, opened);
  return withFile(file, {
    plan,
    isBounded: steps !== undefined,
    recorder: () => new Recorder(plan, { checkpoints: logOf(record, file), resumption }),
    runOf: ({ record, contentHash }) => new Run(record, functions, { contentHash }),
  });
}

/** Opens an unfinished recording; one that is finished is refused. */
function openPart(path: string): OpenedUnfinished {
  const opened = openUnfinished(systemDisk(), `${path}${PART_SUFFIX}`);
  if ("position" in opened) return opened;
  throw new ArgumentRangeError(`Cannot resume the recording: '${path}' is finished`, {
    hint: "load and extend it",
  });
}

/** Joins a file and the recorder that it follows; the file is left if there is none. */
function withFile<S>(
  file: RecordingFile,
  parts: Pick<RecorderParts<S>, "plan" | "isBounded"> & {
    recorder: () => Recorder<S>;
    runOf: (opened: { record: RunRecord; contentHash: string }) => Run<S>;
  },
): RecorderParts<S> {
  let recorder: Recorder<S>;
  try {
    recorder = parts.recorder();
  } catch (error) {
    file.leave();
    throw error;
  }
  file.follow(recorder);
  const { plan, isBounded, runOf } = parts;
  return {
    plan,
    isBounded,
    recorder,
    file,
    end: (outcome) => runOf(decodeArtifact(openFile(file.seal(outcome).path))),
  };
}

/** What a recording is before its first state. */
const NOTHING_YET: RecordOutcome = {
  steps: 1,
  lastState: new Uint8Array(0),
  observables: [],
  observed: {},
  accumulators: {},
  failure: undefined,
  stride: 1,
  inputs: undefined,
};

function placeOf(
  { flushSeconds = FLUSH_SECONDS, overwrite = false }: Partial<RecordingPlace>,
): { flushSeconds: number; overwrite: boolean } {
  if (!(flushSeconds > 0)) {
    throw new ArgumentRangeError(
      `Cannot use 'flushSeconds': it must be a number above 0: current value is ${flushSeconds}`,
    );
  }
  return { flushSeconds, overwrite };
}
