/**
 * The options of every verb that runs a step, and the run that they open.
 *
 * @module
 */

import { toHex } from "../bytes/hex.ts";
import { sha256Sync } from "../bytes/sha256.ts";
import type { CampaignModule } from "../campaign/folder_head.ts";
import type { RunRecord, Shims } from "../engine/types.ts";
import type { ChildOptions } from "../sandbox/host/sandbox_child.ts";
import { childOf, openRun as openSandboxed } from "../sandbox/host/open_run.ts";
import type { SandboxedRun } from "../sandbox/host/sandboxed_run.ts";
import type { SandboxLimits } from "../sandbox/host/sandbox_limits.ts";
import { SANDBOX_MEMORY_BYTES_MAX, SANDBOX_TIMEOUT_MS } from "../limits.ts";
import type { Option, Values } from "./command.ts";
import type { ReadStepOptions, StepSource } from "../sandbox/recorder/read_step.ts";
import { InputError } from "./usage_error.ts";
import type { Output } from "./output.ts";
import { artifactInput } from "./pipe_input.ts";
import { flag, grouped, megabytes, path, seconds, texts } from "./options.ts";

/** Options that bound the sandbox. */
export const LIMIT_OPTIONS = limitOptions(`${SANDBOX_TIMEOUT_MS / 1000}`);

/** The same for work that may take as long as it takes. */
export const UNTIMED_LIMIT_OPTIONS = limitOptions("no limit");

/** Options that say what a step module may be made of. */
export const MODULE_OPTIONS = grouped("Step module", {
  allowNet: flag("Let packages that the step module imports be downloaded"),
  allowData: texts("FOLDER", "Folder whose data files the step module may import besides its own"),
});

/** The same for a module that is put into the file. */
export const RECORDED_MODULE_OPTIONS = {
  ...MODULE_OPTIONS,
  ...grouped("Step module", {
    embedSources: flag("Put the text of the files that it was made of into the .replay file"),
  }),
};

/** The option that names another step module. */
const STEP_OPTION = grouped("Sandbox", {
  step: path("FILE", "Step module to use in place of the one in the file"),
});

/** Options of verbs that replay a recorded run. */
export const REPLAY_OPTIONS = { ...STEP_OPTION, ...LIMIT_OPTIONS, ...MODULE_OPTIONS };

/** The same for work that may take as long as it takes. */
export const UNTIMED_REPLAY_OPTIONS = {
  ...STEP_OPTION,
  ...UNTIMED_LIMIT_OPTIONS,
  ...MODULE_OPTIONS,
};

function limitOptions(timeoutText: string): {
  readonly timeout: Option<number | undefined>;
  readonly memory: Option<number | undefined>;
} {
  return grouped("Sandbox", {
    timeout: seconds("Longest time that the step may take, 0 for no limit", {
      fallback: timeoutText,
    }),
    memory: megabytes("Most memory that the step may use", {
      fallback: `${SANDBOX_MEMORY_BYTES_MAX / 1e6}`,
    }),
  });
}

/** Limits of the sandbox from the command line. */
export function sandboxLimits(
  { timeout, memory }: Values<typeof LIMIT_OPTIONS>,
  defaults: { timeoutMs?: number } = {},
): SandboxLimits {
  return {
    ...defaults,
    ...(timeout === undefined ? {} : { timeoutMs: timeout }),
    ...(memory === undefined ? {} : { memoryBytesMax: memory }),
  };
}

/** What a child is started with that goes on with a run, with the step that it carries or the one given. */
export async function childFor(
  record: RunRecord,
  { step, signal, ...values }: Values<typeof UNTIMED_REPLAY_OPTIONS> & {
    readonly signal: AbortSignal;
  },
): Promise<ChildOptions> {
  const module = step === undefined ? undefined : await stepModule(step, values);
  // The file would hold the states of two steps, and name one.
  if (module !== undefined && isOtherStep(record, module.source)) {
    throw new InputError(`Cannot go on: ${step} is not the step that was recorded`, {
      hint: record.source === undefined
        ? "give the module as it was recorded; 'rewind branch' takes another"
        : "leave out --step to go on with the recorded one; 'rewind branch' takes another",
    });
  }
  return {
    ...childOf(record, {
      ...sandboxLimits(values, { timeoutMs: Infinity }),
      signal,
      ...(module === undefined ? {} : { source: module.source, sourceMap: module.sourceMap }),
    }),
    stepId: record.stepId,
    outputBytesMax: Infinity,
  };
}

/** Opens a `.replay` file, with the step that it carries or the one given. */
export async function openRun(
  file: string,
  { step, signal, output, ...values }: Values<typeof REPLAY_OPTIONS> & {
    readonly signal: AbortSignal;
    readonly output?: Output;
  },
): Promise<SandboxedRun> {
  const module = step === undefined ? undefined : await stepModule(step, values);
  const run = await openSandboxed(await artifactInput(file, signal), {
    ...sandboxLimits(values),
    signal,
    ...(module === undefined ? {} : { source: module.source, sourceMap: module.sourceMap }),
  });
  const note = module && otherStepNote(run.record, { step: step!, source: module.source });
  if (note !== undefined) output?.note(note);
  return run;
}

function isOtherStep({ source: recorded, sourceHash }: RunRecord, source: string): boolean {
  if (recorded !== undefined) return recorded !== source;
  return sourceHash !== undefined &&
    sourceHash !== toHex(sha256Sync(new TextEncoder().encode(source)));
}

/** That another step than the recorded one is used; undefined if it is the same, or nobody knows the recorded one. */
export function otherStepNote(
  record: RunRecord,
  { step, source }: { readonly step: string; readonly source: string },
): string | undefined {
  return !isOtherStep(record, source)
    ? undefined
    : `note: ${step} is not the step that was recorded: states come from the file up to each checkpoint, and from ${step} beyond`;
}

/** The step module of a campaign. What a reader of it should know is told. */
export async function campaignModule(
  path: string,
  { shim, noGuards, ...options }: ReadStepOptions & {
    readonly shim: Shims | undefined;
    readonly noGuards: boolean;
  },
  note: (text: string) => void,
): Promise<CampaignModule> {
  const { source, sourceMap, stepId, notes, mayShimLoad } = await stepModule(path, {
    ...options,
    compare: !noGuards,
  });
  for (const text of notes) note(`warning: ${text}`);
  return { source, sourceMap, stepId, shims: mayShimLoad ? { ...shim, load: true } : shim };
}

/** The step module given with `--step`, ready for the sandbox. */
export async function stepModule(
  path: string,
  options: ReadStepOptions,
): Promise<StepSource> {
  // The bundler and what removes types are loaded only where they are needed: it takes a while.
  const { readStep } = await import("../sandbox/recorder/read_step.ts");
  return await readStep(path, options);
}
