/**
 * Goes on with recordings: those that were stopped, and those that are finished and are to be longer.
 *
 * @module
 */

import type { RecordingClaim } from "../artifact/grow/claim.ts";
import { type OpenedUnfinished, openUnfinished } from "../artifact/grow/open_unfinished.ts";
import { isSealed } from "../artifact/grow/sealed.ts";
import type { RecordingSettings } from "../artifact/grow/position.ts";
import { RecordingFile } from "../artifact/grow/recording_file.ts";
import type { ExtendableRecord } from "../engine/derived_inputs.ts";
import type { RunRecord } from "../engine/types.ts";
import { isUnfinishedPath, PART_SUFFIX } from "../artifact/grow/paths.ts";
import { openRecord } from "../artifact/open_record.ts";
import { systemDisk } from "../disk/system_disk.ts";
import { assertInvariant } from "../errors.ts";
import { STEPS_MAX } from "../limits.ts";
import { openRun } from "../sandbox/host/open_run.ts";
import { SandboxSession } from "../sandbox/host/session.ts";
import type { ChildOptions } from "../sandbox/host/sandbox_child.ts";
import { lookForHiddenState } from "./certify.ts";
import type { CommandContext } from "./command.ts";
import {
  type Asked,
  expressionsOf,
  type RecordingDifference,
  recordingDifferences,
} from "./recording_differences.ts";
import { checkRecorded, type GivenInputs, inputCount, skipKnown } from "./input_file.ts";
import { printFinished, progressOf, recordTask, tidyFinished } from "./recording.ts";
import { reportRunEnd } from "./run_end.ts";
import { counted, grouped } from "./table.ts";
import { InputError } from "./usage_error.ts";

/** How a recording goes on. */
export interface GoingOn {
  /** The place. */
  readonly claim: RecordingClaim;
  /** The run so far. */
  readonly record: RunRecord;
  /** What was asked for, and is now. */
  readonly settings: Omit<RecordingSettings, "flushSeconds">;
  /** The file. */
  readonly open: (settings: GoingOn["settings"]) => RecordingFile;
  /** What the child is started with. */
  readonly child: ChildOptions;
  /** Inputs of the transitions to come. */
  readonly inputs?: GivenInputs | undefined;
  /** Words that the command which goes on needs. */
  readonly words: readonly string[];
  /** The command that goes on, where `rewind resume` does not. */
  readonly command?: string | undefined;
  /** Whether the result is printed as JSON. */
  readonly json: boolean;
}

/** Goes on to the end, or to the next stop; returns the exit code. */
export async function goOn(going: GoingOn, context: CommandContext): Promise<number> {
  const { claim, settings, child, words, command, json, open, inputs } = going;
  const { output } = context;
  const { lastState } = going.record;
  assertInvariant(lastState !== undefined, "a recording of ours has its last state");
  const record: ExtendableRecord = { ...going.record, lastState };
  const { steps, until, selfCheck = false, expressions = {} } = settings;
  try {
    checkInputsThere(record, { steps, inputs });
  } catch (error) {
    claim.lock.release();
    throw error;
  }
  if (inputs !== undefined && inputCount(inputs) === undefined) {
    // A stream that begins anew looks like any other.
    output.note(
      `note: the first value of the stream is taken for the transition from state ${
        grouped(record.steps - 1)
      }`,
    );
  }
  let failurePlace: string | undefined;
  const observe = Object.fromEntries(record.observables.map((name) => [name, expressions[name]]));
  const look = lookForHiddenState(record.unguarded ? undefined : { child, observe });
  const recorded = await recordTask({
    ...{ claim, child, steps, words, command, json },
    explain: look.explain,
    open: () => open(settings),
    record: async (session, growing) =>
      await session.goOn(record, {
        ...growing,
        steps: steps ?? STEPS_MAX,
        endsWithInputs: steps === undefined,
        selfCheck,
        guards: false,
        ...(until === undefined ? {} : { until }),
        observe,
        inputs,
        onDoubt: look.onDoubt,
        onFailure: (place) => {
          failurePlace = place;
        },
        onProgress: progressOf(output, { steps, from: record.steps }),
      }),
  }, context);
  if (typeof recorded === "number") return recorded;
  const target = claim.plan.given;
  printFinished(output, recorded, { target, json, failurePlace });
  await look.certify(target, output);
  return reportRunEnd({ ...recorded.record, failurePlace }, output);
}

/** Refuses to go on without inputs where the run has some, before anything is done. */
function checkInputsThere(
  { inputs: before, steps: recorded }: RunRecord,
  { steps, inputs }: { steps: number | undefined; inputs: GivenInputs | undefined },
): void {
  if (inputs !== undefined || (steps !== undefined && steps <= recorded)) return;
  if (before === undefined && steps !== undefined) return;
  throw new InputError(
    steps === undefined
      ? "Cannot go on: the recording ends with its inputs, and none are given"
      : `Cannot go on: the run has inputs, and those of ${
        counted(steps - recorded, "transition")
      } are missing`,
    {
      hint: "pass --inputs FILE, or --inputs - for those to come; --seal ends the run where it is",
    },
  );
}

