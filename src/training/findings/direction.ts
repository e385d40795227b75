/**
 * Which way a metric should go, by its name.
 * This module is browser compatible.
 *
 * @module
 */

import { type Column, column, type RunLog } from "../log/run_log.ts";
import { type MetricSeries, metricSeries } from "./evaluation_rule.ts";

/** A metric that is watched. */
export interface WatchedSeries {
  /** Its name in the log. */
  readonly name: string;
  /** 1 where more is better, -1 where less is; undefined if that is not known. */
  readonly better: 1 | -1 | undefined;
  /** Its finite values. */
  readonly series: MetricSeries;
}

/** A metric of which less, or more, is better. */
export interface DirectedSeries extends WatchedSeries {
  readonly better: 1 | -1;
}

/** Last part of a name, where parts are joined by `/`, `.` or blanks. */
function lastPart(name: string): string {
  return name.toLowerCase().split(/[/. ]+/).at(-1)!;
}

const HELD_OUT =
  /(?:^|[/._ -])(?:val|valid|validation|eval|evaluation|test|dev|holdout)(?:[/._ -]|$)/i;
/** A loss that training minimizes as a whole; those of parts (policy, value, entropy) may well rise. */
const LESS_IS_BETTER =
  /^(?:(?:train|training|val|valid|validation|eval|test|total|gpt|lm|ce|nll|mse|mae|bce|reconstruction)_)?(?:loss|loss_mean|nll|perplexity|ppl|mse|mae|rmse|wer|cer|error|error_rate|cross_entropy|bpb|bits_per_byte)$/;
const MORE_IS_BETTER =
  /^(?:(?:train|val|valid|validation|eval|test|mean|avg|top1|top5|balanced|mean_token)_)?(?:acc|accuracy|acc1|acc5|acc_norm|f1|auc|auroc|map|bleu|rouge\w*|iou|miou|psnr|ssim|r2|success_rate|win_rate|pass_at_1|score|episode_reward|episodic_return|episode_return|ep_rew_mean)$/;

/**
 * Which way `item` should go; undefined if that is not known. `hasReward` says that the run maximizes a reward: then
 * its training loss has no direction.
 */
export function directionOf(item: Column, hasReward: boolean): 1 | -1 | undefined {
  if (item.canonical === "reward_mean") return 1;
  const name = lastPart(item.name);
  if (MORE_IS_BETTER.test(name)) return 1;
  if (!LESS_IS_BETTER.test(name)) return undefined;
  return hasReward && !HELD_OUT.test(item.name) ? undefined : -1;
}

/** Metrics looked at; in a log with more, the first ones. */
const METRICS_MAX = 50;

/** Every metric whose direction is known and that has at least `least` values. */
export function directedSeries(log: RunLog, least: number): DirectedSeries[] {
  const hasReward = column(log, "reward_mean") !== undefined;
  const found: DirectedSeries[] = [];
  for (const item of log.columns.values()) {
    if (found.length === METRICS_MAX) break;
    const better = directionOf(item, hasReward);
    const series = better && metricSeries(log, item.name, least);
    if (better !== undefined && series !== undefined) {
      found.push({ name: item.name, better, series });
    }
  }
  return found;
}

/**
 * The entropy of the policy. What is called `entropy_loss` is minus the entropy (Stable-Baselines3,
 * CleanRL), except where all of its values are positive (OpenRLHF logs the entropy itself so).
 */
export function entropySeries(log: RunLog, least: number): MetricSeries | undefined {
  const series = metricSeries(log, "entropy_mean", least);
  const item = column(log, "entropy_mean");
  if (series === undefined || item === undefined) return undefined;
  const isLoss = lastPart(item.name).replaceAll("-", "_") === "entropy_loss" &&
    series.values.some((value) => value < 0);
  return isLoss ? { ...series, values: series.values.map((value) => -value) } : series;
}

/** Metrics that are watched in every run, whichever way they should go. */
const WATCHED: ReadonlySet<string> = new Set([
  "loss",
  "reward_mean",
  "kl_mean",
  "grad_norm",
  "entropy_mean",
]);

/** Columns that are watched: these, and every metric of known direction. */
export function watchedColumns(log: RunLog): Column[] {
  return [...log.columns.values()].filter((item) =>
    WATCHED.has(item.canonical ?? "") || directionOf(item, false) !== undefined
  ).slice(0, METRICS_MAX);
}

/** Each watched metric that the log has enough values of. */
export function watchedSeries(log: RunLog, least: number): WatchedSeries[] {
  return watchedColumns(log).flatMap((item): WatchedSeries[] => {
    const series = metricSeries(log, item.name, least);
    return series === undefined
      ? []
      : [{ name: item.name, better: directionOf(item, false), series }];
  });
}
