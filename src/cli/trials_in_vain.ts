/**
 * Says why a function of a campaign was never true, or gave no number. Apart from what single runs need:
 * their verbs load no campaign.
 *
 * @module
 */

import type { CampaignRows } from "../campaign/campaign.ts";
import type { CampaignDefinition } from "../campaign/definition.ts";
import { recordTrial, type TrialLimits } from "../campaign/record_trial.ts";
import type { CampaignSummary } from "../campaign/summary.ts";
import { hasFailed } from "../campaign/trial_row.ts";
import { SandboxedRun } from "../sandbox/host/sandboxed_run.ts";
import { noteMissing } from "./missing_note.ts";
import type { Output } from "./output.ts";

/** Says of functions of a campaign that were never true, or gave no number, what they ask for in vain. */
export async function noteTrialsInVain(
  output: Output,
  rows: CampaignRows,
  { definition, summary: { hits, sets }, limits }: {
    definition: CampaignDefinition;
    summary: CampaignSummary;
    limits: TrialLimits;
  },
): Promise<void> {
  const { where, until, final, observe = {} } = definition;
  const isKnown = (name: string) =>
    sets.some(({ quantities }) => quantities.some((quantity) => quantity.name === name));
  if (hits > 0 && Iterator.from(rows).every((row) => hasFailed(row) || row.first === 0)) {
    output.note(
      "note: the event happened at t = 0 in every trial: is that what --where is to say?",
    );
  }
  const isGiven = final !== undefined && Iterator.from(rows).some((row) => row.final !== null);
  if (final !== undefined && !isKnown("final") && isGiven) {
    output.note(
      "note: --final gave no number in any trial: its values are kept, without an estimate",
    );
  }
  const hasEnded = () => Iterator.from(rows).some(({ outcome }) => outcome === "until");
  const texts = [
    hits === 0 ? where : undefined,
    until === undefined || hasEnded() ? undefined : until,
    isKnown("final") || isGiven ? undefined : final,
    ...Object.entries(observe).map(([name, text]) => isKnown(name) ? undefined : text),
  ].filter((text) => text !== undefined);
  const whole = texts.length === 0 ? undefined : Iterator.from(rows).find((row) => !hasFailed(row));
  if (whole === undefined) return;
  const { record, child } = await recordTrial(definition, whole.trial, limits);
  await using run = new SandboxedRun(record, child);
  for (const text of texts) await noteMissing(output, text, run);
}
