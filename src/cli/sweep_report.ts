/**
 * What `rewind sweep` and `rewind merge` print of a campaign.
 *
 * @module
 */

import { type CampaignEnd, CampaignRows, writeCsv } from "../campaign/campaign.ts";
import { type CampaignDefinition, planOf } from "../campaign/definition.ts";
import { type CampaignFolder, NAMES } from "../campaign/folder.ts";
import type { TrialLimits } from "../campaign/record_trial.ts";
import { type CampaignLimits, TrialRunner } from "../campaign/run_trials.ts";
import { SavedRecord } from "../artifact/saved_record.ts";
import type { Estimate } from "../campaign/statistics/intervals.ts";
import type { CampaignSummary, Quantity, SetSummary } from "../campaign/summary.ts";
import { lineOf } from "../campaign/journal.ts";
import type { TrialRow } from "../campaign/trial_row.ts";
import { sweepData, sweepPage, writeTrialPages } from "./campaign_pages.ts";
import { escapeText } from "../text/escape_text.ts";
import { EXIT_NO, EXIT_OK } from "./exit_codes.ts";
import { noteTrialsInVain } from "./trials_in_vain.ts";
import type { Output } from "./output.ts";
import { byteText, counted, grouped } from "./table.ts";

/** Parameter sets that are printed; all are in `--json`, the table and the page. */
const SETS_MAX = 12;

/** Trials of a dry run that are timed. */
const DRY_TRIALS = 3;

/** What is reported. */
export interface ReportOptions {
  readonly definition: CampaignDefinition;
  readonly end: CampaignEnd;
  /** Whether it is one shard only. */
  readonly isShard: boolean;
  readonly json: boolean;
  /** Whether runs that are kept get a page each. */
  readonly pages?: boolean;
  /** Limits of a trial that is made again to see why nothing was found. */
  readonly limits: TrialLimits;
}

/** Writes the files of a campaign besides its journal, prints what it comes to, and returns the exit code. */
export async function reportCampaign(
  output: Output,
  folder: CampaignFolder,
  { definition, end, isShard, json, pages = false, limits }: ReportOptions,
): Promise<number> {
  if (isShard) {
    if (json) output.json({ folder: folder.path, ...end });
    else output.line(`${grouped(end.done)} of ${counted(end.trials, "trial")} of this shard`);
    output.note(`'rewind merge ${folder.path}' joins the shards when all are done`);
  } else {
    using rows = CampaignRows.of(folder, definition);
    const data = sweepData(definition, rows);
    const { summary } = data;
    writeCsv(folder, definition, rows);
    if (pages) {
      const count = await writeTrialPages(folder, data);
      output.note(`${counted(count, "live page")} in ${folder.of(NAMES.trials)}`);
    }
    folder.write(NAMES.page, `${sweepPage(folder, definition, { data })}\n`);
    if (json) output.json(summaryJson(summary, { folder, end }));
    else printSummary(output, summary, end);
    noteIndifference(output, summary);
    await noteTrialsInVain(output, rows, { definition, summary, limits });
    output.note(
      `results: ${folder.of(NAMES.results)}, ${folder.of(NAMES.csv)}; page: ${
        folder.of(NAMES.page)
      }`,
    );
  }
  if (end.hasTooManyFailures) {
    output.note(
      `stopped: ${
        counted(end.failed, "trial")
      } failed; the same command goes on with a larger --max-failures`,
    );
  }
  if (end.isComplete && end.isPrecise === false) {
    output.note(
      "warning: all seeds are used up, and the interval is wider than --until-ci in some parameter set: " +
        "give more seeds, in another folder (-o)",
    );
  }
  return end.failed > 0 || end.isPrecise === false ? EXIT_NO : EXIT_OK;
}

/** Says of parameters that changed nothing that they did not. */
function noteIndifference(output: Output, { indifferent }: CampaignSummary): void {
  if (indifferent.length === 0) return;
  const names = escapeText(indifferent.join(", "));
  output.note(
    `note: ${names} made no difference: all results are the same whatever it is; does the step read it?`,
  );
}

