import { assertEquals, assertRejects } from "@std/assert";
import fc from "fast-check";
import { TrainingLogError } from "../../../../src/training/log/errors.ts";
import { JsonSplitter } from "../../../../src/training/log/json_splitter.ts";
import { readRun } from "../../../../src/training/log/read_run.ts";
import { column } from "../../../../src/training/log/run_log.ts";
import { golden, goldenLoss, issue, readText, seeds, series } from "../helpers.ts";

Deno.test("readRun() reads trainer_state.json: train, eval and final rows of a step are one", async () => {
  const log = await readRun(golden("trainer"));
  assertEquals(log.format, "hf");
  assertEquals(log.source.endsWith("checkpoint-30/trainer_state.json"), true);
  assertEquals(log.steps.length, 30);
  assertEquals(log.recordCount, 34);
  assertEquals(series(log, "loss")[6], [7, NaN]);
  assertEquals(series(log, "eval_loss").map(([step]) => step), [10, 20, 30]);
  assertEquals(series(log, "train_loss"), [[30, 1.25]]);
  assertEquals(Math.abs(series(log, "loss")[9]![1] - goldenLoss(10)) < 1e-15, true);
  assertEquals(column(log, "lr")?.name, "learning_rate");
  assertEquals(log.issues, []);
});

Deno.test("readRun() finds the Trainer's seeds in training_args.bin without running it", async () => {
  const log = await readRun(golden("trainer/checkpoint-30/trainer_state.json"));
  assertEquals(seeds(log), ["1234@seed", `${2n ** 40n + 3n}@data_seed`]);
});

Deno.test("readRun() reads TRL's names and leaves null metrics out", async () => {
  const log = await readRun(golden("trl/trainer_state.json"));
  assertEquals(column(log, "reward_mean")?.name, "reward");
  assertEquals(column(log, "kl_mean")?.values[2], 3 * 8.805232027953025e-06);
  assertEquals(column(log, "clip_frac")?.name, "clip_ratio/region_mean");
  assertEquals(column(log, "entropy"), undefined);
});

Deno.test("readRun() reads a trainer state of one line, and one cut at any byte", async () => {
  const text =
    '{"epoch":1.0,"log_history":[{"loss":0.5,"step":1},{"loss":NaN,"step":2}],"max_steps":9}';
  const whole = await readText("state.json", text);
  assertEquals(whole.format, "hf");
  assertEquals(series(whole, "loss"), [[1, 0.5], [2, NaN]]);
  const firstRow = text.indexOf("}") + 1;
  for (let cut = firstRow; cut < text.length; cut++) {
    const log = await readText("state.json", text.slice(0, cut));
    assertEquals(log.steps[0], 1, `cut at ${cut}`);
    assertEquals(issue(log, "truncated")?.count, 1, `cut at ${cut}`);
  }
  await assertRejects(
    () => readText("state.json", text.slice(0, -1), { strict: true }),
    TrainingLogError,
    "the JSON is cut short",
  );
  await assertRejects(
    () => readText("x.json", '{"a": [{"step": 1}]}', { format: "hf" }),
    TrainingLogError,
    'it has no list "log_history"',
  );
});

Deno.test("readRun() reads a JSON list of rows, and rows over several lines", async () => {
  for (
    const text of [
      '[{"step":1,"loss":1},\n {"step":2,"loss":2}]',
      '[\n  {\n    "step": 1,\n    "loss": 1\n  },\n  {\n    "step": 2,\n    "loss": 2\n  }\n]\n',
      '{\n  "step": 1,\n  "loss": 1\n}\n{\n  "step": 2,\n  "loss": 2\n}\n',
    ]
  ) {
    const log = await readText("rows.json", text);
    assertEquals(log.format, "json");
    assertEquals(series(log, "loss"), [[1, 1], [2, 2]]);
    assertEquals(log.issues, []);
  }
  const log = await readText(
    "rows.json",
    '[\n{"step":1,"loss":1},\n{"step":2,"loss":},\n{"step":3}]',
  );
  assertEquals(issue(log, "damaged")?.examples[0]?.line, 3);
});

Deno.test("JsonSplitter gives the same records however the bytes are cut into chunks", () => {
  const text =
    '{"x":{"log_history":[{"no":1}]},"a":"]}\\"","log_history":[ {"s":"}{"}, {"n":{"m":[{}]}} ],"b":[{"c":1}]}';
  const bytes = new TextEncoder().encode(text);
  const read = (cuts: number[]) => {
    const records: string[] = [];
    const splitter = new JsonSplitter((part, from, to) => {
      records.push(new TextDecoder().decode(part.subarray(from, to)));
    }, "log_history");
    let from = 0;
    for (const cut of [...cuts.sort((a, b) => a - b), bytes.length]) {
      splitter.push(bytes.slice(from, cut));
      from = cut;
    }
    assertEquals(splitter.end(), "complete");
    return records;
  };
  assertEquals(read([]), ['{"s":"}{"}', '{"n":{"m":[{}]}}']);
  fc.assert(
    fc.property(fc.array(fc.nat(bytes.length)), (cuts) => {
      assertEquals(read(cuts), ['{"s":"}{"}', '{"n":{"m":[{}]}}']);
    }),
  );
});
