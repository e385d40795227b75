/**
 * Options that the verbs for training runs share, named as rldk names them where it has them.
 *
 * @module
 */

import type { Device } from "../training/command/replay_environment.ts";
import { DEVICES } from "../training/command/replay_environment.ts";
import type { ToleranceOptions } from "../training/compare/tolerance.ts";
import { optionInteger, optionNumber, optionText } from "./args.ts";
import type { OptionSpec, ParsedArgs } from "./command.ts";
import { UsageError } from "./usage_error.ts";

/** How far values may be apart. */
export const TOLERANCE_OPTIONS: readonly OptionSpec[] = [
  {
    name: "tolerance",
    short: "t",
    value: "X",
    summary: "relative difference that passes, absolute near zero; 0 for equal bits (default 0.01)",
  },
  { name: "atol", value: "X", summary: "absolute part of |a - b| <= atol + rtol * |a|" },
  { name: "rtol", value: "X", summary: "relative part of the same" },
  { name: "ulp", value: "N", summary: "units in the last place that pass" },
];

/** How the command is run. */
export const CHILD_OPTIONS: readonly OptionSpec[] = [
  { name: "device", short: "d", value: "NAME", summary: `${DEVICES.join(", ")} (default auto)` },
  {
    name: "timeout",
    value: "SECONDS",
    summary: "kill a run of the command after this time (default: none)",
  },
  { name: "jobs", value: "N", summary: "runs at a time (default: as many as there are cores)" },
  {
    name: "seed-arg",
    value: "WORDS",
    summary: "words that take the seed, such as '--train.seed {seed}'",
  },
  { name: "seed-env", value: "NAME", summary: "environment variable that takes the seed" },
  {
    name: "metrics-file",
    value: "FILE",
    summary: "log that the command writes itself; {output} is its folder",
  },
];

/** Bounds from the command line. */
export function toleranceOptions(args: ParsedArgs): ToleranceOptions {
  return {
    tolerance: optionNumber(args, "tolerance", { min: 0 }),
    atol: optionNumber(args, "atol", { min: 0 }),
    rtol: optionNumber(args, "rtol", { min: 0 }),
    ulp: optionNumber(args, "ulp", { min: 0 }),
  };
}

/** What {@linkcode CHILD_OPTIONS} say. */
export function childOptions(args: ParsedArgs): {
  device: Device | undefined;
  timeoutMs: number | undefined;
  jobs: number | undefined;
  seedArg: string | undefined;
  seedEnv: string | undefined;
  metricsFile: string | undefined;
} {
  const device = optionText(args, "device");
  if (device !== undefined && !(DEVICES as readonly string[]).includes(device)) {
    throw new UsageError(`--device must be one of ${DEVICES.join(", ")}, not '${device}'`);
  }
  const seconds = optionNumber(args, "timeout", { min: 0 });
  return {
    device: device as Device | undefined,
    timeoutMs: seconds === undefined ? undefined : seconds * 1000,
    jobs: optionInteger(args, "jobs", { min: 1 }),
    seedArg: optionText(args, "seed-arg"),
    seedEnv: optionText(args, "seed-env"),
    metricsFile: optionText(args, "metrics-file"),
  };
}

/** The value of an option that a verb cannot do without. */
export function requiredText(args: ParsedArgs, name: string, verb: string): string {
  const text = optionText(args, name);
  if (text === undefined) throw new UsageError(`${verb} needs --${name}`, verb);
  return text;
}
