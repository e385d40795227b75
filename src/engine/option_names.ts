/**
 * Refuses options that nobody reads: a misspelt one would change nothing, and say nothing. Has the names of those of a
 * run's verbs.
 * This module is browser compatible.
 *
 * @module
 */

import { ArgumentTypeError } from "../errors.ts";
import { suggestion } from "../text/suggestion.ts";
import type {
  BranchOptions,
  ExtendOptions,
  StatesOptions,
  StatsOptions,
  StepRange,
  VerifyOptions,
} from "./run_options.ts";
import type { OptionNames } from "./types.ts";

/** What people write where another name is right. */
const OTHER_NAMES: Readonly<Record<string, string>> = {
  start: "from",
  begin: "from",
  end: "to",
  stop: "to",
  step: "every",
  observers: "observe",
  observables: "observe",
  block: "blockSize",
  parameters: "params",
  initial: "init",
  input: "inputs",
};

/**
 * Refuses an options object that has a name too many, or is none.
 *
 * @param options What was given; undefined is fine.
 * @param names All names that are read.
 * @param what What the options are of, for the message, such as `record`.
 * @throws {TypeError} If it is no object or has another name; the message names the nearest one that is right.
 */
export function checkOptionNames<T extends object>(
  options: T | undefined,
  names: OptionNames<T>,
  what: string,
): void {
  if (options === undefined) return;
  if (typeof options !== "object" || options === null) {
    throw new ArgumentTypeError(
      `Cannot take the options of ${what}: they must be an object, not ${
        options === null ? "null" : `of type ${typeof options}`
      }`,
    );
  }
  for (const name of Object.keys(options)) {
    if (Object.hasOwn(names, name)) continue;
    const known = Object.keys(names);
    const other = OTHER_NAMES[name];
    const meant = other !== undefined && known.includes(other)
      ? `did you mean '${other}'?`
      : suggestion(name, known);
    throw new ArgumentTypeError(`Unknown option '${name}' of ${what}`, {
      hint: meant ?? `the options are ${known.join(", ")}`,
    });
  }
}

/** The names of all options of `branch`. */
export const BRANCH_OPTION_NAMES: OptionNames<BranchOptions<unknown>> = {
  mutate: true,
  params: true,
  guards: true,
  seed: true,
  steps: true,
  inputs: true,
  setInputs: true,
};

/** The names of all options of `extend`. */
export const EXTEND_OPTION_NAMES: OptionNames<ExtendOptions> = {
  inputs: true,
  onProgress: true,
  signal: true,
};

/** The names of all options of `states`. */
export const STATES_OPTION_NAMES: OptionNames<StatesOptions> = { copy: true };

/** The names of the two ends of a range. */
export const STEP_RANGE_NAMES: OptionNames<StepRange> = { from: true, to: true };

/** The names of all options of `stats`. */
export const STATS_OPTION_NAMES: OptionNames<StatsOptions> = {
  from: true,
  to: true,
  every: true,
  quantiles: true,
  histogram: true,
};

/** The names of all options of `verify`. */
export const VERIFY_OPTION_NAMES: OptionNames<VerifyOptions> = { full: true };
