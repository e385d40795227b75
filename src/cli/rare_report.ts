/**
 * What `rewind rare` prints, and the run that it keeps.
 *
 * @module
 */

import { type CampaignFolder, NAMES } from "../campaign/folder.ts";
import type { RareResult } from "../campaign/rare.ts";
import { type RareDefinition, rowsIn } from "../campaign/rare_campaign.ts";
import { recordLineage } from "../campaign/rare_lineage.ts";
import { RARE_WARNINGS } from "../campaign/statistics/rare_estimate.ts";
import type { ChildOptions } from "../sandbox/host/sandbox_child.ts";
import { rarePage } from "./campaign_pages.ts";
import { EXIT_NO, EXIT_OK } from "./exit_codes.ts";
import type { Output } from "./output.ts";
import { counted, grouped } from "./table.ts";

/** What is reported besides the result. */
export interface RareReportOptions {
  readonly definition: RareDefinition;
  /** Where the run that gets there is kept; nowhere if undefined. */
  readonly folder: CampaignFolder | undefined;
  readonly limits: Pick<ChildOptions, "timeoutMs" | "memoryBytesMax" | "signal">;
  readonly json: boolean;
}

/** Keeps a run that gets there, prints the result, and returns the exit code. */
export async function reportRare(
  output: Output,
  result: RareResult,
  { definition, folder, limits, json }: RareReportOptions,
): Promise<number> {
  const files: string[] = [];
  if (folder !== undefined && result.lineage !== undefined) {
    const runs = await recordLineage(definition, result.lineage, limits);
    for (const [i, bytes] of runs.entries()) {
      const name = `lineage-${String(i).padStart(3, "0")}.replay`;
      folder.write(name, bytes);
      files.push(folder.of(name));
    }
  }
  if (folder !== undefined) {
    folder.write(NAMES.page, `${rarePage(folder, definition, rowsIn(folder))}\n`);
    output.note(`page: ${folder.of(NAMES.page)}`);
  }
  const { p, low, high, steps, repeats, crudeSteps, spread, warnings, lineage } = result;
  if (json) {
    output.json({
      ...{ p, low, high, steps, repeats },
      crudeSteps: Number.isFinite(crudeSteps) ? crudeSteps : null,
      spread: Number.isFinite(spread) ? spread : null,
      warnings,
      reachedAt: lineage?.reachedAt ?? null,
      lineage: files,
    });
  } else {
    output.line(`probability ${short(p)} (95%: ${short(low)} to ${short(high)})`);
    output.line(
      output.paint(
        `${counted(repeats, "repeat")}, ${grouped(steps)} steps${
          Number.isFinite(crudeSteps) && crudeSteps > steps
            ? `; crude Monte Carlo would need about ${short(crudeSteps)}`
            : ""
        }`,
        "dim",
      ),
    );
    if (lineage !== undefined) {
      output.line(
        `a run gets there at t = ${grouped(lineage.reachedAt)}, by ${
          counted(lineage.runs.length - 1, "fork")
        }${files.length > 0 ? `: ${files.at(-1)}` : ""}`,
      );
    }
  }
  for (const warning of warnings) output.note(`warning: ${RARE_WARNINGS[warning]}`);
  return p > 0 ? EXIT_OK : EXIT_NO;
}

function short(value: number): string {
  const rounded = Number(value.toPrecision(3));
  return value < 1e6 ? `${rounded}` : rounded.toExponential();
}
