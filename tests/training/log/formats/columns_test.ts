import { assertEquals, assertRejects } from "@std/assert";
import { TrainingLogError } from "../../../../src/training/log/errors.ts";
import { readRun } from "../../../../src/training/log/read_run.ts";
import { detect, issue, readText, seeds, series, withFiles } from "../helpers.ts";

Deno.test("readRun() reads lists of one length by name, as Keras keeps its history", async () => {
  const log = await readText(
    "history.json",
    '{"loss": [1, 2, NaN], "val_loss": [3, -Infinity, 5], "lr": [[0.1, 0.2], [0.3], []], "best": 0.9}',
  );
  assertEquals(log.format, "columns");
  assertEquals(series(log, "loss"), [[0, 1], [1, 2], [2, NaN]]);
  assertEquals(series(log, "val_loss"), [[0, 3], [1, -Infinity], [2, 5]]);
  assertEquals([series(log, "lr[0]"), series(log, "lr[1]")], [[[0, 0.1], [1, 0.3]], [[0, 0.2]]]);
  assertEquals(series(log, "best"), [[2, 0.9]]);
  const nested = await readText(
    "run.json",
    '{\n "seed": 3,\n "epochs": 2,\n "history": {\n  "loss": [1.5, 2],\n  "mae": [1, 2]\n }\n}',
  );
  assertEquals(series(nested, "mae"), [[0, 1], [1, 2]]);
  assertEquals(seeds(nested), ["3@seed"]);
  const epochs = await readText("a.json", '{"epoch": [3, 4], "loss": [1, 2], "short": [7]}');
  assertEquals(series(epochs, "loss"), [[3, 1], [4, 2]]);
  assertEquals(issue(epochs, "note")?.count, 1);
});

Deno.test("readRun() reads what to_json of pandas writes in any orientation", async () => {
  const columns = '{"step":{"0":0,"1":10},"loss":{"0":1.5,"1":null},"kl":{"0":1,"1":2}}';
  const index = '{"0":{"step":0,"loss":1.5,"kl":1},"1":{"step":10,"loss":null,"kl":2}}';
  const split = '{"columns":["step","loss","kl"],"index":[0,1],"data":[[0,1.5,1],[10,null,2]]}';
  for (const text of [columns, index, split]) {
    const log = await readText("a.json", text);
    assertEquals(log.format, "columns", text);
    assertEquals(series(log, "loss"), [[0, 1.5]]);
    assertEquals(series(log, "kl"), [[0, 1], [10, 2]]);
    assertEquals(log.columns.get("loss")?.emptyCount, 1);
  }
});

Deno.test("readRun() takes the numbers of a document's rows for the steps of rows that have none", async () => {
  for (
    const text of [
      '{"0":{"loss":1},"20":{"loss":3},"10":{"loss":2}}',
      '{"loss":{"0":1,"10":2,"20":3},"acc":{"10":5}}',
      '{"columns":["loss"],"index":[0,10,20],"data":[[1],[2],[3]]}',
    ]
  ) assertEquals(series(await readText("a.json", text), "loss"), [[0, 1], [10, 2], [20, 3]], text);
});

Deno.test("readRun() takes rows for rows, whatever lists they hold", async () => {
  const row = '{"loss": 1, "grads": [1, 2]}';
  for (
    const [name, text, format] of [
      ["a.jsonl", `${row}\n`, "jsonl"],
      ["a.json", `${row}\n${row}\n`, "jsonl"],
      ["a.json", '{"step": 4, "grads": [1, 2]}', "jsonl"],
      ["a.json", `[${row}]`, "json"],
    ] as const
  ) {
    await withFiles({ [name]: text }, async (directory) => {
      assertEquals((await detect(`${directory}/${name}`)).format, format);
    });
  }
});

Deno.test("readRun() refuses a document that is cut short or holds no columns", async () => {
  const cut = '{"loss": [1, 2';
  await assertRejects(() => readText("a.json", cut), TrainingLogError, "as JSON");
  await assertRejects(
    () => readText("a.json", '{"a": 1}', { format: "columns" }),
    TrainingLogError,
    "holds no columns",
  );
});

