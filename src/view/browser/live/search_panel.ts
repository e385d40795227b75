/**
 * The field in which one searches for a state.
 *
 * @module
 */

/// <reference lib="dom" />

import { vainReasons } from "../../../sandbox/host/shown_states.ts";
import { grouped } from "../../../text/quantity.ts";
import type { Cursor } from "./page_cursor.ts";
import { byId, messageOf } from "./dom.ts";
import type { LiveRun } from "./live_run.ts";
import { search } from "./search.ts";

/** Which hit is asked for. */
type Which = "first" | "previous" | "next";

/** The search. */
export class SearchPanel {
  readonly #live: LiveRun;
  readonly #cursor: Cursor;
  readonly #onFound: (t: number, where: string) => void;
  readonly #where = byId<HTMLInputElement>("where");
  readonly #progress = byId<HTMLProgressElement>("search-progress");
  readonly #result = byId("search-result");
  readonly #stop = byId("search-stop");
  #running: AbortController | undefined;

  /** Waits for the buttons. */
  constructor(
    live: LiveRun,
    cursor: Cursor,
    { onFound }: { onFound: (t: number, where: string) => void },
  ) {
    this.#live = live;
    this.#cursor = cursor;
    this.#onFound = onFound;
    for (const which of ["first", "previous", "next"] as const) {
      byId(`search-${which}`).addEventListener("click", () => void this.#run(which));
    }
    this.#stop.addEventListener("click", () => this.#running?.abort());
    byId("search-form").addEventListener("submit", (event) => {
      event.preventDefault();
      void this.#run("first");
    });
  }

  async #run(which: Which): Promise<void> {
    const where = this.#where.value.trim();
    if (where === "") {
      this.#result.textContent = "Write a condition, such as s => s.value > 3";
      this.#where.focus();
      return;
    }
    this.#running?.abort();
    const running = this.#running = new AbortController();
    const { t, steps } = this.#cursor;
    const [from, to] = which === "first" ? [0, steps] : which === "next" ? [t + 1, steps] : [0, t];
    this.#result.textContent = "Searching...";
    this.#progress.hidden = false;
    this.#progress.value = 0;
    this.#stop.hidden = false;
    try {
      const found = await search(this.#live, {
        ...{ where, from, to, backwards: which === "previous", signal: running.signal },
        onProgress: (part) => this.#progress.value = part,
      });
      if (found === undefined) {
        const place = which === "first"
          ? ""
          : which === "next"
          ? ` after t = ${grouped(t)}`
          : ` before t = ${grouped(t)}`;
        const reasons = await vainReasons(this.#live.run, where);
        const notes = reasons.flatMap(({ problem, hint }) => [problem, hint]);
        this.#result.textContent = [
          `No state${place} satisfies it.`,
          ...notes.filter((note) => note !== "").map((note) => `${note}.`),
        ].join(" ");
      } else {
        this.#result.textContent = `t = ${grouped(found)}`;
        this.#onFound(found, where);
        this.#cursor.go(found);
      }
    } catch (error) {
      if (this.#running !== running) return;
      this.#result.textContent = running.signal.aborted ? "Stopped." : messageOf(error);
    }
    if (this.#running !== running) return;
    this.#progress.hidden = true;
    this.#stop.hidden = true;
    this.#running = undefined;
  }
}
