/**
 * `rewind branch`: forks a run from one of its states.
 *
 * @module
 */

import { resolveStep } from "../engine/run_bounds.ts";
import { budgetOf } from "../engine/record_options.ts";
import { FLUSH_SECONDS } from "../artifact/limits.ts";
import { STEPS_MAX } from "../limits.ts";
import {
  recordBranch,
  reportFinishedBranch,
  requestBranch,
  resumeBranch,
} from "./branch_recording.ts";
import type { SandboxedBranchOptions } from "../sandbox/host/sandboxed_run_options.ts";
import { defineCommand, type Values } from "./command.ts";
import { isFinished } from "./go_on.ts";
import { InputFile, STDIN } from "./input_file.ts";
import {
  flag,
  integer,
  integerOperand,
  JSON_OPTION,
  operand,
  path,
  readInteger,
  seed,
  text,
  texts,
} from "./options.ts";
import { PARAM_OPTIONS, paramChanges } from "./param_options.ts";
import { readValue } from "./read_value.ts";
import { reportRunEnd } from "./run_end.ts";
import { shownState } from "../sandbox/host/shown_states.ts";
import { BUDGET_OPTIONS, claimOutput, GROWING_OPTIONS, resumeWords } from "./recording.ts";
import { commandText } from "./resume_command.ts";
import { openRun, UNTIMED_REPLAY_OPTIONS } from "./sandbox_options.ts";
import { checkOutput, FORCE_OPTION } from "./output_path.ts";
import { mutationOf, readAssignments } from "./set_path.ts";
import { checkOfState } from "./observable_option.ts";
import { byteText, counted } from "./table.ts";
import { UsageError } from "./usage_error.ts";
import { integerJson } from "./print_values.ts";

/** What makes a branch differ from its parent. */
const BRANCH_OPTIONS = {
  set: texts(
    "PATH=JSON",
    "New value of a part of the state, such as '.value=1' or '.agents[3].x=0.5'; '.=5' sets all of it",
  ),
  mutate: text(
    "FUNCTION",
    "Function that changes the state or returns the new one, such as 's => s + 100'",
  ),
  ...PARAM_OPTIONS,
  noGuards: flag("Do not check what --mutate makes, nor try the first blocks again"),
  inputs: path(
    "FILE",
    "Inputs of the branch, the first for the transition from the state at t: JSON Lines or CSV",
    { fallback: "the parent's" },
  ),
  setInput: texts(
    "T=JSON",
    "Input to put in the place of the parent's, for the transition from its state at T",
  ),
  sameDraws: flag("Keep the parent's draws: unchanged, the branch is the rest of its parent"),
  seed: seed("Seed of the branch", { fallback: "derived from the parent's seed and t" }),
  steps: integer("N", "Number of states of the branch", {
    min: 1,
    max: STEPS_MAX,
    fallback: "as many as the parent has left",
  }),
};

