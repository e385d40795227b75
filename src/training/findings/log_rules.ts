/**
 * Rules about the log itself, whatever is trained.
 * This module is browser compatible.
 *
 * @module
 */

import { type EvaluationRule, notComputable, watchedSeries } from "./evaluation_rule.ts";
import { SortedWindow } from "../statistics/sorted_window.ts";

const SPIKE_WINDOW = 50;
const SPIKE_DEVIATIONS = 10;
const CONSTANT_VALUES_MIN = 20;
const BROKEN = new Set(["damaged", "truncated", "missing_step", "bad_step", "conflict"]);

/** NaN and infinities. */
export const finiteValues: EvaluationRule = {
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

/** Damage, conflicts, gaps. */
export const logIntegrity: EvaluationRule = {
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
      firstStep: first?.step,
      measured: Object.fromEntries(counted.map((issue) => [issue.kind, issue.count])),
    };
  },
};

/** Metrics that never change. */
export const constantMetrics: EvaluationRule = {
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

/** Single values far out. */
export const spikes: EvaluationRule = {
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
      const before = new SortedWindow(SPIKE_WINDOW);
      for (let k = 0; k < SPIKE_WINDOW; k++) before.add(values[k]!);
      for (let k = SPIKE_WINDOW; k < values.length; k++) {
        const spread = before.robustDeviation();
        const distance = Math.abs(values[k]! - before.median());
        if (spread > 0 && distance > SPIKE_DEVIATIONS * spread) {
          count++;
          firstStep = Math.min(firstStep ?? Infinity, steps[k]!);
        }
        before.remove(values[k - SPIKE_WINDOW]!);
        before.add(values[k]!);
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
      firstStep,
      measured,
    };
  },
};
