import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import fc from "fast-check";
import { column, requireColumn } from "../../../../src/training/log/run_log.ts";
import { TrainingLogError } from "../../../../src/training/log/errors.ts";
import { readRun } from "../../../../src/training/log/read_run.ts";
import { readRuns } from "../../../../src/training/log/read_runs.ts";
import { golden, issue, readText, seeds, series, withFiles } from "../helpers.ts";

Deno.test("readRun() reads flat JSON Lines with a seed, ids and canonical names", async () => {
  const log = await readRun(golden("rldk/flat.jsonl"));
  assertEquals(log.format, "jsonl");
  assertEquals([...log.steps], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  assertEquals([...log.lines], [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  assertEquals([...log.columns.keys()], ["reward_mean", "kl_mean"]);
  assertEquals(series(log, "reward_mean")[7], [7, 7 / 3]);
  assertEquals(seeds(log), ["42@seed"]);
  assertEquals(log.metadata, { runId: "flat-1", gitSha: "deadbeef", stepKey: "step" });
  assertEquals(log.issues, []);
});

Deno.test("readRun() reads an event stream of name and value, with its nested seed", async () => {
  const log = await readRun(golden("rldk/stream.jsonl"));
  assertEquals([...log.columns.keys()], ["reward_mean", "kl_mean", "loss"]);
  assertEquals(series(log, "reward_mean"), [1, 2, 3, 4, 5].map((s) => [s, s / 3]));
  assertEquals(seeds(log), ["7@meta.seed"]);
  assertEquals(log.recordCount, 15);
});

Deno.test("readRun() takes a top-level seed of an event stream", async () => {
  const log = await readText(
    "run.jsonl",
    '{"step":1,"name":"loss","value":0.5,"seed":3}\n{"step":1,"name":"seed","value":4}\n',
  );
  assertEquals(seeds(log), ["3@seed", "4@seed"]);
  assertEquals([...log.columns.keys()], ["loss"]);
});

Deno.test("readRun() keeps seeds above 2^53 exact and understands custom keys", async () => {
  const log = await readRun(golden("rldk/custom.jsonl"));
  assertEquals(seeds(log), [`${2n ** 70n + 1n}@rng.python`]);
  assertEquals(log.metadata.stepKey, "global_step");
  assertEquals(requireColumn(log, "reward_mean").name, "reward_scalar");
  assertEquals(requireColumn(log, "kl").name, "kl_to_ref");
});

Deno.test("readRun() reads verl's file logger and Hydra's seeds beside it", async () => {
  const log = await readRun(golden("verl"));
  assertEquals(log.format, "verl");
  assertEquals(series(log, "critic/score/mean")[0], [1, 1.41]);
  assertEquals(series(log, "actor/grad_norm").map(([step]) => step), [1, 3, 4, 5]);
  assertEquals(column(log, "reward")?.name, "critic/score/mean");
  assertEquals(seeds(log), [
    "42@actor_rollout_ref.actor.data_loader_seed",
    "18446744073709551615@rollout.engine_kwargs.seed",
    "17@data.seed",
  ]);
});

Deno.test("readRun() tells NaN and infinities from null and from text", async () => {
  const log = await readText(
    "run.jsonl",
    '{"step":0,"a":NaN,"b":-Infinity,"c":"NaN"}\n{"step":1,"a":null,"b":"-Infinity","c":1}\n' +
      '{"step":2,"a":Infinity,"b":"no","c":"2.5"}\n',
  );
  assertEquals(series(log, "a"), [[0, NaN], [2, Infinity]]);
  assertEquals(series(log, "b"), [[0, -Infinity], [1, -Infinity]]);
  assertEquals(series(log, "c"), [[0, NaN], [1, 1], [2, 2.5]]);
  assertEquals(issue(log, "non_numeric")?.examples, [{ line: 3, detail: "b is text" }]);
});

Deno.test("readRun() coerces numeric text and counts what is no number", async () => {
  const log = await readRun(golden("rldk/mixed.jsonl"));
  assertEquals(series(log, "loss"), [[1, 0.5], [4, 1], [5, 0.25]]);
  assertEquals(issue(log, "non_numeric"), {
    kind: "non_numeric",
    count: 1,
    examples: [{ line: 3, detail: "loss is text" }],
  });
  assertEquals(issue(log, "text")?.examples, [{ line: 1, detail: "note is text" }]);
  assertEquals(log.columns.get("loss")?.emptyCount, 1);
});

Deno.test("readRun() merges records of one step and keeps the values before the last", async () => {
  const log = await readText(
    "run.jsonl",
    '{"step":1,"loss":1}\n{"step":1,"eval_loss":2}\n{"step":2,"loss":3}\n{"step":2,"loss":3}\n' +
      '{"step":2,"loss":4}\n',
  );
  assertEquals([...log.steps], [1, 2]);
  assertEquals(series(log, "loss"), [[1, 1], [2, 4]]);
  assertEquals(series(log, "loss#1"), [[2, 3]]);
  assertEquals(series(log, "loss#2"), [[2, 3]]);
  assertEquals([...log.columns.values()].map(({ earlierOf }) => earlierOf), [
    undefined,
    "loss",
    "loss",
    undefined,
  ]);
  assertEquals(series(log, "eval_loss"), [[1, 2]]);
  assertEquals(issue(log, "duplicate")?.examples, [
    { line: 4, step: 2, detail: "step 2 is logged again" },
  ]);
  assertEquals(issue(log, "conflict")?.examples, [{
    line: 5,
    step: 2,
    detail: "loss is 4 after 3, which loss#2 keeps",
  }]);
  assertEquals(log.recordCount, 5);
});

Deno.test("readRun() sorts steps and reports that they went back", async () => {
  const log = await readText(
    "run.jsonl",
    [1, 2, 5, 6, 3, 4, 5].map((step, i) => `{"step":${step},"loss":${i}}\n`).join(""),
  );
  assertEquals([...log.steps], [1, 2, 3, 4, 5, 6]);
  assertEquals([...log.lines], [1, 2, 5, 6, 3, 4]);
  assertEquals(series(log, "loss"), [[1, 0], [2, 1], [3, 4], [4, 5], [5, 6], [6, 3]]);
  assertEquals(issue(log, "out_of_order")?.examples, [
    { line: 5, step: 3, detail: "step 3 after step 6" },
  ]);
});

Deno.test("readRun() reports gaps by the usual stride", async () => {
  const log = await readText(
    "run.jsonl",
    [0, 10, 20, 30, 60, 70].map((step) => `{"step":${step},"loss":1}\n`).join(""),
  );
  assertEquals(issue(log, "gap")?.examples, [
    { line: 5, step: 60, detail: "steps 40 to 59 are missing (the usual stride is 10)" },
  ]);
});

Deno.test("readRun() names damaged lines and reads the others", async () => {
  const text =
    '{"step":1,"loss":1}\n{"step":2,"lo\n\u0000\u0000\nplain\n[1]\n{"step":3,"loss":3}\n';
  const log = await readText("run.jsonl", text);
  assertEquals([...log.steps], [1, 3]);
  const damaged = issue(log, "damaged")!;
  assertEquals(damaged.count, 4);
  assertEquals(damaged.examples.map(({ line }) => line), [2, 3, 4, 5]);
  assertEquals(damaged.examples[1]!.detail, "not a JSON object: ??");
  await assertRejects(
    () => readText("run.jsonl", text, { strict: true }),
    TrainingLogError,
    "line 2: not a JSON object",
  );
});

Deno.test("readRun() tolerates a truncated last line at every byte, and strict refuses it", async () => {
  const text = '{"step":1,"loss":0.5}\n{"step":2,"loss":0.25}\n';
  const first = text.indexOf("\n") + 1;
  for (let cut = first + 1; cut < text.length - 1; cut++) {
    const log = await readText("run.jsonl", text.slice(0, cut));
    assertEquals([...log.steps], [1], `cut at ${cut}`);
    assertEquals(issue(log, "truncated")?.examples[0]?.line, 2);
  }
  for (const whole of [text, text.slice(0, -1)]) {
    assertEquals((await readText("run.jsonl", whole, { strict: true })).steps.length, 2);
  }
  await assertRejects(
    () => readText("run.jsonl", text.slice(0, -3), { strict: true }),
    TrainingLogError,
    "cut short",
  );
});

Deno.test("readRun() refuses an empty log, a missing one and one without metrics", async () => {
  await assertRejects(() => readText("run.jsonl", ""), TrainingLogError, "as it is empty");
  await assertRejects(
    () => readText("run.jsonl", "\n\n"),
    TrainingLogError,
    "Cannot find any metric",
  );
  await assertRejects(
    () => readText("run.jsonl", "{{\n"),
    TrainingLogError,
    "as 1 of its records are damaged",
  );
  await assertRejects(() => readRun("/nowhere/run.jsonl"), TrainingLogError, "no such file");
  await assertRejects(
    () => readText("a.jsonl", "{}", { format: "xml" as "csv" }),
    RangeError,
    "known are wandb",
  );
});

Deno.test("readRun() drops rows with a bad step and rows before the first step", async () => {
  const log = await readText(
    "run.jsonl",
    '{"config":{"lr":0.1,"seed":9}}\n{"step":1,"loss":1}\n{"step":1.5,"loss":2}\n' +
      '{"step":1e300,"loss":2}\n{"step":NaN,"loss":2}\n{"loss":5}\n{"step":2.0,"loss":3}\n',
  );
  assertEquals(series(log, "loss"), [[1, 1], [2, 3]]);
  assertEquals(issue(log, "bad_step")?.count, 3);
  assertEquals(issue(log, "missing_step")?.count, 2);
  assertEquals(seeds(log), ["9@config.seed"]);
});

Deno.test("readRun() says where integers have more digits than a number can hold", async () => {
  const rows = [
    `{"step":0,"hash":${2n ** 60n},"loss":1e300,"text":"1152921504606846977"}`,
    `{"step":1,"hash":${2n ** 60n + 1n},"loss":0.12345678901234567,"n":-${2n ** 53n + 1n}}`,
  ];
  const log = await readText("run.jsonl", `${rows.join("\n")}\n`);
  assertEquals(issue(log, "rounded"), {
    kind: "rounded",
    count: 3,
    examples: [
      {
        line: 1,
        detail: "text has more digits than a number can hold: the last ones are not compared",
      },
      {
        line: 2,
        detail: "hash has more digits than a number can hold: the last ones are not compared",
      },
    ],
  });
});

Deno.test("readRun() counts the rows of a log without steps, and says so", async () => {
  const log = await readText("run.jsonl", '{"loss":1}\n{"loss":2}\n');
  assertEquals(series(log, "loss"), [[0, 1], [1, 2]]);
  assertEquals(issue(log, "implied_steps")?.count, 1);
  assertEquals(log.metadata.stepKey, undefined);
});

Deno.test("readRun() takes the steps of LLaMA-Factory, and those of ms-swift, which name the last too", async () => {
  const factory = await readText(
    "trainer_log.jsonl",
    '{"current_steps": 10, "total_steps": 867, "loss": 1.9, "percentage": 1.15, "elapsed_time": "0:01:02"}\n' +
      '{"current_steps": 20, "total_steps": 867, "loss": 1.5, "percentage": 2.31, "elapsed_time": "0:02:04"}\n',
  );
  assertEquals(series(factory, "loss"), [[10, 1.9], [20, 1.5]]);
  const swift = await readText(
    "logging.jsonl",
    '{"loss": 7.39256144, "token_acc": 0.34549356, "global_step/max_steps": "1/20", "percentage": "5.00%"}\n' +
      '{"eval_loss": 7.1, "global_step/max_steps": "20/20", "train_speed(s/it)": 5.71}\n',
  );
  assertEquals([...swift.steps], [1, 20]);
  assertEquals(series(swift, "eval_loss"), [[20, 7.1]]);
  assertEquals(swift.metadata.stepKey, "global_step/max_steps");
  assertEquals(series(swift, "percentage"), [[1, 5]]);
});

Deno.test("readRun() goes on from epoch to epoch where iter starts again, as in MMCV's logs", async () => {
  const lines = [
    { env_info: "sys.platform: linux", seed: 7, exp_name: "mask_rcnn.py" },
    { mode: "train", epoch: 1, iter: 50, loss: 5, time: 0.4 },
    { mode: "train", epoch: 1, iter: 100, loss: 4, time: 0.4 },
    { mode: "val", epoch: 1, iter: 30, bbox_mAP: 0.25 },
    { mode: "train", epoch: 2, iter: 50, loss: 3, time: 0.4 },
    { mode: "train", epoch: 2, iter: 100, loss: 2, time: 0.4 },
    { mode: "train", epoch: 3, iter: 50, loss: 1, time: 0.4 },
  ];
  const log = await readText(
    "a.log.json",
    lines.map((line) => `${JSON.stringify(line)}\n`).join(""),
  );
  assertEquals(series(log, "loss"), [[50, 5], [100, 4], [150, 3], [200, 2], [250, 1]]);
  assertEquals(series(log, "bbox_mAP"), [[30, 0.25]]);
  assertEquals(issue(log, "conflict"), undefined);
  assertEquals(seeds(log), ["7@seed"]);
  // Steps that go on by themselves, or back with the epoch, are those of the log.
  const own = await readText(
    "b.jsonl",
    '{"iter":1,"epoch":1,"loss":3}\n{"iter":2,"epoch":2,"loss":2}\n{"iter":1,"epoch":1,"loss":4}\n',
  );
  assertEquals(series(own, "loss"), [[1, 4], [2, 2]]);
});

Deno.test("readRun() takes epochs for steps only where there is nothing better", async () => {
  const weak = await readText("run.jsonl", '{"epoch":1,"loss":1}\n{"epoch":2,"loss":2}\n');
  assertEquals(series(weak, "loss"), [[1, 1], [2, 2]]);
  assertEquals(weak.metadata.stepKey, "epoch");
  const strong = await readText(
    "run.jsonl",
    '{"epoch":1,"loss":1}\n{"epoch":1,"step":10,"loss":2}\n{"epoch":2,"step":20,"loss":3}\n',
  );
  assertEquals(series(strong, "loss"), [[10, 2], [20, 3]]);
  assertEquals(series(strong, "epoch"), [[10, 1], [20, 2]]);
  assertEquals(issue(strong, "missing_step")?.count, 1);
  assertEquals(strong.metadata.stepKey, "step");
});

Deno.test("readRun() merges rows of an epoch, but counts rows where that would lose a value", async () => {
  const merged = await readText(
    "run.jsonl",
    '{"epoch":2,"loss":1}\n{"epoch":2,"val_loss":5}\n{"epoch":1,"loss":2}\n{"epoch":1,"val_loss":6}\n',
  );
  assertEquals(series(merged, "loss"), [[1, 2], [2, 1]]);
  assertEquals(series(merged, "val_loss"), [[1, 6], [2, 5]]);
  assertEquals(merged.lines, new Uint32Array([3, 1]));
  for (
    const rows of [
      '{"epoch":1,"loss":1}\n{"epoch":1,"loss":2}\n{"epoch":2,"loss":3}\n',
      '{"epoch":0.0,"loss":1}\n{"epoch":0.5,"loss":2}\n{"epoch":1.0,"loss":3}\n',
      '{"epoch":1,"loss":1}\n{"loss":2}\n{"epoch":2,"loss":3}\n',
      '{"epoch":1,"loss":1}\n{"epoch":1,"batch":2,"loss":2}\n{"epoch":2,"loss":3}\n',
    ]
  ) {
    const log = await readText("run.jsonl", rows);
    assertEquals(series(log, "loss"), [[0, 1], [1, 2], [2, 3]]);
    assertEquals(issue(log, "implied_steps")?.count, 1);
    assertEquals(log.metadata.stepKey, undefined);
  }
});

Deno.test("readRun() keeps negative steps and steps up to 2^53 exact", async () => {
  const log = await readText(
    "run.jsonl",
    '{"step":-3,"loss":1}\n{"step":9007199254740991,"loss":2}\n{"step":9007199254740993,"loss":3}\n',
  );
  assertEquals([...log.steps], [-3, Number.MAX_SAFE_INTEGER]);
  assertEquals(issue(log, "bad_step")?.count, 1);
});

Deno.test("readRun() joins nested keys with dots and numbers the elements of lists", async () => {
  const log = await readText(
    "run.jsonl",
    '{"step":1,"reward":{"mean":0.5,"std":0.1},"hist":[1,{"a":"]"}],"x":{"y":{"z":3}}}\n',
  );
  assertEquals([...log.columns.keys()], ["reward.mean", "reward.std", "hist[0]", "x.y.z"]);
  assertEquals(issue(log, "text")?.examples, [{ line: 1, detail: "hist[1].a is text" }]);
  assertEquals(column(log, "reward_mean")?.name, "reward.mean");
  assertEquals(column(log, "reward_std")?.name, "reward.std");
});

Deno.test("readRun() reads keys with escapes, other scripts and __proto__", async () => {
  const log = await readText(
    "run.jsonl",
    '{"step":1,"a\\"b":1,"\\u00e9":2,"損失":3,"__proto__":4,"":5,"constructor":6}\n'.repeat(2),
  );
  assertEquals([...log.columns.keys()], ['a"b', "é", "損失", "__proto__", "", "constructor"]);
  assertEquals(column(log, "__proto__")?.values[0], 4);
  assertEquals(column(log, "toString"), undefined);
});

Deno.test("readRun() reads CRLF, a byte order mark, blank lines and gzip", async () => {
  const text = '\ufeff{"step":1,"loss":1}\r\n\r\n  \n{"step":2,"loss":2}\r\n';
  assertEquals(series(await readText("run.jsonl", text), "loss"), [[1, 1], [2, 2]]);
  const packed = new Blob([text]).stream().pipeThrough(new CompressionStream("gzip"));
  const bytes = new Uint8Array(await new Response(packed).arrayBuffer());
  assertEquals(series(await readText("run.jsonl.gz", bytes), "loss"), [[1, 1], [2, 2]]);
  await assertRejects(
    () => readText("run.jsonl.gz", bytes.subarray(0, bytes.length - 9)),
    TrainingLogError,
    "gzip data is damaged or cut short",
  );
});

Deno.test("readRun() keeps only the metrics that are asked for, by name, canonical name or alias", async () => {
  const text = '{"step":1,"reward_scalar":1,"kl":2,"loss":3,"odd":4}\n';
  for (
    const [metrics, names] of [
      [["reward"], ["reward_scalar"]],
      [["kl_mean", "odd"], ["kl", "odd"]],
      [
        [],
        [],
      ],
    ]
  ) {
    const log = await readText("run.jsonl", text, { metrics });
    assertEquals([...log.columns.keys()], names);
    assertEquals(log.columns.size + log.skippedNames.length, 4);
  }
});

Deno.test("requireColumn() says what was meant", async () => {
  const log = await readText("run.jsonl", '{"step":1,"rewards/chosen":1,"loss":2}\n');
  assertThrows(
    () => requireColumn(log, "reward_chosen"),
    TrainingLogError,
    'did you mean "rewards/chosen"?',
  );
});

Deno.test("readRun() stops when its signal says so", async () => {
  const controller = new AbortController();
  controller.abort(new Error("stop"));
  await assertRejects(
    () => readRun(golden("rldk/flat.jsonl"), { signal: controller.signal }),
    Error,
    "stop",
  );
});

Deno.test("readRun() gives back what JSON.stringify wrote, whatever the numbers", async () => {
  const value = fc.double({ noNaN: true, noDefaultInfinity: true });
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ a: value, "b c": value, "d/é": value }, { requiredKeys: ["a"] }), {
        minLength: 1,
        maxLength: 20,
      }),
      async (rows) => {
        const text = rows.map((row, step) => JSON.stringify({ step, ...row }) + "\n").join("");
        const log = await readText("run.jsonl", text);
        for (const key of ["a", "b c", "d/é"] as const) {
          const expected = rows.flatMap((row, step): [number, number][] =>
            // JSON has no -0.
            row[key] === undefined ? [] : [[step, row[key] + 0]]
          );
          if (expected.length > 0) assertEquals(series(log, key), expected);
        }
      },
    ),
    { numRuns: 60 },
  );
});

