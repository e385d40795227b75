/**
 * Parts that the report pages share: the verdict, violations and the places of plots.
 * This module is browser compatible.
 *
 * @module
 */

import { symbolButton, table } from "../../page/fragments.ts";
import { type Html, html, type HtmlValue } from "../../page/html.ts";
import type { Mismatch } from "../compare/run_comparison.ts";

/** How a verdict is shown; a symbol and words beside the color. */
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
      aria-labeledby="metric-${index}-heading">
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
  const button = symbolButton("zoom");
  return html`
    <div id="zoom" class="zoom bar" role="group" aria-label="Zoom of all plots" hidden>
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
