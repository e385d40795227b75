/**
 * `rewind debug`: stops a debugger in the step that makes a state.
 *
 * @module
 */

import { openRecord } from "../artifact/open_record.ts";
import { UnsafeArtifactError } from "../errors.ts";
import { debugStep, type StepFile } from "../sandbox/host/debugged_step.ts";
import { checkSource } from "../sandbox/host/static_rules.ts";
import { resolveStep } from "../engine/run_bounds.ts";
import type { RunRecord } from "../engine/types.ts";
import { printable } from "../text/printable.ts";
import { defineCommand, type Values } from "./command.ts";
import { EXIT_OK } from "./exit_codes.ts";
import {
  flag,
  grouped as groupedOptions,
  integer,
  integerOperand,
  operand,
  path,
} from "./options.ts";
import { MODULE_OPTIONS, stepModule } from "./sandbox_options.ts";
import { grouped } from "./table.ts";
import { InputError } from "./usage_error.ts";
import { artifactInput } from "./pipe_input.ts";

/** Port on which debuggers look for a program by themselves. */
const DEFAULT_PORT = 9229;

const STEP_OPTIONS = {
  ...groupedOptions("Step module", {
    step: path("FILE", "Your own step module, which is debugged in place of the one in the file"),
    trust: flag("Run the step that the file carries outside of the sandbox"),
  }),
  ...MODULE_OPTIONS,
};

/** The verb. */
export const command = defineCommand({
  operands: { file: operand("run.replay"), t: integerOperand("t") },
  options: {
    reverse: flag("Go one step back, not forward, each time that the debugger continues"),
    port: integer("N", "Port of the inspector on this machine, 0 for any", {
      min: 0,
      max: 65_535,
      default: DEFAULT_PORT,
    }),
    ...STEP_OPTIONS,
  },
  details: [
    "Stops at the call of the step that makes state t, with the true state, rng, params, t and input, in the author's " +
    "file. Attach Chrome (chrome://inspect) or VS Code; each time that it continues, it stops in the next step.",
    "The step runs outside of the sandbox: without permissions, but without limits.",
  ],
  examples: [
    {
      command: "rewind debug nan.replay 882954 --step late_nan.ts",
      note: "Stop in the step after which nothing is finite",
    },
    {
      command: "rewind debug nan.replay 882954 --step late_nan.ts --reverse",
      note: "Go back from there, step by step",
    },
  ],
  async run({ file, t, reverse, port, ...values }, { output, signal }) {
    const { record } = await openRecord(await artifactInput(file, signal));
    const target = targetOf(record, t);
    const module = await moduleOf(record, values);
    output.note(
      "warning: the step runs outside of the sandbox: without permissions, but without limits",
    );
    if (
      values.step !== undefined && record.source !== undefined && record.source !== module.source
    ) {
      output.note(
        "note: the module may not be the one that the run was recorded with: 'rewind diverge' tells",
      );
    }
    if (record.shims !== undefined) {
      output.note(
        "note: the clock and the random numbers that the run was recorded with are not there",
      );
    }
    await debugStep(record, {
      ...{ module, t: target, isReverse: reverse, port, signal },
      onStop: (at) => output.note(`in the step that makes state ${grouped(at)}`),
      onReady: (address) => {
        output.line(address);
        output.note(
          `attach a debugger: chrome://inspect in Chrome, or VS Code to port ${
            new URL(address).port
          }; ` +
            "Ctrl-C ends the session",
        );
        output.flush();
      },
      onText: (text) => output.note(printable(text.trimEnd())),
    });
    return EXIT_OK;
  },
});

/** The t of a state that a step makes. */
function targetOf(record: RunRecord, t: number): number {
  const isFailing = t === record.steps && record.failure !== undefined;
  const target = isFailing ? t : resolveStep(t, record.steps);
  if (target > 0) return target;
  throw new InputError("Cannot debug the step that makes state 0: no step makes it", {
    hint: "state 1 is the first that a step makes",
  });
}

async function moduleOf(
  record: RunRecord,
  { step, trust, ...values }: Values<typeof STEP_OPTIONS>,
): Promise<StepFile> {
  if (step !== undefined) {
    return { ...await stepModule(step, { ...values, embedSources: true }), path: step };
  }
  const { source, sourceMap, stepId } = record;
  if (source === undefined) {
    throw new UnsafeArtifactError(
      "Cannot debug the run: the .replay file carries no step source",
      { hint: "pass the step module that made it with --step FILE" },
    );
  }
  if (!trust) {
    throw new UnsafeArtifactError(
      "Cannot debug the step in the .replay file: it would run outside of the sandbox",
      { hint: "pass your own module with --step FILE, or --trust if you trust who made the file" },
    );
  }
  checkSource(source);
  return { source, sourceMap, stepId, path: undefined };
}
