/**
 * All plots of the page: takes surveys of the run and its shown fork, and draws them.
 *
 * @module
 */

/// <reference lib="dom" />

import { isPrinting, PRINT_WIDTH } from "../../../page/browser/scheme.ts";
import { counted, grouped } from "../../../text/quantity.ts";
import type { Plotted } from "../../choose_plots.ts";
import type { Cursor } from "./page_cursor.ts";
import { byId, make, messageOf } from "./dom.ts";
import { LivePlot } from "./live_plot.ts";
import type { LiveRun } from "./live_run.ts";
import { LiveSurvey, type SurveyView } from "./range_survey.ts";

/** Plots that are shown at once; more are asked for. */
const SHOWN_MAX = 6;

/** The option that chooses plots. */
const OBSERVE = (): HTMLElement => make("code", "", ["rewind view --observe"]);

/** A run that is plotted. */
interface PlottedRun {
  readonly live: LiveRun;
  readonly survey: LiveSurvey;
  readonly colorName: string;
  view: SurveyView | undefined;
  running: AbortController | undefined;
}

/** The plots. */
export class PlotList {
  readonly #cursor: Cursor;
  readonly #plotted: Plotted;
  readonly #hasStored: boolean;
  readonly #runs: PlottedRun[] = [];
  readonly #plots = new Map<string, LivePlot>();
  readonly #host = byId("plots");
  readonly #status = byId("plots-status");
  #shown = SHOWN_MAX;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Called with each new view of the first run. */
  onView: (view: SurveyView) => void = () => {};

  /** Takes the survey of a run; stored states show it roughly, if they are what is plotted. */
  constructor(
    live: LiveRun,
    plotted: Plotted,
    { cursor, hasStored }: { cursor: Cursor; hasStored: boolean },
  ) {
    this.#cursor = cursor;
    this.#hasStored = hasStored;
    this.#plotted = plotted;
    this.#add(live, "series");
    cursor.onChange((change) => {
      if (change === "t") { for (const plot of this.#plots.values()) plot.moved(); }
      else {
        clearTimeout(this.#timer);
        this.#timer = setTimeout(() => this.#takeAll(), 120);
      }
    });
    new ResizeObserver(() => isPrinting() || this.redraw()).observe(this.#host);
    this.#takeAll();
  }

  /** Plots a fork over the run, or none. */
  compare(fork: LiveRun | undefined): void {
    for (const { running } of this.#runs.splice(1)) running?.abort();
    if (fork !== undefined) void this.#take(this.#add(fork, "fork"));
    this.#draw();
  }

  /** Draws anew, as after a change of size. */
  redraw(): void {
    for (const plot of this.#plots.values()) plot.redraw();
  }

  /** Makes the plots anew, in the colors in force and for paper as wide as that. */
  remake(): void {
    const options = isPrinting() ? { width: PRINT_WIDTH } : {};
    for (const plot of this.#plots.values()) plot.redraw({ anew: true, ...options });
  }

  #add(live: LiveRun, colorName: string): PlottedRun {
    const added: PlottedRun = {
      live,
      survey: new LiveSurvey(live, this.#plotted),
      colorName,
      view: undefined,
      running: undefined,
    };
    this.#runs.push(added);
    return added;
  }

  #takeAll(): void {
    for (const plotted of this.#runs) void this.#take(plotted);
  }

  async #take(plotted: PlottedRun): Promise<void> {
    plotted.running?.abort();
    const running = plotted.running = new AbortController();
    const { signal } = running;
    const { from, to } = this.#cursor;
    try {
      await plotted.survey.take({
        ...{ from, to, signal },
        rough: this.#hasStored && plotted === this.#runs[0],
        onUpdate: (view) => {
          if (signal.aborted) return;
          plotted.view = view;
          this.#tellStatus(view);
          if (plotted === this.#runs[0]) this.onView(view);
          this.#draw();
        },
      });
    } catch (error) {
      if (!signal.aborted) this.#status.textContent = `The plots end here: ${messageOf(error)}`;
    }
  }

  #tellStatus({ known, buckets: { from, to, width, count } }: SurveyView): void {
    const { leftOut, isCut } = this.#plotted;
    const about = known < count
      ? `Made anew up to t = ${grouped(Math.min(to, from + known * width))} so far.`
      : width === 1
      ? "Every state is drawn."
      : `Each point is ${
        grouped(width)
      } states: their exact smallest and largest value, and the mean.`;
    this.#status.textContent = about;
    if (leftOut === 0) return;
    this.#status.append(
      ` ${isCut ? "More than " : ""}${counted(leftOut, "more number")} not plotted: `,
      OBSERVE(),
      " chooses.",
    );
  }

  #draw(): void {
    const [first, ...others] = this.#runs;
    if (first!.view === undefined) return;
    const names = first!.view.series.map(({ name }) => name);
    for (const [name, plot] of this.#plots) {
      if (names.slice(0, this.#shown).includes(name)) continue;
      plot.destroy();
      this.#plots.delete(name);
    }
    first!.view.series.slice(0, this.#shown).forEach((series, i) => {
      const plot = this.#plots.get(series.name) ?? new LivePlot(series.name, this.#cursor);
      this.#plots.set(series.name, plot);
      if (this.#host.children[i] !== plot.element) {
        this.#host.insertBefore(plot.element, this.#host.children[i] ?? null);
      }
      // Names that are equal in one run need not be in the other.
      const parts = new Set(series.name.split(" = "));
      const compared = others.flatMap(({ view, colorName, live }) => {
        const match = view?.series.find(({ name }) =>
          name.split(" = ").some((part) => parts.has(part))
        );
        return match === undefined ? [] : [{ series: match, colorName, run: live.name }];
      });
      plot.update(first!.view!, [
        { series, colorName: first!.colorName, run: compared.length > 0 ? "run" : "" },
        ...compared,
      ]);
    });
    const more = byId<HTMLButtonElement>("more-plots");
    more.hidden = names.length <= this.#shown;
    more.textContent = `Show ${counted(names.length - this.#shown, "more plot")}`;
    more.onclick = () => {
      this.#shown = Infinity;
      this.#draw();
    };
  }
}
