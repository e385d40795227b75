/**
 * Forks that are made in the page: what to change, the list of them, saving them.
 *
 * @module
 */

/// <reference lib="dom" />

import { decodeState } from "../../../codec/decode_state.ts";
import { encodeState } from "../../../codec/encode_state.ts";
import { STEPS_MAX } from "../../../limits.ts";
import { counted, grouped } from "../../../text/quantity.ts";
import { button, byId, make, messageOf, offerFile } from "./dom.ts";
import { putValue, readLike } from "./edits.ts";
import type { LiveRun } from "./live_run.ts";
import { type ForkPlan, makeFork } from "./make_fork.ts";
import { StateTreeView, type TreePlace } from "./state_tree_view.ts";

/** A change, for people. */
interface Change {
  readonly path: string;
  /** The value before all changes. */
  readonly from: unknown;
  readonly text: string;
}

/** The panel in which forks are made and listed. */
export class ForkPanel {
  readonly #first: LiveRun;
  readonly #form = byId<HTMLFormElement>("fork-form");
  readonly #status = byId("fork-status");
  readonly #list = byId("fork-list");
  readonly #forks: LiveRun[] = [];
  #parent: LiveRun;
  #t = 0;
  #state: unknown;
  #start = new Uint8Array(0);
  #params: unknown;
  #changes = new Map<string, Change>();
  #running: AbortController | undefined;
  #count = 0;
  /** Called with the fork that is to be shown beside the run, or none. */
  onShow: (fork: LiveRun | undefined) => void = () => {};

