/**
 * Places of a run that are worth a look: failures, values that are not finite, extremes, first changes.
 *
 * @module
 */

/// <reference lib="dom" />

import { short } from "../../picture/marks.ts";
import type { RunRecord } from "../../../engine/types.ts";
import { grouped } from "../../../text/quantity.ts";
import type { PlotSeries, SurveyView } from "./range_survey.ts";
import type { MarkedEvent } from "./timeline.ts";

/** Most that are listed. */
const EVENTS_MAX = 24;

/** What is known of a run's events from what is plotted of it. */
export function eventsOf(
  { failure, steps }: RunRecord,
  view: SurveyView | undefined,
): MarkedEvent[] {
  const events: MarkedEvent[] = [];
  if (failure !== undefined) {
    events.push({ t: steps - 1, text: "the last state before the step failed" });
  }
  const series = view?.series ?? [];
  for (const { name, first: { nan, positive, negative } } of series) {
    if (nan >= 0) events.push({ t: nan, text: `${name} is NaN first` });
    if (positive >= 0) events.push({ t: positive, text: `${name} is Infinity first` });
    if (negative >= 0) events.push({ t: negative, text: `${name} is -Infinity first` });
  }
  for (const one of series) {
    const { name, min, max } = one;
    if (max !== undefined && min !== undefined && max.value > min.value) {
      events.push({ t: max.t, text: `${name} is largest: ${short(max.value)}` });
      events.push({ t: min.t, text: `${name} is smallest: ${short(min.value)}` });
    }
    const change = firstChange(one, view!);
    if (change !== undefined) events.push(change);
  }
  return events.slice(0, EVENTS_MAX).sort((a, b) => a.t - b.t);
}

/** Where a number that was constant for a while changes first, as exactly as the plot is. */
function firstChange({ name, low, high }: PlotSeries, view: SurveyView): MarkedEvent | undefined {
  const { buckets: { from, width, to }, known } = view;
  for (let i = 0; i < known; i++) {
    if (low[i] === low[0] && high[i] === low[0]) continue;
    // At once is no event.
    if (i <= 1) return undefined;
    const first = from + i * width;
    const last = Math.min(to, first + width) - 1;
    const place = width === 1 ? "" : ` (between here and t = ${grouped(last)})`;
    return { t: first, text: `${name} changes first${place}` };
  }
  return undefined;
}
