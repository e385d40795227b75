/**
 * Makes the run of one trial of a campaign again.
 *
 * @module
 */

import type { RunRecord } from "../engine/types.ts";
import type { ChildOptions } from "../sandbox/host/sandbox_child.ts";
import { SandboxSession } from "../sandbox/host/session.ts";
import { AskedReasons } from "../sandbox/recorder/ask_reasons.ts";
import { InvariantError } from "../errors.ts";
import { CampaignError } from "./campaign_error.ts";
import { type CampaignDefinition, planOf, questionOf } from "./definition.ts";
import { trialSeed, trialsOptions } from "./run_trial.ts";
import { changesOf } from "./run_trials.ts";

/** The run of a trial, and what it takes to replay it. */
export interface RecordedTrial {
  /** The run, as `rewind record` would make it. */
  readonly record: RunRecord;
  /** Its module, with the limits. */
  readonly child: ChildOptions;
}

/** Limits of the child that makes it again. */
export type TrialLimits = Pick<ChildOptions, "timeoutMs" | "memoryBytesMax" | "signal">;

/**
 * Records a trial.
 *
 * @throws {CampaignError} If the campaign has no such trial.
 */
export async function recordTrial(
  definition: CampaignDefinition,
  trial: number,
  limits: TrialLimits = {},
): Promise<RecordedTrial> {
  const plan = planOf(definition);
  if (!Number.isSafeInteger(trial) || trial < 0 || trial >= plan.count) {
    throw new CampaignError(
      `Cannot find trial ${trial}: the campaign has trials 0 to ${plan.count - 1}`,
    );
  }
  const chosen = plan.at(trial);
  const question = questionOf(definition);
  // Guards try what they did not try in the campaign.
  const seed = trialSeed({ ...chosen, seedIndex: 0 }, changesOf(definition, chosen.set), question);
  const child = { ...definition.module, ...limits };
  await using session = new SandboxSession(child);
  const doubt = definition.guards ? await new AskedReasons(definition.module).first() : undefined;
  const options = trialsOptions(question, [seed], { keep: "all", reuses: false, doubt });
  for await (const [result] of session.trials(options)) {
    if (result?.error !== undefined) throw result.error;
    if (result?.trial.record !== undefined) return { record: result.trial.record, child };
  }
  throw new InvariantError("a trial gives its run or an error");
}
