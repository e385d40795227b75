/**
 * One run side by side with another: its picture and its state at the place of the page.
 *
 * @module
 */

/// <reference lib="dom" />

import { grouped } from "../../../text/quantity.ts";
import { isDark, isPrinting, PRINT_WIDTH } from "../../../page/browser/scheme.ts";
import { DARK, LIGHT, type Theme } from "../../picture/colors.ts";
import type { Scene } from "../../picture/marks.ts";
import { heightFor, sceneOf } from "../../picture/scene.ts";
import { svgOf } from "../../picture/svg.ts";
import { drawScene } from "./canvas_scene.ts";
import { make, messageOf, offerFile } from "./dom.ts";
import type { Frame, LiveRun } from "./live_run.ts";
import { StateTreeView } from "./state_tree_view.ts";

/** Highest picture, as part of the window's height. */
const HEIGHT_PART = 0.62;

/** Widest picture, in CSS pixels. */
const WIDTH_MAX = 720;

/** The place of one run. */
export class Pane {
  readonly live: LiveRun;
  readonly element: HTMLElement;
  readonly treeElement: HTMLElement;
  readonly #canvas = make("canvas", "picture");
  readonly #hover = make("p", "hover");
  readonly #figure: HTMLElement;
  readonly #heading = make("h3", "");
  readonly #problem = make("p", "failure");
  readonly #tree: StateTreeView;
  readonly #treeHeading = make("h3", "");
  #shown: Frame | undefined;
  #before: Frame | undefined;
  #scene: Scene | undefined;
  #wanted = 0;
  #isBusy = false;
  /** Called when a frame is shown. */
  onShown: (frame: Frame) => void = () => {};
  /** What the state is compared with; the state that was shown before by default. */
  comparedWith: (() => Frame | undefined) | undefined;

