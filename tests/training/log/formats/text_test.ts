import { assert, assertEquals, assertRejects } from "@std/assert";
import { isTimingName } from "../../../../src/training/log/timing_names.ts";
import { TrainingLogError } from "../../../../src/training/log/errors.ts";
import { readRun } from "../../../../src/training/log/read_run.ts";
import { golden, issue, readText, series, withFiles } from "../helpers.ts";
import { TEXT_SHAPES } from "../text_shapes.ts";
import { FOUND_SHAPES } from "../text_shapes_found.ts";
import { MORE_SHAPES } from "../text_shapes_more.ts";
import { PUBLIC_SHAPES } from "../text_shapes_public.ts";
import { SIGN_SHAPES } from "../text_shapes_signs.ts";

/** Of the numbers of a shape, each so many is changed; all of them in the long suite. */
const EVERY = Deno.env.get("REWIND_SLOW") === "1" ? 1 : 4;

const SHAPES = [
  ...TEXT_SHAPES,
  ...FOUND_SHAPES,
  ...MORE_SHAPES,
  ...PUBLIC_SHAPES,
  ...SIGN_SHAPES,
];

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
  assertEquals(series(log, "lm loss"), [[100, 7.4], [200, 6.5]]);
  assertEquals(series(log, "learning rate"), [[100, 1.5e-4], [200, 1.5e-4]]);
  assertEquals(series(log, "elapsed time per iteration (ms)"), [[100, 412.5], [200, 412.5]]);
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

for (const { tool, text, steps, metrics } of SHAPES) {
  Deno.test(`readRun() reads what ${tool} prints, every number of it`, async () => {
    const log = await readText("train.log", text);
    assertEquals([...log.steps], [...steps]);
    assertEquals([...log.columns.keys()].sort(), Object.keys(metrics).sort());
    for (const [name, values] of Object.entries(metrics)) {
      const expected = steps.flatMap((step, i) =>
        values[i] === undefined ? [] : [[step, values[i]]]
      );
      assertEquals(series(log, name), expected as [number, number][], name);
    }
    assertEquals(log.numbers.missed, 0, JSON.stringify(log.numbers.firstMissed));
    assertEquals(issue(log, "implied_steps"), undefined);
    // A value that differs must be seen to differ, in whatever place it stands.
    const columns = [...log.columns.values()].filter(({ name }) => !isTimingName(name));
    const { length } = columns.flatMap(({ values, present }) =>
      [...values].filter((_, i) => present[i])
    );
    assert(length > 0);
  });
}

Deno.test("readRun() of printed text never shows a changed value as the same", async () => {
  // One file for all: to make a folder for each takes longer than to read it.
  await withFiles({}, async (directory) => {
    const read = async (text: string) => {
      const path = `${directory}/train.log`;
      await Deno.writeTextFile(path, text);
      return await readRun(path);
    };
    // Each number of a shape is changed in turn: the table is another one, or the number is no value.
    for (const { tool, text, steps } of SHAPES) {
      const before = await read(text);
      // Times and speeds that nothing names are no values.
      const places = [...text.matchAll(/(?<![\w.@-]|\d:)\d+\.\d+(?![\w.:]| ms \|| \w+\/s\b|\/s)/g)];
      const firstLine = Math.min(...before.lines);
      for (const [at, { index, 0: number }] of places.entries()) {
        if (at % EVERY !== 0) continue;
        // What stands before the first step is told, not compared.
        if (text.slice(0, index).split("\n").length < firstLine) continue;
        // Of two clocks at one step the last counts.
        if (/(?:time|data)[^,|\t]*$/i.test(text.slice(0, index))) continue;
        const changed = text.slice(0, index) + "77.125" + text.slice(index + number.length);
        const after = await read(changed);
        const values = [...after.columns.values()].flatMap(({ values, present }) =>
          [...values].filter((_, i) => present[i] === 1)
        );
        const rest = text.slice(index).split("\n")[0]!;
        const isOverwritten = rest.includes("\r") || rest.includes("\b");
        const isSeen = values.includes(77.125) ||
          [...after.columns.keys()].some((name) => name.includes("77.125")) ||
          after.numbers.missed > before.numbers.missed;
        assert(isSeen || isOverwritten, `${tool}: ${number} at ${index}, steps ${steps}`);
      }
    }
  });
});

Deno.test("readRun() of printed text passes over hosts, processes and places of files", async () => {
  const text = (host: string, pid: number, folder: string) =>
    `2026-03-12 10:00:00.123 ${host}:0 olmo.train:96${pid % 10} INFO [step=1/100]
    train/CrossEntropyLoss=11.37
(TaskRunner pid=${pid}, ip=10.0.0.${pid}) step:2 - critic/score/mean:0.41
[${host}] 2026-01-01 10:00:00,100 (trainer:653) INFO: step: 3, loss=92.2
2026-01-01 10:00:00,123 ${pid} INFO step: 4, loss=92.1
step 5: 'val_loss' reached 7.5, saving model to '${folder}/epoch=${pid}-val_loss=7.${pid}.ckpt'
step 6: loss 0.5 (see http://${host}:60${pid}/runs/${pid})
`;
  const one = await readText("train.log", text("gpu01", 11, "/scratch/a_1"));
  const other = await readText("train.log", text("node-7.x", 23, "./out_2"));
  assertEquals(one.numbers.missed, 0, JSON.stringify(one.numbers.firstMissed));
  assertEquals([...other.columns.keys()], [...one.columns.keys()]);
  for (const [name, column] of one.columns) {
    assertEquals(series(other, name), series(one, name));
    assertEquals(column.count, name === "loss" ? 3 : 1, name);
  }
});

