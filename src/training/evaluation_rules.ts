/**
 * What can be said of a run from its log alone: each rule shows its threshold and what it measured, and
 * says "not computable" where the log does not hold what it needs.
 * This module is browser compatible.
 *
 * @module
 */

import { findChangePoint, testTrend } from "./change_point.ts";
import { column, type RunLog } from "./run_log.ts";
import { median, robustDeviation, summarize, welchTest } from "./statistics.ts";

/** Outcome of one rule. */
export type EvaluationStatus = "pass" | "warn" | "fail" | "not_computable";

/** Result of one rule. */
export interface EvaluationResult {
  /** Name of the rule. */
  readonly evaluation: string;
  /** Outcome. */
  readonly status: EvaluationStatus;
  /** What was found, in one line. */
  readonly detail: string;
  /** The rule and its threshold, in one line. */
  readonly rule: string;
  /** Values that it rests on. */
  readonly n: number;
  /** First step at which it fired. */
  readonly firstStep?: number;
  /** What was measured, by name. */
  readonly measured: Readonly<Record<string, number>>;
}

/** A rule. */
export interface EvaluationRule {
  /** Its name. */
  readonly name: string;
  /** The rule and its threshold, in one line. */
  readonly rule: string;
  /** Applies it to a log. */
  evaluate(log: RunLog): Omit<EvaluationResult, "evaluation" | "rule">;
}

type Outcome = Omit<EvaluationResult, "evaluation" | "rule">;

/** A metric's finite values and their steps. */
interface Series {
  readonly steps: Float64Array;
  readonly values: Float64Array;
}

const SPIKE_WINDOW = 50;
const SPIKE_DEVIATIONS = 10;
const CONSTANT_VALUES_MIN = 20;
const TREND_ALPHA = 0.001;
const WATCHED = ["loss", "reward_mean", "kl_mean", "grad_norm", "entropy_mean"] as const;

/** Finite values of a metric by canonical name; undefined if the log has fewer than `least` of them. */
function series(log: RunLog, name: string, least = 1): Series | undefined {
  const found = column(log, name);
  if (found === undefined) return undefined;
  const rows: number[] = [];
  for (let row = 0; row < log.steps.length; row++) {
    if (found.present[row] === 1 && Number.isFinite(found.values[row]!)) rows.push(row);
  }
  if (rows.length < least) return undefined;
  return {
    steps: Float64Array.from(rows, (row) => log.steps[row]!),
    values: Float64Array.from(rows, (row) => found.values[row]!),
  };
}

function notComputable(detail: string): Outcome {
  return { status: "not_computable", detail, n: 0, measured: {} };
}

/** Each watched metric that the log has enough values of. */
function watchedSeries(log: RunLog, least: number): [name: string, series: Series][] {
  return WATCHED.flatMap((name): [string, Series][] => {
    const found = series(log, name, least);
    return found === undefined ? [] : [[name, found]];
  });
}

const finiteValues: EvaluationRule = {
  name: "finite_values",
  rule: "no metric holds NaN or an infinity",
  evaluate(log) {
    let count = 0;
    let n = 0;
    let firstStep: number | undefined;
    const where = new Set<string>();
    for (const { name, values, present } of log.columns.values()) {
      for (let row = 0; row < values.length; row++) {
        if (present[row] === 0) continue;
        n++;
        if (Number.isFinite(values[row]!)) continue;
        count++;
        where.add(name);
        firstStep = Math.min(firstStep ?? Infinity, log.steps[row]!);
      }
    }
    if (n === 0) return notComputable("the log holds no values");
    const measured = { nonFinite: count };
    return count === 0 ? { status: "pass", detail: `all ${n} values are finite`, n, measured } : {
      status: "fail",
      detail: `${count} of ${n} values are not finite, in ${[...where].join(", ")}`,
      n,
      measured,
      firstStep: firstStep!,
    };
  },
};

const BROKEN = new Set(["damaged", "truncated", "missing_step", "bad_step", "conflict"]);

const logIntegrity: EvaluationRule = {
  name: "log_integrity",
  rule:
    "no damaged or conflicting records (fail); no duplicates, gaps or steps out of order (warn)",
  evaluate(log) {
    const counted = log.issues.filter((issue) =>
      issue.kind !== "note" && issue.kind !== "implied_steps"
    );
    const broken = counted.some((issue) => BROKEN.has(issue.kind));
    const first = counted.flatMap((issue) => issue.examples).find((example) =>
      example.step !== undefined
    );
    return {
      status: broken ? "fail" : counted.length > 0 ? "warn" : "pass",
      detail: counted.length === 0
        ? `${log.recordCount} records without fault`
        : counted.map((issue) => `${issue.count} x ${issue.kind}`).join(", "),
      n: log.lineCount,
      ...(first?.step === undefined ? {} : { firstStep: first.step }),
      measured: Object.fromEntries(counted.map((issue) => [issue.kind, issue.count])),
    };
  },
};

