/**
 * The script of every report page: draws the plots when they come into sight, zooms them together, and
 * follows the tables' buttons.
 *
 * @module
 */

/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

import { decodeSteps } from "../../../page/columns.ts";
import type { PageData } from "../page_data.ts";
import { lowerBound } from "../thin_rows.ts";
import { MetricData } from "./metric_data.ts";
import { MetricPlots } from "./metric_plots.ts";
import { stepText } from "../../../page/browser/numbers.ts";
import { followScheme, isPrinting, PRINT_WIDTH } from "../../../page/browser/scheme.ts";
import { watchSight } from "../../../page/browser/sight.ts";
import { ZoomView } from "./zoom_view.ts";

/** Rows on each side of a step that was chosen in a table. */
const ROWS_AROUND = 12;

const data = JSON.parse(document.getElementById("data")!.textContent!) as PageData;

/** One metric's place in the page; what is expensive is made when it is needed. */
class MetricSection {
  readonly element: HTMLElement;
  readonly index: number;
  inSight = false;
  #stale = true;
  #metric: MetricData | undefined;
  #plots: MetricPlots | undefined;

  constructor(element: HTMLElement) {
    this.element = element;
    this.index = Number(element.dataset["plot"]);
  }

  get metric(): MetricData {
    const plot = data.plots[this.index]!;
    return this.#metric ??= new MetricData(plot, axisOf(plot.axis));
  }

  /** Draws it now if it can be seen, else when it comes into sight. */
  refresh(): void {
    this.#stale = true;
    if (this.inSight) this.draw();
  }

  /** Makes the plots anew where they are: their legends keep the colors that they were made with. */
  recolor(): void {
    this.#plots?.destroy();
    this.#plots = undefined;
    this.refresh();
  }

  /** Draws it for paper, whether it is in sight or not. */
  print(): void {
    this.#plots?.destroy();
    this.#plots = undefined;
    this.#stale = true;
    this.draw(PRINT_WIDTH);
  }

  draw(width = hostOf(this.element).clientWidth): void {
    if (!this.#stale || width === 0) return;
    this.#stale = false;
    if (this.#plots !== undefined) {
      this.#plots.update(width);
      return;
    }
    this.#plots = new MetricPlots(hostOf(this.element), this.metric, {
      view,
      names: data.names,
      width,
    });
  }
}

function hostOf(element: HTMLElement): HTMLElement {
  return element.querySelector<HTMLElement>(".plots")!;
}

const axes = new Map<number, Float64Array>();

function axisOf(index: number): Float64Array {
  let steps = axes.get(index);
  if (steps === undefined) axes.set(index, steps = decodeSteps(data.axes[index]!));
  return steps;
}

const sections = [...document.querySelectorAll<HTMLElement>("[data-plot]")].map((element) =>
  new MetricSection(element)
);
const used = [...new Set(data.plots.map((plot) => plot.axis))].map(axisOf)
  .filter((steps) => steps.length > 0);
const view = new ZoomView({
  min: used.reduce((min, steps) => Math.min(min, steps[0]!), Infinity),
  max: used.reduce((max, steps) => Math.max(max, steps.at(-1)!), -Infinity),
});

function refreshAll(): void {
  for (const section of sections) section.refresh();
}

/** Shows a step of a metric with a few rows around it. */
function showStep(step: number, section: MetricSection): void {
  const { metric } = section;
  const row = metric.rowNear(step);
  const last = metric.steps.length - 1;
  const min = metric.steps[Math.max(0, row - ROWS_AROUND)]!;
  const max = metric.steps[Math.min(last, row + ROWS_AROUND)]!;
  // At either end of the log the step still stands in the middle of as many rows as there are.
  const half = Math.max(step - min, max - step);
  view.show(step - half, step + half, { step, plot: section.index });
  section.element.scrollIntoView({ block: "start" });
}

/** The violation before or after what is pointed out, of whichever metric has it. */
function findViolation(direction: 1 | -1): { step: number; section: MetricSection } | undefined {
  const from = view.focus?.step ?? (direction === 1 ? -Infinity : Infinity);
  let best: { step: number; section: MetricSection } | undefined;
  for (const section of sections) {
    const { steps, violations } = section.metric;
    const row = lowerBound(steps, direction === 1 ? from + 1 : from);
    const at = lowerBound(violations, row) - (direction === 1 ? 0 : 1);
    if (at < 0 || at >= violations.length) continue;
    const step = steps[violations[at]!]!;
    if (best === undefined || (step - best.step) * direction < 0) best = { step, section };
  }
  return best;
}

function showNextViolation(direction: 1 | -1): void {
  const found = findViolation(direction);
  if (found !== undefined) showStep(found.step, found.section);
}

const ACTIONS: Readonly<Record<string, () => void>> = {
  back: () => view.shift(-0.5),
  forward: () => view.shift(0.5),
  in: () => view.scale(0.5),
  out: () => view.scale(2),
  all: () => view.reset(),
  previous: () => showNextViolation(-1),
  next: () => showNextViolation(1),
};

function describeView(): string {
  const { span, focus } = view;
  const range = `Steps ${stepText(Math.ceil(span.min))} to ${stepText(Math.floor(span.max))}`;
  if (focus === undefined) return range;
  const { metric } = sections.find((section) => section.index === focus.plot)!;
  const row = metric.rowNear(focus.step);
  return `${range}; ${metric.data.metric} at step ${stepText(focus.step)}: ${metric.describe(row)}`;
}

function start(): void {
  const bar = document.getElementById("zoom");
  const output = document.getElementById("view");
  if (bar === null || output === null || sections.length === 0) return;
  bar.hidden = false;
  output.textContent = describeView();
  view.onChange(() => {
    output.textContent = describeView();
    refreshAll();
  });
  document.addEventListener("click", (event) => {
    const button = (event.target as Element).closest<HTMLElement>("[data-zoom], [data-step]");
    if (button === null) return;
    const { zoom, step, metric } = button.dataset;
    if (zoom !== undefined) ACTIONS[zoom]?.();
    const section = sections.find((candidate) => data.plots[candidate.index]!.metric === metric);
    if (step !== undefined && section !== undefined) showStep(Number(step), section);
  });

  watchSight(sections, 400);
  let width = 0;
  new ResizeObserver(() => {
    const now = hostOf(sections[0]!.element).clientWidth;
    if (now === width || isPrinting()) return;
    width = now;
    refreshAll();
  }).observe(hostOf(sections[0]!.element));

  followScheme({
    print: () => sections.forEach((section) => section.print()),
    recolor: () => sections.forEach((section) => section.recolor()),
  });
}

start();
