/**
 * Rules about how a run gets on.
 * This module is browser compatible.
 *
 * @module
 */

import { type EvaluationRule, metricSeries, notComputable } from "./evaluation_rule.ts";
import { column } from "../log/run_log.ts";
import { median, robustDeviation, welchTest } from "../statistics/statistics.ts";

/** Whether the run still improves at its end. */
export const progress: EvaluationRule = {
  name: "progress",
  rule:
    "the last fifth is not worse than the fifth before it (Welch, p < 0.01 by independent values); " +
    "no change is a plateau and passes",
  evaluate(log) {
    const reward = metricSeries(log, "reward_mean", 40);
    const found = reward ?? metricSeries(log, "loss", 40);
    if (found === undefined) return notComputable("neither reward_mean nor loss has 40 values");
    const name = reward === undefined ? "loss" : "reward_mean";
    const { values, steps } = found;
    const fifth = Math.floor(values.length / 5);
    const before = values.subarray(values.length - 2 * fifth, values.length - fifth);
    const last = values.subarray(values.length - fifth);
    const test = welchTest(before, last, { serial: true });
    const change = test.means[1] - test.means[0];
    const better = reward === undefined ? change < 0 : change > 0;
    const moved = test.p < 0.01;
    return {
      status: moved && !better ? "fail" : "pass",
      detail:
        `${name} ${moved ? better ? "still improves" : "gets worse" : "has reached a plateau"}: ` +
        `${test.means[0].toPrecision(4)} to ${test.means[1].toPrecision(4)}, p = ${
          test.p.toPrecision(2)
        }, ` +
        `n = ${test.n.join(" and ")} (worth ${
          test.nEffective.map((n) => n.toFixed(1)).join(" and ")
        })`,
      n: 2 * fifth,
      ...(moved && !better ? { firstStep: steps[steps.length - fifth]! } : {}),
      measured: { change, p: test.p, effect_size: test.effectSize },
    };
  },
};

/** Noise of the last half. */
export const stability: EvaluationRule = {
  name: "stability",
  rule:
    "in the last half, robust deviation of the steps from one value to the next is at most half the " +
    "median size of reward_mean or loss",
  evaluate(log) {
    const found = metricSeries(log, "reward_mean", 20) ?? metricSeries(log, "loss", 20);
    if (found === undefined) return notComputable("neither reward_mean nor loss has 20 values");
    const half = found.values.subarray(found.values.length >> 1);
    const moves = half.subarray(1).map((value, k) => value - half[k]!);
    const size = Math.abs(median(half));
    if (size === 0) return notComputable("the median is 0, so that no ratio can be formed");
    const ratio = robustDeviation(moves) / Math.SQRT2 / size;
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
    let last = NaN;
    for (let row = 0; row < log.steps.length; row++) {
      if (tokens.present[row] === 0 || time.present[row] === 0) continue;
      const seconds = time.values[row]! - last;
      if (seconds > 0) rates.push(tokens.values[row]! / seconds);
      last = time.values[row]!;
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
