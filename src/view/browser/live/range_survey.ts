/**
 * The numbers of a run over a range of t, as plots show them: at first from stored states, then exact, piece by
 * piece.
 *
 * @module
 */

/// <reference lib="dom" />

import { LeafReader } from "../../../codec/numeric_leaves.ts";
import { type Buckets, bucketsOf, NON_FINITE_BITS, type Series } from "../../../engine/series.ts";
import { VIEW_SERIES_MAX } from "../../limits.ts";
import type { Plotted } from "../../choose_plots.ts";
import type { LiveRun } from "./live_run.ts";

/** Points across a plot. */
const BUCKETS_MAX = 1000;

/** Stored states that are looked at before anything runs. */
const STORED_MAX = 1000;

/** How long a piece should take, in milliseconds. */
const PIECE_MS = 200;

/** One plot's numbers over the range in sight. */
export interface PlotSeries {
  readonly name: string;
  /** Smallest, largest and mean of the finite values of each bucket; NaN where nothing is known. */
  readonly low: Float64Array;
  readonly high: Float64Array;
  readonly mean: Float64Array;
  readonly marks: Uint8Array;
  /** Extremes with their t; undefined without finite values. */
  min: { t: number; value: number } | undefined;
  max: { t: number; value: number } | undefined;
  /** First t of values that are not finite, by kind; -1 for none. */
  readonly first: { nan: number; positive: number; negative: number };
  /** Count, mean and sum of squared deviations of the finite values. */
  moments: { count: number; mean: number; squares: number };
}

/** The series of a range. */
export interface SurveyView {
  readonly buckets: Buckets;
  readonly series: PlotSeries[];
  /** Buckets up to here are exact; behind them are stored states only. */
  known: number;
}

/** Takes a survey; each call of `onUpdate` tells that there is more. */
export class LiveSurvey {
  readonly #live: LiveRun;
  readonly #plotted: Plotted;

  /** Takes nothing yet. */
  constructor(live: LiveRun, plotted: Plotted) {
    this.#live = live;
    this.#plotted = plotted;
  }

  /**
   * Takes the series of [from, to) of the first run's t.
   *
   * @param options With `rough`, begins with what stored states show.
   */
  async take(
    { from, to, signal, rough, onUpdate }: {
      from: number;
      to: number;
      signal: AbortSignal;
      rough: boolean;
      onUpdate: (view: SurveyView) => void;
    },
  ): Promise<SurveyView> {
    const buckets = bucketsOf(from, to, BUCKETS_MAX);
    const view: SurveyView = { buckets, series: [], known: 0 };
    const { leaves } = this.#plotted;
    const byLeaf = leaves.map(({ name }) => emptySeries(name, buckets.count));
    if (rough) this.#readStored(view, byLeaf);
    if (rough && byLeaf.length > 0) {
      view.series.push(...byLeaf);
      onUpdate(view);
    }
    await this.#takePieces({ view, byLeaf, signal, onUpdate });
    return view;
  }

  /** What the stored states of the range show, no code run. */
  #readStored({ buckets }: SurveyView, byLeaf: readonly PlotSeries[]): void {
    const live = this.#live;
    const reader = new LeafReader(
      this.#plotted.leaves.map(({ path }, i) => ({
        path,
        sink: { add: (t: number, x: number) => addRough(byLeaf[i]!, buckets, { t, x }) },
      })),
    );
    for (const { t, state } of live.storedStates(STORED_MAX)) {
      const global = t + live.point;
      if (global >= buckets.from && global < buckets.to) reader.read(state, global);
    }
  }

  async #takePieces(
    { view, byLeaf, signal, onUpdate }: {
      view: SurveyView;
      byLeaf: PlotSeries[];
      signal: AbortSignal;
      onUpdate: (view: SurveyView) => void;
    },
  ): Promise<void> {
    const { buckets } = view;
    const { record, point, steps } = this.#live;
    const end = Math.min(buckets.to, point + steps);
    const byObservable = new Map<string, PlotSeries>();
    await using session = this.#live.session(signal);
    // A fork's first bucket may be cut by its start.
    let next = Math.max(0, Math.floor((point - buckets.from) / buckets.width));
    for (let size = 4; buckets.from + next * buckets.width < end;) {
      const started = performance.now();
      const first = Math.max(buckets.from + next * buckets.width, point);
      const isCut = first > buckets.from + next * buckets.width;
      const count = isCut ? 1 : Math.min(size, buckets.count - next);
      const last = Math.min(buckets.from + (next + count) * buckets.width, end);
      const answer = session.survey(record, {
        from: first - point,
        to: last - point,
        bucketsMax: count,
        leaves: this.#plotted.leaves.map(({ path }) => path),
        observe: this.#plotted.observe.map(({ choice }) => choice),
        seriesMax: VIEW_SERIES_MAX,
        samples: [],
      });
      let result = await answer.next();
      while (!result.done) result = await answer.next();
      if (signal.aborted) return;
      const { leaves, observables } = result.value;
      leaves.forEach((series, i) => mergePiece(byLeaf[i]!, series, { at: next, point }));
      observables.forEach(({ length, series }, k) => {
        const { name } = this.#plotted.observe[k]!;
        series.forEach((one, i) => {
          const full = length < 0 ? name : `${name}[${i}]`;
          const known = byObservable.get(full) ?? emptySeries(full, buckets.count);
          byObservable.set(full, known);
          mergePiece(known, one, { at: next, point });
        });
      });
      next += count;
      view.known = next;
      view.series.splice(0, Infinity, ...joinEqual([...byObservable.values(), ...byLeaf], next));
      onUpdate(view);
      const spent = performance.now() - started;
      size = Math.ceil(size * Math.min(4, Math.max(0.25, PIECE_MS / Math.max(1, spent))));
    }
    view.known = buckets.count;
    onUpdate(view);
  }
}

