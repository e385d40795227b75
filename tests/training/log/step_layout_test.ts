import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { LOG_OCCURRENCES_MAX } from "../../../src/training/limits.ts";
import { column, type RunLog } from "../../../src/training/log/run_log.ts";
import { issue, readText, series } from "./helpers.ts";

type Row = Record<string, unknown>;

function read(rows: readonly Row[]): Promise<RunLog> {
  return readText("run.jsonl", rows.map((row) => JSON.stringify(row) + "\n").join(""));
}

/** Rows of two phases, ranks or the like, whose loss is 10 times the label's number more. */
function labelled(key: string, labels: readonly unknown[], steps = 3): Row[] {
  return Array.from({ length: steps }).flatMap((_, step) =>
    labels.map((label, i) => ({ step, [key]: label, loss: 10 * i + step }))
  );
}

Deno.test("readRun() tells phases of one step apart by their name alone", async () => {
  for (const key of ["phase", "split", "stage", "mode", "loop"]) {
    const log = await read(labelled(key, ["train", "eval"]));
    assertEquals([...log.columns.keys()], ["train/loss", "eval/loss"], key);
    assertEquals(series(log, "eval/loss"), [[0, 10], [1, 11], [2, 12]]);
    assertEquals(column(log, "loss")?.name, "train/loss");
    assertEquals(log.sharing, { splitBy: [key], restarts: false, occurrences: 1 });
    assertEquals(issue(log, "conflict"), undefined);
    assertEquals(issue(log, "split")?.examples, [
      { detail: `records of one step are told apart by ${key}: train, eval` },
    ]);
  }
});

Deno.test("readRun() tells ranks, workers, runs, seeds and other labels of one step apart", async () => {
  const keys = [
    "rank",
    "local_rank",
    "worker_id",
    "env_id",
    "run",
    "run_id",
    "seed",
    "fold",
    "agent",
  ];
  for (const key of keys) {
    for (const labels of [[0, 1], ["a", "b", "c"]]) {
      if (key === "seed" && typeof labels[0] === "string") continue;
      const log = await read(labelled(key, labels));
      assertEquals([...log.columns.keys()], labels.map((label) => `${key}=${label}/loss`), key);
    }
  }
  // Also a key that nobody knows, if its values come again.
  const log = await read(labelled("optimizer", ["adam", "sgd"]));
  assertEquals([...log.columns.keys()], ["optimizer=adam/loss", "optimizer=sgd/loss"]);
});

Deno.test("readRun() takes the fewest keys that tell rows apart, and none where none is needed", async () => {
  const both = [0, 1].flatMap((step) =>
    ["train", "eval"].flatMap((phase) =>
      [0, 1].map((rank) => ({ step, phase, rank, run_id: "r", loss: Math.random() }))
    )
  );
  assertEquals((await read(both)).sharing.splitBy, ["phase", "rank"]);
  assertEquals((await read(both.filter(({ rank }) => rank === 1))).sharing.splitBy, ["phase"]);
  const alone = await read(both.filter(({ rank, phase }) => rank === 1 && phase === "eval"));
  assertEquals([...alone.columns.keys()], ["rank", "loss"]);
  // Warm-up and training follow one another, so their steps are apart already.
  const stages = [0, 1, 2, 3].map((step) => ({
    step,
    stage: step < 2 ? "warmup" : "main",
    loss: step,
  }));
  assertEquals(series(await read(stages), "loss"), [[0, 0], [1, 1], [2, 2], [3, 3]]);
  // What is the same in both phases, or in one of them only, needs no label.
  const partly = labelled("phase", ["train", "eval"]).map((row) => ({
    ...row,
    version_count: 4,
    ...(row.phase === "train" && { lr: 0.1 }),
  }));
  const log = await read(partly);
  assertEquals([...log.columns.keys()], ["train/loss", "eval/loss", "version_count", "lr"]);
});

Deno.test("readRun() goes on from epoch to epoch where steps start again, from 0, from 1 or from a stride", async () => {
  const cases: [starts: number[], expected: number[]][] = [
    [[0, 1, 2], [0, 1, 2, 3, 4, 5, 6, 7, 8]],
    [[1, 2, 3], [1, 2, 3, 4, 5, 6, 7, 8, 9]],
    [[50, 100], [50, 100, 150, 200, 250, 300]],
    [[0, 10], [0, 10, 11, 21, 22, 32]],
    [[0], [0, 1, 2]],
  ];
  for (const key of ["step", "iter", "batch"]) {
    for (const [starts, expected] of cases) {
      const rows = [0, 1, 2].flatMap((epoch) =>
        starts.map((step) => ({ epoch, [key]: step, loss: Math.random() }))
      );
      const log = await read(rows);
      assertEquals([...log.steps], expected, `${key} ${starts}`);
      assertEquals([...log.columns.get("loss")!.values], rows.map(({ loss }) => loss));
      assert(log.sharing.restarts);
    }
  }
});

