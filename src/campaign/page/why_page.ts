/**
 * The page that explains an outcome: the chance over t, and the steps that decided.
 * This module is browser compatible.
 *
 * @module
 */

import type { Json } from "../../codec/state_to_json.ts";
import { formatValue } from "../../codec/format_value.ts";
import { code, factList, section, table } from "../../page/fragments.ts";
import { type Html, html, type HtmlValue } from "../../page/html.ts";
import { escapeText } from "../../text/escape_text.ts";
import { counted, grouped } from "../../text/quantity.ts";
import type { ExplainedJump, WhyReport } from "../why.ts";
import type { WhyPoint } from "../why_search.ts";
import { chartSvg, type Mark } from "./chart.ts";
import { campaignPage, figure } from "./style.ts";
import type { TraceEntry } from "../../engine/types.ts";

/** What the page is made of. */
export interface WhyPageInput {
  /** What the run is called. */
  readonly name: string;
  /** Text of the event; undefined if it is that the run fails. */
  readonly where: string | undefined;
  /** What was found. */
  readonly report: WhyReport;
  /** Commands that look at a step; none where there is no file to look into. */
  readonly commands: { trace(t: number): string; branch(t: number): string } | undefined;
}

/** Points with fewer forks were made on the way to a step, and say little. */
const FORKS_SHOWN = 40;

/** The page as one text. */
export function renderWhyPage({ name, where, report, commands }: WhyPageInput): string {
  const { happenedAt, curve, jumps, forks } = report;
  const event = where === undefined ? "the run fails" : where;
  const start = curve[0]!;
  const title = `Why ${escapeText(name)}`;
  return campaignPage({
    title,
    body: html`
      <header>
        <h1>${title}</h1>
        <p class="lead">${happenedAt === undefined
          ? "The event did not happen in this run."
          : `The event happened first at t = ${grouped(happenedAt)}.`} ${start.forks > 0
          ? `At the start its chance was ${chance(start)}.`
          : undefined} ${jumps.length > 0
          ? `The step that made the state at t = ${grouped(jumps[0]!.t)} decided most.`
          : "No single step decided."}</p>
        ${factList([
          ["Event", code(escapeText(event))],
          ["Forks", `${grouped(forks)} from ${counted(curve.length - 1, "state")}`],
          ["Forks that failed", report.failedForks > 0 ? grouped(report.failedForks) : undefined],
        ])}
        ${report.isCut
          ? html`<p class="warning">All forks were used up: with more the answer may become sharper.</p>`
          : undefined}
        <p class="about">Each point is the share of forks with fresh seeds from that state in which the event
          happened before the run's last step. Bands are Wilson's at 95%. Points on the way to a step, with few
          forks, are left out here.</p>
      </header>
      ${section("curve", "The chance over t", html`<div class="charts">${curvePlot(report)}</div>`)}
      ${section("jumps", "Steps that decided", jumps.map((jump) => jumpSection(jump, commands)))}
      ${section(
        "points",
        "All states that were looked at",
        table(
          "The chance given the state at t",
          ["t", "Forks", "With the event", "Chance"],
          curve.map((point): HtmlValue[] => [
            grouped(point.t),
            grouped(point.forks),
            grouped(point.hits),
            chance(point),
          ]),
        ),
      )}
    `,
  });
}

function curvePlot({ curve, jumps }: WhyReport): Html {
  const solid = curve.filter(({ forks }) => forks === 0 || forks >= FORKS_SHOWN);
  const marks: Mark[] = [
    { kind: "band", color: 0, points: solid.map(({ t, low, high }) => [t, low, high]) },
    { kind: "line", color: 0, points: solid.map(({ t, p }) => [t, p]) },
    { kind: "dots", color: 0, points: solid.map(({ t, p }) => [t, p]) },
    ...jumps.map(({ t, before, after }): Mark => ({
      kind: "line",
      color: 1,
      points: [[t, before.p], [t, after.p]],
    })),
  ];
  const last = curve.at(-1)!.t;
  return figure(
    "From the start to where the outcome is known",
    chartSvg({
      label: "chance of the event over t",
      x: { name: "t", extent: [curve[0]!.t, Math.max(last, curve[0]!.t + 1)] },
      y: { name: "chance", extent: [0, 1] },
      marks,
    }),
  );
}

function jumpSection(
  { t, before, after, draws, changes }: ExplainedJump,
  commands: WhyPageInput["commands"],
): Html {
  const value = (json: Json | undefined) =>
    code(escapeText(json === undefined ? "nothing" : JSON.stringify(json), { maxLength: 120 }));
  return html`
    <section>
      <h3>t = ${grouped(t)}: ${chance(before)} before, ${chance(after)} after</h3>
      ${draws === undefined
        ? undefined
        : html`<p>Draws: ${draws.length === 0 ? "none" : draws.map(drawHtml)}</p>`}
      ${changes === undefined ? undefined : table(
        "What the step changed",
        ["Path", "Before", "After"],
        changes.map((change): HtmlValue[] => [
          code(escapeText(change.path)),
          value(change.before),
          value(change.after),
        ]),
      )}
      ${commands === undefined ? undefined : html`
        <p class="about">To look at it: ${code(commands.trace(t))}<br>To fork before it: ${code(
          commands.branch(Math.max(0, t - 1)),
        )}</p>
      `}
    </section>
  `;
}

function drawHtml({ method, args, result }: TraceEntry, index: number): Html {
  const list = args.map((value) => formatValue(value, { maxLength: 60 })).join(", ");
  return html`${index === 0 ? undefined : ", "}${
    code(`${escapeText(method)}(${list}) = ${formatValue(result, { maxLength: 120 })}`)
  }`;
}

function chance({ p, low, high, forks }: WhyPoint): string {
  return forks === 0 ? percent(p) : `${percent(p)} (${percent(low)} to ${percent(high)})`;
}

function percent(p: number): string {
  return `${Number((100 * p).toPrecision(3))}%`;
}
