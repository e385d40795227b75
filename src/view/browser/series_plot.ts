/**
 * The plot of one series: what its values reach in each bucket, where they are not finite, and the place
 * in the run.
 *
 * @module
 */

/// <reference lib="dom" />

import uPlot from "uplot";
import { PADDING_RIGHT, STEP_AXIS, valueAxis } from "../../page/browser/axes.ts";
import { fullText } from "../../page/browser/numbers.ts";
import { color, withAlpha } from "../../page/browser/palette.ts";
import { decodeColumn, decodeRuns } from "../../page/columns.ts";
import type { RunPageData, SeriesData } from "../page_data.ts";
import type { RunCursor } from "./run_cursor.ts";
import { grouped } from "../../text/quantity.ts";
import { HEIGHT, labelPlot, RUN_POINTER } from "./run_plot.ts";
import { scaleOf, type ValueScale } from "./value_scale.ts";

/** What the columns of marks say, in their order. */
const MARK_NAMES = ["NaN", "Infinity", "-Infinity"] as const;

type Values = Float64Array | Float32Array;

/** The numbers of one series. */
class SeriesValues {
  readonly low: Values;
  readonly high: Values;
  readonly mean: Values;
  readonly isSingle: boolean;
  /** Rows with NaN, Infinity and -Infinity. */
  readonly marks: readonly Set<number>[];
  /** Where they are drawn. */
  readonly scale: ValueScale;

  constructor({ low, high, mean, marks }: SeriesData) {
    this.low = decodeColumn(low).values;
    this.isSingle = high === undefined;
    this.high = high === undefined ? this.low : decodeColumn(high).values;
    this.mean = mean === undefined ? this.low : decodeColumn(mean).values;
    this.marks = [marks.nan, marks.positive, marks.negative].map((runs) =>
      new Set(decodeRuns(runs))
    );
    this.scale = scaleOf([this.low, this.high]);
  }

  /** A column as it is drawn. */
  drawn(values: Values): (number | null)[] {
    return Array.from(values, (value) => Number.isFinite(value) ? this.scale.place(value) : null);
  }

  /** A bucket in words. */
  describe(row: number): string {
    const low = this.low[row]!;
    const high = this.high[row]!;
    const marks = MARK_NAMES.filter((_, kind) => this.marks[kind]!.has(row));
    const finite = Number.isNaN(low) ? [] : Object.is(low, high) ? [fullText(low, false)] : [
      `${fullText(low, false)} to ${fullText(high, false)}, mean ${meanText(this.mean[row]!)}`,
    ];
    return [...finite, ...marks].join(", ") || "no value";
  }
}

/** Means are stored with 32 bits: what follows says nothing. */
function meanText(mean: number): string {
  return String(Number(mean.toPrecision(6)));
}

/** One plot of the page. */
export class SeriesPlot {
  readonly #host: HTMLElement;
  readonly #readout: HTMLElement;
  readonly #data: RunPageData;
  readonly #series: SeriesData;
  readonly #values: SeriesValues;
  readonly #cursor: RunCursor;
  readonly #plot: uPlot;

  /** Draws series number `index` into its section, `width` pixels wide. */
  constructor(
    section: HTMLElement,
    { data, index, cursor, width }: {
      data: RunPageData;
      index: number;
      cursor: RunCursor;
      width: number;
    },
  ) {
    this.#host = section.querySelector<HTMLElement>(".plot")!;
    this.#readout = section.querySelector<HTMLElement>(".readout")!;
    this.#data = data;
    this.#series = data.series[index]!;
    this.#values = new SeriesValues(this.#series);
    this.#cursor = cursor;
    this.#plot = this.#draw(width);
    this.#follow();
    this.moved();
  }