Deno.test("readRun() leaves steps that grow across epochs as they are", async () => {
  const rows = [1, 2, 3].flatMap((epoch) => [
    { epoch, iter: (epoch - 1) * 10, val_loss: epoch },
    ...Array.from({ length: 10 }, (_, i) => ({ epoch, iter: (epoch - 1) * 10 + i + 1, loss: i })),
  ]);
  const log = await read(rows);
  assertEquals([...log.steps], Array.from({ length: 31 }, (_, i) => i));
  assertEquals(log.sharing.restarts, false);
  assertEquals(issue(log, "gap"), undefined);
});

Deno.test("readRun() keeps values that nothing tells apart side by side, the last one in front", async () => {
  const log = await read([
    { step: 0, reward: 1 },
    { step: 0, reward: 2 },
    { step: 0, reward: 2 },
    { step: 1, reward: 3 },
    { step: 1, reward: 3 },
  ]);
  assertEquals(series(log, "reward"), [[0, 2], [1, 3]]);
  assertEquals(series(log, "reward#1"), [[0, 1]]);
  assertEquals(series(log, "reward#2"), [[0, 2]]);
  assertEquals(log.sharing.occurrences, 3);
  assertEquals([log.columns.get("reward#1")!.earlierOf, log.columns.get("reward")!.earlierOf], [
    "reward",
    undefined,
  ]);
  assertEquals(column(log, "reward_mean")?.name, "reward");
});

Deno.test("readRun() counts rows where a step stands still", async () => {
  const rows = Array.from({ length: LOG_OCCURRENCES_MAX + 2 }, (_, i) => ({ step: 7, loss: i }));
  const log = await read(rows);
  assertEquals([...log.columns.get("loss")!.values], rows.map(({ loss }) => loss));
  assertEquals(log.metadata.stepKey, undefined);
  assert(issue(log, "implied_steps")!.examples[0]!.detail.includes("66 records"));
  const fewer = await read(rows.slice(2));
  assertEquals(fewer.columns.size, LOG_OCCURRENCES_MAX);
});

Deno.test("readRun() keeps a metric by any name that it has once told apart", async () => {
  const text = labelled("phase", ["train", "eval"]).map((row) => JSON.stringify({ ...row, kl: 1 }))
    .join("\n");
  for (
    const [metrics, kept] of [
      [["eval/loss"], ["eval/loss"]],
      [["loss"], ["train/loss"]],
      [["kl"], ["kl"]],
    ] as const
  ) {
    const log = await readText("run.jsonl", text, { metrics });
    assertEquals([...log.columns.keys()], [...kept]);
  }
  const several = await readText(
    "run.jsonl",
    '{"step":0,"loss":1}\n{"step":0,"loss":2}\n',
    { metrics: ["loss"] },
  );
  assertEquals([...several.columns.keys()], ["loss", "loss#1"]);
});

Deno.test("readRun() loses no value, whatever rows share", async () => {
  const rows = fc.array(
    fc.record({
      step: fc.nat(3),
      phase: fc.constantFrom("train", "eval"),
      rank: fc.nat(2),
      epoch: fc.nat(2),
      tag: fc.constantFrom("a", "b"),
      name: fc.constantFrom("loss", "kl"),
    }, { requiredKeys: ["step", "name"] }),
    { minLength: 1, maxLength: 25 },
  );
  await fc.assert(
    fc.asyncProperty(rows, fc.boolean(), async (records, asEvents) => {
      // Each value stands once in the log, so it must stand once in the table.
      const log = await read(
        records.map(({ name, ...row }, value) =>
          asEvents ? { ...row, name, value: value + 0.5 } : { ...row, [name]: value + 0.5 }
        ),
      );
      const values: number[] = [];
      for (const { name, values: all, present, count } of log.columns.values()) {
        if (!/(?:loss|kl)(?:#\d+)?$/.test(name)) continue;
        const own = [...all].filter((_, row) => present[row] === 1);
        assertEquals(own.length, count);
        values.push(...own);
      }
      assertEquals(values.sort((a, b) => a - b), records.map((_, i) => i + 0.5));
      for (let row = 1; row < log.steps.length; row++) {
        assert(log.steps[row - 1]! < log.steps[row]!);
      }
    }),
    { numRuns: 400 },
  );
});

Deno.test("rows of validation that count epochs do not make the steps of training start again", async () => {
  // MMEngine: by steps in training, by epochs in validation.
  const rows = [50, 100, 150, 200].flatMap((step) => [
    { loss: 1 / step, epoch: Math.ceil(step / 100), step },
    ...(step % 100 === 0 ? [{ "coco/bbox_mAP": step / 1000, step: step / 100 }] : []),
  ]);
  const log = await readText("scalars.json", rows.map((row) => JSON.stringify(row)).join("\n"));
  assertEquals([...log.steps], [1, 2, 50, 100, 150, 200]);
  assertEquals(series(log, "coco/bbox_mAP"), [[1, 0.1], [2, 0.2]]);
  assertEquals(log.sharing.restarts, false);
});
