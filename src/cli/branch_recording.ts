/**
 * Records a branch to a file that grows, and goes on with one that was stopped.
 *
 * @module
 */

import type { RecordingClaim } from "../artifact/grow/claim.ts";
import { RecordingFile } from "../artifact/grow/recording_file.ts";
import { openRecord } from "../artifact/open_record.ts";
import { defaultBlockSize } from "../engine/run_bounds.ts";
import type { RunRecord, StorageBudget } from "../engine/types.ts";
import { branchJob, exportedAmong } from "../sandbox/host/branch_job.ts";
import type { ChildOptions } from "../sandbox/host/sandbox_child.ts";
import type { SandboxedRun } from "../sandbox/host/sandboxed_run.ts";
import type { SandboxedBranchOptions } from "../sandbox/host/sandboxed_run_options.ts";
import { SandboxSession } from "../sandbox/host/session.ts";
import type { SandboxRecordOptions } from "../sandbox/host/session_options.ts";
import { type HiddenStateLook, lookForHiddenState } from "./certify.ts";
import type { CommandContext } from "./command.ts";
import { goOn, openClaimed, refuseOther, resumedFile } from "./go_on.ts";
import { checkRecorded, skipKnown } from "./input_file.ts";
import { type Finished, progressOf, recordTask, tidyFinished } from "./recording.ts";
import { compareBranches } from "./recording_differences.ts";
import { reportRunEnd } from "./run_end.ts";
import type { InputSource } from "../engine/record_types.ts";

/** What a branch is to be. */
export interface BranchRequest {
  /** What a child is asked to record. */
  readonly asked: SandboxRecordOptions & { readonly inputs?: InputSource | undefined };
  /** What the child is started with. */
  readonly child: ChildOptions;
  /** Where the inputs come from, for a person. */
  readonly inputsName: string;
}

/** How a branch is recorded. */
export interface BranchRecording {
  /** The place; it is given up at the end. */
  readonly claim: RecordingClaim;
  /** Words that `rewind resume` needs besides the file. */
  readonly words: readonly string[];
  /** The command that goes on where that does not: it has the inputs of the parent. */
  readonly command: string | undefined;
  /** Whether a result is printed as JSON. */
  readonly json: boolean;
}

/**
 * Takes together what is to be recorded.
 *
 * @param parent The run that is branched.
 * @param options Where, how, and what may be stored.
 */
export async function requestBranch(
  parent: SandboxedRun,
  { point, budget, inputsName, ...options }: SandboxedBranchOptions & {
    readonly point: number;
    readonly budget: StorageBudget | undefined;
    readonly inputsName: string;
  },
): Promise<BranchRequest> {
  const start = await parent.getBytes(point);
  const { record, child } = parent;
  const helper = {
    generatorAt: (run: RunRecord, t: number, tryTo?: number) =>
      parent.lend((child) => child.generatorAt(run, t, tryTo)),
    describe: () => parent.describe(),
  };
  const asked = {
    ...await branchJob(record, helper, { ...options, point, start }),
    observe: await exportedAmong(Object.keys(parent.observed), helper),
    lineage: { branchPoint: point, parentHash: await parent.contentHash() },
    budget,
  };
  // Its child has done its part.
  await parent[Symbol.asyncDispose]();
  return { asked, child: { ...child, outputBytesMax: Infinity }, inputsName };
}

/** A branch that came to its end. */
export interface FinishedBranch extends Finished {
  /** Where the step threw, if it did. */
  readonly failurePlace: string | undefined;
  /** Tells whether it replays. */
  readonly look: HiddenStateLook;
}

/** Records a branch; returns what came of it, or the exit code of a stop. */
export async function recordBranch(
  { asked, child }: BranchRequest,
  recording: BranchRecording,
  context: CommandContext,
): Promise<FinishedBranch | number> {
  const { steps, observe, guards } = asked;
  let failurePlace: string | undefined;
  const look = lookForHiddenState(guards === false ? undefined : { child, observe });
  const recorded = await recordTask({
    ...{ ...recording, child, steps },
    explain: look.explain,
    open: (front) => RecordingFile.begin(recording.claim, front, { steps }),
    record: async (session, growing) =>
      await session.record({
        ...asked,
        ...growing,
        onDoubt: look.onDoubt,
        onFailure: (place) => {
          failurePlace = place;
        },
        onProgress: progressOf(context.output, { steps }),
      }),
  }, context);
  return typeof recorded === "number" ? recorded : { ...recorded, failurePlace, look };
}

/**
 * Goes on with a branch that was stopped.
 *
 * @throws {InputError} If it was another one.
 */
export async function resumeBranch(
  { asked, child, inputsName }: BranchRequest,
  recording: BranchRecording,
  context: CommandContext,
): Promise<number> {
  const { claim } = recording;
  try {
    const opened = openClaimed(claim);
    const { record, position: { settings } } = opened;
    await checkSameBranch(record, { asked, child, steps: settings.steps, name: claim.partPath });
    const { inputs } = asked;
    if (inputs !== undefined) skipKnown(inputs, { record, name: inputsName });
    context.output.note(`going on with ${claim.partPath} from step ${record.steps - 1}`);
    return await goOn({
      ...{ ...recording, record, child, inputs, settings },
      open: resumedFile(claim, opened),
    }, context);
  } catch (error) {
    claim.lock.release();
    throw error;
  }
}

/**
 * Says that what is asked for is there already: a job that a scheduler starts again may come too late.
 *
 * @throws {InputError} If it is another branch.
 */
export async function reportFinishedBranch(
  path: string,
  { asked, child, inputsName }: BranchRequest,
  { output }: CommandContext,
): Promise<number> {
  tidyFinished(path);
  const { record } = await openRecord(path);
  const { failure } = record;
  const steps = failure === undefined ? record.steps : asked.steps;
  await checkSameBranch(record, { asked, child, steps, name: path });
  await checkRecorded(asked.inputs, { record, path, name: inputsName });
  output.note(`${path} is finished: nothing is left to do`);
  return reportRunEnd(record, output);
}

/** Refuses a branch that was asked for otherwise: makes its first state again, with all that is said of it. */
async function checkSameBranch(
  record: RunRecord,
  { asked, child, steps: before, name }: {
    asked: SandboxRecordOptions;
    child: ChildOptions;
    steps: number | undefined;
    name: string;
  },
): Promise<void> {
  await using session = new SandboxSession(child);
  const { steps, blockSize = defaultBlockSize(steps) } = asked;
  const begun = await session.record({
    ...asked,
    ...{ blockSize, steps: 1, inputs: undefined, onNote: undefined },
  });
  refuseOther(name, compareBranches(record, begun, { before, now: steps }));
}
