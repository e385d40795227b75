/**
 * `rewind branch`: forks a run from one of its states.
 *
 * @module
 */

import { STEPS_MAX } from "../limits.ts";
import { SandboxError } from "../errors.ts";
import type { SandboxedRun } from "../sandbox/host/sandboxed_run.ts";
import type { SandboxedBranchOptions } from "../sandbox/host/sandboxed_run_options.ts";
import {
  optionInteger,
  optionSwitch,
  optionText,
  optionTexts,
  readInteger,
  readSeed,
} from "./args.ts";
import { type Command, type CommandContext, JSON_OPTION, type ParsedArgs } from "./command.ts";
import { reportRunEnd } from "./run_end.ts";
import { checkOutput, FORCE_OPTION, saveRun } from "./save.ts";
import { openRun, REPLAY_OPTIONS } from "./sandbox_options.ts";
import { missingPath, mutationOf } from "./set_path.ts";
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
  const { args, output, signal } = context;
  const [path, text] = args.positionals as [string, string];
  const t = readInteger(text, "t");
  const target = optionText(args, "output") ??
    `${path.replace(/^.*[\\/]|\.replay$/g, "")}-${t}.replay`;
  await checkOutput(target, args);
  const options = branchOptions(args);
  await using recorded = await openRun(context);
  const branch = await branchOff(recorded, t, { args, options });
  const { failure, branchPoint } = branch;
  const asked = options.steps ?? recorded.steps - branchPoint!;
  const interrupted = signal.aborted || (branch.steps < asked && failure === undefined);
  const saved = await saveRun(branch, target, args);
  if (optionSwitch(args, "json")) {
    output.json({
      file: target,
      fileBytes: saved.fileBytes,
      contentHash: saved.contentHash,
      parentHash: await recorded.contentHash(),
      branchPoint,
      steps: branch.steps,
      seed: integerJson(branch.seed),
      failure: failure ?? null,
      interrupted,
    });
  } else {
    output.line(
      `branched at step ${branchPoint}: ${
        counted(branch.steps, "step")
      } with seed ${branch.seed} to ${target}, ${byteText(saved.fileBytes)}`,
    );
  }
  return reportRunEnd({ steps: branch.steps, failure, interrupted }, output);
}

/** Branches; where `--set` failed, the state tells why better than the function made from it. */
async function branchOff(
  recorded: SandboxedRun,
  t: number,
  { args, options }: { args: ParsedArgs; options: SandboxedBranchOptions },
): Promise<SandboxedRun> {
  try {
    return await recorded.branch(t, options);
  } catch (error) {
    const assignments = optionTexts(args, "set");
    if (!(error instanceof SandboxError) || assignments.length === 0) throw error;
    throw missingPath(await recorded.get(t), assignments) ?? error;
  }
}

function branchOptions(args: ParsedArgs): SandboxedBranchOptions {
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