Deno.test("readRun() keeps numbers that nobody can name where they stand beside values", async () => {
  const text = "1: 12.25, 12.5 avg loss, 0.001 rate\n2: 11.25, 12.25 avg loss, 0.001 rate\n";
  const log = await readText("train.log", text);
  assertEquals(series(log, "unnamed"), [[1, 12.25], [2, 11.25]]);
  assertEquals([log.numbers.understood, log.numbers.missed], [6, 2]);
  // A whole number before the first value may be that of a process.
  const process = await readText("train.log", "[7;3] loss 0.5\n[8;3] loss 0.25\n");
  assertEquals(process.numbers.missed, 4);
  assertEquals([...process.columns.keys()], ["loss"]);
});

Deno.test("readRun() reads powers of ten as people write them", async () => {
  const log = await readText(
    "run.log",
    "step 1 lr 1.5×10⁻⁵, kl 2*10^-3.\nstep 2 lr 1×10⁻⁴, kl 5 x 10^2\n",
  );
  assertEquals(series(log, "lr"), [[1, 1.5e-5], [2, 1e-4]]);
  assertEquals(series(log, "kl"), [[1, 2e-3], [2, 500]]);
});

Deno.test("readRun() says what printed text it did not understand", async () => {
  const log = await readText(
    "train.log",
    "loading 3 shards with 12 workers\nstep 1 loss 0.5\n= 17 * 3\nstep 2 loss 0.4\n",
  );
  assertEquals(series(log, "loss"), [[1, 0.5], [2, 0.4]]);
  assertEquals(log.numbers.missed, 2);
  assertEquals(log.numbers.firstMissed, {
    line: 3,
    detail: "17 in '= 17 * 3'",
  });
  assertEquals(
    issue(log, "note")?.examples[0]?.detail.startsWith("2 numbers before the first step"),
    true,
  );
});

Deno.test("readRun() counts the lines of printed text only where nothing gives a step", async () => {
  const log = await readText("train.log", "loss: 0.5\nloss: 0.25\n");
  assertEquals(series(log, "loss"), [[0, 0.5], [1, 0.25]]);
  assertEquals(issue(log, "implied_steps")?.count, 1);
  const mapped = await readText("train.log", "tick 5: loss 0.5\ntick 6: loss 0.25\n", {
    fieldMap: { tick: "step" },
  });
  assertEquals(series(mapped, "loss"), [[5, 0.5], [6, 0.25]]);
});

Deno.test("readRun() takes seeds, ranks and runs from printed text", async () => {
  const log = await readText(
    "train.log",
    "Namespace(lr=0.1, seed=42)\n[rank: 0] step 1 loss 0.5\n[rank: 1] step 1 loss 0.75\n",
  );
  assertEquals(log.seeds.map(({ value }) => value), [42n]);
  assertEquals([...log.columns.keys()], ["rank=0/loss", "rank=1/loss"]);
});

Deno.test("readRun() keeps values of two print statements apart that share a name and a step", async () => {
  const log = await readText(
    "train.log",
    [1, 2, 3].map((step) =>
      `step ${step} train: loss ${step}.5\nstep ${step} val: loss ${step}.25\n`
    )
      .join(""),
  );
  assertEquals([...log.columns.keys()], ["train/loss", "val/loss"]);
  const unnamed = await readText("train.log", "step 1 loss 0.5 loss 0.25\nstep 2 loss 1 loss 2\n");
  assertEquals([series(unnamed, "loss"), series(unnamed, "loss (2)")], [
    [[1, 0.5], [2, 1]],
    [[1, 0.25], [2, 2]],
  ]);
});

Deno.test("readRun() reads printed text with control and private characters", async () => {
  const text = "step 1 loss 0.5 \u0001\u0002\ue000\ue001\ue002\nstep 2 loss 0.25\n";
  const log = await readText("train.log", text, { format: "text" });
  assertEquals(series(log, "loss"), [[1, 0.5], [2, 0.25]]);
});

Deno.test("a table whose names lie further apart than its numbers keeps each number under its name", async () => {
  // As Vowpal Wabbit prints it.
  const log = await readText(
    "vw.log",
    `average  since         example        example  current  current  current
loss     last          counter         weight    label  predict features
1.000000 0.500000            1            1.0   1.0000   0.0123       51
0.142857 0.400000            2            2.0   -1.0000   0.1123       104
`,
  );
  const values = Object.fromEntries(
    [...log.columns.keys()].map((name) => [name, series(log, name).map(([, v]) => v)]),
  );
  assertEquals(values, {
    loss: [1, 0.142857],
    last: [0.5, 0.4],
    counter: [1, 2],
    weight: [1, 2],
    label: [1, -1],
    predict: [0.0123, 0.1123],
    features: [51, 104],
  });
});
