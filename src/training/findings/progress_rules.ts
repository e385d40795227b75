/**
 * Rules about how a run gets on.
 * This module is browser compatible.
 *
 * @module
 */

import { column } from "../log/run_log.ts";
import { longRunVariance, testTrend } from "../statistics/change_point.ts";
import { normalEquivalent, normalTwoSided } from "../../math/special_functions.ts";
import {
  median,
  quantileOfSorted,
  robustDeviation,
  spreadOf,
  summarize,
} from "../statistics/summary.ts";
import { type DirectedSeries, directedSeries } from "./direction.ts";
import {
  type EvaluationOutcome,
  type EvaluationRule,
  type EvaluationStatus,
  metricSeries,
  notComputable,
} from "./evaluation_rule.ts";

/** A change of a metric within this part of its level is none that matters. */
const MARGIN_OF_LEVEL = 0.05;
/** The same, as a part of the range that the metric passed through in the whole run. */
const MARGIN_OF_RANGE = 0.05;
/** Level of all tests of a rule together. */
const ALPHA = 0.01;
/** 99% of a normal distribution lie within so many standard deviations. */
const WIDTH = 2.576;

/** What one metric does, and how much that weighs. */
interface Finding {
  readonly status: EvaluationStatus;
  readonly text: string;
  readonly firstStep?: number;
  readonly change: number;
  readonly p: number;
}

/** Whether the run still improves in its last half. */
export const progress: EvaluationRule = {
  name: "progress",
  rule:
    "no metric of known direction (loss, reward, accuracy, ...) gets worse over the last half: a trend of the wrong " +
    `sign (p < ${ALPHA}, or a last third apart from the first) beyond the margin fails. A plateau is a trend whose 99% interval lies within the ` +
    "margin, 5% of the metric's level or of its range in the run",
  evaluate(log) {
    const found = directedSeries(log, 40);
    if (found.length === 0) {
      return notComputable(
        "no metric of known direction (loss, reward, accuracy, ...) has 40 values",
      );
    }
    return combine(found, found.map((metric) => trendOf(metric, ALPHA / found.length)));
  },
};

function trendOf({ name, better, series }: DirectedSeries, alpha: number): Finding {
  const { values, steps } = series;
  const half = clipped(values.subarray(values.length >> 1));
  const third = Math.floor(half.length / 3);
  const { p, slope, error } = testTrend(half);
  // A course that is no straight line leaves residuals that a test takes for noise.
  const moves = p < alpha || areApart(half.subarray(0, third), half.subarray(-third));
  const length = half.length - 1;
  const change = slope * length;
  const margin = marginOf(values, half);
  const uncertain = WIDTH * error * length;
  const numbers = `${signed(change)} +- ${short(uncertain)} over the last half`;
  const base = { change, p };
  if (moves && change * better > 0) {
    return { ...base, status: "pass", text: `${name} still improves (${numbers})` };
  }
  if (moves && Math.abs(change) > margin) {
    const firstStep = steps[values.length >> 1]!;
    return { ...base, status: "fail", text: `${name} gets worse (${numbers})`, firstStep };
  }
  if (Math.abs(change) + uncertain <= margin) {
    return {
      ...base,
      status: "pass",
      text: `${name} has reached a plateau (${numbers}, within +- ${short(margin)})`,
    };
  }
  return moves ? { ...base, status: "warn", text: `${name} creeps the wrong way (${numbers})` } : {
    ...base,
    status: "not_computable",
    text: `${name} is too noisy to tell a plateau from a trend (${numbers}, margin +- ${
      short(margin)
    })`,
  };
}

/** Parts of a run that are compared with its end. */
const PARTS = 5;
/** A fall by this part of the range that the metric passed through is one that matters. */
const LOSS_OF_RANGE = 0.1;

