/**
 * Many runs: sweeps over seeds and parameters, why a run ended as it did, and what hardly ever happens.
 *
 * @example Usage
 * ```ts
 * import type { PythonRandom } from "@rewind/cli";
 * import { rare } from "@rewind/cli/campaign";
 * import { assert } from "@std/assert";
 *
 * const step = (x: number, rng: PythonRandom) => x + (rng.random() < 1 / 3 ? 1 : -1);
 * const { p, low, high } = rare(step, {
 *   ...{ init: 1, steps: 500, seed: 7, particles: 50, repeats: 4 },
 *   ...{ score: (x) => x, level: 8, until: (x) => x === 0 },
 * });
 * assert(low <= p && p <= high);
 * ```
 *
 * @module
 */

export type { Json } from "../codec/state_to_json.ts";
export type { ParameterSet, ParameterValue } from "./axes.ts";
export { CampaignError } from "./campaign_error.ts";
export {
  rare,
  type RareLineage,
  type RareOptions,
  type RareResult,
  type RareSettings,
} from "./rare.ts";
export type { CampaignLimits } from "./run_trials.ts";
export type { StateChange } from "./step_changes.ts";
export type { RareEstimate, RareWarning } from "./statistics/rare_estimate.ts";
export { sweep, type SweepOptions } from "./sweep.ts";
export type { ObservedRow, TrialFailure, TrialOutcome, TrialRow } from "./trial_row.ts";
export { type ExplainedJump, why, type WhyOptions, type WhyReport } from "./why.ts";
export type { WhyFound, WhyJump, WhyPoint } from "./why_search.ts";