/** The verb. */
export const command = defineCommand({
  operands: { file: operand("run.replay"), t: integerOperand("t") },
  options: {
    ...BRANCH_OPTIONS,
    output: path("FILE", "File to write", { short: "o", fallback: "<run>-<t>.replay" }),
    force: FORCE_OPTION,
    resume: flag("Go on with a branch of the same words that was stopped, if there is one"),
    ...BUDGET_OPTIONS,
    ...GROWING_OPTIONS,
    ...UNTIMED_REPLAY_OPTIONS,
    json: JSON_OPTION,
  },
  details: [
    "--set and --mutate speak of the state as 'rewind get' shows it, and keep its kinds: a number stays a number. " +
    "Parameters that are not named stay as they are.",
    "With --same-draws two branches differ by what was changed and by nothing else: each step draws what it draws in " +
    "the parent, until it draws more or less often. 'rewind diff' says where they diverge.",
    "While it is recorded, the branch grows in FILE.part, and can be gone on with, as one of 'rewind record'.",
    "The branch remembers the parent's content hash and t: see 'rewind log'.",
  ],
  examples: [
    {
      command: "rewind branch walk.replay 842137 --mutate 'x => x + 100' -o fork.replay",
      note: "Move the walker 100 to the right",
    },
    {
      command: "rewind branch nan.replay 882954 --set .gain=0.9 -o fixed.replay",
      note: "Fix a value just before it broke",
    },
    {
      command: "rewind branch sir.replay 20 --same-draws --param contact=0.0002 -o halved.replay",
      note: "What if contact had halved from day 20, with the same luck",
    },
  ],
  async run(values, context) {
    const { output, signal } = context;
    const { file, t, force, resume, json } = values;
    const target = values.output ?? `${file.replace(/^.*[\\/]|\.replay$/g, "")}-${t}.replay`;
    checkOutput(target, { force: force || resume, reads: [file, values.inputs, values.step] });
    const assignments = readAssignments(values.set);
    const options = {
      ...branchOptions(values),
      onNote: (note: string) => output.note(`note: ${note}`),
    };
    await using parent = await openRun(file, {
      ...{ ...values, timeout: values.timeout ?? Infinity },
      ...{ signal, output },
    });
    const point = resolveStep(t, parent.steps);
    const request = await requestBranch(parent, {
      ...options,
      ...(assignments.length === 0
        ? {}
        : { mutate: mutationOf(await shownState(parent, point), assignments) }),
      ...{ point, budget: budgetOf(values), inputsName: values.inputs ?? file },
    });
    const { asked } = request;
    if (resume && isFinished(target)) return await reportFinishedBranch(target, request, context);
    const claim = claimOutput(target, {
      ...{ force, resume },
      flushSeconds: values.flush ?? FLUSH_SECONDS,
    });
    const recording = {
      ...{ claim, json },
      words: resumeWords({ ...values, inputs: undefined, step: undefined }),
      command: asked.inputs === undefined ? undefined : sameCommand(context.words),
    };
    if (claim.hasPart) return await resumeBranch(request, recording, context);
    const recorded = await recordBranch(request, recording, context);
    if (typeof recorded === "number") return recorded;
    const { record, sealed, failurePlace, look } = recorded;
    const { steps, seed, branchPoint, parentHash, failure } = record;
    if (json) {
      output.json({
        file: target,
        fileBytes: sealed.fileBytes,
        contentHash: sealed.contentHash,
        parentHash,
        branchPoint,
        steps,
        seed: integerJson(seed),
        failure: failure === undefined ? null : { ...failure, place: failurePlace ?? null },
        finished: true,
      });
    } else {
      output.line(
        `branched at step ${branchPoint}: ${
          counted(steps, "step")
        } with seed ${seed} to ${target}, ${byteText(sealed.fileBytes)}`,
      );
    }
    await look.certify(target, output);
    return reportRunEnd({ steps, failure, failurePlace }, output);
  },
});

/** The command that was typed, as one that goes on: the parent has the inputs that are to come. */
function sameCommand(words: readonly string[]): string {
  return commandText([...words.filter((word) => word !== "--resume"), "--resume"]);
}

function branchOptions(
  { set, mutate, seed, steps, noGuards, ...values }: Values<typeof BRANCH_OPTIONS>,
): SandboxedBranchOptions {
  checkOfState(mutate ?? "", "--mutate", "a mutation");
  if (set.length > 0 && mutate !== undefined) {
    throw new UsageError("Invalid option --set with --mutate", {
      hint: "do it all in one function",
    });
  }
  return {
    ...(mutate === undefined ? {} : { mutate }),
    paramChanges: paramChanges(values),
    guards: !noGuards,
    ...seedOf({ ...values, seed }),
    ...(values.inputs === undefined ? {} : { inputs: fileInputs(values.inputs) }),
    ...(values.setInput.length === 0 ? {} : { setInputs: readSetInputs(values.setInput) }),
    ...(steps === undefined ? {} : { steps }),
  };
}

function seedOf(
  { seed, sameDraws }: { seed: bigint | undefined; sameDraws: boolean },
): Pick<SandboxedBranchOptions, "seed"> {
  if (sameDraws && seed !== undefined) {
    throw new UsageError(
      "Invalid option --seed with --same-draws: the draws are those of the parent's seed",
    );
  }
  if (sameDraws) return { seed: "same" };
  return seed === undefined ? {} : { seed };
}

function fileInputs(name: string): InputFile {
  if (name !== STDIN) return new InputFile(name);
  throw new UsageError("Invalid value '-' for --inputs: a branch takes its inputs from a file");
}

/** Inputs by the t of the state that they are given with. */
function readSetInputs(given: readonly string[]): ReadonlyMap<number, unknown> {
  const found = new Map<number, unknown>();
  for (const text of given) {
    const at = text.indexOf("=");
    if (at < 1) {
      throw new UsageError(
        `Invalid value '${text}' for --set-input: it must be T=JSON, such as 75=1`,
      );
    }
    const t = readInteger(text.slice(0, at), "--set-input", { min: 0, max: STEPS_MAX });
    if (found.has(t)) throw new UsageError(`Invalid option --set-input: ${t} is given twice`);
    found.set(t, readValue(text.slice(at + 1), "--set-input"));
  }
  return found;
}
