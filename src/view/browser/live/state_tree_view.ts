/**
 * The tree of a state, made as far as it is opened. All of its text goes into text nodes.
 *
 * @module
 */

/// <reference lib="dom" />

import { formatValue } from "../../../codec/format_value.ts";
import { grouped } from "../../../text/quantity.ts";
import { type Before, partBefore, partsBefore, StateChanges } from "../../state_changes.ts";
import { type Parts, partsOf } from "../../state_parts.ts";
import { make } from "./dom.ts";

/** Parts that are shown of a container before one asks for more, and how many come then. */
const PARTS_SHOWN = 24;
const PARTS_MORE = 500;

/** Parts of containers that are open from the start. */
const OPEN_PARTS_MAX = 24;

/** Larger states are not compared part by part while one scrubs. */
const COMPARED_BYTES_MAX = 2 ** 20;

/** Longest text of a value. */
const TEXT_MAX = 120;

/** A place in a state: the container, and the part's index in it. */
export interface TreePlace {
  readonly container: object | undefined;
  readonly index: number;
  /** As people write it: `.agents[3].x`. */
  readonly path: string;
}

/** A state to show. */
export interface ShownState {
  readonly value: unknown;
  readonly bytes: number;
  /** What it is compared with. */
  readonly previous?: { readonly value: unknown } | undefined;
}

/** How a tree is shown. */
export interface TreeOptions {
  /** What a dot says. */
  readonly dotText: string;
  /** How the whole is called; `state` by default. */
  readonly name?: string;
  /** Whether numbers are shown with all their digits; they are, without. */
  readonly isExact?: () => boolean;
  /** Called with a value that was chosen; values cannot be chosen without. */
  readonly onChoose?: (place: TreePlace, value: unknown, row: HTMLElement) => void;
}

/** Shows one state after another in the same place. */
export class StateTreeView {
  readonly #host: HTMLElement;
  readonly #options: TreeOptions;
  /** Which containers were opened or closed, by path: scrubbing opens and closes none. */
  readonly #opened = new Map<string, boolean>();
  /** How many parts of a container were asked for, by path. */
  readonly #asked = new Map<string, number>();
  /** The path of each row, and what has the focus there. */
  readonly #paths = new WeakMap<Element, string>();
  readonly #controls = new Map<string, HTMLElement>();
  #changes: StateChanges | undefined;
  #shown: ShownState | undefined;

  /** Shows nothing yet. */
  constructor(host: HTMLElement, options: TreeOptions) {
    this.#host = host;
    this.#options = options;
  }

