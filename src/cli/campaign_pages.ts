/**
 * The pages of campaigns, with the commands that a person copies from them.
 *
 * @module
 */

import { join } from "shlex";
import { CampaignRows, definitionIn, keptName } from "../campaign/campaign.ts";
import type { CampaignDefinition } from "../campaign/definition.ts";
import type { CampaignFolder } from "../campaign/folder.ts";
import { renderCampaignPage } from "../campaign/page/campaign_page.ts";
import { CampaignPageCollector, type CampaignPageData } from "../campaign/page/campaign_data.ts";
import { renderRarePage } from "../campaign/page/rare_page.ts";
import {
  RARE_FORMAT,
  type RareDefinition,
  rareDefinitionIn,
  resultOfRows,
  rowsIn,
} from "../campaign/rare_campaign.ts";
import type { RareRow } from "../campaign/rare_row.ts";
import { pointsOf, type TrialRow } from "../campaign/trial_row.ts";

/** The page of whatever campaign is in a folder, as far as it has come. */
export function pageOfFolder(
  folder: CampaignFolder,
  { isInside }: { isInside: boolean },
): string {
  if (folder.head().format !== RARE_FORMAT) {
    return sweepPage(folder, definitionIn(folder), { isInside });
  }
  return rarePage(folder, rareDefinitionIn(folder), rowsIn(folder));
}

/** What the page of a sweep shows, its summary among it. */
export function sweepData(
  definition: CampaignDefinition,
  rows: Iterable<TrialRow>,
): CampaignPageData {
  const { sets, where, steps, points } = definition;
  const collector = new CampaignPageCollector(sets, {
    hasWhere: where !== undefined,
    points: pointsOf(steps, points).length,
  });
  for (const row of rows) collector.add(row);
  return collector.result();
}

function dataOfFolder(folder: CampaignFolder, definition: CampaignDefinition): CampaignPageData {
  using rows = CampaignRows.of(folder, definition);
  return sweepData(definition, rows);
}

/**
 * The page of a sweep.
 *
 * @param isInside Whether the page will be in the folder, so that it can lead to pages that are.
 */
export function sweepPage(
  folder: CampaignFolder,
  definition: CampaignDefinition,
  { data = dataOfFolder(folder, definition), isInside = true }: {
    data?: CampaignPageData;
    isInside?: boolean;
  } = {},
): string {
  return renderCampaignPage({
    definition,
    data,
    open: (row) => openCommand(folder, definition, row),
    page: ({ trial }) =>
      isInside && folder.disk.entry(folder.of(pageName(trial))) !== undefined
        ? pageName(trial)
        : undefined,
  });
}

/**
 * Writes a live page beside each kept run of the trials that the campaign's page lists, where there is none.
 *
 * @returns How many there are.
 */
export async function writeTrialPages(
  folder: CampaignFolder,
  { hits, failures }: CampaignPageData,
): Promise<number> {
  const { livePage } = await import("./live_page_file.ts");
  const has = (name: string) => folder.disk.entry(folder.of(name)) !== undefined;
  const kept = [...hits, ...failures].filter(({ trial }) => has(keptName(trial)));
  for (const { trial } of kept) {
    if (has(pageName(trial))) continue;
    const { text } = await livePage(folder.of(keptName(trial)));
    folder.write(pageName(trial), `${text}\n`);
  }
  return kept.length;
}

/** Where the live page of a trial is, if it was written. */
function pageName(trial: number): string {
  return keptName(trial).replace(/\.replay$/, ".html");
}

/** The page of a splitting. */
export function rarePage(
  folder: CampaignFolder,
  definition: RareDefinition,
  rows: readonly RareRow[],
): string {
  const files = folder.disk.names(folder.path).filter((name) => /^lineage-\d+\.replay$/.test(name));
  return renderRarePage({
    definition,
    result: resultOfRows(definition, rows),
    rows,
    commands: files.sort().map((name) => join(["rewind", "view", folder.of(name)])),
  });
}

/** The command that shows a trial: from its file where that was kept, else by recording it. */
function openCommand(
  folder: CampaignFolder,
  { path, steps, params, rng, blockSize, until }: CampaignDefinition,
  { trial, seed, params: varied }: TrialRow,
): string {
  const kept = folder.of(keptName(trial));
  if (folder.disk.entry(kept) !== undefined) return join(["rewind", "view", kept]);
  return join([
    ...["rewind", "record", path, "--steps", `${steps}`, "--seed", `${seed}`],
    ...(params === undefined ? [] : ["--params", JSON.stringify(params.value)]),
    ...Object.entries(varied).flatMap(([name, value]) => [
      "--param",
      `${name}=${JSON.stringify(value)}`,
    ]),
    ...(rng === undefined ? [] : ["--rng", rng]),
    ...(blockSize === undefined ? [] : ["--block-size", `${blockSize}`]),
    ...(until === undefined ? [] : ["--until", until]),
    ...["-o", `trial-${trial}.replay`],
  ]);
}
