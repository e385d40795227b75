/**
 * The part of a page that is drawn: one section per metric, the bar that zooms them, and their data.
 * This module is browser compatible.
 *
 * @module
 */

import { section } from "../../page/fragments.ts";
import { type Html, html, type HtmlValue } from "../../page/html.ts";
import { type Mood, plotSection, zoomBar } from "./report_parts.ts";
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

/** The drawn parts of a page. */
export interface PlotParts {
  /** The bar that zooms all plots, and the plots of the first metric: the picture beside the verdict. */
  readonly first: Html | undefined;
  /** The plots of the other metrics. */
  readonly rest: Html | undefined;
  /** What the page's script draws from. */
  readonly data: PageData;
}

/** Markup and data of all plots; without metrics there is no markup. */
export function plotSections(plots: readonly PlotText[], sources: PlotSources): PlotParts {
  const { data, thinned } = pageData(plots, sources);
  const marked = plots.some((plot) => plot.violationSteps.length > 0);
  const sections = plots.map((plot, index) => {
    const cut = thinned.find((entry) => entry.metric === plot.metric);
    return plotSection(index, plot.metric, {
      mood: plot.mood,
      badge: plot.badge,
      facts: cut === undefined
        ? plot.facts
        : html`${plot.facts} Drawn from ${cut.rows} of ${cut.of} steps: the extremes of each interval, and of each with violations its worst.`,
    });
  });
  const [first, ...rest] = sections;
  return {
    first: first && html`
      ${zoomBar(marked)}
      ${first}
      <p class="help">Drag across a plot to zoom all of them, double-click to see all steps again.
        ${marked
          ? "The strip on the upper edge marks values outside the tolerance."
          : undefined}</p>
      <noscript><p>The plots are drawn by a script in this page, which is not allowed to run.</p></noscript>
    `,
    rest: section("plots", "Other metrics", rest.length === 0 ? undefined : rest),
    data,
  };
}
