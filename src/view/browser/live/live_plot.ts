/**
 * A plot of one number over the range in sight, with those of forks over it.
 *
 * @module
 */

/// <reference lib="dom" />

import uPlot from "uplot";
import { PADDING_RIGHT, STEP_AXIS, valueAxis } from "../../../page/browser/axes.ts";
import { axisLabels } from "../../../page/browser/numbers.ts";
import { color, withAlpha } from "../../../page/browser/palette.ts";
import { short } from "../../picture/marks.ts";
import { grouped } from "../../../text/quantity.ts";
import { HEIGHT, labelPlot, RUN_POINTER } from "../run_plot.ts";
import { bulkRange } from "./bulk_range.ts";
import type { Cursor } from "./page_cursor.ts";
import { make } from "./dom.ts";
import { marksText, type PlotSeries, type SurveyView } from "./range_survey.ts";

/** What is drawn: a series, and the custom property with its color. */
export interface Drawn {
  readonly series: PlotSeries;
  readonly colorName: string;
  /** Which run it is of; empty for the first one. */
  readonly run: string;
}

/** A plot with its heading and readout. */
export class LivePlot {
  readonly element: HTMLElement;
  readonly #cursor: Cursor;
  readonly #host = make("div", "plot");
  readonly #readout = make("p", "readout");
  readonly #note = make("p", "plot-note");
  #plot: uPlot | undefined;
  #shape = "";
  #view: SurveyView | undefined;
  #drawn: readonly Drawn[] = [];
  #showsAll = false;
  #range: [number, number] = [0, 1];
  #unit = 1;

  /** Makes the place of a plot; nothing is drawn yet. */
  constructor(name: string, cursor: Cursor) {
    this.#cursor = cursor;
    this.element = make("section", "series", [
      make("h3", "", [name]),
      this.#readout,
      this.#host,
      this.#note,
    ]);
    this.element.setAttribute("aria-label", `${name} over t`);
  }

  /** Draws a survey; the first series is the run's own. */
  update(view: SurveyView, drawn: readonly Drawn[]): void {
    this.#view = view;
    this.#drawn = drawn;
    this.redraw();
  }