/** Whether the run ends worse than it was before. */
export const regression: EvaluationRule = {
  name: "regression",
  rule:
    `no metric of known direction ends worse than it was: the last fifth of the run against its best fifth, worse ` +
    `by more than ${100 * LOSS_OF_RANGE}% of its range and ${
      100 * MARGIN_OF_LEVEL
    }% of its level ` +
    `(means of both by their long-run variance, p < ${ALPHA} over all tests, or values apart from each other)`,
  evaluate(log) {
    const found = directedSeries(log, 40);
    if (found.length === 0) {
      return notComputable(
        "no metric of known direction (loss, reward, accuracy, ...) has 40 values",
      );
    }
    const alpha = ALPHA / found.length / (PARTS - 1);
    return combine(found, found.map((metric) => regressionOf(metric, alpha)));
  },
};

function regressionOf({ name, better, series }: DirectedSeries, alpha: number): Finding {
  const { values, steps } = series;
  const size = Math.floor(values.length / PARTS);
  const starts = Array.from({ length: PARTS }, (_, part) => values.length - (PARTS - part) * size);
  // Medians: one value far out makes no part the best or the worst.
  const levels = starts.map((from) => median(values.subarray(from, from + size)));
  const best = levels.slice(0, -1).reduce(
    (top, level, part) => (level - levels[top]!) * better > 0 ? part : top,
    0,
  );
  const at = starts[best]!;
  const end = starts[PARTS - 1]!;
  const parts = starts.map((from) => clipped(values.subarray(from, from + size)));
  const p = testParts(parts, best);
  const change = levels[PARTS - 1]! - levels[best]!;
  const range = Math.max(...levels) - Math.min(...levels);
  const level = Math.max(Math.abs(levels[best]!), Math.abs(levels[PARTS - 1]!));
  const isWorse = change * better < 0 && (p < alpha || areApart(parts[best]!, parts.at(-1)!)) &&
    Math.abs(change) > LOSS_OF_RANGE * range && Math.abs(change) > MARGIN_OF_LEVEL * level;
  const text = `${name} ${isWorse ? "ends worse than" : "does not fall back from"} its best part ` +
    `(${short(levels[best]!)} from step ${steps[at]} on, ${short(levels[PARTS - 1]!)} at the end)`;
  return {
    status: isWorse ? "fail" : "pass",
    text,
    change,
    p,
    ...(isWorse ? { firstStep: steps[end]! } : {}),
  };
}

/**
 * Two-sided p-value for the last part having the mean of part `index`. The noise is that of all parts
 * around their means: of one part alone too little is known where values hang together.
 */
function testParts(parts: readonly Float64Array[], index: number): number {
  const means = parts.map((part) => summarize(part).mean);
  const size = parts[0]!.length;
  const residuals = new Float64Array(size * parts.length);
  parts.forEach((part, at) => residuals.set(part.map((value) => value - means[at]!), at * size));
  const { variance, df } = longRunVariance(residuals);
  const change = means.at(-1)! - means[index]!;
  if (variance === 0) return change === 0 ? 1 : 0;
  return normalTwoSided(normalEquivalent(change / Math.sqrt(2 * variance / size), df));
}

/** Values within four spreads of the median: a single one far out would hide a change of level. */
function clipped(values: Float64Array): Float64Array {
  const middle = median(values);
  const [low, high] = bulkOf(values);
  const room = 4 * (robustDeviation(values) || (high - low) / 2 || Math.abs(middle));
  return values.map((value) => Math.min(middle + room, Math.max(middle - room, value)));
}

/** Whether every value of one sample lies beyond all of the other. */
function areApart(a: Float64Array, b: Float64Array): boolean {
  const largest = (values: Float64Array): number => values.reduce((x, y) => Math.max(x, y));
  const least = (values: Float64Array): number => values.reduce((x, y) => Math.min(x, y));
  return largest(a) < least(b) || largest(b) < least(a);
}

function bulkOf(values: Float64Array): readonly [number, number] {
  const sorted = values.slice().sort();
  return [quantileOfSorted(sorted, 0.05), quantileOfSorted(sorted, 0.95)];
}

