/**
 * The page of a splitting: the estimate, how the particles got to the level, and what is to be doubted.
 * This module is browser compatible.
 *
 * @module
 */

import { code, factList, section, table } from "../../page/fragments.ts";
import { type Html, html, type HtmlValue } from "../../page/html.ts";
import { escapeText } from "../../text/escape_text.ts";
import { counted, grouped } from "../../text/quantity.ts";
import { checkSettings, type RareResult } from "../rare.ts";
import type { RareDefinition } from "../rare_campaign.ts";
import type { RareRow } from "../rare_row.ts";
import { RARE_WARNINGS } from "../statistics/rare_estimate.ts";
import { chartSvg, extentOf, type Mark, shortNumber } from "./chart.ts";
import { campaignPage, figure } from "./style.ts";

/** What the page is made of. */
export interface RarePageInput {
  /** The splitting. */
  readonly definition: RareDefinition;
  /** What it comes to. */
  readonly result: RareResult;
  /** Its repeats. */
  readonly rows: readonly RareRow[];
  /** Commands that open the runs of the lineage. */
  readonly commands: readonly string[];
}

/** Repeats that are drawn. */
const CURVES_MAX = 24;

/** The page as one text. */
export function renderRarePage({ definition, result, rows, commands }: RarePageInput): string {
  const { p, low, high, steps, crudeSteps, spread, warnings, lineage } = result;
  const { particles, kill, level, repeats } = checkSettings(definition);
  const done = rows.length;
  const name = escapeText(definition.module.stepId);
  return campaignPage({
    title: `How likely ${name} gets to ${level}`,
    body: html`
      <header>
        <h1>How likely ${name} gets to ${shortNumber(level)}</h1>
        <p class="lead">${done === 0 ? "No repeat is done yet." : html`
          Probability <strong>${short(p)}</strong>, between ${short(low)} and ${short(high)} at 95%.
        `}</p>
        ${done === repeats ? undefined : html`
          <p
            class="warning">This splitting is not complete: ${grouped(done)} of ${counted(
              repeats,
              "repeat",
            )} are done. The same command goes on.</p>
        `}
        ${warnings.map((warning) => html`<p class="warning">${RARE_WARNINGS[warning]}</p>`)}
        ${factList([
          ["Score", code(escapeText(definition.score))],
          ["Level", shortNumber(level)],
          ["Horizon", counted(definition.steps, "state")],
          ["Ends early", definition.until && code(escapeText(definition.until))],
          ["Particles", `${grouped(particles)}, at least ${grouped(kill)} killed at a time`],
          ["Repeats", grouped(done)],
          ["Steps made", grouped(steps)],
          [
            "Crude Monte Carlo",
            Number.isFinite(crudeSteps) ? `would need about ${short(crudeSteps)} steps` : undefined,
          ],
          [
            "Spread of repeats",
            Number.isFinite(spread)
              ? `${shortNumber(spread)} times that of independent particles`
              : undefined,
          ],
        ])}
      </header>
      ${section(
        "levels",
        "From level to level",
        html`<div class="charts">${levels(rows, particles)}</div>`,
      )}
      ${section(
        "repeats",
        "Repeats",
        table(
          "Each is unbiased; the estimate is their mean",
          ["Repeat", "Estimate", "Rounds", "Killed", "First ancestors left", "Steps"],
          rows.map((row): HtmlValue[] => [
            grouped(row.trial),
            row.estimate.logP === null ? "0 (died out)" : short(Math.exp(row.estimate.logP)),
            grouped(row.rounds),
            grouped(row.estimate.kills),
            grouped(row.estimate.ancestors),
            grouped(row.steps),
          ]),
        ),
      )}
      ${section(
        "lineage",
        "A run that gets there",
        lineage === undefined || commands.length === 0 ? undefined : html`
          <p>It reaches the level at t = ${grouped(lineage.reachedAt)}, as the last of ${counted(
            commands.length,
            "run",
          )}, each a branch of the one before.</p>
          <ul>${commands.map((command) => html`<li>${code(command)}</li>`)}</ul>
        `,
      )}
    `,
  });
}

/** The share of trajectories that get above a score, on the log scale. */
function levels(rows: readonly RareRow[], particles: number): Html {
  const marks = rows.slice(0, CURVES_MAX).map(({ curve }): Mark => ({
    kind: "line",
    color: 0,
    points: curve.flatMap(([level, log]): [number, number][] =>
      log === null || !Number.isFinite(level) ? [] : [[level, log / Math.LN10]]
    ),
  })).filter((mark) => mark.kind === "line" && mark.points.length > 1);
  const points = marks.flatMap((mark) => mark.kind === "line" ? mark.points : []);
  return figure(
    `Share that gets above a score, each line a repeat of ${grouped(particles)} particles`,
    chartSvg({
      label: "share of trajectories above a score",
      x: { name: "score", extent: extentOf(points.map(([x]) => x)) },
      y: { name: "log10 of the share", extent: [extentOf(points.map(([, y]) => y))[0], 0] },
      marks,
    }),
  );
}

function short(value: number): string {
  return String(Number(value.toPrecision(3)));
}
