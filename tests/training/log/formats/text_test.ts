import { assertEquals, assertRejects } from "@std/assert";
import { TrainingLogError } from "../../../../src/training/log/errors.ts";
import { readRun } from "../../../../src/training/log/read_run.ts";
import { golden, issue, readText, series } from "../helpers.ts";

Deno.test("readRun() reads pairs of name and number from printed text", async () => {
  const log = await readRun(golden("text/train.log"));
  assertEquals(log.format, "text");
  assertEquals(series(log, "loss"), [[1, 0.5], [2, NaN], [3, 0.25]]);
  assertEquals(series(log, "reward"), [[1, 1.25], [2, 1.5]]);
  assertEquals(series(log, "lr"), [[1, 1e-5], [2, 1e-5]]);
  assertEquals(series(log, "tokens"), [[3, 1234]]);
});

Deno.test("readRun() reads the dictionaries that the Trainer prints", async () => {
  const log = await readRun(golden("text/trainer_stdout.log"));
  assertEquals(series(log, "loss"), [[0, 0.6931], [1, NaN]]);
  assertEquals(series(log, "grad_norm"), [[0, 1.5], [1, Infinity]]);
  assertEquals(issue(log, "implied_steps")?.count, 1);
});

Deno.test("readRun() reads what verl prints, with NumPy's numbers and PyTorch's", async () => {
  const log = await readText(
    "run.log",
    "(TaskRunner pid=99) step:1 - critic/score/mean:np.float64(0.25) - actor/pg_loss:-0.5\n" +
      "{'step': 2, 'critic/score/mean': np.float32(nan), 'actor/pg_loss': tensor(1e-3, device='cuda:0')}\n",
  );
  assertEquals(series(log, "critic/score/mean"), [[1, 0.25], [2, NaN]]);
  assertEquals(series(log, "actor/pg_loss"), [[1, -0.5], [2, 1e-3]]);
});

Deno.test("readRun() reads Megatron's padded lines", async () => {
  const line = (iteration: string, loss: string) =>
    ` [2026-08-01 10:00:00] iteration ${iteration}/  500000 | consumed samples:        25600 | ` +
    `elapsed time per iteration (ms): 412.5 | learning rate: 1.500000E-04 | lm loss: ${loss} |\n`;
  const log = await readText("run.log", line("     100", "7.4E+00") + line("     200", "6.5E+00"));
  assertEquals(series(log, "loss"), [[100, 7.4], [200, 6.5]]);
  assertEquals(series(log, "rate"), [[100, 1.5e-4], [200, 1.5e-4]]);
});

Deno.test("readRun() reads the tables that Stable-Baselines and its kin print", async () => {
  const log = await readText(
    "log.txt",
    "Using cpu device\nLogging to /tmp/sb3_log\n" +
      ["2048", "4096"].map((steps, i) =>
        "-----------------------------\n" +
        "| rollout/           |      |\n" +
        `|    ep_rew_mean     | ${i}.43 |\n` +
        "| time/              |      |\n" +
        "|    fps             | 170  |\n" +
        `|    total_timesteps | ${steps} |\n` +
        "| success            | nan  |\n" +
        "-----------------------------\n"
      ).join("Eval num_timesteps=4096, best one yet\n"),
  );
  assertEquals(series(log, "rollout/ep_rew_mean"), [[2048, 0.43], [4096, 1.43]]);
  assertEquals(series(log, "success"), [[2048, NaN], [4096, NaN]]);
  assertEquals(log.metadata.stepKey, "time/total_timesteps");
  const flat = await readText(
    "log.txt",
    "| epoch        | 0 |\n| test/success | 0.5 |\n------\n| epoch        | 1 |\n| test/success | 1 |",
  );
  assertEquals(series(flat, "test/success"), [[0, 0.5], [1, 1]]);
});

Deno.test("readRun() refuses text without any metric", async () => {
  await assertRejects(
    () => readText("readme.txt", "hello\nworld, this is no log\n"),
    TrainingLogError,
    "no line of it holds a metric",
  );
});

Deno.test("readRun() names UTF-16 text for what it is", async () => {
  const bytes = new Uint8Array([0xff, 0xfe, 0x7b, 0, 0x7d, 0, 0x0a, 0]);
  await assertRejects(() => readText("run.jsonl", bytes), TrainingLogError, "UTF-16");
});
