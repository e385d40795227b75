/**
 * Says why a function found nothing, or gave NaN: it asks states for a name that none of them has.
 *
 * @module
 */

import { CampaignRows } from "../campaign/campaign.ts";
import type { CampaignDefinition } from "../campaign/definition.ts";
import type { CampaignFolder } from "../campaign/folder.ts";
import { recordTrial, type TrialLimits } from "../campaign/record_trial.ts";
import type { CampaignSummary } from "../campaign/summary.ts";
import { hasFailed } from "../campaign/trial_row.ts";
import type { RunRecord, Stats } from "../engine/types.ts";
import { openRun } from "../sandbox/host/open_run.ts";
import type { OpenSandboxedOptions } from "../sandbox/host/open_sandboxed.ts";
import { SandboxedRun } from "../sandbox/host/sandboxed_run.ts";
import { vainReasons } from "../sandbox/host/shown_states.ts";
import type { Output } from "./output.ts";

/** Writes a note for each name that a function asks states of a run for in vain. */
export async function noteMissing(
  output: Output,
  expression: string,
  run: SandboxedRun,
): Promise<void> {
  for (const { problem, hint } of await vainReasons(run, expression)) {
    output.note(`note: ${problem}`);
    if (hint !== "") output.note(`hint: ${hint}`);
  }
}

/** Whether statistics are those of values that were no numbers. */
export function isNotANumber({ mean }: Stats): boolean {
  return Array.isArray(mean) ? mean.some(Number.isNaN) : Number.isNaN(mean);
}

/** Says of functions of a recording that were never true, or gave NaN, what they ask for in vain. */
export async function noteInVain(
  file: string,
  record: Pick<RunRecord, "steps" | "observed">,
  { steps, until, observe = {}, child, output }: {
    steps: number | undefined;
    until: string | undefined;
    observe: Readonly<Record<string, string | undefined>> | undefined;
    child: OpenSandboxedOptions;
    output: Output;
  },
): Promise<void> {
  const never = until !== undefined && record.steps === steps ? [until] : [];
  const odd = Object.entries(record.observed).filter(([, stats]) => isNotANumber(stats));
  const texts = [...never, ...odd.flatMap(([name]) => observe[name] ?? [])];
  if (texts.length === 0) return;
  await using run = await openRun(file, child);
  for (const text of texts) await noteMissing(output, text, run);
}

/** Says of functions of a campaign that were never true, or gave no number, what they ask for in vain. */
export async function noteTrialsInVain(
  output: Output,
  folder: CampaignFolder,
  { definition, summary: { hits, sets }, limits }: {
    definition: CampaignDefinition;
    summary: CampaignSummary;
    limits: TrialLimits;
  },
): Promise<void> {
  const { where, until, final, observe = {} } = definition;
  const isKnown = (name: string) =>
    sets.some(({ quantities }) => quantities.some((quantity) => quantity.name === name));
  using rows = CampaignRows.of(folder, definition);
  if (hits > 0 && Iterator.from(rows).every((row) => hasFailed(row) || row.first === 0)) {
    output.note(
      "note: the event happened at t = 0 in every trial: is that what --where is to say?",
    );
  }
  const isGiven = Iterator.from(rows).some((row) => row.final !== null);
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
