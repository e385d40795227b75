/**
 * The plots of one metric: both curves, their difference, and the same as a part of the value.
 *
 * @module
 */

/// <reference lib="dom" />

import uPlot from "uplot";
import { AXIS_WIDTH, PADDING_RIGHT, STEP_AXIS, valueAxis } from "../../../page/browser/axes.ts";
import { fullText, stepText } from "../../../page/browser/numbers.ts";
import { color, withAlpha } from "../../../page/browser/palette.ts";
import type { PageData } from "../page_data.ts";
import type { Drawn, MetricData } from "./metric_data.ts";
import type { ZoomView } from "./zoom_view.ts";

const HEIGHT = 240;
const HEIGHT_SMALL = 140;
/** Colors of the style sheet that these plots use. */
type ColorName =
  | "original"
  | "replay"
  | "replicas"
  | "allowed"
  | "violation"
  | "muted"
  | "focus";

/** Narrower selections are clicks. */
const SELECTION_MIN = 4;
/** With more marks than this share of the pixels, only the strip at the top shows them. */
const CIRCLES_SHARE = 1 / 12;
/** Ticks on the upper edge closer than this are drawn as one. */
const STRIP_GAP = 4;

/** The plots of one metric. */
export class MetricPlots {
  readonly #host: HTMLElement;
  readonly #metric: MetricData;
  readonly #view: ZoomView;
  readonly #names: PageData["names"];
  readonly #plots: { readonly plot: uPlot; readonly pick: (drawn: Drawn) => uPlot.AlignedData }[] =
    [];
  #drawn: Drawn;

  /** Draws into `host`, `width` pixels wide. */
  constructor(
    host: HTMLElement,
    metric: MetricData,
    options: { view: ZoomView; names: PageData["names"]; width: number },
  ) {
    this.#host = host;
    this.#metric = metric;
    this.#view = options.view;
    this.#names = options.names;
    this.#drawn = this.#draw(options.width);
    this.#addCurves(host, options.width);
    if (metric.differs) {
      this.#addDifference(host, options.width);
      this.#addRelative(host, options.width);
    }
  }

  /** Draws anew, after the view or the width has changed. */
  update(width: number): void {
    this.#drawn = this.#draw(width);
    for (const { plot, pick } of this.#plots) {
      if (plot.width !== width) plot.setSize({ width, height: plot.height });
      plot.setData(pick(this.#drawn));
    }
  }

  /** Takes the plots out of the page. */
  destroy(): void {
    for (const { plot } of this.#plots) plot.destroy();
    this.#host.replaceChildren();
  }

  #draw(width: number): Drawn {
    const pixels = Math.max(1, Math.round((width - AXIS_WIDTH - PADDING_RIGHT) * devicePixelRatio));
    return this.#metric.draw({ ...this.#view.span, width: pixels });
  }

  #addCurves(host: HTMLElement, width: number): void {
    const { original, replay, band } = this.#names;
    const bandSeries = this.#metric.hasBand
      ? [
        line(`${band}, least`, "replicas", { width: 0.5 }),
        line(`${band}, most`, "replicas", { width: 0.5 }),
      ]
      : [];
    const pick = ({ steps, low, high, ...drawn }: Drawn): uPlot.AlignedData => [
      steps,
      ...(this.#metric.hasBand ? [low, high] : []),
      drawn.original,
      drawn.replay,
    ];
    this.#add(host, {
      caption: `${original} and ${replay}`,
      width,
      height: HEIGHT,
      pick,
      options: {
        series: [
          { label: "step", value: (_, step) => step === null ? "–" : stepText(step) },
          ...bandSeries,
          line(original, "original", { width: 3 }),
          line(replay, "replay", { width: 1.25 }),
        ],
        bands: this.#metric.hasBand
          ? [{ series: [2, 1], fill: () => withAlpha(color("replicas"), 0.25) }]
          : [],
        scales: { y: {} },
      },
      marksOn: (drawn, k) => drawn.replay[k] ?? drawn.original[k],
    });
  }