Deno.test("readRun() reads booleans, short lists and the numbers of NumPy and PyTorch", async () => {
  const log = await readText(
    "run.jsonl",
    '{"step":0,"done":false,"grads":[1,[2,NaN]],"loss":np.float32(0.5),"kl":tensor(1e-3, device="cuda:0")}\n' +
      '{"step":1,"done":true,"grads":[3],"loss":array([0.25, 2]),"kl":f(3)}\n' +
      "{'step': 1, 'done': True, 'loss': torch.tensor(0.75)}\n",
  );
  assertEquals(series(log, "done"), [[0, 0], [1, 1]]);
  assertEquals(series(log, "grads[0]"), [[0, 1]]);
  assertEquals(series(log, "grads[1][1]"), [[0, NaN]]);
  assertEquals(series(log, "loss"), [[0, 0.5], [1, 0.75]]);
  assertEquals(series(log, "kl"), [[0, 1e-3]]);
  assertEquals(issue(log, "damaged")?.examples[0]?.line, 2);
});

Deno.test("readRun() counts the numbers that it does not take, and names the first", async () => {
  const long = Array.from({ length: 300 }, (_, i) => i).join();
  const log = await readText(
    "run.jsonl",
    `{"step":0,"loss":1,"hist":[${long}]}\n{"loss":2,"kl":3}\n{"step":1,"loss":4}\nnope\n`,
  );
  assertEquals(log.columns.size, 257);
  const { understood, missed, firstMissed } = log.numbers;
  // Two values of a row without a step, 44 elements, and a damaged line, taken for the mean of the others.
  assertEquals([understood, missed], [258, 2 + 44 + 129]);
  assertEquals(firstMissed, { line: 1, detail: "hist has 44 numbers too many" });
  const whole = await readText("run.jsonl", '{"step":0,"loss":1}\n');
  assertEquals(whole.numbers, { understood: 1, missed: 0, firstMissed: undefined });
});

