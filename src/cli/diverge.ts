/**
 * `rewind diverge`: where other code first draws, then behaves, differently.
 *
 * @module
 */

import { divergeSandboxed } from "../sandbox/host/diverge_sandboxed.ts";
import { defineCommand } from "./command.ts";
import { COMPARE_OPTIONS } from "./compare_options.ts";
import { divergeFiles, sideOf } from "./diverge_files.ts";
import { printDivergence } from "./divergence_output.ts";
import { EXIT_NO, EXIT_OK } from "./exit_codes.ts";
import { JSON_OPTION, operands, path } from "./options.ts";
import { REPLAY_OPTIONS, sandboxLimits, stepModule } from "./sandbox_options.ts";
import { checkOutput, FORCE_OPTION } from "./output_path.ts";
import { grouped } from "./table.ts";
import { UsageError } from "./usage_error.ts";

/** The verb. */
export const command = defineCommand({
  operands: {
    files: operands("run.replay", { min: 1, max: 2, usage: "<run.replay> [<other.replay>]" }),
  },
  options: {
    with: path("FILE", "Step module to compare with; not with a second .replay file"),
    ...COMPARE_OPTIONS,
    output: path("FILE", "HTML page to write besides", { short: "o", fallback: "none" }),
    force: FORCE_OPTION,
    ...REPLAY_OPTIONS,
    json: JSON_OPTION,
  },
  details: [
    "Replays the run with the step that it carries and with another one, from the same seed, parameters and inputs, " +
    "and reports the first step that draws otherwise, and the first part of the state that differs. Where init made " +
    "X_0, the other module's init makes it too.",
    "A call that uses the same random bits and changes no state is no difference. Exit code 1 if the two differ.",
    "Runs of states that have more than 32 MiB altogether are compared at the ends of blocks, and at some states between.",
  ],
  examples: [
    {
      command: "rewind diverge walk.replay --with walk.ts",
      note: "Compare a run with the code of today",
    },
    {
      command: "rewind diverge old.replay new.replay",
      note: "Compare two runs, each with its own step",
    },
  ],
  async run(values, { output, signal }) {
    const [file, other] = values.files as [string, string?];
    if ((values.with === undefined) === (other === undefined)) {
      throw new UsageError(
        other === undefined
          ? "Missing option --with: name the step module to compare with, or a second .replay file"
          : "Invalid option --with: a second .replay file brings its own step",
      );
    }
    if (values.output !== undefined) {
      checkOutput(values.output, { ...values, reads: [file, other, values.with] });
    }
    const compare = {
      ignore: values.ignore,
      everyState: values.everyState ? true : undefined,
      onProgress: (t: number) => output.progress(`step ${grouped(t)}`),
    };
    const limits = { ...sandboxLimits(values), signal };
    const step = values.step === undefined ? undefined : await stepModule(values.step, values);
    const before = await sideOf(file, { step, limits });
    const found = other === undefined
      ? await divergeSandboxed(before.record, {
        before: before.options,
        after: { ...before.options, ...await stepModule(values.with!, values) },
      }, compare)
      : await divergeFiles(before, await sideOf(other, { step: undefined, limits }), compare);
    const { json, force } = values;
    await printDivergence(found, {
      ...{ output, json, force, page: values.output },
      files: { before: file, after: other ?? values.with! },
      names: { before: "recorded", after: other === undefined ? "now" : "in the other run" },
    });
    return found.kind === "equal" ? EXIT_OK : EXIT_NO;
  },
});