  #addDifference(host: HTMLElement, width: number): void {
    const bounds = this.#metric.hasBounds;
    this.#add(host, {
      caption: `Difference, ${this.#names.replay} − ${this.#names.original}` +
        (bounds ? "; the shaded part is within the tolerance" : ""),
      width,
      height: HEIGHT_SMALL,
      pick: ({ steps, difference, allowed }) =>
        bounds
          ? [steps, allowed, allowed.map((v) => typeof v === "number" ? -v : v), difference]
          : [steps, difference],
      options: {
        series: [
          stepSeries(),
          ...(bounds
            ? [
              boundLine("allowed"),
              boundLine("allowed below"),
            ]
            : []),
          line("difference", "replay", { width: 1.25 }),
        ],
        bands: bounds ? [{ series: [1, 2], fill: () => withAlpha(color("allowed"), 0.18) }] : [],
        scales: {
          y: {
            range: (_, min, max) => {
              const size = Math.max(Math.abs(min ?? 0), Math.abs(max ?? 0));
              const allowed = bounds ? largest(this.#drawn.allowed) : 0;
              // A band far wider than the differences would hide them: it then fills the plot.
              const shown = Math.max(size, allowed <= 10 * size || size === 0 ? allowed : 0) || 1;
              return [-1.1 * shown, 1.1 * shown];
            },
          },
        },
      },
      marksOn: (drawn, k) => drawn.difference[k],
    });
  }

  #addRelative(host: HTMLElement, width: number): void {
    const bounds = this.#metric.hasBounds;
    this.#add(host, {
      caption:
        "Relative difference, logarithmic (absolute near zero); steps without any are left out",
      width,
      height: HEIGHT_SMALL,
      pick: ({ steps, relative, relativeAllowed }) =>
        bounds ? [steps, relativeAllowed, relative] : [steps, relative],
      options: {
        series: [
          stepSeries(),
          ...(bounds
            ? [{
              ...boundLine("allowed"),
              auto: true,
              fill: () => withAlpha(color("allowed"), 0.18),
              fillTo: (plot: uPlot) => plot.scales["y"]!.min!,
            }]
            : []),
          line("relative difference", "replay", { width: 1.25 }),
        ],
        scales: {
          y: {
            distr: 3,
            range: (_, min, max) => {
              const least = min !== null && min > 0 ? min : 1e-16;
              // Below the band's edge there is to be some of the band.
              const low = bounds ? least / 10 : least;
              return uPlot.rangeLog(low, max !== null && max >= low ? max : low * 10, 10, true);
            },
          },
        },
      },
      marksOn: (drawn, k) => drawn.relative[k],
    });
  }

  #add(host: HTMLElement, plan: PlotPlan): void {
    const { caption, width, height, pick, options } = plan;
    const figure = document.createElement("figure");
    const text = document.createElement("figcaption");
    text.textContent = caption;
    const place = document.createElement("div");
    place.className = "plot";
    figure.append(text, place);
    host.append(figure);
    const view = this.#view;
    const single = this.#metric.single;
    const scales = options.scales;
    const plot = new uPlot(
      {
        width,
        height,
        padding: [10, PADDING_RIGHT, 0, 0],
        series: options.series.map((series, k) =>
          k === 0
            ? series
            : { value: (_: uPlot, v: number | null) => fullText(v, single), ...series }
        ),
        bands: options.bands ?? [],
        scales: { ...scales, x: { time: false, range: () => [view.span.min, view.span.max] } },
        axes: [STEP_AXIS, valueAxis({ logarithmic: scales["y"]!.distr === 3 })],
        cursor: {
          drag: { x: true, y: false, setScale: false },
          // Only where the pointer is: each plot's drag is its own.
          sync: {
            key: "steps",
            setSeries: false,
            scales: ["x", null],
            filters: { pub: (type) => type === "mousemove" || type === "mouseleave" },
          },
          bind: {
            dblclick: () => () => {
              view.reset();
              return null;
            },
          },
        },
        hooks: {
          setSelect: [(plot) => {
            const { left, width } = plot.select;
            if (width < SELECTION_MIN) return;
            view.show(plot.posToVal(left, "x"), plot.posToVal(left + width, "x"), undefined);
            plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
          }],
          draw: [(plot) => this.#annotate(plot, plan)],
        },
      },
      pick(this.#drawn),
      place,
    );
    // The canvas is a picture; the values below it are text.
    const picture = plot.root.querySelector(".u-wrap")!;
    picture.setAttribute("role", "img");
    picture.setAttribute("aria-label", `${this.#metric.data.metric}: ${caption}`);
    this.#plots.push({ plot, pick });
  }

  /** Draws what lies over the curves: lines at steps, and the marks of violations. */
  #annotate(plot: uPlot, { marksOn }: PlotPlan): void {
    const { ctx, bbox } = plot;
    const ratio = devicePixelRatio;
    ctx.save();
    ctx.font = `${11 * ratio}px system-ui, sans-serif`;
    ctx.textBaseline = "top";
    ctx.textAlign = "left";
    let labelAt = bbox.top + 8 * ratio;
    const vertical = (step: number, name: ColorName, dash: number[], label?: string): void => {
      if (step < this.#view.span.min || step > this.#view.span.max) return;
      const x = plot.valToPos(step, "x", true);
      ctx.strokeStyle = color(name);
      ctx.lineWidth = 1.5 * ratio;
      ctx.setLineDash(dash.map((part) => part * ratio));
      ctx.beginPath();
      ctx.moveTo(x, bbox.top);
      ctx.lineTo(x, bbox.top + bbox.height);
      ctx.stroke();
      if (label === undefined) return;
      const width = ctx.measureText(label).width;
      const right = bbox.left + bbox.width - width - 2 * ratio;
      const left = Math.max(bbox.left, Math.min(x + 4 * ratio, right));
      ctx.fillStyle = withAlpha(color("paper"), 0.8);
      ctx.fillRect(left - 2 * ratio, labelAt, width + 4 * ratio, 13 * ratio);
      ctx.fillStyle = color(name);
      ctx.fillText(label, left, labelAt);
      labelAt += 15 * ratio;
    };
    const labeled = plot.height === HEIGHT;
    for (const { step, kind, label } of this.#metric.data.lines) {
      const name = kind === "unequal" ? "muted" : "violation";
      vertical(step, name, kind === "unequal" ? [2, 3] : [6, 3], labeled ? label : undefined);
    }
    const { focus } = this.#view;
    if (focus !== undefined) vertical(focus.step, "focus", []);
    ctx.setLineDash([]);

    const { marks, steps } = this.#drawn;
    ctx.fillStyle = color("violation");
    ctx.strokeStyle = color("violation");
    ctx.lineWidth = 1.5 * ratio;
    const circles = marks.length <= bbox.width / ratio * CIRCLES_SHARE;
    let end = -Infinity;
    for (const k of marks) {
      const x = plot.valToPos(steps[k]!, "x", true);
      // Every violation has its tick on the upper edge; those that almost touch are one strip.
      const from = x - end <= STRIP_GAP * ratio ? end : Math.floor(x - ratio);
      // Whole pixels: between halves of them a seam would show.
      end = Math.ceil(x + ratio);
      ctx.fillRect(from, bbox.top, end - from, 6 * ratio);
      if (!circles) continue;
      const value = marksOn(this.#drawn, k);
      const y = typeof value === "number"
        ? plot.valToPos(value, "y", true)
        : bbox.top + bbox.height - 6 * ratio;
      ctx.beginPath();
      ctx.arc(x, y, 4 * ratio, 0, 2 * Math.PI);
      ctx.stroke();
    }
    ctx.restore();
  }
}

interface PlotPlan {
  readonly caption: string;
  readonly width: number;
  readonly height: number;
  readonly pick: (drawn: Drawn) => uPlot.AlignedData;
  readonly options: {
    readonly series: uPlot.Series[];
    readonly bands?: uPlot.Band[];
    readonly scales: uPlot.Scales;
  };
  /** Height at which a mark of row `k` is drawn. */
  readonly marksOn: (drawn: Drawn, k: number) => number | null | undefined;
}

function stepSeries(): uPlot.Series {
  return { label: "step", value: (_, step) => step === null ? "–" : stepText(step) };
}

function line(label: string, name: ColorName, options: uPlot.Series): uPlot.Series {
  return {
    label,
    stroke: () => color(name),
    points: { show: true, size: 5, filter: isolatedPoints },
    ...options,
  };
}

/** The edge of what is allowed: no measured value, so without points and not told under the cursor. */
function boundLine(label: string): uPlot.Series {
  return line(label, "allowed", { width: 1, auto: false, class: "aside", points: { show: false } });
}

/** A value between two gaps has no line, so it is drawn as a point. */
function isolatedPoints(plot: uPlot, series: number, show: boolean): number[] | null {
  const values = plot.data[series]!;
  if (show && values.length < 60) return null;
  const alone: number[] = [];
  const isGap = (k: number): boolean => values[k] === null || values[k] === undefined;
  for (let k = 0; k < values.length; k++) {
    if (!isGap(k) && isGap(k - 1) && isGap(k + 1)) alone.push(k);
  }
  return alone;
}

function largest(values: readonly (number | null | undefined)[]): number {
  return values.reduce<number>((max, value) => Math.max(max, value ?? 0), 0);
}