function emptySeries(name: string, count: number): PlotSeries {
  const empty = () => new Float64Array(count).fill(NaN);
  return {
    name,
    low: empty(),
    high: empty(),
    mean: empty(),
    marks: new Uint8Array(count),
    min: undefined,
    max: undefined,
    first: { nan: -1, positive: -1, negative: -1 },
    moments: { count: 0, mean: 0, squares: 0 },
  };
}

/** Takes one value of a stored state; what is exact comes later and replaces it. */
function addRough(
  series: PlotSeries,
  { from, width }: Buckets,
  { t, x }: { t: number; x: number },
): void {
  if (!Number.isFinite(x)) return;
  const bucket = Math.floor((t - from) / width);
  const { low, high, mean } = series;
  low[bucket] = Number.isNaN(low[bucket]!) ? x : Math.min(low[bucket]!, x);
  high[bucket] = Number.isNaN(high[bucket]!) ? x : Math.max(high[bucket]!, x);
  mean[bucket] = x;
}

/** Puts the exact series of some buckets in the place of what was known of them. */
function mergePiece(
  into: PlotSeries,
  piece: Series,
  { at, point }: { at: number; point: number },
): void {
  into.low.set(piece.low, at);
  into.high.set(piece.high, at);
  into.mean.set(piece.mean, at);
  into.marks.set(piece.marks, at);
  for (const kind of ["nan", "positive", "negative"] as const) {
    const { first } = piece[kind];
    if (first >= 0 && into.first[kind] < 0) into.first[kind] = first + point;
  }
  const { stats } = piece;
  if (stats === undefined) return;
  if (into.min === undefined || stats.min < into.min.value) {
    into.min = { t: piece.minT + point, value: stats.min };
  }
  if (into.max === undefined || stats.max > into.max.value) {
    into.max = { t: piece.maxT + point, value: stats.max };
  }
  // Chan, Golub and LeVeque (1979); shown in few digits, `rewind stats` has the exact ones.
  const { count, mean, squares } = into.moments;
  const total = count + stats.count;
  const difference = stats.mean - mean;
  const own = stats.count > 1 ? stats.variance * (stats.count - 1) : 0;
  into.moments = {
    count: total,
    mean: mean + difference * stats.count / total,
    squares: squares + own + difference ** 2 * count * stats.count / total,
  };
}

/** Series that are equal as far as is known become one, with all names. */
function joinEqual(all: readonly PlotSeries[], known: number): PlotSeries[] {
  const joined: { names: string[]; series: PlotSeries }[] = [];
  for (const series of all) {
    const same = joined.find(({ series: other }) => isSame(series, other, known));
    if (same === undefined) joined.push({ names: [series.name], series });
    else if (!same.names.includes(series.name)) same.names.push(series.name);
  }
  return joined.map(({ names, series }) =>
    names.length === 1 ? series : { ...series, name: names.join(" = ") }
  ).filter(hasValues).slice(0, VIEW_SERIES_MAX);
}

function isSame(a: PlotSeries, b: PlotSeries, known: number): boolean {
  if (a.moments.count !== b.moments.count || a.moments.mean !== b.moments.mean) return false;
  for (let i = 0; i < known; i++) {
    if (!Object.is(a.low[i], b.low[i]) || !Object.is(a.high[i], b.high[i])) return false;
    if (a.marks[i] !== b.marks[i]) return false;
  }
  return true;
}

function hasValues({ min, first }: PlotSeries): boolean {
  return min !== undefined || first.nan >= 0 || first.positive >= 0 || first.negative >= 0;
}

/** Whether some marks of a bucket say NaN, and so on. */
export function marksText(marks: number): string {
  const words: string[] = [];
  if ((marks & NON_FINITE_BITS.nan) !== 0) words.push("NaN");
  if ((marks & NON_FINITE_BITS.positive) !== 0) words.push("Infinity");
  if ((marks & NON_FINITE_BITS.negative) !== 0) words.push("-Infinity");
  return words.join(", ");
}
