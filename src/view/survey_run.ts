/**
 * What the page of a run shows: series of its numbers, and some of its states, taken in the sandbox in one
 * pass.
 *
 * @module
 */

import { decodeState } from "../codec/decode_state.ts";
import { encodeState } from "../codec/encode_state.ts";
import { equalBytes } from "../codec/compare_states.ts";
import { spanOf } from "../engine/block_grid.ts";
import { type Buckets, bucketsOf, type Series } from "../engine/series.ts";
import type { RunRecord } from "../engine/types.ts";
import type { SandboxedRun } from "../sandbox/host/sandboxed_run.ts";
import { shownState } from "../sandbox/host/shown_states.ts";
import { VIEW_SERIES_MAX, VIEW_STATES_BYTES_MAX } from "./limits.ts";
import { choosePlots, type NamedObservable } from "./choose_plots.ts";
import { sampleSteps, stepsAround } from "./sample_steps.ts";

/** Buckets of a series; as many as a wide screen has pixels for a plot. */
const BUCKETS_MAX = 1000;

/** Stored states in which leaves are looked for. */
const LEAF_SAMPLES_MAX = 16;

/** States in which they are looked for where a codec has to decode them. */
const DECODED_SAMPLES_MAX = 4;

/** Points of interest around which states are taken: the first values that are not finite. */
const POINTS_MAX = 8;

/** Options of {@linkcode surveyRun}. */
export interface SurveyRunOptions {
  /** First t. */
  readonly from: number;
  /** One past the last t, above `from`. */
  readonly to: number;
  /** Plots these only; by default what the module exports, and the numbers in the states. */
  readonly observe: readonly NamedObservable[] | undefined;
  /** Called from time to time with a t up to which all is done. */
  readonly onProgress?: (t: number) => void;
}

/** One plot. */
export interface NamedSeries {
  /** How it is called; several names joined by ` = ` if they are the same everywhere. */
  readonly name: string;
  /** Its values. */
  readonly series: Series;
}

/** One state. */
export interface SampledState {
  /** Its index. */
  readonly t: number;
  /** The state, as data. */
  readonly state: unknown;
}

/** What there is to be seen of a run. */
export interface RunSurvey {
  /** How the range is cut. */
  readonly buckets: Buckets;
  /** Plots, in the order in which they are to be shown. */
  readonly series: readonly NamedSeries[];
  /** Numbers that are not plotted, as there are too many. */
  readonly leftOut: number;
  /** Whether there are even more of them. */
  readonly isCut: boolean;
  /** States, by t. */
  readonly samples: readonly SampledState[];
}

/** Makes one pass over the states of [from, to). */
export async function surveyRun(
  run: SandboxedRun,
  options: SurveyRunOptions,
): Promise<RunSurvey> {
  const { from, to, onProgress } = options;
  const { observe: exported } = await run.describe();
  const { observe, ...found } = choosePlots(await someStates(run, from, to), {
    exported,
    asked: options.observe,
  });
  const sampled = sampleSteps(from, to, samplesMax(run.record));
  const { states, series } = await run.survey({
    from,
    to,
    bucketsMax: BUCKETS_MAX,
    leaves: found.leaves.map(({ path }) => path),
    observe: observe.map(({ choice }) => choice),
    seriesMax: VIEW_SERIES_MAX,
    samples: sampled,
    ...(onProgress === undefined ? {} : { onProgress }),
  });
  const all: NamedSeries[] = [];
  let leftOut = found.leftOut;
  series.observables.forEach(({ length, series }, k) => {
    const { name } = observe[k]!;
    series.forEach((one, i) =>
      all.push({ name: length < 0 ? name : `${name}[${i}]`, series: one })
    );
    leftOut += Math.abs(length) - series.length;
  });
  series.leaves.forEach((one, k) => all.push({ name: found.leaves[k]!.name, series: one }));
  const distinct = joinEqual(all.filter(({ series }) => hasValues(series)));
  const shown = distinct.slice(0, VIEW_SERIES_MAX);
  const around = stepsAround(pointsOfInterest(shown), { from, to, known: sampled });
  const samples = sampled.map((t, i) => ({ t, state: decodeState(states[i]!) }));
  for (const t of around) samples.push({ t, state: await shownState(run, t) });
  return {
    buckets: bucketsOf(from, to, BUCKETS_MAX),
    series: shown,
    leftOut: leftOut + distinct.length - shown.length,
    isCut: found.isCut,
    samples: samples.sort((a, b) => a.t - b.t),
  };
}

/** Some states in and just before the range, as they are shown. */
async function someStates(run: SandboxedRun, from: number, to: number): Promise<Iterable<unknown>> {
  if (!await run.hasCodec()) return storedStates(run.record, from, to);
  const every = Math.max(1, Math.ceil((to - from) / DECODED_SAMPLES_MAX));
  return await Array.fromAsync(run.states(from, to, { every, isShown: true }));
}

/** Some stored states in and just before the range, one at a time: no code has to run for them. */
function* storedStates(
  record: RunRecord,
  from: number,
  to: number,
): Generator<unknown, void, void> {
  const { checkpoints, lastState } = record;
  const first = spanOf(from, record);
  const last = spanOf(to - 1, record);
  const every = Math.max(1, Math.ceil((last - first + 1) / LEAF_SAMPLES_MAX));
  for (let span = first; span <= last; span += every) {
    yield decodeState(checkpoints.bytesAt(span));
  }
  if (lastState !== undefined) yield decodeState(lastState);
}

/** How many states can be held, if they are as large as the largest of some stored ones. */
function samplesMax({ checkpoints, lastState }: RunRecord): number {
  const sizes = [0, checkpoints.length >> 1, checkpoints.length - 1]
    .map((block) => checkpoints.bytesAt(block).length);
  return VIEW_STATES_BYTES_MAX / Math.max(...sizes, lastState?.length ?? 0);
}

function hasValues({ stats, nan, positive, negative }: Series): boolean {
  return stats !== undefined || nan.count + positive.count + negative.count > 0;
}

/** Series that are the same in every state become one, which has all their names; constants stay apart. */
function joinEqual(all: readonly NamedSeries[]): NamedSeries[] {
  const joined: { names: string[]; series: Series; bytes: Uint8Array }[] = [];
  for (const { name, series } of all) {
    const bytes = encodeState(series);
    const same = series.isConstant
      ? undefined
      : joined.find((other) => equalBytes(other.bytes, bytes));
    if (same === undefined) joined.push({ names: [name], series, bytes });
    else if (!same.names.includes(name)) same.names.push(name);
  }
  return joined.map(({ names, series }) => ({ name: names.join(" = "), series }));
}

/** The first t at which each series is not finite, without repetition. */
function pointsOfInterest(all: readonly NamedSeries[]): number[] {
  const points = all.flatMap(({ series: { nan, positive, negative } }) =>
    [nan, positive, negative].filter(({ count }) => count > 0).map(({ first }) => first)
  );
  return [...new Set(points)].sort((a, b) => a - b).slice(0, POINTS_MAX);
}