/** Runs a few trials, keeps nothing, and prints what all of them would take. */
export async function printDryRun(
  output: Output,
  definition: CampaignDefinition,
  { keep, json, ...limits }: CampaignLimits & { readonly keep: string; readonly json: boolean },
): Promise<number> {
  const { count } = planOf(definition);
  const children = limits.children ?? navigator.hardwareConcurrency;
  await using runner = await TrialRunner.prepare(definition, {
    ...limits,
    ...{ children: 1, keep: "all" as const },
  });
  const length = Math.min(DRY_TRIALS + 1, count);
  const numbers = Array.from({ length }, (_, i) => Math.floor((i * count) / length));
  let elapsedMs = 0;
  let rowBytes = 0;
  let runBytes = 0;
  let tried = 0;
  for await (const some of runner.run(numbers)) {
    for (const { row, elapsedMs: ms, record } of some) {
      if (row.failure !== null) output.note(`warning: ${describeRowFailure(row)}`);
      // The first one waits for the start of the child, and is tried for mistakes in the model.
      if (tried++ > 0 || length === 1) elapsedMs += ms;
      rowBytes += lineOf(row).length;
      if (record !== undefined) runBytes += (await new SavedRecord(record).toBytes()).length;
    }
  }
  const seconds = (elapsedMs / Math.max(1, tried - 1) / 1000) * count / children;
  const resultBytes = Math.round((rowBytes / tried) * count);
  const keptBytes = keep === "none" ? 0 : Math.round((runBytes / tried) * count);
  if (json) {
    output.json({ trials: count, children, seconds, resultBytes, keptBytes });
    return EXIT_OK;
  }
  output.line(
    `${counted(count, "trial")}: ${grouped(definition.seeds.count)} seeds with ${
      counted(definition.sets.length, "parameter set")
    }`,
  );
  output.line(
    `about ${timeText(seconds)} with ${counted(children, "trial")} at a time, from ${
      counted(tried, "trial")
    }`,
  );
  output.line(
    `about ${byteText(resultBytes)} of results${
      keptBytes === 0 ? "" : `, at most ${byteText(keptBytes)} of kept runs`
    }`,
  );
  return EXIT_OK;
}

/** A failed trial as one sentence. */
export function describeRowFailure({ trial, seed, params, failure }: TrialRow): string {
  const at = failure?.t === null || failure?.t === undefined ? "" : ` at t = ${failure.t}`;
  const what = escapeText(`${failure?.error}`);
  return `trial ${trial} (seed ${seed}${paramsText(params)}) failed${at}: ${what}`;
}

function paramsText(params: Readonly<Record<string, unknown>>): string {
  return Object.entries(params).map(([name, value]) =>
    escapeText(`, ${name} ${JSON.stringify(value)}`)
  ).join("");
}

function printSummary(output: Output, summary: CampaignSummary, end: CampaignEnd): void {
  const { trials, failed, hits, sets } = summary;
  const parts = [
    `${grouped(trials)} of ${counted(end.trials, "trial")}`,
    ...(failed > 0 ? [`${grouped(failed)} failed and count in no estimate`] : []),
  ];
  output.line(parts.join(", "));
  if (hits > 0) output.line(`the event happened in ${counted(hits, "trial")}`);
  for (const set of sets.slice(0, SETS_MAX)) printSet(output, set, sets.length);
  if (sets.length > SETS_MAX) {
    output.note(
      `${grouped(sets.length - SETS_MAX)} more parameter sets are in the table and in --json`,
    );
  }
}

function printSet(
  output: Output,
  { params, trials, failed, quantities }: SetSummary,
  sets: number,
) {
  if (sets > 1) {
    const names = Object.entries(params).map(([name, value]) => `${name} ${JSON.stringify(value)}`);
    output.line(
      output.bold(escapeText(names.join(", "))) +
        output.paint(
          ` (${counted(trials, "trial")}${failed > 0 ? `, ${failed} failed` : ""})`,
          "dim",
        ),
    );
  }
  for (const quantity of quantities) {
    const label = quantity.name === "where"
      ? "probability of the event"
      : `mean of ${quantity.name}`;
    output.line(
      `  ${escapeText(label)}: ${estimateText(quantity.estimate)}${pairedText(quantity)}`,
    );
  }
}

function pairedText({ paired }: Quantity): string {
  if (paired === undefined) return "";
  const { difference, varianceRatio } = paired;
  const ratio = Number.isFinite(varianceRatio)
    ? `, variance ${varianceRatio.toPrecision(3)} times smaller by common seeds`
    : "";
  return `; against the first set ${estimateText(difference)}${ratio}`;
}

/** `0.25 (0.2 to 0.31)` */
export function estimateText({ value, low, high }: Estimate): string {
  if (Number.isNaN(value)) return "unknown";
  if (Number.isNaN(low)) return shortNumber(value);
  return `${shortNumber(value)} (95%: ${shortNumber(low)} to ${shortNumber(high)})`;
}

function shortNumber(value: number): string {
  return Number.isFinite(value) ? `${Number(value.toPrecision(5))}` : `${value}`;
}

function timeText(seconds: number): string {
  if (seconds < 90) return `${Math.max(1, Math.round(seconds))} s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} minutes`;
  return `${(seconds / 3600).toPrecision(2)} hours`;
}

function summaryJson(
  { trials, failed, hits, sets, indifferent }: CampaignSummary,
  { folder, end }: { folder: CampaignFolder; end: CampaignEnd },
): unknown {
  return {
    folder: folder.path,
    complete: end.isComplete,
    ...(end.isPrecise === undefined ? {} : { precise: end.isPrecise }),
    trials,
    failed,
    hits,
    indifferent,
    sets: sets.map(({ quantities, ...set }) => ({
      ...set,
      quantities: quantities.map(({ name, estimate, paired }) => ({
        name,
        ...finite(estimate),
        paired: paired === undefined
          ? null
          : { ...finite(paired.difference), varianceRatio: orNull(paired.varianceRatio) },
      })),
    })),
  };
}

function finite({ value, low, high, count }: Estimate): Record<string, number | null> {
  return { value: orNull(value), low: orNull(low), high: orNull(high), count };
}

function orNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