const constantMetrics: EvaluationRule = {
  name: "constant_metrics",
  rule:
    `no watched metric has one and the same value at all of at least ${CONSTANT_VALUES_MIN} steps`,
  evaluate(log) {
    const found = watchedSeries(log, CONSTANT_VALUES_MIN);
    if (found.length === 0) {
      return notComputable(`no watched metric has ${CONSTANT_VALUES_MIN} values`);
    }
    const constant = found.filter(([, { values }]) => values.every((value) => value === values[0]));
    const n = found.reduce((sum, [, { values }]) => sum + values.length, 0);
    return {
      status: constant.length > 0 ? "warn" : "pass",
      detail: constant.length > 0
        ? `never changes: ${constant.map(([name]) => name).join(", ")}`
        : `${found.map(([name]) => name).join(", ")} change`,
      n,
      measured: { constant: constant.length },
    };
  },
};

const spikes: EvaluationRule = {
  name: "spikes",
  rule:
    `no value of a watched metric is more than ${SPIKE_DEVIATIONS} robust deviations above or below the ` +
    `median of the ${SPIKE_WINDOW} before it`,
  evaluate(log) {
    const found = watchedSeries(log, SPIKE_WINDOW + 1);
    if (found.length === 0) {
      return notComputable(`no watched metric has ${SPIKE_WINDOW + 1} values`);
    }
    const measured: Record<string, number> = {};
    let firstStep: number | undefined;
    let n = 0;
    for (const [name, { steps, values }] of found) {
      let count = 0;
      for (let k = SPIKE_WINDOW; k < values.length; k++) {
        const before = values.subarray(k - SPIKE_WINDOW, k);
        const spread = robustDeviation(before);
        if (spread === 0 || Math.abs(values[k]! - median(before)) <= SPIKE_DEVIATIONS * spread) {
          continue;
        }
        count++;
        firstStep = Math.min(firstStep ?? Infinity, steps[k]!);
      }
      n += values.length - SPIKE_WINDOW;
      measured[name] = count;
    }
    const total = Object.values(measured).reduce((sum, count) => sum + count, 0);
    return {
      status: total > 0 ? "warn" : "pass",
      detail: total === 0
        ? `none in ${found.map(([name]) => name).join(", ")}`
        : Object.entries(measured).filter(([, count]) => count > 0)
          .map(([name, count]) => `${count} in ${name}`).join(", "),
      n,
      ...(firstStep === undefined ? {} : { firstStep }),
      measured,
    };
  },
};

const progress: EvaluationRule = {
  name: "progress",
  rule:
    "the last fifth is not worse than the fifth before it (Welch, p < 0.01 by independent values); " +
    "no change is a plateau and passes",
  evaluate(log) {
    const reward = series(log, "reward_mean", 40);
    const found = reward ?? series(log, "loss", 40);
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

const stability: EvaluationRule = {
  name: "stability",
  rule:
    "in the last half, robust deviation of the steps from one value to the next is at most half the " +
    "median size of reward_mean or loss",
  evaluate(log) {
    const found = series(log, "reward_mean", 20) ?? series(log, "loss", 20);
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

const klSpike: EvaluationRule = {
  name: "kl_spike",
  rule: "KL is nowhere above 4 times the median of the 10 values before, 3 times in a row",
  evaluate(log) {
    const found = series(log, "kl_mean", 13);
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
      ...(firstStep === undefined ? {} : { firstStep }),
      measured: { worst_ratio: worst },
    };
  },
};

const KL_LOW = 0.01;
const KL_HIGH = 0.15;

const klController: EvaluationRule = {
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
      ...(firstStep === undefined ? {} : { firstStep }),
      measured: {},
    };
  },
};

const klDrift: EvaluationRule = {
  name: "kl_drift",
  rule: `the mean of KL does not change within the last half (change point, p < ${TREND_ALPHA})`,
  evaluate(log) {
    const found = series(log, "kl_mean", 60);
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

const entropyCollapse: EvaluationRule = {
  name: "entropy_collapse",
  rule: "the last tenth of the entropy has a median of at least a tenth of that of the first tenth",
  evaluate(log) {
    const found = series(log, "entropy_mean", 30);
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

const clipping: EvaluationRule = {
  name: "clipping",
  rule: "the mean clipped fraction of the last half is at most 0.3",
  evaluate(log) {
    const found = series(log, "clip_frac", 10);
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

const gradientBalance: EvaluationRule = {
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
      ...(firstStep === undefined ? {} : { firstStep }),
      measured: { median_ratio: middle },
    };
  },
};

const rewardHacking: EvaluationRule = {
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
      const found = series(log, name, 60);
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

const throughput: EvaluationRule = {
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

const RULES: readonly EvaluationRule[] = [
  finiteValues,
  logIntegrity,
  constantMetrics,
  spikes,
  progress,
  stability,
  klSpike,
  klController,
  klDrift,
  entropyCollapse,
  clipping,
  gradientBalance,
  rewardHacking,
  throughput,
];

/** Suites by name, each a list of rules. */
export const EVALUATION_SUITES: ReadonlyMap<string, readonly EvaluationRule[]> = new Map([
  ["quick", [finiteValues, logIntegrity, spikes, progress]],
  ["comprehensive", RULES],
  ["safety", [
    finiteValues,
    klSpike,
    klController,
    klDrift,
    entropyCollapse,
    clipping,
    rewardHacking,
  ]],
  ["integrity", [finiteValues, logIntegrity, constantMetrics]],
  ["performance", [progress, stability, throughput]],
  ["trust", [finiteValues, logIntegrity, constantMetrics, stability, klDrift]],
  ["training_metrics", [
    progress,
    stability,
    spikes,
    klSpike,
    klDrift,
    gradientBalance,
    throughput,
  ]],
]);
