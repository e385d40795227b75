/**
 * The bar that moves through the run, and its keys.
 *
 * @module
 */

/// <reference lib="dom" />

import { grouped } from "../../../text/quantity.ts";
import type { Cursor } from "./page_cursor.ts";
import { byId, make, messageOf } from "./dom.ts";
import type { Player } from "./player.ts";

/** A place in the run that has a name. */
export interface MarkedEvent {
  readonly t: number;
  readonly text: string;
}

/** Page keys move by this part of what is in sight. */
const PAGE_PART = 20;

/** The timeline. */
export class Timeline {
  readonly #cursor: Cursor;
  readonly #player: Player;
  readonly #place = byId<HTMLInputElement>("place");
  readonly #slider = byId<HTMLInputElement>("slider");
  readonly #ticks = byId("ticks");
  readonly #range = byId("range");
  #events: readonly MarkedEvent[] = [];

  /** Joins the controls; they end with the signal. */
  constructor(cursor: Cursor, player: Player, signal: AbortSignal) {
    this.#cursor = cursor;
    this.#player = player;
    const speed = byId<HTMLSelectElement>("speed");
    speed.addEventListener("change", () => player.speed = Number(speed.value));
    player.speed = Number(speed.value);
    const loop = byId<HTMLInputElement>("loop");
    loop.addEventListener("change", () => player.loops = loop.checked);
    player.onChange = (problem) => this.#showPlaying(problem);
    this.#slider.addEventListener("input", () => cursor.go(Number(this.#slider.value)));
    this.#place.addEventListener("change", () => {
      if (this.#place.value !== "") cursor.go(Number(this.#place.value));
      this.show();
    });
    for (const control of document.querySelectorAll<HTMLElement>("[data-go]")) {
      control.addEventListener("click", () => this.#act(control.dataset["go"]!));
    }
    document.addEventListener("keydown", (event) => this.#key(event), { signal });
    cursor.onChange(() => this.show());
    this.show();
  }

  /** Marks places above the slider. */
  mark(events: readonly MarkedEvent[]): void {
    this.#events = events;
    this.#showTicks();
  }

  /** Shows the place and the range. */
  show(): void {
    const { t, from, to, steps, isWhole } = this.#cursor;
    this.#place.value = `${t}`;
    this.#slider.min = `${from}`;
    this.#slider.max = `${to - 1}`;
    this.#slider.value = `${t}`;
    this.#slider.setAttribute("aria-valuetext", `t = ${t}`);
    this.#range.textContent = isWhole
      ? `all ${grouped(steps)} states`
      : `t = ${grouped(from)} to ${grouped(to - 1)} of ${grouped(steps)}`;
    this.#showTicks();
  }

  #showTicks(): void {
    const { from, to } = this.#cursor;
    const inSight = this.#events.filter(({ t }) => t >= from && t < to);
    this.#ticks.replaceChildren(...inSight.map(({ t, text }) => {
      const tick = make("span", "tick");
      tick.style.left = `${100 * (t - from) / Math.max(1, to - 1 - from)}%`;
      tick.title = `t = ${grouped(t)}: ${text}`;
      return tick;
    }));
  }

  #showPlaying(problem: unknown): void {
    const { isPlaying } = this.#player;
    const play = document.querySelector<HTMLElement>("[data-go=play]")!;
    play.textContent = isPlaying ? "⏸" : "▶";
    play.setAttribute("aria-label", isPlaying ? "Pause (space)" : "Play (space)");
    play.title = play.getAttribute("aria-label")!;
    if (problem !== undefined) byId("message").textContent = `Stopped: ${messageOf(problem)}`;
  }

  #act(action: string): void {
    const cursor = this.#cursor;
    const { t, from, to } = cursor;
    const page = Math.max(1, Math.round((to - from) / PAGE_PART));
    const actions: Readonly<Record<string, () => void>> = {
      first: () => cursor.go(from),
      last: () => cursor.go(to - 1),
      previous: () => cursor.go(t - 1),
      next: () => cursor.go(t + 1),
      back: () => cursor.go(t - 10),
      forward: () => cursor.go(t + 10),
      pageBack: () => cursor.go(t - page),
      pageForward: () => cursor.go(t + page),
      play: () => this.#player.toggle(),
      closer: () => cursor.zoom(0.2),
      wider: () => cursor.zoom(5),
      whole: () => cursor.show(0, cursor.steps),
      search: () => byId("where").focus(),
    };
    actions[action]?.();
  }

  #key(event: KeyboardEvent): void {
    const { key, target } = event;
    if (event.altKey || event.ctrlKey || event.metaKey || isOwnKey(key, target)) return;
    const keys: Readonly<Record<string, string>> = {
      ArrowLeft: event.shiftKey ? "back" : "previous",
      ArrowRight: event.shiftKey ? "forward" : "next",
      PageUp: "pageBack",
      PageDown: "pageForward",
      Home: "first",
      End: "last",
      " ": "play",
      "+": "closer",
      "-": "wider",
      "0": "whole",
      "/": "search",
    };
    const action = keys[key];
    if (action === undefined) return;
    event.preventDefault();
    this.#act(action);
  }
}

/** Whether a key is for the control that has the focus. */
function isOwnKey(key: string, target: EventTarget | null): boolean {
  if (target instanceof HTMLInputElement) {
    // A checkbox is pressed by the space bar, and a slider moves as the page does.
    return target.type === "checkbox" ? key === " " : target.type !== "range";
  }
  if (target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement) return true;
  // Text that is longer than its box scrolls.
  if (target instanceof HTMLPreElement) return true;
  const isPressed = target instanceof HTMLButtonElement ||
    target instanceof HTMLElement && target.tagName === "SUMMARY";
  return isPressed && key === " ";
}
