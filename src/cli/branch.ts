/**
 * `rewind branch`: forks a run from one of its states.
 *
 * @module
 */

import { STEPS_MAX } from "../limits.ts";
import type { SandboxedBranchOptions } from "../sandbox/sandboxed_run.ts";
import { escapeText } from "../sandbox/escape_text.ts";
import {
  optionInteger,
  optionSwitch,
  optionText,
  optionTexts,
  readInteger,
  readSeed,
} from "./args.ts";
import { type Command, type CommandContext, JSON_OPTION } from "./command.ts";
import { EXIT_NO, EXIT_OK } from "./exit_codes.ts";
import { FORCE_OPTION, outputPath, saveRun } from "./save.ts";
import { openRun, REPLAY_OPTIONS } from "./sandbox_options.ts";
import { mutationOf } from "./set_path.ts";
import { byteText, counted } from "./table.ts";
import { UsageError } from "./usage_error.ts";
import { integerJson, optionValue } from "./values.ts";

/** The verb. */
export const branchCommand: Command = {
  name: "branch",
  summary: "fork a what-if run from one of the states",
  usage: "<run.replay> <t>",
  positionals: [2, 2],
  options: [
    {
      name: "set",
      value: "PATH=JSON",
      summary:
        "set a part of the state, such as '.value=1' or '.agents[3].x=0.5'; '.=5' sets all of it",
      repeat: true,
    },
    {
      name: "mutate",
      value: "FUNCTION",
      summary: "change the state by a function that returns the new one, such as 's => s + 100'",
    },
    { name: "params", value: "JSON", summary: "parameters of the branch (default: the parent's)" },
    {
      name: "seed",
      value: "N",
      summary: "seed of the branch (default: derived from the parent's and t)",
    },
    {
      name: "steps",
      value: "N",
      summary: "states of the branch (default: as many as the parent has left)",
    },
    {
      name: "output",
      short: "o",
      value: "FILE",
      summary: "file to write (default <run>-<t>.replay)",
    },
    FORCE_OPTION,
    ...REPLAY_OPTIONS,
    JSON_OPTION,
  ],
  details: ["The branch remembers the parent's content hash and t: see 'rewind log'."],
  examples: [
    {
      command: "rewind branch walk.replay 842137 --mutate 'x => x + 100' -o fork.replay",
      note: "what if it had stood 100 further right",
    },
    {
      command: "rewind branch nan.replay 882954 --set .gain=0.9 -o fixed.replay",
      note: "with a fix, from just before it broke",
    },
  ],
  run,
};

async function run(context: CommandContext): Promise<number> {
  const { args, output } = context;
  const [path, text] = args.positionals as [string, string];
  const t = readInteger(text, "t", { min: -Number.MAX_SAFE_INTEGER });
  const stem = path.replace(/^.*[\\/]|\.replay$/g, "");
  const target = await outputPath(args, `${stem}-${t}`);
  const options = branchOptions(context);
  await using recorded = await openRun(context);
  const branch = await recorded.branch(t, options);
  const saved = await saveRun(branch, target, args);
  if (optionSwitch(args, "json")) {
    output.json({
      file: target,
      fileBytes: saved.fileBytes,
      contentHash: saved.contentHash,
      parentHash: await recorded.contentHash(),
      branchPoint: branch.branchPoint,
      steps: branch.steps,
      seed: integerJson(branch.seed),
      failure: branch.failure ?? null,
    });
  } else {
    output.line(
      `branched at step ${branch.branchPoint}: ${
        counted(branch.steps, "step")
      } with seed ${branch.seed} to ${target}, ${byteText(saved.fileBytes)}`,
    );
  }
  if (branch.failure === undefined) return EXIT_OK;
  output.note(
    `the step threw at step ${branch.failure.t} of the branch: ${escapeText(branch.failure.error)}`,
  );
  return EXIT_NO;
}

function branchOptions({ args }: CommandContext): SandboxedBranchOptions {
  const assignments = optionTexts(args, "set");
  const mutate = optionText(args, "mutate");
  if (assignments.length > 0 && mutate !== undefined) {
    throw new UsageError(
      "--set and --mutate exclude each other: say all in one function",
      "branch",
    );
  }
  const mutation = assignments.length > 0 ? mutationOf(assignments) : mutate;
  const params = optionValue(args, "params");
  const seed = optionText(args, "seed");
  const steps = optionInteger(args, "steps", { min: 1, max: STEPS_MAX });
  return {
    ...(mutation === undefined ? {} : { mutate: mutation }),
    ...(params === undefined ? {} : { params: params.value }),
    ...(seed === undefined ? {} : { seed: readSeed(seed) }),
    ...(steps === undefined ? {} : { steps }),
  };
}
