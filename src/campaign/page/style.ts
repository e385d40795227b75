/**
 * The style of a campaign's pages, and their frame.
 * This module is browser compatible.
 *
 * @module
 */

import { TOOL } from "../../artifact/tool_version.ts";
import { sha256Sync } from "../../bytes/sha256.ts";
import { renderFrame } from "../../page/page_frame.ts";
import { type Html, html } from "../../page/html.ts";

const STYLE = `
.lead { font-size: 1.05rem; margin: 0 0 0.8rem; max-width: 60rem; }
.about { color: var(--muted); max-width: 60rem; }
.charts { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 26rem), 1fr)); gap: 1rem 1.5rem; }
figure { margin: 0; min-width: 0; }
figcaption { font-weight: 600; margin-bottom: 0.2rem; overflow-wrap: anywhere; }
.chart { width: 100%; height: auto; display: block; }
.chart text { fill: var(--muted); font: 12px system-ui, sans-serif; }
@media (max-width: 560px) { .chart text { font-size: 14px; } }
.chart .axis { fill: var(--ink); }
.chart .grid { stroke: var(--grid); stroke-width: 1; }
.chart .line { fill: none; stroke-width: 2; stroke-linejoin: round; }
.chart .band { fill-opacity: 0.22; stroke: none; }
.chart .bar { fill-opacity: 0.75; }
.chart .cell { fill: var(--original); }
.chart .cell-text { fill: var(--ink); font-size: 11px; }
.chart .cell-text.on-dark { fill: var(--paper); }
.c0 { --series: var(--original); }
.c1 { --series: var(--replay); }
.c2 { --series: var(--replicas); }
.c3 { --series: var(--violation); }
.c4 { --series: var(--unsure); }
.c5 { --series: var(--muted); }
.chart .line { stroke: var(--series); }
.chart .band, .chart .bar, .chart .dot { fill: var(--series); }
.legend { display: flex; flex-wrap: wrap; gap: 0.2rem 1.1rem; margin: 0.4rem 0 0; padding: 0; list-style: none; font-size: 0.9rem; }
.legend li::before { content: ""; display: inline-block; width: 0.8rem; height: 0.8rem; margin-right: 0.4rem; border-radius: 2px; background: var(--series); vertical-align: -0.05rem; }
.table td:has(code), #estimates td, #pairs td { white-space: nowrap; }
.table td > code { white-space: nowrap; }
.warning { border-left: 4px solid var(--unsure); padding-left: 0.8rem; margin: 0.6rem 0; max-width: 60rem; }
`;

/** A page without scripts of its own. */
export function campaignPage({ title, body }: { title: string; body: Html }): string {
  return renderFrame({
    title,
    body,
    data: null,
    tool: TOOL,
    assets: { script: "", scriptHash: hashOf(""), style: STYLE, styleHash: hashOf(STYLE) },
  });
}

/** A hash as a Content-Security-Policy names it. */
function hashOf(text: string): string {
  const bytes = sha256Sync(new TextEncoder().encode(text));
  return `sha256-${btoa(String.fromCharCode(...bytes))}`;
}

/** A plot with what it is called. */
export function figure(caption: string, plot: Html): Html {
  return html`<figure><figcaption>${caption}</figcaption>${plot}</figure>`;
}

/** What the colors of a plot mean. */
export function legend(names: readonly string[]): Html | undefined {
  if (names.length < 2) return undefined;
  return html`<ul class="legend">${
    names.map((name, i) => html`<li class="c${i % 6}">${name}</li>`)
  }</ul>`;
}
