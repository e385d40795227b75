/**
 * Rules about the policy of a reinforcement-learning run.
 * This module is browser compatible.
 *
 * @module
 */

import { findChangePoint, testTrend } from "../statistics/change_point.ts";
import { entropySeries } from "./direction.ts";
import { type EvaluationRule, metricSeries, notComputable } from "./evaluation_rule.ts";
import { column } from "../log/run_log.ts";
import { median, summarize } from "../statistics/summary.ts";

const TREND_ALPHA = 0.001;
const KL_LOW = 0.01;
const KL_HIGH = 0.15;

/** A lasting rise of KL. */
export const klSpike: EvaluationRule = {
  name: "kl_spike",
  rule: "KL is nowhere above 4 times the median of the 10 values before, 3 times in a row",
  evaluate(log) {
    const found = metricSeries(log, "kl_mean", 13);
    if (found === undefined) return notComputable("kl_mean has fewer than 13 values");
    const { values, steps } = found;
    let row = 0;
    let worst = 0;
    let firstStep: number | undefined;
    // The baseline stands still while a spike lasts, or it would soon look normal.
    let baseline = median(values.subarray(0, 10));
    for (let k = 10; k < values.length; k++) {
      if (row === 0) baseline = median(values.subarray(k - 10, k));
      const above = baseline > 0 && values[k]! > 4 * baseline;
      row = above ? row + 1 : 0;
      if (above) worst = Math.max(worst, values[k]! / baseline);
      if (row === 3) firstStep ??= steps[k - 2]!;
    }
    return {
      status: firstStep === undefined ? "pass" : "fail",
      detail: firstStep === undefined
        ? "no lasting spike"
        : `up to ${worst.toFixed(1)} times its baseline`,
      n: values.length,
      firstStep,
      measured: { worst_ratio: worst },
    };
  },
};

/** A KL coefficient that does not react. */
export const klController: EvaluationRule = {
  name: "kl_controller",
  rule:
    `KL is not outside [${KL_LOW}, ${KL_HIGH}] for 10 values in a row while its coefficient moves by less than 5%`,
  evaluate(log) {
    const kl = column(log, "kl_mean");
    const coefficient = column(log, "kl_coef");
    if (kl === undefined || coefficient === undefined) {
      return notComputable(`the log has no ${kl === undefined ? "kl_mean" : "kl_coef"}`);
    }
    let run = 0;
    let start = 0;
    let n = 0;
    let firstStep: number | undefined;
    for (let row = 0; row < log.steps.length; row++) {
      if (kl.present[row] === 0 || coefficient.present[row] === 0) continue;
      n++;
      const value = kl.values[row]!;
      if (value >= KL_LOW && value <= KL_HIGH) {
        run = 0;
        continue;
      }
      if (run++ === 0) start = row;
      const from = coefficient.values[start]!;
      const still = Math.abs(coefficient.values[row]! - from) < 0.05 * Math.abs(from);
      if (run >= 10 && still) firstStep ??= log.steps[start]!;
    }
    if (n < 10) return notComputable("fewer than 10 rows have both kl_mean and kl_coef");
    return {
      status: firstStep === undefined ? "pass" : "warn",
      detail: firstStep === undefined ? "the controller reacts" : "the controller is stuck",
      n,
      firstStep,
      measured: {},
    };
  },
};

/** A change of KL late in the run. */
export const klDrift: EvaluationRule = {
  name: "kl_drift",
  rule: `the mean of KL does not change within the last half (change point, p < ${TREND_ALPHA})`,
  evaluate(log) {
    const found = metricSeries(log, "kl_mean", 60);
    if (found === undefined) return notComputable("kl_mean has fewer than 60 values");
    const { values, steps } = found;
    const change = findChangePoint(values, values.length >> 1, values.length);
    const fired = change.p < TREND_ALPHA;
    return {
      status: fired ? "warn" : "pass",
      detail: `${fired ? "changes" : "no change"}: p = ${change.p.toPrecision(2)}, ` +
        `${change.shape} ${change.before.toPrecision(3)} to ${change.after.toPrecision(3)}`,
      n: values.length - (values.length >> 1),
      ...(fired ? { firstStep: steps[change.index]! } : {}),
      measured: { p: change.p, z: change.zScore },
    };
  },
};