  /** Waits for the form to be opened. */
  constructor(live: LiveRun) {
    this.#first = live;
    this.#parent = live;
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.#make();
    });
    byId("fork-cancel").addEventListener("click", () => {
      this.#running?.abort();
      this.#form.hidden = true;
      this.#status.textContent = "";
    });
    byId("fork-seed-kind").addEventListener("change", () => this.#showSeed());
  }

  /** All forks so far. */
  get forks(): readonly LiveRun[] {
    return this.#forks;
  }

  /** Opens the form for a fork from X_t of a run. */
  async open(parent: LiveRun, t: number): Promise<void> {
    this.#form.hidden = false;
    this.#status.textContent = "";
    try {
      const bytes = await parent.run.getBytes(t);
      this.#parent = parent;
      this.#t = t;
      this.#start = bytes as Uint8Array<ArrayBuffer>;
      this.#state = decodeState(bytes);
      this.#params = decodeState(encodeState(parent.record.params));
    } catch (error) {
      this.#status.textContent = messageOf(error);
      return;
    }
    this.#changes = new Map();
    byId("fork-heading").textContent = `Fork of ${parent.name} from t = ${grouped(t)}`;
    byId<HTMLInputElement>("fork-steps").value = `${parent.steps - t}`;
    this.#showSeed();
    this.#showChanges();
    this.#showTree("fork-state", "state", () => this.#state, (value) => this.#state = value);
    byId("fork-params-part").hidden = this.#params === undefined;
    this.#showTree("fork-params", "params", () => this.#params, (value) => this.#params = value);
    this.#form.scrollIntoView({ block: "nearest" });
  }

  #showTree(id: string, name: string, get: () => unknown, set: (value: unknown) => void): void {
    const host = byId(id);
    const tree: StateTreeView = new StateTreeView(host, {
      dotText: "changed",
      name,
      onChoose: (place, value, row) => this.#edit({ name, place, value, row, tree, set }),
    });
    tree.show({ value: get(), bytes: 0 });
  }

  /** Puts a field in the place of a value. */
  #edit({ name, place, value, row, tree, set }: {
    name: string;
    place: TreePlace;
    value: unknown;
    row: HTMLElement;
    tree: StateTreeView;
    set: (value: unknown) => void;
  }): void {
    const path = `${name}${place.path}`;
    const field = make("input", "edit");
    field.value = typeof value === "string" ? value : Object.is(value, -0) ? "-0" : `${value}`;
    field.setAttribute("aria-label", `New value of ${path}`);
    const problem = make("span", "bad");
    row.lastElementChild!.replaceWith(field, problem);
    field.focus();
    field.select();
    // A field that is taken away says once more that it has changed, in some browsers.
    let isOver = false;
    const apply = (): void => {
      if (isOver) return;
      try {
        const next = readLike(field.value, value);
        isOver = true;
        if (!Object.is(next, value)) {
          if (place.container === undefined) {
            set(next);
            tree.show({ value: next, bytes: 0 });
          } else putValue(place, next);
          this.#note(path, value, next);
        }
        if (place.container !== undefined || Object.is(next, value)) tree.refresh();
      } catch (error) {
        isOver = false;
        problem.textContent = ` ${messageOf(error)}`;
      }
    };
    field.addEventListener("change", apply);
    field.addEventListener("keydown", (event) => {
      if (event.key === "Escape") {
        isOver = true;
        tree.refresh();
      }
      if (event.key !== "Enter") return;
      event.preventDefault();
      apply();
    });
  }

  /** What was changed twice is one change, and what was changed back none. */
  #note(path: string, before: unknown, next: unknown): void {
    const known = this.#changes.get(path);
    const from = known === undefined ? before : known.from;
    const shown = (x: unknown) => typeof x === "string" ? JSON.stringify(x) : `${x}`;
    if (Object.is(from, next)) this.#changes.delete(path);
    else this.#changes.set(path, { path, from, text: `${path}: ${shown(from)} → ${shown(next)}` });
    this.#showChanges();
  }

  #showChanges(): void {
    byId("fork-changes").replaceChildren(
      ...[...this.#changes.values()].map(({ text }) => make("li", "", [text])),
    );
  }

  #showSeed(): void {
    const kind = byId<HTMLSelectElement>("fork-seed-kind").value;
    byId("fork-seed").hidden = kind !== "given";
  }

  #seed(): bigint | "same" | undefined {
    const kind = byId<HTMLSelectElement>("fork-seed-kind").value;
    if (kind !== "given") return kind === "same" ? "same" : undefined;
    const text = byId<HTMLInputElement>("fork-seed").value.trim();
    if (!/^-?\d{1,60}$/.test(text)) throw new Error("The seed is a whole number");
    return BigInt(text);
  }

  async #make(): Promise<void> {
    if (this.#running !== undefined) return;
    const running = this.#running = new AbortController();
    const parent = this.#parent;
    try {
      const steps = Number(byId<HTMLInputElement>("fork-steps").value);
      if (!Number.isInteger(steps) || steps < 1 || steps > STEPS_MAX) {
        throw new Error("The number of states is a whole number of at least 1");
      }
      const paths = [...this.#changes.keys()];
      const isChanged = paths.some((path) => path.startsWith("state"));
      const areParamsChanged = paths.some((path) => path.startsWith("params"));
      const plan: ForkPlan = {
        t: this.#t,
        start: isChanged ? encodeState(this.#state) : this.#start,
        isChanged,
        params: areParamsChanged ? { value: this.#params } : undefined,
        seed: this.#seed(),
        steps,
        name: `fork ${this.#count + 1}`,
      };
      const fork = await makeFork(parent, plan, {
        signal: running.signal,
        onProgress: (t) => {
          this.#status.textContent = `state ${grouped(t)} of ${grouped(steps)}`;
        },
      });
      if (running.signal.aborted) throw running.signal.reason;
      this.#count++;
      this.#forks.push(fork);
      this.#addRow(fork, [...this.#changes.values()].map(({ text }) => text).join(", "));
      this.#form.hidden = true;
      this.#status.textContent = "";
      this.show(fork);
    } catch (error) {
      this.#status.textContent = running.signal.aborted ? "Stopped." : messageOf(error);
    }
    this.#running = undefined;
  }

  #addRow(fork: LiveRun, what: string): void {
    const { failure, seed } = fork.record;
    const about = [
      `from t = ${grouped(fork.point)}`,
      what === "" ? "" : what,
      `seed ${seed}`,
      counted(fork.steps, "state"),
      failure === undefined ? "" : `failed at its t = ${grouped(failure.t)}: ${failure.error}`,
    ].filter((part) => part !== "").join("; ");
    const row = make("li", "", [
      make("strong", "", [fork.name]),
      ` ${about} `,
      button("Show", `Show ${fork.name} beside the run`, () => this.show(fork)),
      button("Save", `Save ${fork.name} as a .replay file`, () => void this.#save(fork)),
      button("Fork", `Fork ${fork.name} at the place shown`, () => this.onFork(fork)),
    ]);
    row.dataset["fork"] = fork.name;
    this.#list.append(row);
  }

  /** Called when a fork is to be forked. */
  onFork: (fork: LiveRun) => void = () => {};

  /** Shows a fork beside the run, or none. */
  show(fork: LiveRun | undefined): void {
    for (const row of this.#list.children) {
      const isShown = (row as HTMLElement).dataset["fork"] === fork?.name;
      row.classList.toggle("shown", isShown);
    }
    byId("fork-hide").hidden = fork === undefined;
    this.onShow(fork);
  }

  async #save(fork: LiveRun): Promise<void> {
    try {
      const bytes = await fork.run.toBytes();
      const name = `${this.#first.name}-${fork.name}`.replace(/[^\w.-]+/g, "-");
      offerFile(`${name}.replay`, bytes, "application/octet-stream");
    } catch (error) {
      this.#status.textContent = messageOf(error);
    }
  }
}
