/**
 * A run beside a baseline: the last half of each metric that both have.
 * This module is browser compatible.
 *
 * @module
 */

import { isTimingName } from "../log/timing_names.ts";
import { type Column, column, type RunLog } from "../log/run_log.ts";
import { ksTest, welchTest } from "../statistics/two_sample_tests.ts";
import { directionOf, maximizesReward } from "./direction.ts";
import type { BaselineComparison } from "./evaluation_report.ts";
import { type EvaluationResult, notComputable } from "./evaluation_rule.ts";

/** Level of all tests together. */
const ALPHA = 0.01;
/** A difference within this part of the baseline's level is none that matters. */
const MARGIN = 0.05;

/** The finite values of the last half of a metric. */
export function lastHalf(item: Column): Float64Array {
  const values = item.values.filter((value, row) =>
    item.present[row] === 1 && Number.isFinite(value)
  );
  return values.subarray(values.length >> 1);
}

/** Every metric that both logs have enough values of. */
export function compareWithBaseline(log: RunLog, baseline: RunLog): BaselineComparison[] {
  return [...log.columns.values()].flatMap((item): BaselineComparison[] => {
    const other = column(baseline, item.name) ??
      (item.canonical === undefined ? undefined : column(baseline, item.canonical));
    if (other === undefined || isTimingName(item.name)) return [];
    const own = lastHalf(item);
    const theirs = lastHalf(other);
    if (own.length < 8 || theirs.length < 8) return [];
    return [{
      metric: item.name,
      welch: welchTest(theirs, own, { serial: true }),
      ks: ksTest(theirs, own, { serial: true }),
    }];
  });
}

/** Whether the run is worse than its baseline in any metric whose direction is known. */
export function judgeBaseline(
  log: RunLog,
  comparisons: readonly BaselineComparison[],
): EvaluationResult {
  const rule =
    `no metric of known direction is worse than the baseline's by more than ${
      100 * MARGIN
    }% of its level, ` +
    `over the last half of both runs (Welch by independent values, p < ${ALPHA} over all metrics)`;
  const hasReward = maximizesReward(log);
  const judged = comparisons.flatMap((item) => {
    const better = directionOf(log.columns.get(item.metric)!, hasReward);
    return better === undefined ? [] : [{ ...item, better }];
  });
  const named = { evaluation: "baseline", rule };
  if (judged.length === 0) {
    return {
      ...named,
      ...notComputable("no metric of known direction has enough values in both runs"),
    };
  }
  const worse = judged.filter(({ welch, better }) => {
    const [theirs, own] = welch.means;
    return (own - theirs) * better < 0 && Math.abs(own - theirs) > MARGIN * Math.abs(theirs) &&
      welch.p < ALPHA / judged.length;
  });
  const shown = worse.length > 0 ? worse : judged;
  return {
    ...named,
    status: worse.length > 0 ? "fail" : "pass",
    detail: (worse.length > 0 ? "worse than the baseline: " : "not worse than the baseline: ") +
      shown.slice(0, 5).map(({ metric, welch }) =>
        `${metric} is ${welch.means[1].toPrecision(4)} against ${welch.means[0].toPrecision(4)}`
      ).join(", "),
    n: judged.reduce((sum, { welch }) => sum + welch.n[0] + welch.n[1], 0),
    measured: Object.fromEntries(judged.map(({ metric, welch }) => [`${metric}_p`, welch.p])),
  };
}
