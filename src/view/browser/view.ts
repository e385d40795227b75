/**
 * The script of the page of a run: joins the plots, the scrubber and the state to one place in the run.
 *
 * @module
 */

/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

import { followScheme, isPrinting, PRINT_WIDTH } from "../../page/browser/scheme.ts";
import { watchSight } from "../../page/browser/sight.ts";
import type { RunPageData } from "../page_data.ts";
import { RunCursor } from "./run_cursor.ts";
import { SeriesPlot } from "./series_plot.ts";
import { StatePanel } from "./state_panel.ts";

/** What is looked at closer is this part of what the page shows. */
const CLOSER_PART = 50;

const data = JSON.parse(document.getElementById("data")!.textContent!) as RunPageData;
const cursor = new RunCursor(data);

/** One series' place in the page; its plot is made when it comes into sight. */
class SeriesSection {
  readonly element: HTMLElement;
  inSight = false;
  #plot: SeriesPlot | undefined;

  constructor(element: HTMLElement) {
    this.element = element;
  }

  get width(): number {
    return this.element.querySelector<HTMLElement>(".plot")!.clientWidth;
  }

  draw(width = this.width): void {
    if (width === 0) return;
    const index = Number(this.element.dataset["series"]);
    if (this.#plot === undefined) {
      this.#plot = new SeriesPlot(this.element, { data, index, cursor, width });
    } else this.#plot.moved(width);
  }

  destroy(): void {
    this.#plot?.destroy();
    this.#plot = undefined;
  }
}

const sections = [...document.querySelectorAll<HTMLElement>("[data-series]")].map((element) =>
  new SeriesSection(element)
);

function drawInSight(): void {
  for (const section of sections) if (section.inSight) section.draw();
}

/** Makes all plots anew, in the colors that are in force now. */
function recolor(): void {
  for (const section of sections) section.destroy();
  drawInSight();
}

const place = document.getElementById("place") as HTMLInputElement;
const slider = document.getElementById("slider") as HTMLInputElement;
const command = document.getElementById("command")!;
const closer = document.getElementById("closer")!;
const copy = document.getElementById("copy")!;

function showPlace(): void {
  const { t, sample } = cursor;
  place.value = `${t}`;
  slider.value = `${sample}`;
  slider.setAttribute("aria-valuetext", `t = ${data.samples[sample]!.t}`);
  command.textContent = `${data.getCommand} ${t}`;
  copy.textContent = "Copy";
  const half = Math.ceil((data.to - data.from) / CLOSER_PART / 2);
  const from = Math.max(data.from, Math.min(t - half, data.to - 2 * half));
  const to = Math.min(data.to, from + 2 * half);
  closer.querySelector("code")!.textContent =
    `${data.viewCommand} --from ${from} --to ${to} -o closer.html`;
}

const ACTIONS: Readonly<Record<string, () => void>> = {
  first: () => cursor.goSample(0),
  previous: () => cursor.move(-1),
  next: () => cursor.move(1),
  last: () => cursor.goSample(data.samples.length - 1),
};

const KEYS: Readonly<Record<string, string>> = {
  ArrowLeft: "previous",
  ArrowRight: "next",
  Home: "first",
  End: "last",
};

async function copyCommand(): Promise<void> {
  try {
    await navigator.clipboard.writeText(command.textContent!);
    copy.textContent = "Copied";
  } catch {
    // Not allowed to write there: it is selected, for the reader to copy.
    getSelection()?.selectAllChildren(command);
    copy.textContent = "Selected";
  }
}

function listen(): void {
  document.addEventListener("click", (event) => {
    const button = (event.target as Element).closest<HTMLElement>("[data-go], [data-t]");
    if (button === null) return;
    const { go, t } = button.dataset;
    if (go !== undefined) ACTIONS[go]?.();
    if (t !== undefined) cursor.go(Number(t));
  });
  document.addEventListener("keydown", (event) => {
    const action = KEYS[event.key];
    const isTyping = event.target instanceof HTMLInputElement;
    if (action === undefined || isTyping || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    ACTIONS[action]!();
  });
  slider.addEventListener("input", () => cursor.goSample(Number(slider.value)));
  place.addEventListener("change", () => {
    if (place.value !== "") cursor.go(Number(place.value));
    showPlace();
  });
  copy.addEventListener("click", () => void copyCommand());

  watchSight(sections, 300);
  let width = 0;
  new ResizeObserver(() => {
    const now = sections[0]?.width ?? 0;
    if (now === width || isPrinting()) return;
    width = now;
    drawInSight();
  }).observe(document.body);

  followScheme({
    recolor,
    print() {
      for (const section of sections) {
        section.destroy();
        section.draw(PRINT_WIDTH);
      }
    },
  });
}

const panel = new StatePanel(data.samples, cursor);
document.getElementById("scrubber")!.hidden = false;
closer.hidden = data.width === 1;
showPlace();
cursor.onChange(() => {
  showPlace();
  panel.update();
  drawInSight();
});
listen();