  /** Draws anew, as after a change of size or colors. */
  redraw({ anew = false, width = this.#host.clientWidth } = {}): void {
    const view = this.#view;
    if (view === undefined || width === 0) return;
    const { columns, x } = this.#columns(view);
    const shape = `${this.#drawn.map(({ colorName }) => colorName).join()} ${
      view.buckets.width === 1
    }`;
    if (anew || shape !== this.#shape) {
      this.#plot?.destroy();
      this.#plot = undefined;
      this.#shape = shape;
    }
    if (this.#plot === undefined) this.#plot = this.#make(width, [x, ...columns]);
    else {
      if (this.#plot.width !== width) this.#plot.setSize({ width, height: HEIGHT });
      this.#plot.setData([x, ...columns] as uPlot.AlignedData);
    }
    this.moved();
  }

  /** Shows the place anew. */
  moved(): void {
    this.#plot?.redraw(false);
    this.#tell(this.#cursor.t);
  }

  /** Columns to draw, within what an axis can count in. */
  #columns({ buckets }: SurveyView): { x: Float64Array; columns: (number | null)[][] } {
    const all = this.#drawn.flatMap(({ series }) => [series.low, series.high]);
    const { range, full, extremes, isCut } = bulkRange(all);
    this.#range = this.#showsAll ? full : range;
    const largest = Math.max(Math.abs(this.#range[0]), Math.abs(this.#range[1]));
    const isPlain = largest === 0 || (largest < 1e15 && largest > 1e-9);
    this.#unit = isPlain ? 1 : 10 ** Math.max(-307, Math.floor(Math.log10(largest)));
    this.#describeCut(isCut, extremes);
    const [low, high] = this.#range.map((value) => value / this.#unit) as [number, number];
    const reach = high - low || 1;
    const place = (value: number): number | null => {
      if (Number.isNaN(value)) return null;
      return Math.max(low - 9 * reach, Math.min(high + 9 * reach, value / this.#unit));
    };
    const x = new Float64Array(buckets.count).map((_, i) => this.#middle(i, buckets));
    const columns = this.#drawn.flatMap(({ series: { low, high, mean } }) =>
      buckets.width === 1 ? [low] : [low, high, mean]
    );
    return { x, columns: columns.map((column) => Array.from(column, place)) };
  }

  #describeCut(isCut: boolean, [least, most]: readonly [number, number]): void {
    this.#note.replaceChildren();
    if (!isCut) return;
    const toggle = make("button", "link", [this.#showsAll ? "show the bulk" : "show all"]);
    toggle.type = "button";
    toggle.addEventListener("click", () => {
      this.#showsAll = !this.#showsAll;
      this.redraw();
    });
    const words = this.#showsAll
      ? "The axis shows all values. "
      : `The axis shows the bulk; values go from ${short(least)} to ${
        short(most)
      } (marked at the edge). `;
    this.#note.append(words, toggle);
  }

  #middle(bucket: number, { from, to, width }: SurveyView["buckets"]): number {
    const first = from + bucket * width;
    return (first + Math.min(first + width, to) - 1) / 2;
  }

  #make(width: number, data: unknown[]): uPlot {
    const isSingle = this.#view!.buckets.width === 1;
    const series: uPlot.Series[] = [{}];
    const bands: uPlot.Band[] = [];
    for (const { colorName } of this.#drawn) {
      const line: uPlot.Series = {
        stroke: () => color(colorName),
        width: 1.5,
        points: { show: false },
      };
      if (isSingle) series.push(line);
      else {
        const edge: uPlot.Series = {
          stroke: () => withAlpha(color(colorName), 0.55),
          width: 1,
          points: { show: false },
        };
        const low = series.length;
        series.push(edge, edge, line);
        bands.push({ series: [low + 1, low], fill: () => withAlpha(color(colorName), 0.2) });
      }
    }
    const plot = new uPlot(
      {
        width,
        height: HEIGHT,
        padding: [10, PADDING_RIGHT, 0, 0],
        legend: { show: false },
        series,
        bands,
        scales: {
          x: { time: false, range: () => this.#rangeX() },
          y: { range: () => this.#range.map((value) => value / this.#unit) as [number, number] },
        },
        axes: [STEP_AXIS, {
          ...valueAxis(),
          values: (_, splits, __, ___, increment) => this.#labels(splits, increment),
        }],
        cursor: RUN_POINTER,
        hooks: {
          setCursor: [({ cursor, posToVal }) =>
            this.#tell(
              cursor.left === undefined || cursor.left < 0
                ? this.#cursor.t
                : posToVal(cursor.left, "x"),
            )],
          draw: [(drawn) => this.#annotate(drawn)],
        },
      },
      data as uPlot.AlignedData,
      this.#host,
    );
    labelPlot(plot, `Plot of ${this.#drawn[0]!.series.name} over t`);
    this.#follow(plot);
    return plot;
  }

  #rangeX(): [number, number] {
    const { from, to } = this.#view!.buckets;
    return from < to - 1 ? [from, to - 1] : [from - 1, to];
  }

  #labels(splits: number[], increment: number): string[] {
    const suffix = this.#unit === 1 ? "" : `e${Math.round(Math.log10(this.#unit))}`;
    return axisLabels(splits, increment).map((text) =>
      text === "" || text === "0" ? text : text + suffix
    );
  }

  /** Dragging moves the place; with shift, or with two fingers, it chooses what to look at closer. */
  #follow({ over, posToVal }: uPlot): void {
    const at = ({ clientX }: MouseEvent): number =>
      posToVal(clientX - over.getBoundingClientRect().left, "x");
    let start: number | undefined;
    const band = make("div", "zoom-band");
    over.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      over.setPointerCapture(event.pointerId);
      if (event.shiftKey) {
        start = at(event);
        over.append(band);
        band.style.width = "0";
      } else this.#cursor.go(at(event));
    });
    over.addEventListener("pointermove", (event) => {
      if (!over.hasPointerCapture(event.pointerId)) return;
      if (start === undefined) return this.#cursor.go(at(event));
      const [left, right] = [start, at(event)].map((t) => this.#plot!.valToPos(t, "x"))
        .sort((a, b) => a - b) as [number, number];
      band.style.left = `${left}px`;
      band.style.width = `${right - left}px`;
    });
    over.addEventListener("pointerup", (event) => {
      if (start === undefined) return;
      const [from, to] = [start, at(event)].sort((a, b) => a - b) as [number, number];
      start = undefined;
      band.remove();
      if (to - from >= 2) this.#cursor.show(from, to);
    });
    over.addEventListener("wheel", (event) => {
      if (!event.ctrlKey) return;
      event.preventDefault();
      this.#cursor.zoom(event.deltaY > 0 ? 1.25 : 0.8);
    }, { passive: false });
  }

  #tell(t: number): void {
    const view = this.#view;
    if (view === undefined) return;
    const { from, to, width, count } = view.buckets;
    const bucket = Math.max(0, Math.min(count - 1, Math.floor((Math.round(t) - from) / width)));
    const first = from + bucket * width;
    const last = Math.min(first + width, to) - 1;
    const place = first === last ? grouped(first) : `${grouped(first)} to ${grouped(last)}`;
    const texts = this.#drawn.map(({ series: { low, high, marks }, run }) => {
      const values = Number.isNaN(low[bucket]!)
        ? ""
        : low[bucket] === high[bucket]
        ? short(low[bucket]!)
        : `${short(low[bucket]!)} to ${short(high[bucket]!)}`;
      const words = [values, marksText(marks[bucket]!)].filter((word) => word !== "").join(", ");
      return `${run === "" ? "" : `${run}: `}${words === "" ? "–" : words}`;
    });
    const isRough = bucket >= view.known;
    const isKnown = this.#drawn.some(({ series }) => !Number.isNaN(series.low[bucket]!));
    const doubt = !isRough ? "" : isKnown ? " (from stored states)" : " (not made again yet)";
    this.#readout.textContent = `t = ${place}: ${texts.join(" · ")}${doubt}`;
  }