/** Opens the unfinished recording of a place that is claimed: from now on nobody else changes it. */
export function openClaimed(claim: RecordingClaim): OpenedUnfinished {
  const opened = openUnfinished(claim.disk, claim.partPath);
  assertInvariant("position" in opened, "nobody else finishes what is claimed");
  return opened;
}

/** The file of an unfinished recording that goes on. */
export function resumedFile(
  claim: RecordingClaim,
  opened: OpenedUnfinished,
): GoingOn["open"] {
  const { flushSeconds } = claim;
  return (settings) =>
    RecordingFile.resume(claim, {
      ...opened,
      position: { ...opened.position, settings: { ...settings, flushSeconds } },
    });
}

/**
 * Goes on with a recording as the command line asks for it.
 *
 * @throws {InputError} If it was another one.
 */
export async function resumeAsked(
  claim: RecordingClaim,
  { asked, inputsName, ...going }: Pick<GoingOn, "child" | "inputs" | "words" | "json"> & {
    readonly asked: Asked;
    readonly inputsName: string | undefined;
  },
  context: CommandContext,
): Promise<number> {
  try {
    const opened = openClaimed(claim);
    const { record, position: { settings } } = opened;
    await checkSame(record, { asked, child: going.child, settings, name: claim.partPath });
    if (going.inputs !== undefined) skipKnown(going.inputs, { record, name: inputsName! });
    context.output.note(
      `going on with ${claim.partPath} from step ${record.steps - 1}`,
    );
    return await goOn({
      ...going,
      claim,
      record,
      settings: { ...settings, expressions: expressionsOf(asked.observe) },
      open: resumedFile(claim, opened),
    }, context);
  } catch (error) {
    claim.lock.release();
    throw error;
  }
}

/** Whether a recording of this name is finished, and none is unfinished. */
export function isFinished(path: string): boolean {
  const disk = systemDisk();
  const part = `${path}${PART_SUFFIX}`;
  return disk.entry(path)?.kind === "file" &&
    (disk.entry(part) === undefined || isSealed(disk, part));
}

/**
 * Says that what is asked for is there already: a job that a scheduler starts again may come too late.
 *
 * @throws {InputError} If it is another recording.
 */
export async function reportFinished(
  path: string,
  { asked, child, inputs, inputsName }: {
    asked: Asked;
    child: ChildOptions;
    inputs: GivenInputs | undefined;
    inputsName: string | undefined;
  },
  { output }: CommandContext,
): Promise<number> {
  tidyFinished(path);
  const { record } = await openRecord(path);
  await checkSame(record, { asked, child, settings: undefined, name: path });
  const { steps, failure } = record;
  const isShort = asked.steps !== undefined && steps !== asked.steps && failure === undefined;
  if (isShort && !await endsAsAsked(path, { until: asked.until, child })) {
    const why = asked.until === undefined ? "" : ", and --until is not true of the last state";
    throw new InputError(
      `Cannot go on with '${path}': it is finished, with ${counted(steps, "step")}${why}`,
      { hint: `make it longer: rewind extend ${path} --steps ${asked.steps} --in-place` },
    );
  }
  await checkRecorded(inputs, { record, path, name: inputsName });
  output.note(`${path} is finished: nothing is left to do`);
  return reportRunEnd({ steps, failure }, output);
}

/** Whether a finished run ends with a state that a predicate is true of; a file does not say what ended it. */
async function endsAsAsked(
  path: string,
  { until, child }: { until: string | undefined; child: ChildOptions },
): Promise<boolean> {
  if (until === undefined) return false;
  await using run = await openRun(path, child);
  return await run.find(until, { from: -1 }) !== undefined;
}

/** Refuses a recording that was asked for otherwise. */
export async function checkSame(
  record: RunRecord,
  { asked, child, settings, name }: {
    asked: Asked;
    child: ChildOptions;
    settings: RecordingSettings | undefined;
    name: string;
  },
): Promise<void> {
  await using session = new SandboxSession(child);
  const module = await session.describe();
  refuseOther(name, recordingDifferences(record, { asked, module, settings }));
}

/** Refuses a recording with differences. @throws {InputError} If there are some. */
export function refuseOther(name: string, differences: readonly RecordingDifference[]): void {
  if (differences.length === 0) return;
  const width = Math.max(...differences.map((difference) => difference.name.length));
  const lines = differences.map(({ name, recorded, asked }) =>
    `  ${name.padEnd(width)}  recorded: ${recorded}\n  ${" ".repeat(width)}  now:      ${asked}`
  );
  throw new InputError(
    `Cannot go on with '${name}': it is another recording than this command asks for\n${
      lines.join("\n")
    }`,
    {
      hint: isUnfinishedPath(name)
        ? "go on with 'rewind resume', which needs none of these words; or pass --force to begin anew"
        : "choose another name, or pass --force to begin anew",
    },
  );
}
