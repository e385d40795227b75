/**
 * Records trials of a campaign in a child: many in one job.
 *
 * @module
 */

import { contentHashOf } from "../../artifact/encode_artifact.ts";
import { MemoryCheckpoints } from "../../engine/checkpoint_log.ts";
import { spanCount } from "../../engine/block_grid.ts";
import { SANDBOX_OUTPUT_BYTES_MAX } from "../wire/limits.ts";
import { type RewindError, SandboxError } from "../../errors.ts";
import { decodeClaim, type Item, refuse } from "../wire/frame_reader.ts";
import type { HashedFacts, Keep, TrialRequest, TrialSeed } from "../wire/trial_requests.ts";
import type { JobInput } from "../wire/requests.ts";
import { placedError } from "./child_answer.ts";
import { checkExpression, recordJob } from "./job_requests.ts";
import { checkRecordHead } from "./record_claims.ts";
import { checkAsked, frontOf, inputsToRecord } from "./record_in_child.ts";
import type { ChildOptions, Messages } from "./sandbox_child.ts";
import type { RecordedRun, SandboxRecordOptions } from "./session_options.ts";
import { type CheckedTrial, checkTrialAnswer } from "./trial_claim.ts";

/** What trials have in common: a run from its start. */
export type TrialRecording = Omit<
  SandboxRecordOptions,
  "seed" | "paramChanges" | "guards" | "goOn" | "grow" | "onCheckpoint" | "onProgress"
>;

/** Trials to be recorded. */
export interface TrialsOptions {
  /** What they have in common. Where there are inputs, there is one trial. */
  readonly recording: TrialRecording;
  /** What is asked of each besides its run. */
  readonly trial: TrialRequest;
  /** What each has of its own. */
  readonly trials: readonly TrialSeed[];
  /** Which runs are given. */
  readonly keep: Keep;
  /** What their hashes cover besides; undefined if nobody wants hashes. */
  readonly hashed?: HashedFacts | undefined;
}

/** What came of a trial that was recorded; its failure, if any, is that of its step. */
export interface RecordedTrial extends Omit<CheckedTrial, "kept"> {
  /** Its run, if it was to be kept. */
  readonly record: RecordedRun | undefined;
}

/** One trial that is done. */
export type TrialResult =
  & { /** How long it took, in milliseconds. */ readonly ms: number }
  & (
    | { readonly error: RewindError; readonly trial?: undefined }
    | { readonly error?: undefined; readonly trial: RecordedTrial }
  );

/** The job of some trials, what follows it, and how its items are read. */
export function trialsJob(options: TrialsOptions, child: ChildOptions): {
  readonly job: JobInput;
  readonly messages: Messages | undefined;
  readonly read: (item: Item, index: number) => Promise<TrialResult>;
} {
  const { recording, trial, trials, keep, hashed } = options;
  const { outputBytesMax = SANDBOX_OUTPUT_BYTES_MAX } = child;
  for (const text of [trial.where, trial.final]) checkExpression(text);
  const { kind: _, seed: __, paramChanges: ___, guards: ____, ...common } = recordJob({
    ...recording,
    seed: 0n,
  });
  return {
    job: {
      ...{ kind: "trials", recording: common, trial, trials, keep, hashed },
      outputBytesMax,
    },
    messages: inputsToRecord({ ...recording, seed: 0n })?.messages(),
    async read({ bytes, isAccount }, index) {
      if (isAccount) throw refuse("it sent something else than trials");
      const { ms, failed, ended } = checkTrialAnswer(decodeClaim(bytes), {
        ...{ steps: recording.steps, trial, isHashed: hashed !== undefined },
      });
      if (ended === undefined) {
        return {
          ms,
          error: failed === "output" ? outputError() : await placedError(failed, child),
        };
      }
      const { kept, ...known } = ended;
      const record = kept === undefined
        ? undefined
        : recordOf(kept, known, { ...recording, ...trials[index]!, child });
      if (
        record !== undefined && known.hash !== undefined && contentHashOf(record) !== known.hash
      ) {
        throw refuse("the hash of a run is not that of its states");
      }
      return { ms, trial: { ...known, record } };
    },
  };
}

/** The run of a trial. */
function recordOf(
  kept: NonNullable<CheckedTrial["kept"]>,
  { steps, observables, observed, accumulators, failure }: Omit<CheckedTrial, "kept">,
  options: SandboxRecordOptions & { readonly child: ChildOptions },
): RecordedRun {
  const head = checkRecordHead(kept);
  checkAsked(head, options);
  const front = frontOf(head, options);
  const checkpoints = new MemoryCheckpoints();
  for (const bytes of kept.checkpoints) checkpoints.push(bytes);
  const { lastState, stride } = kept;
  if (spanCount({ ...front, steps, stride }) !== checkpoints.length) {
    throw refuse("it has another number of checkpoints than states");
  }
  return {
    ...front,
    ...{ steps, stride, observables, observed, accumulators, failure, lastState, checkpoints },
    inputs: undefined,
  };
}

function outputError(): SandboxError {
  return new SandboxError("output", "Cannot go on: the step's results exceed the limit for output");
}
