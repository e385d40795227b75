/**
 * The page of an opened run: joins panes, plots, timeline, search, forks and verification to one place.
 *
 * @module
 */

/// <reference lib="dom" />

import { formatValue } from "../../../codec/format_value.ts";
import { followScheme, isPrinting } from "../../../page/browser/scheme.ts";
import { counted, grouped } from "../../../text/quantity.ts";
import type { LivePageData } from "../../live_data.ts";
import { choosePlots } from "../../choose_plots.ts";
import { shortSeed } from "../../run_facts.ts";
import { Cursor } from "./page_cursor.ts";
import { byId, make, messageOf } from "./dom.ts";
import { eventsOf } from "./events.ts";
import { factsOf } from "./facts.ts";
import { ForkPanel } from "./forks.ts";
import type { LiveRun, OpenedFile } from "./live_run.ts";
import { Pane } from "./pane.ts";
import { missingPlace, parsePlace, placeText } from "./place_link.ts";
import { Player } from "./player.ts";
import { PlotList } from "./plot_list.ts";
import { SearchPanel } from "./search_panel.ts";
import { type MarkedEvent, Timeline } from "./timeline.ts";
import { VerifyPanel } from "./verify_panel.ts";

/** Found states that are marked, the last ones. */
const FOUND_MAX = 20;

/** How long a place stays before it is put into the address, in milliseconds. */
const LINK_MS = 300;

/** An opened run on the page. */
export class Viewer {
  readonly live: LiveRun;
  readonly cursor: Cursor;
  readonly forks: ForkPanel;
  readonly #data: LivePageData;
  readonly #signal: AbortSignal;
  readonly #panes: Pane[] = [];
  readonly #player: Player;
  readonly #timeline: Timeline;
  #plots: PlotList | undefined;
  #found: MarkedEvent[] = [];
  #events: MarkedEvent[] = [];
  #linkTimer: ReturnType<typeof setTimeout> | undefined;
  /** What is told with the state that is shown next. */
  #note = "";

