/**
 * Joins the shards of a campaign, wherever they ran, into the file that one machine would have written.
 *
 * @module
 */

import { equalBytes } from "../codec/compare_states.ts";
import { CampaignError } from "./campaign_error.ts";
import { definitionIn } from "./campaign.ts";
import { planOf } from "./definition.ts";
import { type CampaignFolder, NAMES } from "./folder.ts";
import { differenceOf } from "./folder_head.ts";
import { type Journal, writeLines } from "./journal.ts";
import { type TrialRow, trialShape } from "./trial_row.ts";

/** What was joined. */
export interface MergedCampaign {
  /** Number of trials. */
  readonly trials: number;
  /** How many of them failed. */
  readonly failed: number;
  /** Number of journals that they came from. */
  readonly journals: number;
}

/** Missing trials that are named. */
const NAMED_MAX = 5;

/**
 * Writes the completed `results.jsonl` of a campaign into one of its folders.
 *
 * @param folders Folders of one campaign, each with journals of some shards.
 * @param target The one that gets the result.
 * @throws {CampaignError} If they are of different campaigns, if trials are missing, or if two shards have the
 * same trial with different results.
 */
export function mergeCampaign(
  folders: readonly CampaignFolder[],
  target: CampaignFolder,
): MergedCampaign {
  const definition = definitionIn(target);
  const head = target.head();
  for (const folder of folders) {
    const difference = differenceOf(folder.head(), head);
    if (difference !== undefined) {
      throw new CampaignError(
        `Cannot merge '${folder.path}' and '${target.path}': they are different campaigns: '${difference}' differs`,
      );
    }
  }
  if (definition.untilCi !== undefined) {
    throw new CampaignError("Cannot merge a campaign with --until-ci: it has no shards");
  }
  const plan = planOf(definition);
  const journals = folders.flatMap((folder) => folder.journals(trialShape(plan)));
  if (journals.length === 0) throw new CampaignError("Cannot merge: there are no results yet");
  try {
    const places = placesOf(journals, plan.count);
    const lines = function* () {
      for (const [trial, journal] of places.entries()) yield journal.line(trial)!;
    };
    writeLines(target.disk, target.of(NAMES.results), lines());
    const failed = places.filter((journal, trial) => journal.hasFailed(trial)).length;
    return { trials: places.length, failed, journals: journals.length };
  } finally {
    for (const journal of journals) journal.close();
  }
}

/** The journal that has each trial. */
function placesOf(
  journals: readonly Journal<TrialRow>[],
  trials: number,
): Journal<TrialRow>[] {
  const places: Journal<TrialRow>[] = [];
  const missing: number[] = [];
  for (let trial = 0; trial < trials; trial++) {
    const [first, ...others] = journals.filter((journal) => journal.has(trial));
    if (first === undefined) missing.push(trial);
    else {
      for (const other of others) {
        if (equalBytes(other.line(trial)!, first.line(trial)!)) continue;
        throw new CampaignError(
          `Cannot merge: trial ${trial} has one result in '${first.path}' and another in '${other.path}'`,
          {
            hint:
              "one of them was made with another version of rewind, or the model is not deterministic",
          },
        );
      }
      places.push(first);
    }
  }
  if (missing.length === 0) return places;
  const named = missing.slice(0, NAMED_MAX).join(", ");
  throw new CampaignError(
    `Cannot merge: ${missing.length} of ${trials} trials are missing: ${named}${
      missing.length > NAMED_MAX ? ", ..." : ""
    }`,
    { hint: "run the missing shards again with the same command" },
  );
}