  /** Shows a state. */
  show(shown: ShownState): void {
    this.#shown = shown;
    const { value, bytes, previous } = shown;
    const isCompared = previous !== undefined && bytes <= COMPARED_BYTES_MAX;
    this.#changes = isCompared ? new StateChanges(value, previous.value) : undefined;
    const { scrollTop } = this.#host;
    const focused = this.#focusedPath();
    this.#controls.clear();
    const place: TreePlace = { container: undefined, index: 0, path: "" };
    const before: Before = { value: isCompared ? previous.value : undefined };
    this.#host.replaceChildren(
      this.#row(this.#options.name ?? "state", value, { place, before, above: [] }),
    );
    this.#host.scrollTop = scrollTop;
    // Its row is another element now; who moves by keys stays where they were.
    if (focused !== undefined) this.#controls.get(focused)?.focus({ preventScroll: true });
  }

  #focusedPath(): string | undefined {
    const { activeElement } = document;
    const row = this.#host.contains(activeElement) ? activeElement!.closest(".row") : null;
    return row === null ? undefined : this.#paths.get(row);
  }

  #takesFocus(row: HTMLElement, control: HTMLElement, path: string): void {
    this.#paths.set(row, path);
    this.#controls.set(path, control);
  }

  /** Shows the same state again, after a value of it was changed. */
  refresh(): void {
    if (this.#shown !== undefined) this.show(this.#shown);
  }

  #row(
    key: string,
    value: unknown,
    { place, before, above }: { place: TreePlace; before: Before; above: readonly object[] },
  ): HTMLElement {
    const parts = partsOf(value);
    const dots = this.#changes?.isChanged(value, before) === true ? [this.#dot()] : [];
    if (parts === undefined) {
      const text = formatValue(value, { maxLength: TEXT_MAX });
      const row = make("div", "row", [...dots, make("span", "key", [key])]);
      const leaf = this.#leaf(text, value, place, row);
      row.append(leaf);
      this.#takesFocus(row, leaf, place.path);
      return row;
    }
    if (above.includes(value as object)) {
      return make("div", "row", [
        make("span", "key", [key]),
        make("span", "kind", ["(see above)"]),
      ]);
    }
    const summary = make("summary", "", [
      ...dots,
      make("span", "key", [key]),
      make("span", "kind", [parts.label]),
    ]);
    const details = make("details", "row", [summary]);
    this.#takesFocus(details, summary, place.path);
    const fill = (): void => {
      details.replaceChildren(
        summary,
        ...this.#parts(value as object, parts, { place, before, above }),
      );
    };
    const isOpen = this.#opened.get(place.path) ??
      (place.path === "" || (parts.length <= OPEN_PARTS_MAX && above.length < 2));
    if (isOpen) fill();
    details.open = isOpen;
    details.addEventListener("toggle", () => {
      this.#opened.set(place.path, details.open);
      if (details.open && details.children.length === 1) fill();
    });
    return details;
  }

  #parts(
    container: object,
    parts: Parts,
    { place, before, above }: { place: TreePlace; before: Before; above: readonly object[] },
  ): HTMLElement[] {
    const there = this.#changes === undefined ? undefined : partsBefore(container, before);
    const count = Math.min(parts.length, this.#asked.get(place.path) ?? PARTS_SHOWN);
    const rows = Array.from({ length: count }, (_, i) =>
      this.#row(parts.key(i), parts.value(i), {
        place: { container, index: i, path: place.path + parts.segment(i) },
        before: partBefore(parts, i, there),
        above: [...above, container],
      }));
    if (count < parts.length) {
      const more = make("button", "link", [`${grouped(parts.length - count)} more`]);
      more.type = "button";
      more.addEventListener("click", () => {
        this.#asked.set(place.path, count + PARTS_MORE);
        this.#opened.set(place.path, true);
        this.refresh();
      });
      const row = make("div", "row more", [more]);
      this.#takesFocus(row, more, `${place.path} more`);
      rows.push(row);
    }
    return rows;
  }

  #leaf(exact: string, value: unknown, place: TreePlace, row: HTMLElement): HTMLElement {
    const { onChoose, isExact } = this.#options;
    if (onChoose === undefined) {
      const rounded = isExact?.() === false ? roundedText(value) : undefined;
      const span = make("span", "value", [rounded ?? exact]);
      if (rounded !== undefined) span.title = exact;
      return span;
    }
    const text = exact;
    const choose = make("button", "link value", [text]);
    choose.type = "button";
    choose.title = `Change ${this.#options.name ?? "state"}${place.path}`;
    choose.setAttribute(
      "aria-label",
      `${text}: change ${this.#options.name ?? "state"}${place.path}`,
    );
    choose.addEventListener("click", () => onChoose(place, value, row));
    return choose;
  }

  #dot(): HTMLElement {
    const dot = make("span", "dot", ["●"]);
    dot.title = this.#options.dotText;
    dot.setAttribute("role", "img");
    dot.setAttribute("aria-label", this.#options.dotText);
    return dot;
  }
}

/** Digits of a rounded number. */
const DIGITS = 6;

/** A number in fewer digits; undefined for what is short, or no number. */
function roundedText(value: unknown): string | undefined {
  if (typeof value !== "number" || !Number.isFinite(value) || Number.isInteger(value)) {
    return undefined;
  }
  const rounded = Number(value.toPrecision(DIGITS));
  return rounded === value ? undefined : `${rounded}…`;
}