function marginOf(values: Float64Array, half: Float64Array): number {
  const [low, high] = bulkOf(values);
  return Math.max(MARGIN_OF_LEVEL * Math.abs(median(half)), MARGIN_OF_RANGE * (high - low));
}

/** The worst finding decides; what cannot be told of one metric is no fault where others can be. */
function combine(
  metrics: readonly DirectedSeries[],
  findings: readonly Finding[],
): EvaluationOutcome {
  const order: readonly EvaluationStatus[] = ["fail", "warn", "pass", "not_computable"];
  const status = order.find((name) => findings.some((finding) => finding.status === name))!;
  const telling = findings.filter((finding) => finding.status === status);
  const firstStep = telling.reduce<number | undefined>(
    (least, finding) =>
      finding.firstStep === undefined ? least : Math.min(least ?? Infinity, finding.firstStep),
    undefined,
  );
  const shown = telling.slice(0, 3).map((finding) => finding.text);
  const more = telling.length - shown.length;
  return {
    status,
    detail: shown.join("; ") + (more > 0 ? `; and ${more} more` : ""),
    n: metrics.reduce((sum, metric) => sum + metric.series.values.length, 0),
    ...(firstStep === undefined ? {} : { firstStep }),
    measured: Object.fromEntries(
      metrics.flatMap(({ name }, index) => [
        [`${name}_change`, findings[index]!.change],
        [`${name}_p`, findings[index]!.p],
      ]),
    ),
  };
}

function short(value: number): string {
  return Number.isFinite(value) ? String(Number(value.toPrecision(3))) : String(value);
}

function signed(value: number): string {
  return `${value > 0 ? "+" : ""}${short(value)}`;
}

/** Noise of the last half. */
export const stability: EvaluationRule = {
  name: "stability",
  rule: "in the last half, spread of the steps from one value to the next is at most half the " +
    "median size of reward_mean or loss",
  evaluate(log) {
    const found = metricSeries(log, "reward_mean", 20) ?? metricSeries(log, "loss", 20);
    if (found === undefined) return notComputable("neither reward_mean nor loss has 20 values");
    const half = found.values.subarray(found.values.length >> 1);
    const moves = half.subarray(1).map((value, k) => value - half[k]!);
    const size = Math.abs(median(half));
    if (size === 0) return notComputable("the median is 0, so that no ratio can be formed");
    const ratio = spreadOf(moves) / Math.SQRT2 / size;
    return {
      status: ratio > 0.5 ? "warn" : "pass",
      detail: `noise is ${(100 * ratio).toFixed(1)}% of the level`,
      n: half.length,
      measured: { noise_ratio: ratio },
    };
  },
};

/** Tokens per second. */
export const throughput: EvaluationRule = {
  name: "throughput",
  rule:
    "informational: tokens per second between logged rows, from tokens_out (or tokens_in) and wall_time",
  evaluate(log) {
    const tokens = column(log, "tokens_out") ?? column(log, "tokens_in");
    const time = column(log, "wall_time");
    if (tokens === undefined || time === undefined) {
      return notComputable(`the log has no ${time === undefined ? "wall_time" : "token counts"}`);
    }
    const rates: number[] = [];
    // `wall_time_ms`, `time_ms`: milliseconds.
    const unit = /_ms$/i.test(time.name) ? 1e-3 : 1;
    let last = NaN;
    for (let row = 0; row < log.steps.length; row++) {
      if (tokens.present[row] === 0 || time.present[row] === 0) continue;
      const now = time.values[row]! * unit;
      if (now > last) rates.push(tokens.values[row]! / (now - last));
      last = now;
    }
    if (rates.length < 2) return notComputable("wall_time does not advance between rows");
    const middle = median(rates);
    return {
      status: "pass",
      detail: `median ${middle.toPrecision(4)} tokens per second`,
      n: rates.length,
      measured: { tokens_per_second: middle, robust_deviation: robustDeviation(rates) },
    };
  },
};
