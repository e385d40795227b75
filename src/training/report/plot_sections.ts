/**
 * The part of a page that is drawn: one section per metric, the bar that zooms them, and their data.
 * This module is browser compatible.
 *
 * @module
 */

import { section } from "../../page/fragments.ts";
import { type Html, html, type HtmlValue } from "../../page/html.ts";
import { type Mood, plotSection, zoomBar } from "./fragments.ts";
import type { PageData } from "./page_data.ts";
import { pageData, type PlotInput, type PlotSources } from "./plot_data.ts";

/** One metric: its curves and the words beside them. */
export interface PlotText extends PlotInput {
  /** Colour of its badge. */
  readonly mood: Mood;
  /** What came out, in a few words. */
  readonly badge: string;
  /** What else there is to know. */
  readonly facts: HtmlValue;
}

/** Markup and data of all plots; without metrics there is no markup. */
export function plotSections(
  plots: readonly PlotText[],
  sources: PlotSources,
): { markup: Html | undefined; data: PageData } {
  const { data, thinned } = pageData(plots, sources);
  const marked = plots.some((plot) => plot.violationSteps.length > 0);
  const markup = section(
    "plots",
    "Plots",
    plots.length === 0 ? undefined : html`
      ${zoomBar(marked)}
      <p class="help">Drag across a plot to zoom all of them, double-click to see all steps again.
        ${marked ? "Ticks on the upper edge are violations." : undefined}</p>
      <noscript><p>The plots are drawn by a script in this page, which is not allowed to run.</p></noscript>
      ${plots.map((plot, index) => {
        const cut = thinned.find((entry) => entry.metric === plot.metric);
        return plotSection(index, plot.metric, {
          mood: plot.mood,
          badge: plot.badge,
          facts: cut === undefined
            ? plot.facts
            : html`${plot.facts} Drawn from ${cut.rows} of ${cut.of} steps: the extremes of each interval, and of each with violations its worst.`,
        });
      })}
    `,
  );
  return { markup, data };
}
