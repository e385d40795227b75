/**
 * Parts that the report pages share: the verdict, violations and the places of plots.
 * This module is browser compatible.
 *
 * @module
 */

import { symbolButton, table } from "../../page/fragments.ts";
import { type Html, html, type HtmlValue } from "../../page/html.ts";
import { counted, grouped } from "../../text/quantity.ts";
import { type FingerprintFinding, shortCause } from "../findings/fingerprint_finding.ts";
import type { Mismatch, OutsideCounts } from "../compare/run_comparison.ts";

/** How a verdict is shown; a symbol and words beside the color. */
export type Mood = "good" | "bad" | "unsure";

const SYMBOLS: Readonly<Record<Mood, string>> = { good: "✓", bad: "✗", unsure: "?" };

/** The head of a page: what came out, in one sentence, and what may make it mean something else. */
export function verdictHead(
  mood: Mood,
  text: {
    readonly title: string;
    readonly lead: HtmlValue;
    readonly warnings: readonly string[];
  },
): Html {
  return html`
    <header class="verdict ${mood}">
    <h1><span class="symbol" aria-hidden="true">${SYMBOLS[mood]}</span> ${text.title}</h1>
    <p class="lead">${text.lead}</p>
    ${text.warnings.length > 0 &&
        html`<ul class="warnings">${text.warnings.map((line) => html`<li>${line}</li>`)}</ul>` ||
      undefined}
    </header>
  `;
}

/** The cause inside the step, as the end of a lead. */
export function causeLead(finding: FingerprintFinding | undefined): Html | undefined {
  const cause = shortCause(finding);
  return cause === undefined ? undefined : html`
    Cause inside the step: <strong>${cause}</strong>.
  `;
}

/** A button that zooms all plots to a step of a metric. */
export function stepButton(step: number, metric: string): Html {
  return html`
    <button type="button" class="step" data-step="${step}" data-metric="${metric}"
      title="Show step ${step} of ${metric}">${step}</button>
  `;
}

/** Digits of a number that people read; more where two numbers would look the same. */
const DIGITS_SHOWN = 4;
/** So many digits tell every two doubles apart. */
const DIGITS_ALL = 17;

/** A value of a log: a few digits, and all of them once the page's switch asks for them. */
export function numberText(value: number | undefined): HtmlValue {
  return shownWith(value, DIGITS_SHOWN);
}

/** Two values that differ, each with as many digits as tell them apart. */
export function numberPair(
  a: number | undefined,
  b: number | undefined,
): readonly [HtmlValue, HtmlValue] {
  let digits = DIGITS_SHOWN;
  if (a !== undefined && b !== undefined && Number.isFinite(a) && Number.isFinite(b) && a !== b) {
    while (digits < DIGITS_ALL && Number(a.toPrecision(digits)) === Number(b.toPrecision(digits))) {
      digits++;
    }
  }
  return [shownWith(a, digits), shownWith(b, digits)];
}

function shownWith(value: number | undefined, digits: number): HtmlValue {
  if (value === undefined) return "none";
  if (Object.is(value, -0)) return "-0";
  const full = String(value);
  const short = Number.isFinite(value) ? String(Number(value.toPrecision(digits))) : full;
  if (short === full) return full;
  return html`<span class="short" title="${full}">${short}</span><span class="full">${full}</span>`;
}

/** The switch that shows all digits of every number. */
export function exactSwitch(): Html {
  return html`<label class="exact"><input type="checkbox" id="exact"> All digits</label>`;
}

/** A number of which a few digits say enough. */
export function roundText(value: number): string {
  return Number.isFinite(value) ? String(Number(value.toPrecision(3))) : "–";
}

/** So many values, in words. */
export function valueCount(count: number): string {
  return counted(count, "value");
}

/** "3 of 40 values of loss", and how many more there are on one side only. */
export function differingText({ violations, oneSided, compared }: OutsideCounts): string {
  const more = oneSided === 0 ? "" : `${grouped(oneSided)} on one side only, `;
  return `${more}${grouped(violations - oneSided)} of ${valueCount(compared)}`;
}

/** Names of metrics, or how many there are. */
export function metricNames(names: readonly string[]): string {
  return names.length === 0
    ? "no metric"
    : names.length <= 3
    ? names.join(", ")
    : `${grouped(names.length)} metrics`;
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
    ? `${grouped(shown.length)} of ${
      grouped(total)
    } values outside the tolerance: the first of each metric, by step`
    : `All ${grouped(total)} values outside the tolerance, by step`;
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
        ...numberPair(mismatch.original, mismatch.replay),
        roundText(mismatch.absoluteDiff),
        roundText(mismatch.relativeDiff),
        KINDS[mismatch.kind],
        ...(extra ? [extra.of(mismatch)] : []),
      ]),
    )
  }${
    more > 0
      ? html`<p class="more">${grouped(more)} more are marked in the plots${
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
    ${exactSwitch()}
    <output id="view" aria-live="polite"></output>
    </div>
  `;
}
