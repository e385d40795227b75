/**
 * Parts that the report pages share: the verdict, facts, tables and the places of plots.
 * This module is browser compatible.
 *
 * @module
 */

import type { Mismatch } from "../compare.ts";
import { type Html, html, type HtmlValue } from "./html.ts";

/** How a verdict is shown; a symbol and words beside the colour. */
export type Mood = "good" | "bad" | "unsure";

const SYMBOLS: Readonly<Record<Mood, string>> = { good: "✓", bad: "✗", unsure: "?" };

/** The head of a page: what came out, in one line, and why. */
export function verdictHead(
  mood: Mood,
  text: { readonly title: string; readonly lead: string; readonly reasons: readonly string[] },
): Html {
  return html`
    <header class="verdict ${mood}">
    <h1><span class="symbol" aria-hidden="true">${SYMBOLS[mood]}</span> ${text.title}</h1>
    <p class="lead">${text.lead}</p>
    ${text.reasons.length > 0 &&
        html`<ul class="reasons">${text.reasons.map((reason) => html`<li>${reason}</li>`)}</ul>` ||
      undefined}
    </header>
  `;
}

/** Terms and what they are; those without a value are left out. */
export function factList(facts: readonly (readonly [term: string, value: HtmlValue])[]): Html {
  return html`
    <dl class="facts">${facts.filter(([, value]) => value !== undefined).map(([term, value]) =>
      html`
        <div>
          <dt>${term}</dt>
          <dd>${value}</dd>
        </div>
      `
    )}</dl>
  `;
}

/** Text as it would be typed. */
export function code(text: string): Html {
  return html`<code>${text}</code>`;
}

/** A table that scrolls on its own where it is too wide; nothing without rows. */
export function table(
  caption: string,
  columns: readonly string[],
  rows: readonly (readonly HtmlValue[])[],
): Html | undefined {
  if (rows.length === 0) return undefined;
  return html`
    <div class="table" role="region" aria-label="${caption}" tabindex="0">
      <table>
        <caption>${caption}</caption>
        <thead>
          <tr>${columns.map((name) => html`<th scope="col">${name}</th>`)}</tr>
        </thead>
        <tbody>${rows.map(([head, ...cells]) =>
          html`
            <tr><th scope="row">${head}</th>${cells.map((cell) => html`<td>${cell}</td>`)}</tr>
          `
        )}</tbody>
      </table>
    </div>
  `;
}

/** A section with a heading; nothing without content. */
export function section(id: string, heading: string, content: HtmlValue): Html | undefined {
  if (content === undefined || (Array.isArray(content) && content.length === 0)) return undefined;
  return html`
    <section id="${id}" aria-labelledby="${id}-heading">
    <h2 id="${id}-heading">${heading}</h2>
    ${content}
    </section>
  `;
}

/** Lines of prose as a list; nothing without lines. */
export function list(lines: readonly HtmlValue[]): Html | undefined {
  return lines.length === 0 ? undefined : html`
    <ul>${lines.map((line) => html`<li>${line}</li>`)}</ul>
  `;
}

/** Long text that is folded away; nothing without text. */
export function folded(summary: string, text: string | undefined): Html | undefined {
  return text === undefined || text === "" ? undefined : html`
    <details>
      <summary>${summary}</summary>
      <pre tabindex="0">${text}</pre>
    </details>
  `;
}

/** A button that zooms all plots to a step of a metric. */
export function stepButton(step: number, metric: string): Html {
  return html`
    <button type="button" class="step" data-step="${step}" data-metric="${metric}"
      title="Show step ${step} of ${metric}">${step}</button>
  `;
}

/** A number as the log has it. */
export function numberText(value: number | undefined): string {
  return value === undefined ? "none" : Object.is(value, -0) ? "-0" : String(value);
}

/** A number of which a few digits say enough. */
export function roundText(value: number): string {
  return Number.isFinite(value) ? String(Number(value.toPrecision(3))) : "–";
}

/** So many values, in words. */
export function valueCount(count: number): string {
  return count === 1 ? "1 value" : `${count} values`;
}

