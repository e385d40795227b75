/**
 * `rewind resume`: goes on with a recording that was stopped.
 *
 * @module
 */

import { decodeArtifact } from "../artifact/decode_artifact.ts";
import { openFile } from "../artifact/artifact_file.ts";
import { finishedPath, PART_SUFFIX } from "../artifact/grow/paths.ts";
import { openUnfinished } from "../artifact/grow/open_unfinished.ts";
import { systemDisk } from "../disk/system_disk.ts";
import { equalBytes } from "../codec/compare_states.ts";
import type { RunRecord } from "../engine/types.ts";
import { ArtifactIntegrityError } from "../errors.ts";
import { STEPS_MAX } from "../limits.ts";
import { defineCommand } from "./command.ts";
import { EXIT_OK } from "./exit_codes.ts";
import { refusePeer } from "./file_kind.ts";
import { goOn, openClaimed, resumedFile } from "./go_on.ts";
import {
  checkInputs,
  type GivenInputs,
  inputCount,
  INPUTS_OPTION,
  openInputs,
  skipKnown,
} from "./input_file.ts";
import { flag, integer, JSON_OPTION, operand } from "./options.ts";
import { claimOutput, GROWING_OPTIONS, resumeWords, tidyFinished } from "./recording.ts";
import { childFor, UNTIMED_REPLAY_OPTIONS } from "./sandbox_options.ts";
import { FORCE_OPTION } from "./output_path.ts";
import { grouped } from "./table.ts";
import { InputError, UsageError } from "./usage_error.ts";

/** The verb. */
export const command = defineCommand({
  operands: { file: operand("run.replay.part") },
  options: {
    steps: integer("N", "Number of states to record in all", {
      min: 1,
      max: STEPS_MAX,
      fallback: "as many as were planned",
    }),
    seal: flag("End the run where it is: what is recorded becomes the finished file"),
    inputs: INPUTS_OPTION,
    force: FORCE_OPTION,
    ...GROWING_OPTIONS,
    ...UNTIMED_REPLAY_OPTIONS,
    json: JSON_OPTION,
  },
  details: [
    "The recording goes on with the step, parameters, observables and settings that it began with. The " +
    "finished file has the content hash of one recording that was never stopped, and on the same version of " +
    "rewind and Deno the same bytes.",
    "Of a run with inputs, FILE has them all from the first one on, and those that are recorded must be the same; a " +
    "stream has those to come.",
    "States since the last stored one are made again first; 'rewind info' says how many.",
  ],
  examples: [
    {
      command: "rewind resume walk.replay.part",
      note: "Go on with a recording that was interrupted",
    },
    {
      command: "rewind resume walk.replay.part --seal",
      note: "Make a finished file of what was recorded",
    },
  ],
  async run(values, context) {
    const { file, force, seal, json } = values;
    const target = finishedPath(file);
    const disk = systemDisk();
    if (file === target && disk.entry(file)?.kind === "file") {
      refusePeer(openFile(file), `resume '${file}'`);
    }
    const opened = openUnfinished(disk, `${target}${PART_SUFFIX}`);
    if (!("position" in opened)) {
      tidyFinished(target);
      context.output.note(`${target} is finished: nothing is left to do`);
      return EXIT_OK;
    }
    const { flushSeconds, replaces } = opened.position.settings;
    const child = await childFor(opened.record, { ...values, signal: context.signal });
    const claim = claimOutput(target, {
      force,
      overwrite: force || isReplaced(target, replaces),
      resume: true,
      flushSeconds: values.flush ?? flushSeconds,
    });
    try {
      // Looked at again: from now on nobody else changes it.
      const opened = openClaimed(claim);
      const { record, position: { settings } } = opened;
      const steps = seal ? record.steps : values.steps ?? settings.steps;
      if (seal && values.steps !== undefined) {
        throw new UsageError("Invalid option --seal with --steps: it ends the run where it is");
      }
      if (steps !== undefined && steps < record.steps) {
        throw new InputError(
          `Cannot end the run at ${grouped(steps)} steps: ${grouped(record.steps)} are recorded`,
        );
      }
      const inputs = inputsOf(values, { record, steps, until: settings.until });
      return await goOn({
        ...{ claim, record, child, json, inputs },
        settings: { ...settings, steps: steps ?? lengthOf(inputs) },
        open: resumedFile(claim, opened),
        words: resumeWords(values),
      }, context);
    } catch (error) {
      claim.lock.release();
      throw error;
    }
  },
});

/** Whether the finished file that has the name is the one that the recording was to replace: none other is. */
function isReplaced(target: string, replaces: Uint8Array | undefined): boolean {
  if (replaces === undefined || systemDisk().entry(target)?.kind !== "file") return false;
  try {
    return equalBytes(decodeArtifact(openFile(target)).contents.root, replaces);
  } catch (error) {
    if (error instanceof ArtifactIntegrityError) return false;
    throw error;
  }
}

/** The inputs to come. */
function inputsOf(
  { inputs: name, seal }: { inputs: string | undefined; seal: boolean },
  { record, steps, until }: {
    record: RunRecord;
    steps: number | undefined;
    until: string | undefined;
  },
): GivenInputs | undefined {
  if (name === undefined || seal) return undefined;
  const inputs = openInputs(name);
  if (steps !== undefined) checkInputs(inputs, { name, steps, hasUntil: until !== undefined });
  skipKnown(inputs, { record, name });
  return inputs;
}

/** Number of states that a file of inputs leads to; a stream does not tell. */
function lengthOf(inputs: GivenInputs | undefined): number | undefined {
  const count = inputCount(inputs);
  return count === undefined ? undefined : count + 1;
}