  /** Shows nothing yet. */
  constructor(live: LiveRun, { isFork, isExact }: { isFork: boolean; isExact: () => boolean }) {
    this.live = live;
    this.#canvas.setAttribute("role", "img");
    this.#figure = make("figure", "", [this.#canvas, this.#hover]);
    this.element = make("section", `pane${isFork ? " fork" : ""}`, [
      this.#heading,
      this.#problem,
      this.#figure,
    ]);
    this.element.setAttribute("aria-label", `Picture of ${live.name}`);
    const tree = make("div", "tree");
    tree.tabIndex = 0;
    this.treeElement = make("section", `state${isFork ? " fork" : ""}`, [this.#treeHeading, tree]);
    this.treeElement.setAttribute("aria-label", `State of ${live.name}`);
    this.#tree = new StateTreeView(tree, {
      dotText: isFork ? "differs from the run" : "changed since the state shown before",
      isExact,
    });
    this.#problem.hidden = true;
    this.#canvas.addEventListener("pointermove", ({ offsetX, offsetY }) => {
      this.#hover.textContent = this.#scene?.hit(offsetX, offsetY) ?? "";
    });
    this.#canvas.addEventListener("pointerleave", () => this.#hover.textContent = "");
  }

  /** The frame that is shown. */
  get shown(): Frame | undefined {
    return this.#shown;
  }

  /** The t of this run at some t of the first one. */
  localOf(t: number): number {
    return t - this.live.point;
  }

  /** Whether it could show X_t at once. */
  isReady(t: number): boolean {
    const local = this.localOf(t);
    return !this.#isThere(local) || this.live.known(local) !== undefined;
  }

  /** Shows X_t of the first run's t as soon as it is there; only the last one asked for. */
  go(t: number): void {
    this.#wanted = this.localOf(t);
    const known = this.live.known(this.#wanted);
    if (known !== undefined) this.#show(known);
    else if (!this.#isThere(this.#wanted)) this.#showNothing(t);
    else if (!this.#isBusy) void this.#fetch();
  }

  /** Shows what is wanted; while one frame is drawn, the worker makes the next one. */
  async #fetch(): Promise<void> {
    this.#isBusy = true;
    let t = this.#wanted;
    for (let coming: Promise<Frame> | undefined = this.live.frame(t); coming !== undefined;) {
      const [outcome] = await Promise.allSettled([coming]);
      const next = this.#wanted;
      coming = next === t || !this.#isThere(next) ? undefined : this.live.frame(next);
      // What it fails by is told when it is its turn.
      coming?.catch(() => {});
      if (outcome.status === "fulfilled") this.#show(outcome.value);
      else if (next === t) this.showProblem(outcome.reason);
      t = next;
    }
    this.#isBusy = false;
  }

  /** Whether the run has such a state. */
  #isThere(t: number): boolean {
    return t >= 0 && t < this.live.steps;
  }

  /** Says why a state cannot be shown. */
  showProblem(error: unknown): void {
    this.#problem.textContent = messageOf(error);
    this.#problem.hidden = false;
  }

  #showNothing(t: number): void {
    const { point, name, steps } = this.live;
    this.#heading.textContent = name;
    this.#treeHeading.textContent = t < point
      ? `${name} begins at t = ${grouped(point)}`
      : `${name} ends at t = ${grouped(point + steps - 1)}`;
    this.#figure.hidden = true;
  }

  /** Shows the same state again, compared anew. */
  refresh(): void {
    if (this.#shown !== undefined) this.#showTree(this.#shown, this.#before);
  }

  #show(frame: Frame): void {
    this.#before = this.#shown;
    this.#shown = frame;
    const { t, picture, error } = frame;
    this.#problem.hidden = error === undefined;
    this.#problem.textContent = error === undefined ? "" : `No picture: ${error}`;
    const { point, name } = this.live;
    const place = point === 0 ? grouped(t) : `${grouped(t + point)} (its own t = ${grouped(t)})`;
    this.#heading.textContent = name;
    this.#treeHeading.textContent = `State at t = ${place}`;
    this.#figure.hidden = picture === undefined;
    if (picture !== undefined) this.#draw();
    this.#showTree(frame, this.#before);
    this.onShown(frame);
  }

  #showTree(frame: Frame, before: Frame | undefined): void {
    const compared = this.comparedWith === undefined ? before : this.comparedWith();
    const previous = compared === undefined || compared === frame
      ? undefined
      : { value: compared.state };
    this.#tree.show({ value: frame.state, bytes: frame.bytes.length, previous });
  }

  /** Draws the picture anew, as after a change of size. */
  redraw(): void {
    if (this.#shown?.picture !== undefined) this.#draw();
  }

  #draw(): void {
    this.#scene = this.#sceneFor(theme());
    if (this.#scene === undefined) return;
    drawScene(this.#canvas, this.#scene, devicePixelRatio);
    const { t } = this.#shown!;
    this.#canvas.setAttribute("aria-label", `Picture of ${this.live.name} at its t = ${t}`);
  }

  #sceneFor(theme: Theme): Scene | undefined {
    const { picture } = this.#shown!;
    const width = isPrinting() ? PRINT_WIDTH : Math.min(WIDTH_MAX, this.#figure.clientWidth);
    if (picture === undefined || width === 0) return undefined;
    const height = Math.min(heightFor(picture, width), Math.round(innerHeight * HEIGHT_PART));
    return sceneOf(picture, { width, height, theme });
  }

  /** Saves the picture. */
  save(kind: "svg" | "png"): void {
    const scene = this.#shown === undefined ? undefined : this.#sceneFor(theme());
    if (scene === undefined) return;
    const name = `${this.live.name.replace(/[^\w-]+/g, "-")}-${this.#shown!.t}.${kind}`;
    if (kind === "svg") return offerFile(name, svgOf(scene), "image/svg+xml");
    const canvas = document.createElement("canvas");
    drawScene(canvas, scene, 2);
    canvas.toBlob((blob) => blob !== null && offerFile(name, blob, "image/png"));
  }
}

/** Colors for light or dark. */
function theme(): Theme {
  return isDark() ? DARK : LIGHT;
}
