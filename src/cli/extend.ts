/**
 * `rewind extend`: makes a finished run longer.
 *
 * @module
 */

import { decodeArtifact } from "../artifact/decode_artifact.ts";
import { openFile } from "../artifact/artifact_file.ts";
import { bytesSource } from "../bytes/byte_source.ts";
import { isUnfinishedPath } from "../artifact/grow/paths.ts";
import { RecordingFile } from "../artifact/grow/recording_file.ts";
import type { RunRecord } from "../engine/types.ts";
import { FLUSH_SECONDS } from "../artifact/limits.ts";
import { STEPS_MAX } from "../limits.ts";
import { defineCommand } from "./command.ts";
import { EXIT_OK } from "./exit_codes.ts";
import { refusePeer } from "./file_kind.ts";
import { goOn } from "./go_on.ts";
import { checkInputs, INPUTS_OPTION, openInputs } from "./input_file.ts";
import { flag, JSON_OPTION, operand, path, readInteger, text, texts, valued } from "./options.ts";
import { observables } from "./observable_option.ts";
import { claimOutput, GROWING_OPTIONS, resumeWords, tidyFinished } from "./recording.ts";
import { expressionsOf } from "./recording_differences.ts";
import { childFor, UNTIMED_REPLAY_OPTIONS } from "./sandbox_options.ts";
import { checkOutput, FORCE_OPTION } from "./output_path.ts";
import { counted, grouped } from "./table.ts";
import { InputError, UsageError } from "./usage_error.ts";
import { artifactInput } from "./pipe_input.ts";

/** How long a run is to be: in all, or longer by so much. */
const LENGTH = valued(
  { value: "N|+N", summary: "Number of states in all, or how many more with a +, such as +1e6" },
  { required: true as const },
  (given, name) => ({
    isMore: given.startsWith("+"),
    count: readInteger(given.replace(/^\+/, ""), name, { min: 1, max: STEPS_MAX }),
  }),
);

/** The verb. */
export const command = defineCommand({
  operands: { file: operand("run.replay") },
  options: {
    steps: LENGTH,
    output: path("FILE", "File to write", { short: "o" }),
    inPlace: flag("Replace the file itself, once the longer run is finished"),
    force: FORCE_OPTION,
    observe: texts(
      "NAME=FUNCTION",
      "Function of an observable that the module does not export, as it was recorded with",
    ),
    inputs: INPUTS_OPTION,
    until: text("FUNCTION", "Predicate of the state that ends the run when it is true"),
    selfCheck: flag("Replay each block at once and stop where it differs"),
    ...GROWING_OPTIONS,
    ...UNTIMED_REPLAY_OPTIONS,
    json: JSON_OPTION,
  },
  details: [
    "The run goes on from its last state as if it had never ended: with the same block size, the longer run " +
    "has the content hash of one recording of that length. (A new recording of another length has another " +
    "default block size, and so other draws: pass --block-size there.)",
    "Of a run with inputs, --inputs has those of the new transitions.",
  ],
  examples: [
    {
      command: "rewind extend walk.replay --steps +1e6 -o longer.replay",
      note: "Record a million more states",
    },
    {
      command: "rewind extend walk.replay --steps 2e6 --in-place",
      note: "Make the run two million states long",
    },
  ],
  async run(values, context) {
    const { file, inPlace, json, until, selfCheck } = values;
    const { force } = values;
    const overwrite = force || inPlace;
    const target = targetOf(values);
    if (isUnfinishedPath(file)) {
      throw new InputError(`Cannot extend '${file}': it is unfinished`, {
        hint: `rewind resume ${file} --steps N`,
      });
    }
    const input = await artifactInput(file, context.signal);
    if (inPlace && typeof input !== "string") {
      throw new InputError(`Cannot extend '${file}' in place: it comes through a pipe`, {
        hint: "pass -o FILE",
      });
    }
    const source = typeof input === "string" ? openFile(input) : bytesSource(input);
    refusePeer(source, `extend '${file}'`);
    const opened = decodeArtifact(source);
    const { record } = opened;
    const steps = stepsOf(values.steps, record);
    if (inPlace && steps === record.steps) {
      tidyFinished(file);
      context.output.note(`${file} has ${counted(steps, "step")}: nothing is left to do`);
      return EXIT_OK;
    }
    const inputs = values.inputs === undefined ? undefined : openInputs(values.inputs);
    if (inputs !== undefined) {
      const name = values.inputs!;
      const recorded = record.steps;
      checkInputs(inputs, { name, steps, hasUntil: until !== undefined, recorded });
    }
    checkOutput(target, { force: overwrite, reads: [values.inputs, values.step] });
    const expressions = expressionsOf(observables(values.observe));
    const child = await childFor(record, { ...values, signal: context.signal });
    const flushSeconds = values.flush ?? FLUSH_SECONDS;
    const claim = claimOutput(target, { force, overwrite, flushSeconds });
    return await goOn({
      ...{ claim, record, child, json, inputs },
      settings: {
        ...{ steps, until, expressions, selfCheck },
        // Only the very run that it goes on from is replaced, whoever finishes the longer one.
        replaces: inPlace ? opened.contents.root : undefined,
      },
      open: (settings) => RecordingFile.extend(claim, opened, settings),
      words: resumeWords({ ...values, inputs: undefined }),
    }, context);
  },
});

function targetOf(
  { file, output, inPlace }: { file: string; output: string | undefined; inPlace: boolean },
): string {
  if (inPlace && output !== undefined) {
    throw new UsageError("Invalid option --in-place with --output");
  }
  if (!inPlace && output === undefined) {
    throw new UsageError("Missing option --output FILE, or --in-place to replace the file itself");
  }
  return output ?? file;
}

function stepsOf(
  { isMore, count }: { isMore: boolean; count: number },
  { steps }: RunRecord,
): number {
  const wanted = isMore ? steps + count : count;
  if (wanted >= steps && wanted <= STEPS_MAX) return wanted;
  throw new InputError(
    `Cannot extend the run to ${grouped(wanted)} steps: it has ${grouped(steps)}`,
    {
      hint: `write --steps +${count} for ${grouped(count)} more`,
    },
  );
}
