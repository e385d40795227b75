import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  canonicalMatches,
  canonicalName,
  METRIC_ALIASES,
} from "../../../src/training/log/canonical_names.ts";
import { isTimingName } from "../../../src/training/log/timing_names.ts";
import { FieldResolver, PRESETS } from "../../../src/training/log/field_roles.ts";
import { column } from "../../../src/training/log/run_log.ts";
import { issue, readText, series } from "./helpers.ts";

Deno.test("canonicalName() knows the spellings of rldk, TRL, OpenRLHF and verl", () => {
  const expected: [string, string][] = [
    ["reward", "reward_mean"],
    ["critic/score/mean", "reward_mean"],
    ["train/reward", "reward_mean"],
    ["objective/kl", "kl_mean"],
    ["actor/ppo_kl", "kl_mean"],
    ["policy/clipfrac_avg", "clip_frac"],
    ["learning_rate", "lr"],
    ["train/actor_lr", "lr"],
    ["actor/pg_loss", "loss"],
    ["loss/value_avg", "value_loss"],
    ["response_length/mean", "tokens_out"],
    ["gradient_norm", "grad_norm"],
  ];
  for (const [name, canonical] of expected) assertEquals(canonicalName(name), canonical, name);
  for (const name of ["eval/loss", "rewards/chosen", "train/", "x"]) {
    assertEquals(canonicalName(name), undefined, name);
  }
});

Deno.test("canonicalName() of a canonical name is itself", () => {
  for (const canonical of METRIC_ALIASES.keys()) {
    assertEquals(canonicalMatches(canonical)[0]?.canonical, canonical);
  }
});

Deno.test("isTimingName() knows time and speed, and nothing that two replays share", () => {
  const timing = [
    "wall_time",
    "train_runtime",
    "eval_samples_per_second",
    "perf/throughput",
    "timing_s/gen",
    "step_time",
    "_timestamp",
    "_runtime",
    "Wall time",
    "time/fps",
    "train/step_time",
    "ray/tune/time_total_s",
    "info.opt_peak_throughput",
    "train_speed(s/it)",
    "memory(GiB)",
    "performance/total_uptime",
    "ms/batch",
    "seconds",
    "time_taken",
    "record.process.id",
    "thread",
    "metrics/data_time",
    "Time cost",
    "hd_used_memory_tb (G)",
    "ETputs(KTEPS)",
    "timing_s/reward",
    "reward/compute_time_ms",
  ];
  for (const name of timing) assert(isTimingName(name), name);
  for (
    const name of [
      "loss",
      "total_flos",
      "num_tokens",
      "times",
      "lr",
      "timeout_rate",
      "steps",
      "metrics/mAP50(B)",
      "memory_loss",
      "eps",
      "ms_loss/batch",
      "Episode_Reward/feet_air_time",
      "Mean episode rew_feet_air_time",
      "loss/data",
      "rewards/speed",
      "reward_per_sec",
      "process_noise",
    ]
  ) {
    assert(!isTimingName(name), name);
  }
});

Deno.test("column() gives a canonical name to the one best match", async () => {
  const log = await readText(
    "a.jsonl",
    '{"step":1,"policy_loss":1,"loss":2,"value_loss":3,"r":4}\n',
  );
  assertEquals(column(log, "loss")?.name, "loss");
  assertEquals(log.columns.get("policy_loss")?.canonical, undefined);
  assertEquals(log.columns.get("value_loss")?.canonical, "value_loss");
  assertEquals(column(log, "reward")?.name, "r");
  const policy = await readText("a.jsonl", '{"step":1,"value_loss":3,"policy_loss":1}\n');
  assertEquals(column(policy, "loss")?.name, "policy_loss");
});

Deno.test("FieldResolver takes a field map either way round, before presets and lists", async () => {
  const maps: Record<string, string>[] = [
    { it: "step", ret: "reward_mean" },
    { step: "it", reward_mean: "ret" },
  ];
  for (const fieldMap of maps) {
    const log = await readText("a.jsonl", '{"it":5,"step":1,"ret":2,"reward":3}\n', { fieldMap });
    assertEquals(series(log, "ret"), [[5, 2]]);
    assertEquals(column(log, "reward_mean")?.name, "ret");
    assertEquals(log.columns.get("step")?.count, 1);
  }
  const own = await readText("a.jsonl", '{"step":1,"x.y":2}\n', { fieldMap: { "x.y": "mine" } });
  assertEquals(column(own, "mine")?.name, "x.y");
});

Deno.test("FieldResolver takes nested keys by their dotted paths", async () => {
  const log = await readText("a.jsonl", '{"at":{"n":3},"m":{"kl":{"v":0.5}}}\n', {
    fieldMap: { "at.n": "step", "m.kl.v": "kl_mean" },
  });
  assertEquals(column(log, "kl")?.values[0], 0.5);
  assertEquals([...log.steps], [3]);
});

Deno.test("FieldResolver reads event streams of every preset", async () => {
  const rows: [string, string][] = [
    ["trl", '{"s":1,"metric_key":"loss","v":0.5}'],
    ["accelerate", '{"completed_steps":1,"event":"loss","logged_value":0.5}'],
    ["openrlhf", '{"trainer_step":1,"key":"loss","measurement":0.5}'],
    ["grpo", '{"trainer_step":1,"loss":0.5}'],
    ["verl", '{"step":1,"data":{"loss":0.5}}'],
    ["wandb", '{"_step":1,"loss":0.5}'],
  ];
  assertEquals(rows.map(([preset]) => preset).sort(), [...PRESETS.keys()].sort());
  for (const [preset, row] of rows) {
    assertEquals(
      series(await readText("a.jsonl", row + "\n", { preset }), "loss"),
      [[1, 0.5]],
      preset,
    );
  }
});

Deno.test("FieldResolver trusts a mapped step over others, whose rows are left out", async () => {
  const log = await readText("a.jsonl", '{"step":1,"loss":1}\n{"it":10,"step":2,"loss":2}\n', {
    fieldMap: { it: "step" },
  });
  assertEquals(series(log, "loss"), [[10, 2]]);
  assertEquals(issue(log, "missing_step")?.count, 1);
});

Deno.test("FieldResolver refuses an unknown preset and a map of other things than text", () => {
  assertThrows(() => new FieldResolver("ppo"), RangeError, "known are grpo, trl");
  assertThrows(
    () => new FieldResolver(undefined, { a: 1 } as unknown as Record<string, string>),
    TypeError,
    'Cannot map field "a"',
  );
});

Deno.test("steps are known as people write them in tables, and nothing else is taken for one", async () => {
  for (const name of ["total timesteps", "Total Timesteps", "globalStep", "Train-Step", "STEP"]) {
    const log = await readText("run.csv", `${name},loss\n10,0.5\n20,0.25\n`);
    assertEquals(series(log, "loss"), [[10, 0.5], [20, 0.25]], name);
    assertEquals(issue(log, "implied_steps"), undefined, name);
  }
  const { kind } = new FieldResolver().role("Steps per Second");
  assertEquals(kind, "metric");
});