  /** Draws anew, after the place or the width has changed. */
  moved(width: number = this.#plot.width): void {
    if (width === this.#plot.width) this.#plot.redraw(false);
    else this.#plot.setSize({ width, height: HEIGHT });
    this.#tell(this.#rowOf(this.#cursor.t));
  }

  /** Takes the plot out of the page. */
  destroy(): void {
    this.#plot.destroy();
    this.#host.replaceChildren();
  }

  #draw(width: number): uPlot {
    const values = this.#values;
    const { low, high, mean, isSingle, scale } = values;
    const steps = Float64Array.from(low, (_, row) => this.#middleOf(row));
    const { from, to } = this.#data;
    const columns = isSingle ? [low] : [low, high, mean];
    const edge = { stroke: () => color("series-edge"), width: 1 };
    const line = { stroke: () => color("series"), width: 1.5 };
    const points = { show: true, size: 4, filter: isolatedPoints };
    const plot = new uPlot(
      {
        width,
        height: HEIGHT,
        padding: [10, PADDING_RIGHT, 0, 0],
        legend: { show: false },
        series: [
          {},
          ...(isSingle
            ? [{ ...line, points }]
            : [{ ...edge, points }, { ...edge, points }, { ...line, points: { show: false } }]),
        ],
        bands: isSingle ? [] : [{ series: [2, 1], fill: () => withAlpha(color("series"), 0.22) }],
        scales: {
          x: { time: false, range: () => from < to - 1 ? [from, to - 1] : [from - 1, to] },
          y: { range: (_, min, max) => padded(min, max) },
        },
        axes: [STEP_AXIS, {
          ...valueAxis(),
          values: (_, splits, __, ___, increment) => scale.labels(splits, increment),
          ...(scale.splits === undefined ? {} : {
            splits: ({ scales }) => scale.splits!(scales["y"]!.min!, scales["y"]!.max!),
          }),
        }],
        cursor: RUN_POINTER,
        hooks: {
          setCursor: [({ cursor }) =>
            this.#tell(
              cursor.idx === null || cursor.idx === undefined || cursor.left! < 0
                ? this.#rowOf(this.#cursor.t)
                : cursor.idx,
            )],
          draw: [(plot) => this.#annotate(plot)],
        },
      },
      [steps, ...columns.map((column) => values.drawn(column))] as uPlot.AlignedData,
      this.#host,
    );
    labelPlot(plot, `${this.#series.name} over t`);
    return plot;
  }

  /** Moves the place with the pointer that is held down. */
  #follow(): void {
    const { over } = this.#plot;
    const go = (event: PointerEvent): void => {
      const { left } = over.getBoundingClientRect();
      this.#cursor.go(this.#plot.posToVal(event.clientX - left, "x"));
    };
    over.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      over.setPointerCapture(event.pointerId);
      go(event);
    });
    over.addEventListener("pointermove", (event) => {
      if (over.hasPointerCapture(event.pointerId)) go(event);
    });
  }

  #rowOf(t: number): number {
    return Math.floor((t - this.#data.from) / this.#data.width);
  }

  /** First and last t of a bucket. */
  #spanOf(row: number): [number, number] {
    const { from, to, width } = this.#data;
    const start = from + row * width;
    return [start, Math.min(start + width, to) - 1];
  }

  #middleOf(row: number): number {
    const [first, last] = this.#spanOf(row);
    return (first + last) / 2;
  }

  #tell(row: number): void {
    const [first, last] = this.#spanOf(row);
    const place = first === last ? grouped(first) : `${grouped(first)} to ${grouped(last)}`;
    const { note } = this.#values.scale;
    this.#readout.textContent = `t = ${place}: ${this.#values.describe(row)}${
      note === undefined ? "" : ` · axis ${note}`
    }`;
  }

  /** Draws what lies over the curves: values that are not finite, and the place. */
  #annotate(plot: uPlot): void {
    const { ctx, bbox } = plot;
    const ratio = devicePixelRatio;
    ctx.save();
    const vertical = (t: number, name: string, dash: number[]): void => {
      const width = Math.max(1, Math.round(1.5 * ratio));
      // On the pixels, and not between them.
      const x = Math.round(plot.valToPos(t, "x", true)) + (width % 2) / 2;
      ctx.strokeStyle = color(name);
      ctx.lineWidth = width;
      ctx.setLineDash(dash.map((part) => part * ratio));
      ctx.beginPath();
      ctx.moveTo(x, bbox.top);
      ctx.lineTo(x, bbox.top + bbox.height);
      ctx.stroke();
    };
    for (const first of this.#series.firstMarks) {
      if (first >= 0) vertical(first, "violation", [4, 3]);
    }
    ctx.fillStyle = color("violation");
    for (const rows of this.#values.marks) {
      for (const row of rows) {
        const [first, last] = this.#spanOf(row);
        const x = plot.valToPos(first, "x", true);
        const width = Math.max(2 * ratio, plot.valToPos(last + 1, "x", true) - x);
        ctx.fillRect(x, bbox.top - 5 * ratio, width, 4 * ratio);
      }
    }
    vertical(this.#cursor.t, "marker", []);
    ctx.restore();
  }
}

/** The range of an axis, with some room around what is drawn. */
function padded(min: number | null, max: number | null): [number, number] {
  if (min === null || max === null) return [0, 1];
  const room = min === max ? Math.abs(min) / 10 || 1 : (max - min) * 0.06;
  return [min - room, max + room];
}

/** A value between two gaps has no line, so it is drawn as a point. */
function isolatedPoints(plot: uPlot, series: number, show: boolean): number[] | null {
  const values = plot.data[series]!;
  if (show && values.length < 40) return null;
  const isGap = (row: number): boolean => values[row] === null || values[row] === undefined;
  return Array.from(values.keys()).filter((row) => !isGap(row) && isGap(row - 1) && isGap(row + 1));
}