const KINDS: Readonly<Record<Mismatch["kind"], string>> = {
  value: "value",
  ["non_finite"]: "not finite",
  ["missing_replay"]: "missing in the second",
  ["missing_original"]: "missing in the first",
};

/** Violations in the page; the JSON files hold more, and the plots mark all. */
const VIOLATIONS_SHOWN_MAX = 100;
/** So many of one metric are shown, however many metrics there are. */
const VIOLATIONS_PER_METRIC_MIN = 5;

/** The first of each metric, so that one with many does not hide the few of another. */
function firstOfEach<M extends Mismatch>(mismatches: readonly M[]): M[] {
  const metrics = new Set(mismatches.map((mismatch) => mismatch.metric)).size;
  const share = Math.max(VIOLATIONS_PER_METRIC_MIN, Math.floor(VIOLATIONS_SHOWN_MAX / metrics));
  const counts = new Map<string, number>();
  return mismatches.filter(({ metric }) => {
    const count = (counts.get(metric) ?? 0) + 1;
    counts.set(metric, count);
    return count <= share;
  });
}

/** The first violations, each a button that shows it, and how many more there are. */
export function violationTable<M extends Mismatch>(
  mismatches: readonly M[],
  total: number,
  options: {
    readonly names: { readonly original: string; readonly replay: string };
    readonly elsewhere: string | undefined;
    readonly extra?: { readonly name: string; readonly of: (mismatch: M) => HtmlValue };
  },
): Html | undefined {
  const { names, elsewhere, extra } = options;
  const shown = firstOfEach(mismatches);
  if (shown.length === 0) return undefined;
  const more = total - shown.length;
  const caption = total === 1
    ? "The one value outside the tolerance"
    : more > 0
    ? `${shown.length} of ${total} values outside the tolerance: the first of each metric, by step`
    : `All ${total} values outside the tolerance, by step`;
  return html`${
    table(
      caption,
      [
        "Step",
        "Metric",
        names.original,
        names.replay,
        "Difference",
        "Relative",
        "Kind",
        ...(extra ? [extra.name] : []),
      ],
      shown.map((mismatch) => [
        stepButton(mismatch.step, mismatch.metric),
        mismatch.metric,
        numberText(mismatch.original),
        numberText(mismatch.replay),
        roundText(mismatch.absoluteDiff),
        roundText(mismatch.relativeDiff),
        KINDS[mismatch.kind],
        ...(extra ? [extra.of(mismatch)] : []),
      ]),
    )
  }${
    more > 0
      ? html`<p class="more">${more} more are marked in the plots${
        elsewhere === undefined ? "" : `, and listed in ${elsewhere}`
      }.</p>`
      : undefined
  }`;
}

/** The place of one metric's plots, which the page's script fills. */
export function plotSection(
  index: number,
  metric: string,
  text: { readonly mood: Mood; readonly badge: string; readonly facts: HtmlValue },
): Html {
  return html`
    <section class="metric" id="metric-${index}" data-plot="${index}"
      aria-labelledby="metric-${index}-heading">
      <h3
        id="metric-${index}-heading">${metric} <span class="badge ${text
          .mood}"><span aria-hidden="true">${SYMBOLS[text.mood]}</span> ${text.badge}</span></h3>
      <p class="about">${text.facts}</p>
      <div class="plots"></div>
    </section>
  `;
}

/** The bar that zooms all plots; it shows itself once the script runs. */
export function zoomBar(withViolations: boolean): Html {
  const button = (action: string, label: string, face: string): Html =>
    html`
      <button type="button" data-zoom="${action}" aria-label="${label}"
        title="${label}">${face}</button>
    `;
  return html`
    <div id="zoom" class="zoom" role="group" aria-label="Zoom of all plots" hidden>
    ${button("back", "Earlier steps", "◀")}${button("in", "Zoom in", "+")}${button(
      "out",
      "Zoom out",
      "−",
    )}${button("forward", "Later steps", "▶")}${button("all", "All steps", "All")}
    ${withViolations
      ? html`${button("previous", "Previous violation", "◀ violation")}${
        button("next", "Next violation", "violation ▶")
      }`
      : undefined}
    <output id="view" aria-live="polite"></output>
    </div>
  `;
}
