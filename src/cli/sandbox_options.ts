/**
 * The options of every verb that runs a step, and the run that they open.
 *
 * @module
 */

import { openSandboxed } from "../sandbox/host/open_sandboxed.ts";
import type { SandboxedRun } from "../sandbox/host/sandboxed_run.ts";
import type { SandboxLimits } from "../sandbox/host/sandbox_limits.ts";
import { optionNumber, optionText } from "./args.ts";
import type { CommandContext, OptionSpec, ParsedArgs } from "./command.ts";

/** Options that bound the sandbox. */
export const LIMIT_OPTIONS: readonly OptionSpec[] = [
  {
    name: "timeout",
    value: "SECONDS",
    summary: "stop the step after this time; 0 for no limit (default 60)",
  },
  { name: "memory", value: "MB", summary: "stop the step beyond this much memory (default 500)" },
];

/** Options of verbs that replay a recorded run. */
export const REPLAY_OPTIONS: readonly OptionSpec[] = [
  { name: "step", value: "FILE", summary: "use this step module, not the one in the artifact" },
  ...LIMIT_OPTIONS,
];

/** Limits of the sandbox from the command line. */
export function sandboxLimits(
  args: ParsedArgs,
  defaults: { timeoutMs?: number } = {},
): SandboxLimits {
  const seconds = optionNumber(args, "timeout", { min: 0 });
  const megabytes = optionNumber(args, "memory", { min: 1 });
  return {
    ...defaults,
    ...(seconds === undefined ? {} : { timeoutMs: seconds === 0 ? Infinity : seconds * 1000 }),
    ...(megabytes === undefined ? {} : { memoryBytesMax: megabytes * 1e6 }),
  };
}

/** Opens the artifact that the first argument names, with the step it carries or the one given. */
export async function openRun({ args, signal }: CommandContext): Promise<SandboxedRun> {
  const step = optionText(args, "step");
  return await openSandboxed(args.positionals[0]!, {
    ...sandboxLimits(args),
    signal,
    ...(step === undefined ? {} : { source: await stepSource(step) }),
  });
}

/** Text of the step module given with `--step`, ready for the sandbox. */
export async function stepSource(path: string): Promise<string> {
  // The bundler and what removes types are loaded only where they are needed: it takes a while.
  const { readStepSource } = await import("./step_source.ts");
  return (await readStepSource(path)).source;
}