  /** What lies over the curves: what leaves the axis, what is not finite, how far it is exact, and the place. */
  #annotate(plot: uPlot): void {
    const { ctx, bbox } = plot;
    const view = this.#view!;
    const { buckets, known } = view;
    const ratio = devicePixelRatio;
    const [low, high] = this.#range;
    ctx.save();
    this.#drawn.forEach(({ series, colorName }) => {
      for (let i = 0; i < buckets.count; i++) {
        const x = plot.valToPos(this.#middle(i, buckets), "x", true);
        if (series.marks[i] !== 0) {
          ctx.fillStyle = color("violation");
          ctx.fillRect(x - ratio, bbox.top - 5 * ratio, 2 * ratio, 4 * ratio);
        }
        ctx.fillStyle = color(colorName);
        if (series.high[i]! > high) {
          triangle(ctx, { x, y: bbox.top + 1, size: 4 * ratio });
        }
        if (series.low[i]! < low) {
          triangle(ctx, { x, y: bbox.top + bbox.height - 1, size: -4 * ratio });
        }
      }
    });
    if (known < buckets.count) {
      const x = plot.valToPos(buckets.from + known * buckets.width, "x", true);
      ctx.fillStyle = withAlpha(color("muted"), 0.12);
      ctx.fillRect(x, bbox.top, bbox.left + bbox.width - x, bbox.height);
    }
    const { t } = this.#cursor;
    if (t >= buckets.from && t < buckets.to) {
      const x = Math.round(plot.valToPos(t, "x", true)) + 0.5;
      ctx.strokeStyle = color("marker");
      ctx.lineWidth = Math.max(1, 1.5 * ratio);
      ctx.beginPath();
      ctx.moveTo(x, bbox.top);
      ctx.lineTo(x, bbox.top + bbox.height);
      ctx.stroke();
    }
    ctx.restore();
  }

  /** Takes the plot away. */
  destroy(): void {
    this.#plot?.destroy();
    this.element.remove();
  }
}

/** A triangle whose tip is at a place; it points down for a size below 0. */
function triangle(
  ctx: CanvasRenderingContext2D,
  { x, y, size }: { x: number; y: number; size: number },
): void {
  ctx.beginPath();
  ctx.moveTo(x, y);
  ctx.lineTo(x - size, y + 1.6 * size);
  ctx.lineTo(x + size, y + 1.6 * size);
  ctx.fill();
}
