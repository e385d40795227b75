/**
 * `rewind record`: runs a step module in the sandbox and writes its run.
 *
 * @module
 */

import { RecordingFile } from "../artifact/grow/recording_file.ts";
import { encodeState } from "../codec/encode_state.ts";
import { budgetOf, OPEN_BLOCK_SIZE } from "../engine/record_options.ts";
import { FLUSH_SECONDS } from "../artifact/limits.ts";
import { STEPS_MAX } from "../limits.ts";
import { RNG_NAMES } from "../rng/backends.ts";
import { lookForHiddenState } from "./certify.ts";
import { defineCommand } from "./command.ts";
import { isFinished, reportFinished, resumeAsked } from "./go_on.ts";
import { fittedInit } from "./init_option.ts";
import { noteInVain } from "./missing_note.ts";
import { observables } from "./observable_option.ts";
import {
  checkInputs,
  type GivenInputs,
  inputCount,
  INPUTS_OPTION,
  openInputs,
} from "./input_file.ts";
import {
  choice,
  flag,
  integer,
  JSON_OPTION,
  missing,
  operand,
  path,
  seed,
  text,
  texts,
} from "./options.ts";
import { PARAM_OPTIONS, paramChanges } from "./param_options.ts";
import {
  BUDGET_OPTIONS,
  claimOutput,
  GROWING_OPTIONS,
  printFinished,
  progressOf,
  recordTask,
  resumeWords,
} from "./recording.ts";
import { expressionsOf } from "./recording_differences.ts";
import { reportRunEnd } from "./run_end.ts";
import {
  RECORDED_MODULE_OPTIONS,
  sandboxLimits,
  stepModule,
  UNTIMED_LIMIT_OPTIONS,
} from "./sandbox_options.ts";
import { stateJson } from "./state_option.ts";
import { checkOutput, FORCE_OPTION } from "./output_path.ts";
import { SHIM_OPTION } from "./shim_option.ts";

/** Told where a package was given what only its being loaded asks for. */
const LOAD_SHIM_NOTE =
  "a package reads the clock or draws from Math.random while it loads: it is given 2000-01-01 and " +
  "draws from the seed (--shim load)";

