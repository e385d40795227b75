/**
 * One list of canonical metric names, with the spellings that TRL, OpenRLHF, verl, the Hugging Face
 * Trainer, Lightning and rldk use for them.
 * This module is browser compatible.
 *
 * @module
 */

/**
 * Spellings of each canonical metric, the preferred one first: where a log has several, the first in
 * this order becomes the canonical column. A leading `train/` is ignored.
 */
export const METRIC_ALIASES: ReadonlyMap<string, readonly string[]> = new Map([
  ["reward_mean", [
    "reward_mean",
    "reward",
    "reward_scalar",
    "critic/rewards/mean",
    "critic/score/mean",
    "objective/scores",
    "objective/rlhf_reward",
    "env/reward_mean",
    "ppo/mean_scores",
    "reward.mean",
    "rewards/mean",
    "rollout/ep_rew_mean",
    "Environment/Cumulative Reward",
    "Mean Reward",
    "Mean reward",
    "episode_reward_mean",
    "env_runners.episode_return_mean",
    "env_runners/episode_return_mean",
    "avg_reward",
    "mean_reward",
    "reward_avg",
    "group_reward_mean",
    "normalized_reward_mean",
    "total_reward",
    "cumulative_reward",
    "score",
    "return",
    "r",
  ]],
  ["reward_std", [
    "reward_std",
    "reward.std",
    "rewards/std",
    "env/reward_std",
    "ppo/std_scores",
    "reward_stddev",
    "std_reward",
    "group_reward_std",
  ]],
  ["kl_mean", [
    "kl_mean",
    "kl",
    "objective/kl",
    "kl_to_ref",
    "kl_ref",
    "actor/kl_loss",
    "actor/ppo_kl",
    "policy/approxkl_avg",
    "kl_div.mean",
    "kl_div",
    "kl_value",
    "kl_avg",
    "policy_kl",
    "kl_divergence",
    "approx_kl",
    "kl_loss",
    "kl_penalty",
    "kl_regularization",
  ]],
  ["kl_coef", [
    "kl_coef",
    "objective/kl_coef",
    "actor/kl_coef",
    "kl_coeff",
    "kl_coefficient",
    "kl_beta",
    "beta",
  ]],
  ["entropy_mean", [
    "entropy_mean",
    "entropy",
    "Policy/Entropy",
    "objective/entropy",
    "policy/entropy_avg",
    "actor/entropy",
    "actor/entropy_loss",
    "entropy.mean",
    "avg_entropy",
    "mean_entropy",
    "policy_entropy",
    "action_entropy",
    "output_entropy",
    "response_entropy",
    "entropy_loss",
  ]],
  ["clip_frac", [
    "clip_frac",
    "clipfrac",
    "policy/clipfrac_avg",
    "actor/pg_clipfrac",
    "clip_ratio/region_mean",
    "clipped_ratio",
    "clipping_fraction",
    "clip_fraction",
    "clip_ratio",
  ]],
  ["grad_norm", [
    "grad_norm",
    "gradient_norm",
    "grad norm",
    "gnorm",
    "actor/grad_norm",
    "actor_grad_norm",
    "gradient_magnitude",
  ]],
  ["grad_norm_policy", ["grad_norm_policy", "policy_grad_norm", "pi_grad_norm"]],
  ["grad_norm_value", [
    "grad_norm_value",
    "value_grad_norm",
    "critic_grad_norm",
    "critic/grad_norm",
  ]],
  ["lr", [
    "lr",
    "learning_rate",
    "learning rate",
    "Policy/Learning Rate",
    "actor/lr",
    "actor_lr",
    "lr_value",
    "current_lr",
    "optimizer_lr",
  ]],
  ["loss", [
    "loss",
    "total_loss",
    "train_loss",
    "training_loss",
    "combined_loss",
    "gpt_loss",
    "loss_mean",
    "lm loss",
    "train loss",
    "Training Loss",
    "loss/policy_avg",
    "actor/pg_loss",
    "policy_loss",
    "ppo/loss/total",
    "ppo/loss/policy",
    "actor_loss",
    "value_loss",
    "critic_loss",
  ]],
  ["value_loss", [
    "value_loss",
    "loss/value_avg",
    "critic/vf_loss",
    "critic_loss",
    "ppo/loss/value",
    "vf_loss",
  ]],
  ["tokens_in", [
    "tokens_in",
    "input_tokens",
    "prompt_length/mean",
    "input_length",
    "prompt_length",
  ]],
  ["tokens_out", [
    "tokens_out",
    "output_tokens",
    "response_length/mean",
    "completions/mean_length",
    "output_length",
    "response_length",
    "completion_length",
  ]],
  ["acceptance_rate", ["acceptance_rate", "accept_rate", "acceptance", "policy_acceptance_rate"]],
  ["advantage_mean", [
    "advantage_mean",
    "adv_mean",
    "critic/advantages/mean",
    "normalized_advantage_mean",
  ]],
  ["advantage_std", ["advantage_std", "adv_std", "advantage_stddev"]],
  ["accuracy", ["accuracy", "acc", "acc_mean", "mean_token_accuracy", "rewards/accuracies"]],
  ["pass_at_1", ["pass_at_1", "diversity/pass_at_1", "pass@1"]],
  ["distinct_4", ["distinct_4", "diversity/distinct_4"]],
  ["self_bleu", ["self_bleu", "diversity/self_bleu"]],
  ["wall_time", [
    "wall_time",
    "timestamp",
    "time",
    "elapsed_time",
    "duration",
    "_runtime",
    "_timestamp",
    "wall_time_ms",
    "timestamp_ms",
    "time_ms",
  ]],
]);

/** What a spelling stands for, and how good a match it is (0 is the best). */
export interface CanonicalMatch {
  /** The canonical name. */
  readonly canonical: string;
  /** Place of the spelling in the canonical name's list. */
  readonly rank: number;
}

const MATCHES = buildMatches();

function buildMatches(): Map<string, CanonicalMatch[]> {
  const matches = new Map<string, CanonicalMatch[]>();
  for (const [canonical, aliases] of METRIC_ALIASES) {
    aliases.forEach((alias, rank) => {
      const list = matches.get(alias) ?? [];
      list.push({ canonical, rank });
      matches.set(alias, list.sort((a, b) => a.rank - b.rank));
    });
  }
  return matches;
}

const NO_MATCH: readonly CanonicalMatch[] = [];

/** What `name` may stand for, the best match first; empty for a name that no list holds. */
export function canonicalMatches(name: string): readonly CanonicalMatch[] {
  const direct = MATCHES.get(name);
  if (direct !== undefined) return direct;
  return name.startsWith("train/") ? MATCHES.get(name.slice(6)) ?? NO_MATCH : NO_MATCH;
}

/** The canonical name that `name` stands for; undefined for a name that no list holds. */
export function canonicalName(name: string): string | undefined {
  return canonicalMatches(name)[0]?.canonical;
}

/** Whether a metric counts epochs, by its name. */
export function isEpochName(name: string): boolean {
  return /(?:^|[./])epoch$/i.test(name);
}
