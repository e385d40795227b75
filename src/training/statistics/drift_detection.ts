/**
 * Finds where one metric of two runs with different seeds stops behaving the same: level shifts, slow
 * drifts, changes of spread and single outliers, with bounded false alarms.
 *
 * Two series are tested: the difference b - a, in which what both runs share (a trend, a falling noise)
 * cancels, and the log ratio of their local deviations. The baseline of a point is all that lies before it.
 * This module is browser compatible.
 *
 * @module
 */

import { log, pow } from "../../math/mod.ts";
import type { DriftEvent, DriftResult } from "./drift_event.ts";
import { localDeviations, localScales } from "./local_scale.ts";
import { type ChangeKinds, meanChanges, VALUES_MIN } from "./mean_changes.ts";
import { areEvents, isNoiseless, noiselessChanges } from "./noiseless.ts";
import { takeOutliers } from "./outliers.ts";
import { confirmed, INDEPENDENT_MIN } from "./sign_flips.ts";
import { autocorrelationTime } from "./autocorrelation.ts";

/** Options of {@linkcode detectDrift}. */
export interface DriftOptions {
  /** Chance of a false alarm in a pair that behaves the same, over all tests (default 0.01). */
  alpha?: number;
}

/** From so many values on the limit distributions hold well enough. */
const VALUES_FOR_LIMITS = 400;
/** Share of alpha that the test for outliers takes. */
const OUTLIERS_SHARE = 0.2;
/** Tests that share the rest: mean and spread, each with its change and its bump. */
const TESTS = 6;
/** Series that are looked at a second time: the differences, and the ratios of the deviations. */
const SERIES = 2;

const MEAN_KINDS: ChangeKinds = {
  offset: "offset",
  level: "level_shift",
  ramp: "drift",
  bump: "bump",
};
const SPREAD_KINDS: ChangeKinds = {
  offset: "variance_change",
  level: "variance_change",
  ramp: "variance_change",
  bump: "variance_change",
};

/** Compares two series of equal length, step by step. */
export function detectDrift(
  a: Float64Array,
  b: Float64Array,
  { alpha = 0.01 }: DriftOptions = {},
): DriftResult {
  const { rows, events } = splitNonFinite(a, b);
  const n = rows.length;
  // The limit distributions raise a few times too many alarms in short series.
  const alphaPerTest = (1 - OUTLIERS_SHARE) * alpha / TESTS * Math.min(1, n / VALUES_FOR_LIMITS);
  const valuesA = gather(a, rows);
  const valuesB = gather(b, rows);
  const difference = valuesB.map((value, k) => value - valuesA[k]!);
  const isSparse = n >= VALUES_MIN && areEvents(valuesA, valuesB);
  if (
    n < 3
      ? difference.every((value) => value === difference[0])
      : !isSparse && isNoiseless(valuesA, valuesB)
  ) {
    events.push(
      ...noiselessChanges(valuesA, valuesB).map((event) => ({
        ...event,
        index: rows[event.index]!,
      })),
    );
    events.sort((x, y) => x.index - y.index);
    return {
      events,
      n,
      nEffective: n,
      alphaPerTest,
      notComputable: n > 0 ? undefined : "no step has a value in both",
    };
  }
  if (n < VALUES_MIN) {
    const notComputable =
      `${n} steps have a number in both, and telling noise from change takes ${VALUES_MIN}`;
    return { events, n, nEffective: NaN, alphaPerTest, notComputable };
  }
  const deviationsA = localDeviations(valuesA);
  const deviationsB = localDeviations(valuesB);
  // Noise may fall while training goes on: differences are measured by the noise that both have there.
  // Rare events have no size of their own: in a piece without them it would be any.
  const noise = isSparse
    ? new Float64Array(n).fill(1)
    : localScales(deviationsA.map((deviation, k) => deviation + deviationsB[k]!));
  const { outliers, cleaned } = takeOutliers(difference, isSparse ? 0 : OUTLIERS_SHARE * alpha);
  const level = (1 - OUTLIERS_SHARE) * alpha / SERIES;
  const scaled = cleaned.map((value, k) => value / noise[k]!);
  const changes = confirmed(
    scaled,
    meanChanges(scaled, cleaned, alphaPerTest, MEAN_KINDS),
    level,
  );
  const spreads = spreadRatios(deviationsA, deviationsB, outliers);
  // The spread of rare events is how many there are, which their mean says.
  const spreadChanges = confirmed(
    spreads,
    isSparse ? [] : meanChanges(spreads, spreads, alphaPerTest, SPREAD_KINDS),
    level,
  )
    .map((event) => ({ ...event, before: ratioOf(event.before), after: ratioOf(event.after) }));
  for (const event of [...outliers, ...changes, ...spreadChanges]) {
    events.push({ ...event, index: rows[event.index]! });
  }
  events.sort((x, y) => x.index - y.index);
  const nEffective = n / autocorrelationTime(cleaned);
  const notComputable = events.length === 0 && nEffective < INDEPENDENT_MIN
    ? `its ${n} steps hang together so closely that they are worth ${
      Math.round(nEffective)
    } independent ones, and telling noise from change takes ${INDEPENDENT_MIN}`
    : undefined;
  return { events, n, nEffective, alphaPerTest, notComputable };
}

/** Rows at which both are finite, and one event per run of rows at which they disagree otherwise. */
function splitNonFinite(
  a: Float64Array,
  b: Float64Array,
): { rows: Uint32Array; events: DriftEvent[] } {
  const rows = new Uint32Array(a.length);
  let count = 0;
  const events: DriftEvent[] = [];
  let open: { index: number; count: number } | undefined;
  for (let k = 0; k <= a.length; k++) {
    const differs = k < a.length && !(Number.isFinite(a[k]!) && Number.isFinite(b[k]!)) &&
      !Object.is(a[k]!, b[k]!);
    if (k < a.length && Number.isFinite(a[k]!) && Number.isFinite(b[k]!)) rows[count++] = k;
    if (differs) {
      if (open === undefined) open = { index: k, count: 0 };
      open.count++;
    } else if (open !== undefined) {
      events.push({ kind: "non_finite", ...open, zScore: Infinity, p: 0, before: 0, after: NaN });
      open = undefined;
    }
  }
  return { rows: rows.subarray(0, count), events };
}

function gather(values: Float64Array, rows: Uint32Array): Float64Array {
  const out = new Float64Array(rows.length);
  for (let k = 0; k < rows.length; k++) out[k] = values[rows[k]!]!;
  return out;
}

/** A difference of logarithms as a ratio. */
function ratioOf(logRatio: number): number {
  return pow(Math.E, logRatio);
}

/** log of (deviation of b) / (deviation of a), tamed where both are small. */
function spreadRatios(
  deviationsA: Float64Array,
  deviationsB: Float64Array,
  outliers: readonly DriftEvent[],
): Float64Array {
  const pooled = deviationsA.map((deviation, k) => deviation + deviationsB[k]!);
  const floors = localScales(pooled);
  const ratios = deviationsA.map((deviation, k) => {
    const floor = 0.15 * floors[k]!;
    return log((deviationsB[k]! + floor) / (deviation + floor));
  });
  for (const outlier of outliers) ratios[outlier.index] = 0;
  return ratios;
}
