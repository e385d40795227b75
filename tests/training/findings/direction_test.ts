import { assertEquals } from "@std/assert";
import { directionOf, maximizesReward } from "../../../src/training/findings/direction.ts";
import type { RunLog } from "../../../src/training/log/run_log.ts";
import { makeLog } from "../support.ts";

/** A log whose metrics have no canonical name. */
function logOf(names: readonly string[]): RunLog {
  const log = makeLog([0], Object.fromEntries(names.map((name) => [name, [1]])));
  const columns = [...log.columns].map(([name, item]) =>
    [name, { ...item, canonical: undefined }] as const
  );
  return { ...log, columns: new Map(columns) };
}

/** The names of which `directionOf` says something else than `expected`. */
function others(names: readonly string[], expected: 1 | -1 | undefined): string[] {
  const log = logOf(names);
  return names.filter((name) => directionOf(log.columns.get(name)!, false) !== expected);
}

Deno.test("directionOf: what frameworks call a gain should rise", () => {
  const names = [
    ...["val_acc", "eval_top1", "Acc@1", "Prec@1", "top-1", "mAP_0.5", "metrics/mAP50-95(B)"],
    ...["bbox/AP", "coco/bbox_mAP", "val_dice", "mIoU", "f1_score", "valid_1's auc", "eval-auc"],
    ...["val_sparse_categorical_accuracy", "exact_match", "rougeL", "accuracy/val", "ndcg@10"],
    ...["Train/mean_reward", "eval/mean_reward", "AverageEpRet", "charts/episodic_return"],
    ...["Environment/Cumulative Reward", "env_runners/episode_return_mean", "rewards/mean"],
    ...["rewards/accuracies", "val-core/gsm8k/acc/mean@1", "custom_metrics/score_mean"],
  ];
  assertEquals(others(names, 1), []);
});

Deno.test("directionOf: what frameworks call a loss or an error should fall", () => {
  const names = [
    ...["loss", "Loss/val", "loss_train", "train_loss_epoch", "reduced_train_loss", "lm loss"],
    ...["valid_1's binary_logloss", "valid_0's l2", "validation_0-logloss", "eval-rmse"],
    ...["train-error", "test-mlogloss", "top1_err", "mean_squared_error", "val_wer", "valid_ppl"],
    ...[
      "train/CrossEntropyLoss",
      "bits_per_char",
      "eval/loss",
      "Validation Loss",
      "word error rate",
    ],
  ];
  assertEquals(others(names, -1), []);
});

Deno.test("directionOf: parts of losses and rewards, spreads and settings have no direction", () => {
  const names = [
    ...["policy_loss", "value_loss", "losses/value_loss", "Loss / Policy loss", "box_loss"],
    ...["loss_1", "loss 2", "dice_loss", "kl_loss", "entropy_loss", "l2_loss", "l2", "loss_scale"],
    ...["Mean value_function loss", "train/actor_loss", "false_positive_rate", "heat_map", "top_p"],
    ...["reward_std", "rewards/chosen", "rewards/margins", "Episode_Reward/track_lin_vel_xy"],
    ...["Policy/Curiosity Reward", "episode_reward_max", "reward_per_sec", "StdEpRet", "map_size"],
  ];
  assertEquals(others(names, undefined), []);
});

Deno.test("maximizesReward: beside a reward of any name the training loss has no direction, a held-out one has", () => {
  const log = logOf(["Train/mean_reward", "loss", "val_loss"]);
  const hasReward = maximizesReward(log);
  const directions = [...log.columns.values()].map((item) => directionOf(item, hasReward));
  assertEquals(directions, [1, undefined, -1]);
  assertEquals(maximizesReward(logOf(["loss", "reward_std"])), false);
});
