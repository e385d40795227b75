/**
 * An artifact as a run, with the step that made it: what `load` does.
 * This module is browser compatible.
 *
 * @module
 */

import { checkOptionNames } from "../engine/option_names.ts";
import { remakerOf } from "../engine/record_options.ts";
import type { RunFunctions } from "../engine/run_options.ts";
import { needShims } from "../engine/shims.ts";
import type { InitFunction, OptionNames, StepFunction } from "../engine/types.ts";
import { ArgumentTypeError } from "../errors.ts";
import type { RngByName, RngName } from "../rng/backends.ts";
import { openRecord } from "./open_record.ts";
import { Run } from "./run.ts";
import type { LoadOptions } from "./types.ts";

const LOAD_OPTION_NAMES: OptionNames<LoadOptions<unknown>> = {
  step: true,
  init: true,
  codec: true,
  observe: true,
};

/** Opens an artifact as a run. @throws {TypeError} If an option is wrong, or the run needs the sandbox. */
export async function loadRun<S>(
  pathOrBytes: string | URL | Uint8Array,
  options: LoadOptions<S>,
): Promise<Run<S>> {
  if (typeof options?.step !== "function") {
    throw new ArgumentTypeError(
      "Cannot load the run: 'step' is missing",
      {
        hint:
          "pass the function that made it, or use inspect for the metadata or openSandboxed to run " +
          "the step that the file carries",
      },
    );
  }
  checkOptionNames<LoadOptions<S>>(options, LOAD_OPTION_NAMES, "load");
  const { record, info } = await openRecord(pathOrBytes);
  if (needShims(record.shims)) {
    throw new ArgumentTypeError(
      "Cannot load the run: it was recorded with a clock or randomness that only the sandbox gives",
      { hint: "use openSandboxed, which runs the step that the file carries" },
    );
  }
  const functions: RunFunctions<S> = {
    step: options.step as StepFunction<S, RngByName[RngName]> as StepFunction<S>,
    codec: options.codec,
    init: remakerOf(options.init as InitFunction<S> | undefined, record),
    observe: options.observe,
  };
  return new Run(record, functions, {
    contentHash: info.contentHash,
    // The Python package keeps no account.
    ...(info.recordedBy.length === 0 ? {} : { stretches: info.recordedBy }),
  });
}
