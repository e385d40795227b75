/**
 * Rules about the log itself, whatever is trained.
 * This module is browser compatible.
 *
 * @module
 */

import { counted } from "../../text/quantity.ts";
import { isEpochName } from "../log/canonical_names.ts";
import { isTimingName } from "../log/timing_names.ts";
import { type Column, FAULTLESS_ISSUES, type RunLog } from "../log/run_log.ts";
import { watchedColumns, watchedSeries } from "./direction.ts";
import { type EvaluationRule, notComputable } from "./evaluation_rule.ts";
import { SortedWindow } from "../statistics/sorted_window.ts";

const SPIKE_WINDOW = 50;
const SPIKE_DEVIATIONS = 10;
/** With so many spikes in a row up to its end, a run does not come back from where they lead. */
const SPIKES_AT_END = 3;
const CONSTANT_VALUES_MIN = 20;
/** What is left empty more often than at this share of the values is logged at other steps. */
const LEFT_EMPTY_SHARE = 0.1;
const BROKEN = new Set(["damaged", "truncated", "missing_step", "bad_step", "conflict"]);

/** NaN and infinities. */
export const finiteValues: EvaluationRule = {
  name: "finite_values",
  rule:
    "no metric holds NaN or an infinity (fail), or is left empty now and then where others have values (warn)",
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
    const empty = count === 0 ? leftEmpty(log) : [];
    const measured = {
      nonFinite: count,
      leftEmpty: empty.reduce((sum, item) => sum + item.count, 0),
    };
    if (empty.length > 0) {
      const names = empty.map(({ name, count }) => `${name} (${counted(count, "time")})`).join(
        ", ",
      );
      const detail = `left empty where others have values, as NaN often is: ${names}`;
      const first = Math.min(...empty.map(({ step }) => step));
      return { status: "warn", detail, n, measured, firstStep: first };
    }
    return count === 0 ? { status: "pass", detail: `all ${n} values are finite`, n, measured } : {
      status: "fail",
      detail: `${count} of ${n} values are not finite, in ${[...where].join(", ")}`,
      n,
      measured,
      firstStep: firstStep!,
    };
  },
};

/**
 * Metrics that the log leaves empty, as null or a blank, at few of the steps at which it has what they are
 * logged with otherwise, or nothing else. Rows of another phase leave others empty as well.
 */
function leftEmpty({ columns, steps }: RunLog): { name: string; step: number; count: number }[] {
  const all = [...columns.values()].filter(({ name }) => !isTimingName(name) && !isEpochName(name));
  const at = (item: Column, row: number) => item.present[row] === 1;
  return all.flatMap((item) => {
    if (item.emptyCount === 0 || item.count < CADENCE_VALUES_MIN) return [];
    const rows: number[] = [];
    const last = item.present.lastIndexOf(1);
    for (let row = item.present.indexOf(1); row < last; row++) if (!at(item, row)) rows.push(row);
    if (rows.length === 0 || rows.length > LEFT_EMPTY_SHARE * item.count) return [];
    const isAlone = rows.every((row) => !all.some((other) => at(other, row)));
    const isPartOfRow = isAlone ||
      all.some((other) =>
        other !== item && rows.every((row) => at(other, row)) &&
        other.present.every((_, row) => at(other, row) || !at(item, row))
      );
    return isPartOfRow ? [{ name: item.name, step: steps[rows[0]!]!, count: rows.length }] : [];
  });
}

/** Damage, conflicts, gaps. */
export const logIntegrity: EvaluationRule = {
  name: "log_integrity",
  rule:
    "no damaged or conflicting records (fail); no duplicates, gaps or steps out of order (warn)",
  evaluate(log) {
    const counted = log.issues.filter(({ kind }) => !FAULTLESS_ISSUES.has(kind));
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
    const constant = found.filter(({ series: { values } }) =>
      values.every((value) => value === values[0])
    );
    const n = found.reduce((sum, { series }) => sum + series.values.length, 0);
    return {
      status: constant.length > 0 ? "warn" : "pass",
      detail: constant.length > 0
        ? `never changes: ${constant.map(({ name }) => name).join(", ")}`
        : `${found.map(({ name }) => name).join(", ")} change`,
      n,
      measured: { constant: constant.length },
    };
  },
};

/** A metric with fewer values than this is logged now and then, and may end at any time. */
const CADENCE_VALUES_MIN = 10;
/** Usual gaps between two values after which a metric has ended. */
const ENDED_GAPS = 5;
/** Share of the log's rows that must follow, too. */
const ENDED_SHARE = 0.05;

