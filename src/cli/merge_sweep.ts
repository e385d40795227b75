/**
 * `rewind merge` on folders of a campaign.
 *
 * @module
 */

import { definitionIn } from "../campaign/campaign.ts";
import { CampaignFolder } from "../campaign/folder.ts";
import { mergeCampaign } from "../campaign/merge_campaign.ts";
import {
  mergeRepeats,
  RARE_FORMAT,
  rareDefinitionIn,
  resultOfRows,
} from "../campaign/rare_campaign.ts";
import { reportRare } from "./rare_report.ts";
import type { Output } from "./output.ts";
import { reportCampaign } from "./sweep_report.ts";

/** Joins the shards, prints what the campaign comes to, and returns the exit code. */
export async function mergeShardsOfCampaign(
  paths: readonly string[],
  { output, json, signal }: { output: Output; json: boolean; signal: AbortSignal },
): Promise<number> {
  const folders = paths.map((path) => CampaignFolder.open(path));
  const target = folders[0]!;
  if (target.head().format === RARE_FORMAT) {
    const definition = rareDefinitionIn(target);
    const result = resultOfRows(definition, mergeRepeats(folders, target));
    const limits = { timeoutMs: Infinity, signal };
    return await reportRare(output, result, { definition, folder: target, limits, json });
  }
  const { trials, failed } = mergeCampaign(folders, target);
  const end = {
    isComplete: true,
    done: trials,
    failed,
    trials,
    hasTooManyFailures: false,
    isPrecise: undefined,
  };
  return await reportCampaign(output, target, {
    definition: definitionIn(target),
    limits: { signal },
    end,
    isShard: false,
    json,
  });
}