  /** Fills the page, whose markup is there. */
  constructor(
    { live, info, whose }: OpenedFile,
    { data, signal }: { data: LivePageData; signal: AbortSignal },
  ) {
    this.live = live;
    this.#data = data;
    this.#signal = signal;
    this.cursor = new Cursor(live.steps);
    this.#player = new Player(this.cursor, {
      prefetch: async (range) => {
        await Promise.all(this.#panes.map((pane) =>
          pane.live.prefetch({
            every: range.every,
            from: pane.localOf(range.from),
            to: pane.localOf(range.to),
          })
        ));
      },
      isReady: (t) => this.#panes.every((pane) => pane.isReady(t)),
    });
    this.#fillHead(info);
    byId("facts").replaceChildren(...factsOf(info, live.record));
    byId("source").textContent = live.child.source;
    this.#timeline = new Timeline(this.cursor, this.#player, signal);
    this.#addPane(live, false);
    this.forks = new ForkPanel(live);
    new VerifyPanel(live, { info, whose });
    new SearchPanel(live, this.cursor, {
      onFound: (t, where) => {
        const found = { t, text: `found: ${where}` };
        const others = this.#found.filter((one) => one.t !== t || one.text !== found.text);
        this.#found = [...others.slice(1 - FOUND_MAX), found];
        this.#showEvents();
      },
    });
    this.#listen();
    if (data.range !== undefined) this.cursor.show(...data.range);
    this.cursor.go(this.cursor.from);
    this.#follow();
    this.#panes[0]!.go(this.cursor.t);
    this.#showCommand();
    void this.#startPlots();
  }

  #fillHead({ steps, seed, rng, stepId, failure, branchPoint }: OpenedFile["info"]): void {
    const name = stepId === "" ? this.live.name : formatValue(stepId).slice(1, -1);
    document.title = `${name}: ${counted(steps, "step")}`;
    byId("title").textContent = name;
    byId("lead").textContent =
      `${counted(steps, "step")}, seed ${shortSeed(seed)}, generator ${rng}` +
      (branchPoint === undefined
        ? ""
        : `; a branch from t = ${grouped(branchPoint)} of its parent`);
    const note = byId("failure");
    note.hidden = failure === undefined;
    if (failure !== undefined) {
      note.textContent =
        `The step failed at t = ${grouped(failure.t)}, so the run ends before it: ` +
        formatValue(failure.error, { maxLength: 400 });
      void this.#placeFailure(failure.t, note);
    }
  }

  /** Says where in the author's files the step that ended the run failed: it fails here again. */
  async #placeFailure(t: number, note: HTMLElement): Promise<void> {
    try {
      const { error } = await this.live.run.log({ from: t, to: t + 1 });
      if (error !== undefined && !this.#signal.aborted) note.append(`. Here: ${error.message}`);
    } catch {
      // A step that cannot run is told where it is to run.
    }
  }

  #addPane(live: LiveRun, isFork: boolean): Pane {
    const pane = new Pane(live, { isFork, isExact: () => byId<HTMLInputElement>("exact").checked });
    this.#panes.push(pane);
    byId("panes").append(pane.element);
    byId("states").append(pane.treeElement);
    pane.onShown = ({ picture }) => {
      byId("message").textContent = this.#note;
      this.#note = "";
      if (picture !== undefined) byId("stage").classList.add("has-picture");
      // Its state may have come before the one that it is compared with.
      if (!isFork) this.#panes[1]?.refresh();
    };
    if (isFork) pane.comparedWith = () => this.#panes[0]!.shown;
    return pane;
  }

  #listen(): void {
    const signal = this.#signal;
    this.cursor.onChange((change) => {
      if (change === "t") { for (const pane of this.#panes) pane.go(this.cursor.t); }
      this.#showCommand();
      clearTimeout(this.#linkTimer);
      this.#linkTimer = setTimeout(() => this.#link(), LINK_MS);
    });
    addEventListener("hashchange", () => this.#follow(), { signal });
    const redraw = (): void => this.#panes.forEach((pane) => pane.redraw());
    new ResizeObserver(() => isPrinting() || redraw()).observe(byId("panes"));
    const remake = (): void => {
      redraw();
      this.#plots?.remake();
    };
    followScheme({ print: remake, recolor: remake, signal });
    byId("exact").addEventListener("change", () => {
      for (const pane of this.#panes) pane.refresh();
    });
    byId("fork").addEventListener("click", () => void this.forks.open(this.live, this.cursor.t));
    byId("fork-hide").addEventListener("click", () => this.forks.show(undefined));
    this.forks.onShow = (fork) => this.#compare(fork);
    this.forks.onFork = (fork) => {
      const t = Math.max(0, Math.min(fork.steps - 1, this.cursor.t - fork.point));
      void this.forks.open(fork, t);
    };
    for (const kind of ["svg", "png"] as const) {
      byId(`save-${kind}`).addEventListener("click", () => {
        for (const pane of this.#panes) pane.save(kind);
      });
    }
    byId("copy").addEventListener("click", () => void copy(byId("command").textContent!, "copy"));
    byId("copy-link").addEventListener("click", () => {
      this.#link();
      void copy(location.href, "copy-link");
    });
  }

  /** Shows a fork beside the run; both at one t. */
  #compare(fork: LiveRun | undefined): void {
    for (const pane of this.#panes.splice(1)) {
      pane.element.remove();
      pane.treeElement.remove();
    }
    byId("stage").classList.toggle("has-fork", fork !== undefined);
    if (fork !== undefined) {
      const pane = this.#addPane(fork, true);
      if (this.cursor.t < fork.point) this.cursor.go(fork.point);
      pane.go(this.cursor.t);
    }
    this.#plots?.compare(fork);
    this.#panes[0]!.redraw();
  }

  async #startPlots(): Promise<void> {
    try {
      const { observe, hasCodec } = await this.live.describe();
      const plotted = choosePlots(await this.live.someStates(), {
        exported: observe,
        asked: this.#data.observe,
      });
      if (this.#signal.aborted) return;
      this.#plots = new PlotList(this.live, plotted, { cursor: this.cursor, hasStored: !hasCodec });
      let isWholeKnown = false;
      this.#plots.onView = (view) => {
        // What is largest in a part that one looks at need not be in the run.
        const isWhole = view.buckets.from === 0 && view.buckets.to === this.live.steps;
        if (!isWhole || isWholeKnown) return;
        isWholeKnown = view.known === view.buckets.count;
        this.#events = eventsOf(this.live.record, view);
        this.#showEvents();
      };
    } catch (error) {
      byId("plots-status").textContent = messageOf(error);
      this.#panes[0]!.showProblem(error);
      this.#events = eventsOf(this.live.record, undefined);
      this.#showEvents();
    }
  }

  #showEvents(): void {
    const events = [...this.#events, ...this.#found].sort((a, b) => a.t - b.t);
    this.#timeline.mark(events);
    byId("events-part").hidden = events.length === 0;
    byId("events").replaceChildren(...events.map(({ t, text }) => {
      const go = make("button", "link", [`t = ${grouped(t)}`]);
      go.type = "button";
      go.addEventListener("click", () => this.cursor.go(t));
      return make("li", "", [go, ` ${text}`]);
    }));
  }

  #showCommand(): void {
    byId("command").textContent = `${this.#data.getCommand} ${this.cursor.t}`;
    byId("copy").textContent = "Copy";
  }

  /** Goes where the address says. */
  #follow(): void {
    const place = parsePlace(location.hash);
    const { t, range } = place;
    this.#note = missingPlace(place, this.live.steps);
    if (range !== undefined) this.cursor.show(...range);
    // A range alone is looked at from its start.
    if (t !== undefined || range !== undefined) this.cursor.go(t ?? this.cursor.from);
  }

  /** Puts the place into the address, so that it can be mailed. */
  #link(): void {
    const { t, from, to, isWhole } = this.cursor;
    try {
      history.replaceState(null, "", placeText(t, isWhole ? undefined : [from, to]));
    } catch {
      // Some browsers refuse it for files; the page works without.
    }
  }
}

async function copy(text: string, id: string): Promise<void> {
  const control = byId(id);
  try {
    await navigator.clipboard.writeText(text);
    control.textContent = "Copied";
  } catch {
    // Not allowed to write there: the text is selected, for the reader to copy.
    getSelection()?.selectAllChildren(byId("command"));
    control.textContent = id === "copy" ? "Selected" : "See the address";
  }
}