/** Metrics that stop while the log goes on: NaN is often written as null, or not at all. */
export const endsEarly: EvaluationRule = {
  name: "ends_early",
  rule:
    `no metric stops while others go on: after its last value come at most ${ENDED_GAPS} of its usual gaps, or ` +
    `${100 * ENDED_SHARE}% of the rows (a watched metric fails, others warn)`,
  evaluate(log) {
    const watched = new Set(watchedColumns(log));
    const rows = log.steps.length;
    const ended: { name: string; step: number; watched: boolean }[] = [];
    let n = 0;
    for (const item of log.columns.values()) {
      if (item.count < CADENCE_VALUES_MIN || isTimingName(item.name)) continue;
      n += item.count;
      const first = item.present.indexOf(1);
      const last = item.present.lastIndexOf(1);
      const after = rows - 1 - last;
      // The usual gap, by the rows that it spans: a run that was cut in half is no usual gap.
      const gap = (last - first) / (item.count - 1);
      if (after > ENDED_GAPS * gap && after > ENDED_SHARE * rows) {
        ended.push({ name: item.name, step: log.steps[last]!, watched: watched.has(item) });
      }
    }
    if (n === 0) return notComputable(`no metric has ${CADENCE_VALUES_MIN} values`);
    const isFailure = ended.some((item) => item.watched);
    return {
      status: ended.length === 0 ? "pass" : isFailure ? "fail" : "warn",
      detail: ended.length === 0
        ? "every metric goes on to the end of the log"
        : ended.slice(0, 5).map(({ name, step }) => `${name} has no value after step ${step}`)
          .join(", "),
      n,
      ...(ended.length === 0 ? {} : { firstStep: Math.min(...ended.map(({ step }) => step)) }),
      measured: { ended: ended.length },
    };
  },
};

/**
 * What a distance from the median of a window is measured by: its robust deviation; where more than half
 * of its values are one and the same, its range without the few that may be the beginning of what is looked for;
 * where all the others are, too, the size of that value. Of a window of zeros nothing can be said.
 */
function scaleOf(window: SortedWindow): number {
  const range = window.at(window.count - SPIKES_AT_END) - window.at(SPIKES_AT_END - 1);
  return window.robustDeviation() || range || Math.abs(window.median()) || Infinity;
}

/** Single values far out. */
export const spikes: EvaluationRule = {
  name: "spikes",
  rule:
    `no value of a watched metric is more than ${SPIKE_DEVIATIONS} robust deviations above or below the ` +
    `median of the ${SPIKE_WINDOW} before it (warn); the run does not end with ${SPIKES_AT_END} of them in a row (fail)`,
  evaluate(log) {
    const found = watchedSeries(log, SPIKE_WINDOW + 1);
    if (found.length === 0) {
      return notComputable(`no watched metric has ${SPIKE_WINDOW + 1} values`);
    }
    const measured: Record<string, number> = {};
    const gone: string[] = [];
    let firstStep: number | undefined;
    let n = 0;
    for (const { name, better, series: { steps, values } } of found) {
      let count = 0;
      let row = 0;
      let sign = 0;
      let scale = Infinity;
      const before = new SortedWindow(SPIKE_WINDOW);
      for (let k = 0; k < SPIKE_WINDOW; k++) before.add(values[k]!);
      for (let k = SPIKE_WINDOW; k < values.length; k++) {
        const distance = values[k]! - before.median();
        // The measure stands still while spikes follow each other, or they would soon look normal.
        if (row === 0) scale = scaleOf(before);
        const isSpike = Math.abs(distance) > SPIKE_DEVIATIONS * scale;
        row = isSpike ? row + 1 : 0;
        sign = Math.sign(distance);
        if (isSpike) {
          count++;
          firstStep = Math.min(firstStep ?? Infinity, steps[k]!);
        }
        before.remove(values[k - SPIKE_WINDOW]!);
        before.add(values[k]!);
      }
      if (row >= SPIKES_AT_END && sign !== better) gone.push(name);
      n += values.length - SPIKE_WINDOW;
      measured[name] = count;
    }
    const total = Object.values(measured).reduce((sum, count) => sum + count, 0);
    return {
      status: gone.length > 0 ? "fail" : total > 0 ? "warn" : "pass",
      detail: gone.length > 0
        ? `the run ends far away from where it was: ${gone.join(", ")}`
        : total === 0
        ? `none in ${found.map(({ name }) => name).join(", ")}`
        : Object.entries(measured).filter(([, count]) => count > 0)
          .map(([name, count]) => `${count} in ${name}`).join(", "),
      n,
      firstStep,
      measured,
    };
  },
};