/** The verb. */
export const command = defineCommand({
  operands: { module: operand("module") },
  options: {
    steps: integer("N", "Number of states to record, such as 1e6; needed unless the inputs tell", {
      min: 1,
      max: STEPS_MAX,
    }),
    seed: seed("Master seed, any integer", { required: true }),
    output: path("FILE", "File to write", { short: "o", fallback: "<module>.replay" }),
    force: FORCE_OPTION,
    init: stateJson("Initial state", { fallback: "the module's init" }),
    rng: choice(RNG_NAMES, "Generator", { fallback: "the module's, or python" }),
    blockSize: integer("N", "Number of states in a block", {
      min: 1,
      max: STEPS_MAX,
      fallback: "ceil(sqrt(steps))",
    }),
    observe: texts(
      "NAME",
      "Observable of the module, or NAME=FUNCTION such as 'v=s => s.value', to compute statistics of",
      { fallback: "all that the module exports" },
    ),
    ...PARAM_OPTIONS,
    inputs: INPUTS_OPTION,
    until: text("FUNCTION", "Predicate of the state that ends the run when it is true"),
    selfCheck: flag("Replay each block at once and stop where it differs"),
    noGuards: flag("Do not try the first blocks again to find mistakes in the model"),
    resume: flag("Go on with a recording of the same words that was stopped, if there is one"),
    ...BUDGET_OPTIONS,
    ...GROWING_OPTIONS,
    noSource: flag("Leave the source of the step module out of the file"),
    ...UNTIMED_LIMIT_OPTIONS,
    ...RECORDED_MODULE_OPTIONS,
    shim: SHIM_OPTION,
    json: JSON_OPTION,
  },
  details: [
    "The module exports step(state, rng, params, t, input) and init, and may export params, rng, " +
    "observe and codec. It is bundled into one module without imports and runs in the sandbox, so anyone who gets " +
    "the file can replay it.",
    "While it is recorded, the run grows in FILE.part, which every verb opens. Whatever ends the recording, " +
    "Ctrl-C, a signal, a limit or the power, at most --flush seconds are lost, and the same words with " +
    "--resume, or 'rewind resume FILE.part', go on.",
    "With --inputs the step is given the values of FILE, one per transition: --steps is one more than there are. " +
    "From a stream the run takes what comes, and ends with it; a state is there as soon as its input is.",
    "The file contains the module's source, parameters and states: check them before you share it.",
  ],
  examples: [
    {
      command: "rewind record examples/walk.ts --steps 1e6 --seed 42 -o walk.replay",
      note: "Record a random walk of a million steps",
    },
    {
      command:
        "rewind record examples/lockstep.ts --inputs examples/lockstep_keys.jsonl --seed 7 -o game.replay",
      note: "Record a game with the keys that its players pressed, one line a step",
    },
    {
      command: `rewind record examples/sir.ts --steps 200 --seed 11 --observe infected --force`,
      note: "Record an epidemic to sir.replay, with statistics of one observable",
    },
  ],
  async run(values, context) {
    const { output, signal } = context;
    const { module, seed, force, resume, rng, until } = values;
    const target = values.output ?? `${module.replace(/^.*[\\/]|\.[^./\\]*$/g, "")}.replay`;
    const flushSeconds = values.flush ?? FLUSH_SECONDS;
    const inputs = values.inputs === undefined ? undefined : openInputs(values.inputs);
    const steps = stepsOf(values, inputs);
    const blockSize = values.blockSize ?? (steps === undefined ? OPEN_BLOCK_SIZE : undefined);
    checkOutput(target, { force: force || resume, reads: [module, values.inputs] });
    const step = await stepModule(module, { ...values, compare: !values.noGuards });
    const { source, sourceMap, stepId, mayShimLoad } = step;
    const shims = mayShimLoad ? { ...values.shim, load: true as const } : values.shim;
    const observe = observables(values.observe);
    const child = {
      ...{ source, sourceMap, stepId, shims, signal },
      ...sandboxLimits(values, { timeoutMs: Infinity }),
      outputBytesMax: Infinity,
    };
    const { selfCheck } = values;
    const budget = budgetOf(values);
    const changes = paramChanges(values);
    const init = values.init === undefined || values.noGuards ? values.init : {
      value: await fittedInit(values.init.value, { child, seed, rng, changes }),
    };
    const asked = {
      ...values,
      init,
      steps,
      blockSize,
      source,
      stepId,
      shims,
      observe,
      budget,
      changes,
    };
    const { json, inputs: inputsName } = values;
    const words = resumeWords({ ...values, step: values.noSource ? module : undefined });
    if (resume && !force && isFinished(target)) {
      return await reportFinished(target, { asked, child, inputs, inputsName }, context);
    }
    const claim = claimOutput(target, { force, resume, flushSeconds });
    if (claim.hasPart) {
      return await resumeAsked(claim, { asked, child, words, json, inputs, inputsName }, context);
    }
    let failurePlace: string | undefined;
    const look = lookForHiddenState(values.noGuards ? undefined : { child, observe });
    const recorded = await recordTask({
      claim,
      child,
      steps,
      json: values.json,
      words,
      explain: look.explain,
      open: (front) =>
        RecordingFile.begin(claim, front, {
          ...{ steps, until, selfCheck },
          expressions: expressionsOf(observe),
        }),
      record: async (session, growing) =>
        await session.record({
          ...{ seed, stepId, selfCheck, inputs, ...growing },
          steps: steps ?? STEPS_MAX,
          endsWithInputs: steps === undefined,
          guards: !values.noGuards,
          isSourceLeftOut: values.noSource,
          budget,
          ...(rng === undefined ? {} : { rng }),
          ...(blockSize === undefined ? {} : { blockSize }),
          paramChanges: changes,
          ...(init === undefined ? {} : { start: encodeState(init.value) }),
          ...(until === undefined ? {} : { until }),
          ...(observe === undefined ? {} : { observe }),
          onNote: (note) => output.note(`note: ${note}`),
          onDoubt: look.onDoubt,
          onFailure: (place) => {
            failurePlace = place;
          },
          onProgress: progressOf(output, { steps }),
        }),
    }, context);
    if (typeof recorded === "number") return recorded;
    printFinished(output, recorded, { target, json: values.json, failurePlace });
    for (const note of step.notes) output.note(`warning: ${note}`);
    if (recorded.record.shims?.load === true && values.shim?.load !== true) {
      output.note(`warning: ${LOAD_SHIM_NOTE}`);
    }
    await look.certify(target, output);
    await noteInVain(target, recorded.record, { steps, until, observe, child, output });
    return reportRunEnd({ ...recorded.record, failurePlace }, output);
  },
});

/** Number of states to record; undefined where a stream of inputs will tell. */
function stepsOf(
  { steps, inputs: name, until }: {
    steps: number | undefined;
    inputs: string | undefined;
    until: string | undefined;
  },
  inputs: GivenInputs | undefined,
): number | undefined {
  if (inputs === undefined || name === undefined) {
    if (steps === undefined) throw missing("--steps", "N");
    return steps;
  }
  if (steps !== undefined) checkInputs(inputs, { name, steps, hasUntil: until !== undefined });
  const count = inputCount(inputs);
  return steps ?? (count === undefined ? undefined : count + 1);
}