Deno.test("readRun() reads DVCLive's tables, and not only the last values next to them", async () => {
  const files = {
    "metrics.json": '{"train":{"loss":0.2},"step":2}',
    "params.yaml": "seed: 11\n",
    "plots/metrics/train/loss.tsv": "step\tloss\n0\t1.0\n1\t0.5\n2\t0.2\n",
    "plots/metrics/acc.tsv":
      "timestamp\tstep\tacc\n1700000000\t0\t0.5\r\n1700000001\t2\tnan\r\nx\ty\tz\n1\t3\t0.",
  };
  await withFiles(files, async (directory) => {
    const log = await readRun(directory);
    assertEquals(log.format, "dvclive");
    assertEquals(series(log, "train/loss"), [[0, 1], [1, 0.5], [2, 0.2]]);
    assertEquals(series(log, "acc"), [[0, 0.5], [2, NaN]]);
    assertEquals(issue(log, "damaged")?.count, 1);
    assertEquals(issue(log, "truncated")?.count, 1);
    assertEquals(seeds(log), ["11@seed"]);
  });
  await withFiles({ "dvclive/plots/metrics/loss.tsv": "step\tloss\n0\t1\n" }, async (directory) => {
    assertEquals(series(await readRun(directory), "loss"), [[0, 1]]);
  });
});

Deno.test("readRun() reads the metrics that Sacred keeps, with its seed", async () => {
  const run = {
    "metrics.json": JSON.stringify({
      "training.loss": {
        steps: [0, 1, 2],
        timestamps: ["2026-01-01", "2026-01-01", "2026-01-01"],
        values: [0.5, { dtype: "float64", "py/object": "numpy.float64", value: 0.25 }, "NaN"],
      },
      accuracy: { steps: [2], timestamps: [], values: [true] },
    }),
    "run.json": "{}",
    "config.json": '{"seed": 613}',
    "cout.txt": "loss 1\n",
  };
  await withFiles(run, async (directory) => {
    const log = await readRun(directory);
    assertEquals(log.format, "sacred");
    assertEquals(series(log, "training.loss"), [[0, 0.5], [1, 0.25], [2, NaN]]);
    assertEquals(series(log, "accuracy"), [[2, 1]]);
    assertEquals(seeds(log), ["613@seed"]);
  });
  const two = Object.fromEntries(
    Object.entries(run).flatMap(([name, text]) => [[`1/${name}`, text], [`2/${name}`, text]]),
  );
  await withFiles(two, async (directory) => {
    await assertRejects(() => readRun(directory), TrainingLogError, "name one of 1, 2");
    assertEquals((await readRun(directory, { run: "2" })).source, `${directory}/2/metrics.json`);
  });
});

Deno.test("readRun() reads a trial of Ray Tune from its folder, and asks which of several", async () => {
  const row = (i: number) =>
    JSON.stringify({
      training_iteration: i,
      episode_reward_mean: i / 2,
      timers: { learn_time_ms: 5.5 },
      perf: { cpu_util_percent: 50 },
      hist_stats: { episode_reward: [i, i + 1] },
      config: { seed: 4, lr: 0.1 },
      time_total_s: 3 * i,
      pid: 77,
    }) + "\n";
  const trial = {
    "result.json": row(1) + row(2),
    "progress.csv": "training_iteration,episode_reward_mean\n1,0.5\n",
    "params.json": '{"seed": 4}',
  };
  const inside = (name: string) =>
    Object.fromEntries(Object.entries(trial).map(([file, text]) => [`${name}/${file}`, text]));
  await withFiles({ ...inside("PPO_0"), "basic-variant-state.json": "{}" }, async (directory) => {
    for (const path of [directory, `${directory}/PPO_0`]) {
      const log = await readRun(path);
      assertEquals(series(log, "episode_reward_mean"), [[1, 0.5], [2, 1]]);
      assertEquals(series(log, "hist_stats.episode_reward[1]"), [[1, 2], [2, 3]]);
      assertEquals(log.seeds.map(({ value }) => value), [4n, 4n]);
    }
  });
  await withFiles({ ...inside("PPO_0"), ...inside("PPO_1") }, async (directory) => {
    await assertRejects(() => readRun(directory), TrainingLogError, "name one of PPO_0, PPO_1");
  });
});
