import { assert, assertEquals, assertRejects } from "@std/assert";
import { crc32 } from "../../../../src/bytes/crc32.ts";
import { TrainingLogError } from "../../../../src/training/log/errors.ts";
import { readRun, type ReadRunOptions } from "../../../../src/training/log/read_run.ts";
import { column } from "../../../../src/training/log/run_log.ts";
import { golden, goldenLoss, issue, readText, seeds, series } from "../helpers.ts";

const OFFLINE = golden("wandb/wandb/offline-run-20260801_100000-k3x9/run-k3x9.wandb");

Deno.test("readRun() reads an offline run whose records cross blocks", async () => {
  const log = await readRun(golden("wandb"));
  assertEquals(log.format, "wandb");
  assertEquals(log.steps.length, 400);
  assertEquals(log.recordCount, 408);
  assertEquals(log.issues.map(({ kind }) => kind), ["text"]);
  const loss = series(log, "train/loss");
  loss.forEach(([step, value]) => {
    const expected = step === 3 ? NaN : step === 4 ? -Infinity : goldenLoss(step);
    assert(Object.is(value, expected) || Math.abs(value - expected) < 1e-14, `step ${step}`);
  });
  assertEquals(series(log, "eval.loss").length, 8);
  assertEquals(column(log, "loss")?.name, "train/loss");
  assertEquals(log.metadata.runId, "k3x9");
  assertEquals(log.metadata.project, "walks");
  assertEquals(log.metadata.gitSha, "abc123abc123abc123abc123abc123abc123abcd");
  assertEquals(log.metadata.command?.slice(0, 2), ["train.py", "--lr"]);
});

Deno.test("readRun() finds seeds in W&B's config records, config.yaml and arguments", async () => {
  assertEquals(seeds(await readRun(OFFLINE)), [
    "1234@config.seed",
    "42@config.train.seed",
    "9223372036854775809@config.model.data_seed",
    "4242@seed.value",
    "77@args.--train.seed",
    "-5@args.--data-seed",
  ]);
});

Deno.test("readRun() takes the trainer's own steps from a W&B run with a preset or field map", async () => {
  const choices: ReadRunOptions[] = [
    { preset: "openrlhf" },
    { fieldMap: { "train/global_step": "step" } },
    { fieldMap: { step: "train/global_step" } },
  ];
  for (const options of choices) {
    const log = await readRun(OFFLINE, options);
    assertEquals(log.steps.length, 400);
    assertEquals(log.steps.at(-1), 3990);
    // Rows of W&B's own counter do not mix in.
    assertEquals(issue(log, "missing_step")?.count, 8);
    assertEquals(log.metadata.stepKey, "train/global_step");
  }
});

Deno.test("readRun() reads version 1, whose history names no steps", async () => {
  const log = await readRun(golden("wandb_v1"));
  assertEquals([log.steps.length, log.steps[0], log.steps.at(-1)], [30, 0, 29]);
  assertEquals(series(log, "train/global_step")[29], [29, 290]);
});

Deno.test("readRun() reads files of wandb before 0.17.6, whose blocks start after the header", async () => {
  const log = await readRun(golden("wandb_old/run-k3x9.wandb"));
  assertEquals(log.issues.map(({ kind }) => kind), ["text"]);
  assertEquals(series(log, "train/loss"), series(await readRun(OFFLINE), "train/loss"));
});

Deno.test("readRun() loses only what is damaged in a W&B log, and goes on", async () => {
  const bytes = await Deno.readFile(OFFLINE);
  const whole = await readRun(OFFLINE);
  for (const at of [8, 10, 12, 600, 5000, 32768, 32770, 40000, 65536 + 3, 150_000]) {
    const damaged = bytes.slice();
    damaged[at] = damaged[at]! ^ 0x55;
    const log = await readText("run.wandb", damaged);
    assert(issue(log, "damaged")!.count >= 1, `byte ${at}`);
    // A chunk whose length is damaged takes the rest of its block with it, and no more.
    assert(log.steps.length >= whole.steps.length - 120, `byte ${at}: ${log.steps.length}`);
    const values = new Map(series(whole, "train/loss"));
    for (const [step, value] of series(log, "train/loss")) {
      assert(Object.is(value, values.get(step)), `byte ${at}, step ${step}`);
    }
    await assertRejects(
      () => readText("run.wandb", damaged, { strict: true }),
      TrainingLogError,
      "Cannot read",
    );
  }
});

Deno.test("readRun() reads a W&B log that is cut short at any byte of its last records", async () => {
  const bytes = await Deno.readFile(golden("wandb_v1/run-k3x9.wandb"));
  const whole = await readRun(golden("wandb_v1/run-k3x9.wandb"));
  let steps = 0;
  for (let cut = bytes.length - 300; cut < bytes.length; cut += 5) {
    const log = await readText("run.wandb", bytes.subarray(0, cut));
    assert(log.steps.length >= steps && log.steps.length >= 28, `cut at ${cut}`);
    steps = log.steps.length;
    assertEquals(issue(log, "damaged"), undefined, `cut at ${cut}`);
    assertEquals(
      series(log, "train/loss"),
      series(whole, "train/loss").slice(0, steps),
      `cut at ${cut}`,
    );
  }
  assertEquals(steps, 30);
  const zeros = new Uint8Array(bytes.length + 4096);
  zeros.set(bytes);
  const { issues } = await readText("run.wandb", zeros);
  assertEquals(issues.map(({ kind }) => kind), ["text"]);
});

Deno.test("readRun() refuses other W&B versions and a header alone", async () => {
  const head = [0x3a, 0x57, 0x26, 0x42, 0xe1, 0xbe];
  await assertRejects(
    () => readText("run.wandb", new Uint8Array([...head, 9])),
    TrainingLogError,
    "its W&B log version is 9",
  );
  await assertRejects(
    () => readText("run.wandb", new Uint8Array([...head, 0])),
    TrainingLogError,
    "Cannot find any metric",
  );
  await assertRejects(
    () => readText("run.wandb", "hello", { format: "wandb" }),
    TrainingLogError,
    "does not start as a W&B log does",
  );
});

Deno.test("readRun() takes a W&B key of thousands of parts for damage", async () => {
  const varint = (n: number): number[] => n < 128 ? [n] : [n % 128 | 128, ...varint(n >> 7)];
  const field = (number: number, body: number[]) => [
    ...varint(number << 3 | 2),
    ...varint(body.length),
    ...body,
  ];
  const parts = Array.from({ length: 9_000 }, () => field(2, [0x61])).flat();
  const item = [...parts, ...field(16, [0x31])];
  const record = Uint8Array.from([1, ...field(2, field(1, item))]);
  const chunk = new Uint8Array(7 + record.length - 1);
  chunk.set(record, 6);
  const view = new DataView(chunk.buffer);
  view.setUint32(0, crc32(record), true);
  view.setUint16(4, record.length - 1, true);
  const head = [0x3a, 0x57, 0x26, 0x42, 0xe1, 0xbe, 0];
  const bytes = new Uint8Array([...head, ...chunk]);
  await assertRejects(() => readText("run.wandb", bytes), TrainingLogError, "too many parts");
});