Deno.test("readRun() keeps the first message that says numbers in words", async () => {
  const rows = ["starting", "2026-01-01 10:00:00", "step 0 loss 2.5\n", "step 1 loss 1.5"];
  const text = rows.map((message) => JSON.stringify({ level: 20, message }) + "\n").join("");
  const { numbers } = await readText("run.jsonl", text);
  assertEquals(numbers.said, { line: 3, detail: "message says 'step 0 loss 2.5\\n'" });
  await assertRejects(
    () => readText("run.jsonl", '{"log":"step 0 loss 2.5"}\n'),
    TrainingLogError,
    "no number; log says 'step 0 loss 2.5'",
  );
});

Deno.test("readRun() takes a name next to metrics for a label, and other numbers of an event along", async () => {
  const rows = [0, 1].flatMap((step) =>
    ["run_a", "run_b"].map((name) => ({ step, name, loss: Math.random(), value: Math.random() }))
  );
  const text = rows.map((row) => JSON.stringify(row) + "\n").join("");
  const log = await readText("run.jsonl", text);
  assertEquals([...log.columns.keys()], [
    "name=run_a/loss",
    "name=run_b/loss",
    "name=run_a/value",
    "name=run_b/value",
  ]);
  const events = await readText(
    "run.jsonl",
    '{"step":0,"name":"loss","value":1,"std":0.5,"epoch":0,"time":5}\n' +
      '{"step":0,"name":"kl","value":2,"std":0.25,"epoch":0,"time":6}\n',
  );
  assertEquals([...events.columns.keys()], ["loss", "loss.std", "epoch", "kl", "kl.std"]);
});

