/**
 * The tree of one sampled state. All of its text goes into text nodes: none of it is ever markup.
 *
 * @module
 */

/// <reference lib="dom" />

import type { SampleData, TreeRow } from "../page_data.ts";
import type { RunCursor } from "./run_cursor.ts";
import { grouped } from "../../text/quantity.ts";

/** Containers of more parts than this are closed until they are opened. */
const OPEN_PARTS_MAX = 24;

/** The place in the page where states are shown. */
export class StatePanel {
  readonly #samples: readonly SampleData[];
  readonly #cursor: RunCursor;
  readonly #tree = document.getElementById("tree")!;
  readonly #heading = document.getElementById("state-heading")!;
  readonly #about = document.getElementById("state-about")!;
  /** Which containers were open when they were last seen, by path: scrubbing opens and closes none. */
  readonly #opened = new Map<string, boolean>();
  #shown = -1;

  /** Shows the state at the cursor. */
  constructor(samples: readonly SampleData[], cursor: RunCursor) {
    this.#samples = samples;
    this.#cursor = cursor;
    this.update();
  }

  /** Shows the last state that is not after the cursor's t, and says so. */
  update(): void {
    const { sample, t } = this.#cursor;
    const { t: at, tree } = this.#samples[sample]!;
    this.#heading.textContent = `State at t = ${grouped(at)}`;
    this.#about.textContent = at === t
      ? `State ${sample + 1} of the ${this.#samples.length} that this page holds.`
      : `The last one before t = ${grouped(t)} that this page holds; the command prints that one.`;
    if (sample === this.#shown) return;
    this.#shown = sample;
    const { scrollTop } = this.#tree;
    this.#tree.replaceChildren(this.#row(tree, ""));
    this.#tree.scrollTop = scrollTop;
  }

  #row([key, text, changed, parts, leftOut, leftOutChanged]: TreeRow, parent: string): HTMLElement {
    const label = [part("key", key), part(parts === undefined ? "value" : "kind", text)];
    if (changed === 1) label.unshift(dot());
    if (parts === undefined) return element("div", "row", label);
    const path = `${parent}/${key}`;
    const details = element("details", "row", [
      element("summary", "", label),
      ...parts.map((row) => this.#row(row, path)),
      ...(leftOut === undefined ? [] : [
        element("div", "row more", [
          ...(leftOutChanged === 1 ? [dot()] : []),
          part("", `${grouped(leftOut)} more`),
        ]),
      ]),
    ]) as HTMLDetailsElement;
    details.open = this.#opened.get(path) ?? (parent === "" || parts.length <= OPEN_PARTS_MAX);
    details.addEventListener("toggle", () => this.#opened.set(path, details.open));
    return details;
  }
}

function dot(): HTMLElement {
  const mark = part("dot", "●");
  mark.title = "changed";
  mark.setAttribute("role", "img");
  mark.setAttribute("aria-label", "changed");
  return mark;
}

function part(className: string, text: string): HTMLElement {
  const span = document.createElement("span");
  span.className = className;
  span.textContent = text;
  return span;
}

function element(tag: string, className: string, children: readonly Node[]): HTMLElement {
  const made = document.createElement(tag);
  made.className = className;
  made.append(...children);
  return made;
}
