/**
 * Which way a metric should go, by its name.
 * This module is browser compatible.
 *
 * @module
 */

import { type Column, column, type RunLog } from "../log/run_log.ts";
import { columnLike, type MetricSeries, metricSeries } from "./evaluation_rule.ts";

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

const HELD_OUT =
  /(?:^|[/._ -])(?:val|valid|validation|eval|evaluation|test|dev|holdout)(?:[/._ -]|$)/i;

/** Words that say of which data, and over how many of it, and nothing about the direction. */
const NEUTRAL = wordSet(
  "train training val valid validation eval evaluation test testing dev holdout mean avg average running moving " +
    "smoothed epoch step iter batch total overall reduced current curr final metrics metric s",
);

/** What a model or a policy should have more of, and the words beside it. */
const GAINS = wordSet(
  "acc accuracy accuracies acc1 acc5 top1 top5 f1 auc auroc auprc map ap dice iou miou psnr ssim bleu meteor " +
    "cider rouge r2 ndcg mrr success score exactmatch winrate pass",
);
const GAIN_WORDS = wordSet(
  "top balanced token categorical sparse binary macro micro weighted norm rate bbox segm box mask coco l lsum",
);

/** What a policy earns, and the words beside it. Parts of it may well fall. */
const REWARDS = wordSet("reward rewards return returns epret eprew");
const REWARD_WORDS = wordSet(
  "ep episode episodic cumulative group extrinsic discounted undiscounted rollout",
);

/** What training minimizes as a whole, and the words beside it; losses of parts (policy, value, box) may well rise. */
const LOSSES = wordSet(
  "loss nll perplexity ppl mse mae rmse mape wer cer eer error err fid lpips xent bpb bpc logloss mlogloss",
);
const LOSS_WORDS = wordSet(
  "gpt lm ce bce reconstruction binary log rate word top1 top5 mse mae nll xent",
);

function wordSet(text: string): ReadonlySet<string> {
  return new Set(text.split(" "));
}

/** The words of a part of a name; a number that is not part of a measure stays a word of its own. */
function wordsOf(part: string): string[] {
  return part.replace(/mAP|IoU/g, (word) => word.toLowerCase())
    .replace(/(?<=[a-z\d])(?=[A-Z])/g, "_").toLowerCase()
    .replace(/(?<='s )l2$/, "mse").replace(/(?<='s )l1$/, "mae") // LightGBM's losses
    .replace(/^valid(?:ation)?_\d+(?:'s)?/, "valid")
    .replace(/\bprec@(?=[15]\b)/, "top").replace(/@\d+|\([bm]\)$/g, "")
    .replace(/(?<![a-z])m?ap_?[\d.:-]+/, "map").replace(/top[-_ ]?([15])(?!\d)/, "top$1")
    .replace(/cross[-_ ]entropy/, "xent").replace(/mean[-_ ]squared[-_ ]error/, "mse")
    .replace(/mean[-_ ]absolute[-_ ]error/, "mae").replace(/bits[-_ ]per[-_ ]/, "bp")
    .replace(/bp(?:byte|char(?:acter)?)/, (word) => word.slice(0, 3))
    .replace(/(win|exact)[-_ ](rate|match)/, "$1$2").replace(/pass[-_ ]at[-_ ]1/, "pass")
    .replace(/ep[-_ ](ret|rew)(?![a-z])/, "ep$1")
    .split(/[^a-z\d]+/).filter((word) => word !== "");
}

/** What a name is about: its last part, with those before it where that says only of which data: `loss/val`. */
function subjectOf(name: string): string[] {
  const parts = name.split("/");
  let words: string[] = [];
  for (let i = parts.length - 1; i >= 0; i--) {
    words = [...wordsOf(i === parts.length - 1 ? lastDotted(parts[i]!) : parts[i]!), ...words];
    if (!words.every((word) => NEUTRAL.has(word))) break;
  }
  return words.filter((word) => !NEUTRAL.has(word));
}

/** `loss` of `metrics.loss`, but all of `mAP_0.5`. */
function lastDotted(part: string): string {
  return part.split(/\.(?=[A-Za-z_])/).at(-1)!;
}

/** What a metric measures, by its name, as far as a direction is known for that. */
function kindOf(name: string): "reward" | "gain" | "loss" | undefined {
  const words = subjectOf(name);
  const isOf = (nouns: ReadonlySet<string>, others: ReadonlySet<string>) =>
    words.some((word) => nouns.has(word)) &&
    words.every((word) => nouns.has(word) || others.has(word));
  if (isOf(LOSSES, LOSS_WORDS)) return "loss";
  if (isOf(GAINS, GAIN_WORDS)) return "gain";
  return isOf(REWARDS, REWARD_WORDS) ? "reward" : undefined;
}

/** Whether a run maximizes a reward: then its training loss has no direction. */
export function maximizesReward(log: RunLog): boolean {
  return column(log, "reward_mean") !== undefined ||
    [...log.columns.values()].some(({ name }) => kindOf(name) === "reward");
}

/**
 * Which way `item` should go; undefined if that is not known. `hasReward` says that the run maximizes a reward: then
 * its training loss has no direction.
 */
export function directionOf(item: Column, hasReward: boolean): 1 | -1 | undefined {
  if (item.canonical === "reward_mean") return 1;
  const kind = kindOf(item.name);
  if (kind !== "loss") return kind === undefined ? undefined : 1;
  return hasReward && !HELD_OUT.test(item.name) ? undefined : -1;
}

/** Metrics looked at; in a log with more, the first ones. */
const METRICS_MAX = 50;

/** Every metric whose direction is known and that has at least `least` values. */
export function directedSeries(log: RunLog, least: number): DirectedSeries[] {
  const hasReward = maximizesReward(log);
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
  const item = columnLike(log, "entropy_mean");
  if (series === undefined || item === undefined) return undefined;
  const isLoss = /entropy[ _-]loss$/i.test(item.name) && series.values.some((value) => value < 0);
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
