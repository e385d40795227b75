/**
 * The names of the options of a run's verbs, for finding misspelt ones.
 * This module is browser compatible.
 *
 * @module
 */

import type { OptionNames } from "./option_names.ts";
import type {
  BranchOptions,
  ExtendOptions,
  StatesOptions,
  StatsOptions,
  StepRange,
  VerifyOptions,
} from "./run_options.ts";

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