/** A policy that has stopped exploring. */
export const entropyCollapse: EvaluationRule = {
  name: "entropy_collapse",
  rule:
    "the last tenth of the entropy (minus the entropy loss) has a median of at least a tenth of that of the first tenth",
  evaluate(log) {
    const found = entropySeries(log, 30);
    if (found === undefined) return notComputable("entropy_mean has fewer than 30 values");
    const tenth = Math.ceil(found.values.length / 10);
    const first = median(found.values.subarray(0, tenth));
    if (!(first > 0)) return notComputable("the entropy does not start above 0");
    const ratio = median(found.values.subarray(-tenth)) / first;
    return {
      status: ratio < 0.1 ? "fail" : "pass",
      detail: `${(100 * ratio).toFixed(1)}% of its first level is left`,
      n: found.values.length,
      measured: { ratio },
    };
  },
};

/** Updates that are mostly clipped. */
export const clipping: EvaluationRule = {
  name: "clipping",
  rule: "the mean clipped fraction of the last half is at most 0.3",
  evaluate(log) {
    const found = metricSeries(log, "clip_frac", 10);
    if (found === undefined) return notComputable("clip_frac has fewer than 10 values");
    const { mean, n } = summarize(found.values.subarray(found.values.length >> 1));
    return {
      status: mean > 0.3 ? "warn" : "pass",
      detail: `${mean.toPrecision(3)} is clipped`,
      n,
      measured: { mean },
    };
  },
};

/** Gradients of policy and value out of proportion. */
export const gradientBalance: EvaluationRule = {
  name: "gradient_balance",
  rule:
    "the policy's gradient norm is not below a tenth or above ten times the value's, 5 rows in a row",
  evaluate(log) {
    const policy = column(log, "grad_norm_policy");
    const value = column(log, "grad_norm_value");
    if (policy === undefined || value === undefined) {
      return notComputable("the log has no gradient norms of policy and value apart");
    }
    let run = 0;
    let n = 0;
    let firstStep: number | undefined;
    const ratios: number[] = [];
    for (let row = 0; row < log.steps.length; row++) {
      if (policy.present[row] === 0 || value.present[row] === 0 || value.values[row] === 0) {
        continue;
      }
      n++;
      const ratio = policy.values[row]! / value.values[row]!;
      ratios.push(ratio);
      run = ratio < 0.1 || ratio > 10 ? run + 1 : 0;
      if (run === 5) firstStep ??= log.steps[row]!;
    }
    if (n < 5) return notComputable("fewer than 5 rows have both gradient norms");
    const middle = median(ratios);
    return {
      status: firstStep === undefined ? "pass" : "warn",
      detail: `median ratio ${middle.toPrecision(3)}`,
      n,
      firstStep,
      measured: { median_ratio: middle },
    };
  },
};

/** Reward and KL that rise while entropy falls. */
export const rewardHacking: EvaluationRule = {
  name: "reward_hacking",
  rule:
    `reward and KL do not both rise while entropy falls in the last half, each at p < ${TREND_ALPHA} ` +
    "by independent values",
  evaluate(log) {
    const wanted = [["reward_mean", 1], ["kl_mean", 1], ["entropy_mean", -1]] as const;
    const measured: Record<string, number> = {};
    let fired = true;
    let n = Infinity;
    for (const [name, sign] of wanted) {
      const found = name === "entropy_mean" ? entropySeries(log, 60) : metricSeries(log, name, 60);
      if (found === undefined) return notComputable(`${name} has fewer than 60 values`);
      const half = found.values.subarray(found.values.length >> 1);
      const { zScore, p } = testTrend(half);
      measured[`${name}_trend_z`] = zScore;
      fired &&= p < TREND_ALPHA && Math.sign(zScore) === sign;
      n = Math.min(n, half.length);
    }
    return {
      status: fired ? "warn" : "pass",
      detail: Object.entries(measured).map(([name, z]) => `${name} = ${z.toFixed(1)}`).join(", "),
      n,
      measured,
    };
  },
};