Deno.test("readRun() refuses a field map whose key no log has, and takes it either way round", async () => {
  const text = '{"it":1,"ret":2,"score":3,"d":4}\n';
  const named = async (fieldMap: Record<string, string>, name: string) =>
    column(await readText("run.jsonl", text, { fieldMap }), name)?.name;
  assertEquals(await named({ ret: "reward", it: "step" }, "reward_mean"), "ret");
  assertEquals(await named({ reward: "ret" }, "reward"), "ret");
  assertEquals(await named({ kl: "d" }, "kl_mean"), "d");
  assertEquals(await named({ reward: "score" }, "reward"), "score");
  await assertRejects(
    () => readText("run.jsonl", text, { fieldMap: { scor: "reward" } }),
    RangeError,
    "has no such key; did you mean 'score'?",
  );
  await withFiles(
    { "a.jsonl": '{"step":1,"ret":1}\n', "b.jsonl": '{"step":1,"reward":1}\n' },
    async (at) => {
      const paths = [`${at}/a.jsonl`, `${at}/b.jsonl`];
      const logs = await readRuns(paths, { fieldMap: { ret: "reward" } });
      assertEquals(logs.map((log) => column(log, "reward")?.name), ["ret", "reward"]);
      await assertRejects(() => readRuns(paths, { fieldMap: { x: "reward" } }), RangeError, "'x'");
    },
  );
});
