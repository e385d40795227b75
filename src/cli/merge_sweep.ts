/**
 * `rewind merge` on folders of a campaign.
 *
 * @module
 */

import { CampaignFolder } from "../campaign/folder.ts";
import { mergeCampaign } from "../campaign/merge_campaign.ts";
import type { Output } from "./output.ts";
import { reportCampaign } from "./sweep_report.ts";

/** Joins the shards, prints what the campaign comes to, and returns the exit code. */
export function mergeShardsOfCampaign(
  paths: readonly string[],
  { output, json }: { output: Output; json: boolean },
): number {
  const folders = paths.map((path) => CampaignFolder.open(path));
  const target = folders[0]!;
  const { trials, failed } = mergeCampaign(folders, target);
  const end = { isComplete: true, done: trials, failed, trials, hasTooManyFailures: false };
  return reportCampaign(output, target, {
    definition: target.definition(),
    end,
    isShard: false,
    json,
  });
}
