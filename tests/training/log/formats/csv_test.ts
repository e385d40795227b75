import { assertEquals, assertRejects } from "@std/assert";
import fc from "fast-check";
import { TrainingLogError } from "../../../../src/training/log/errors.ts";
import { readRun } from "../../../../src/training/log/read_run.ts";
import { column } from "../../../../src/training/log/run_log.ts";
import { golden, goldenLoss, issue, readText, seeds, series } from "../helpers.ts";

Deno.test("readRun() reads Lightning's metrics.csv: blanks are missing, train and val rows merge", async () => {
  const log = await readRun(golden("lightning"));
  assertEquals(log.format, "lightning");
  assertEquals([...log.steps], [9, 19, 29, 39, 49, 59]);
  assertEquals(series(log, "val_acc"), [[19, 1 / 19], [39, 1 / 39], [59, 1 / 59]]);
  assertEquals(series(log, "val_loss")[1], [39, NaN]);
  assertEquals(Math.abs(series(log, "train_loss")[0]![1] - goldenLoss(9)) < 1e-15, true);
  assertEquals(column(log, "loss")?.name, "train_loss");
  assertEquals(log.issues, []);
});

Deno.test("readRun() finds Lightning's seeds among Python tags, above 2^53", async () => {
  const log = await readRun(golden("lightning/version_0"));
  assertEquals(seeds(log), ["9007199254740993@seed", "42@seed_everything"]);
});

Deno.test("readRun() reads quotes, quotes in quotes, newlines in quotes, CRLF and a lone CR", async () => {
  const log = await readText(
    "run.csv",
    '"step","a ""b""",note,"c,d"\r\n1,"2","two\r\nlines, ""x""",3\r\n2,4,\r,5\r\n',
  );
  assertEquals(series(log, 'a "b"'), [[1, 2], [2, 4]]);
  assertEquals(series(log, "c,d"), [[1, 3], [2, 5]]);
  assertEquals(log.issues, [
    { kind: "text", count: 1, examples: [{ line: 2, detail: "note is text" }] },
  ]);
});

Deno.test("readRun() reads semicolons, tabs, repeated names and a step of other name", async () => {
  assertEquals(
    series(await readText("a.csv", "it;loss\n1;0.5\n", { fieldMap: { it: "step" } }), "loss"),
    [
      [1, 0.5],
    ],
  );
  const log = await readText("a.tsv", "iteration\tx\tx\n3\t1\t2\n");
  assertEquals([series(log, "x"), series(log, "x.1")], [[[3, 1]], [[3, 2]]]);
});

Deno.test("readRun() names records with a wrong number of fields", async () => {
  const log = await readText("a.csv", "step,a,b\n1,2,3\n2,2\n3,1,2,3\n4,1,2,\n5,5,5\n");
  assertEquals(series(log, "a"), [[1, 2], [4, 1], [5, 5]]);
  assertEquals(issue(log, "damaged")?.examples, [
    { line: 3, detail: "2 fields where the header has 3: 2,2" },
    { line: 4, detail: "4 fields where the header has 3: 3,1,2,3" },
  ]);
  await assertRejects(
    () => readText("a.csv", "step,a,b\n1,2\n", { strict: true }),
    TrainingLogError,
    "line 2: 2 fields",
  );
});

Deno.test("readRun() doubts a last CSV line without newline, at every byte", async () => {
  const text = "step,loss,kl\n1,0.5,0.25\n2,0.75,0.125\n";
  const start = text.indexOf("2,0.75");
  for (let cut = start + 1; cut < text.length; cut++) {
    const log = await readText("a.csv", text.slice(0, cut));
    const whole = cut > text.lastIndexOf(",");
    assertEquals(log.steps.length, whole ? 2 : 1, `cut at ${cut}`);
    assertEquals(issue(log, whole ? "note" : "truncated")?.examples[0]?.line, 3, `cut at ${cut}`);
  }
  const quoted = await readText("a.csv", 'step,loss\n1,0.5\n2,"0.7');
  assertEquals(
    issue(quoted, "truncated")?.examples[0]?.detail,
    'the last line is cut short: 2,"0.7',
  );
});

Deno.test("readRun() trusts a last CSV line without newline whose last field ends in its quote", async () => {
  const log = await readText("a.csv", '"Step","loss"\n"0","2.5"\n"1","1.5"');
  assertEquals(series(log, "loss"), [[0, 2.5], [1, 1.5]]);
  assertEquals(log.issues, []);
});

Deno.test("readRun() reads an export of the W&B interface: run and extremes leave the names", async () => {
  const log = await readRun(golden("wandb_export/one_run.csv"));
  assertEquals([...log.columns.keys()], ["train/loss"]);
  assertEquals(series(log, "train/loss"), [[0, 2.5], [1, 2.25], [2, NaN]]);
  await assertRejects(
    () => readRun(golden("wandb_export/two_runs.csv")),
    TrainingLogError,
    "name one of a, b",
  );
  const second = await readRun(golden("wandb_export/two_runs.csv"), { run: "b" });
  assertEquals(series(second, "loss"), [[0, 2], [1, 4]]);
});

Deno.test("readRun() reads an export of the W&B interface over any axis, and names a table of runs", async () => {
  const log = await readText(
    "a.csv",
    '"trainer/global_step","calm-1 - loss","calm-1 - loss__MIN","calm-1 - loss__MAX"\n' +
      '"49","2.5","2.5","2.5"\n"99","1.5","1.5","1.5"\n',
  );
  assertEquals(series(log, "loss"), [[49, 2.5], [99, 1.5]]);
  assertEquals([...log.columns.keys()], ["loss"]);
  const runs = await readText(
    "b.csv",
    '"Name","State","Notes","User","Tags","Created","Runtime","Sweep","seed","loss"\n' +
      '"calm-1","finished","-","a","","2026-08-01T10:00:00.000Z","120","","7","0.5"\n',
  );
  assertEquals(issue(runs, "note")?.examples[0]?.detail.startsWith("a table of runs"), true);
});

Deno.test("readRun() reads W&B history that the API exported, with NaN as text", async () => {
  const log = await readRun(golden("wandb_export/history.jsonl"));
  assertEquals(series(log, "loss"), [[0, 0.5], [1, NaN], [2, Infinity]]);
  assertEquals(log.metadata.stepKey, "_step");
});

Deno.test("readRun() reads a long table of step, name and value, and TensorBoard's download", async () => {
  const long = await readText("a.csv", "step,name,value\n1,loss,0.5\n1,kl,0.1\n2,loss,0.25\n");
  assertEquals([series(long, "loss"), series(long, "kl")], [[[1, 0.5], [2, 0.25]], [[1, 0.1]]]);
  const download = await readText("a.csv", "Wall time,Step,Value\n1700000000.5,10,0.25\n");
  assertEquals(series(download, "Value"), [[10, 0.25]]);
});

Deno.test("readRun() reads a Monitor's CSV: the remark before its header is none", async () => {
  const rows = "r,l,t\n-1428.398135,82,2.495661\n-1232.37266,60,3.90294\n";
  for (
    const [remark, time] of [
      ['#{"env_id": null, "t_start": 1522130881.909225}\n', "t (s)"],
      ["# made by hand\n\n", "t"],
      ["# lr=0.1, bs=3\n", "t"],
    ] as const
  ) {
    const log = await readText("0.monitor.csv", remark + rows);
    assertEquals([log.format, ...log.columns.keys()], ["csv", "r", "l", time]);
    assertEquals(series(log, "l"), [[0, 82], [1, 60]]);
    assertEquals(issue(log, "damaged"), undefined);
  }
  const log = await readText("run.csv", "# step,loss\n5,0.5\n# cut\n6,0.25\n");
  assertEquals(series(log, "loss"), [[5, 0.5], [6, 0.25]]);
  assertEquals(issue(log, "note")?.examples, [{ detail: "1 remark passed over" }]);
});

Deno.test("readRun() reads tables with bars, old line ends, decimal commas and grouped digits", async () => {
  const cases: [text: string, loss: number[]][] = [
    ["step|loss\n0|1\n1|2\n", [1, 2]],
    ["step,loss\r0,1\r1,2\r", [1, 2]],
    ["step, loss\n0, 1\n1, 2\n", [1, 2]],
    ["step;loss;acc\n0;0,5;0,1\n1;1,25e-3;0,2\n", [0.5, 0.00125]],
    ["step;loss\n0;1,234\n1;1.000\n2;1.234.567,5\n", [1.234, 1, 1234567.5]],
    ['step,loss\n0,"1,234.5"\n1,"2,000"\n2,"0,25"\n', [1234.5, 2000, 0.25]],
    ["step,loss\n0,1.000.000\n1,50%\n", [1_000_000, 50]],
    ["step\tloss\n0\t12.5%\n1\t3\n", [12.5, 3]],
  ];
  for (const [text, loss] of cases) {
    const log = await readText("run.csv", text);
    assertEquals(series(log, "loss"), loss.map((value, step) => [step, value]), text);
    assertEquals(log.numbers.missed, 0);
  }
  const log = await readText("run.csv", ",step,loss,\n0,0,1,7\n1,1,,8\n");
  assertEquals([...log.columns.keys()], ["loss", "column 4"]);
  assertEquals(log.columns.get("loss")!.emptyCount, 1);
});

Deno.test("readRun() reads a quoted field over many lines in linear time", async () => {
  const lines = "x\n".repeat(400_000);
  const log = await readText("run.csv", `step,loss,note\n0,1,"${lines}"\n1,2,"b"\n`);
  assertEquals(series(log, "loss"), [[0, 1], [1, 2]]);
});

Deno.test("readRun() takes the steps of Stable-Baselines, Ray and Spinning Up", async () => {
  const tables: readonly [string, string, number[]][] = [
    [
      "time/iterations,train/loss,time/total_timesteps",
      "1,,2048\n2,0.5,4096\n",
      [2048, 4096],
    ],
    ["timesteps_total,training_iteration,episode_reward_mean", "500,1,nan\n1000,2,3.5\n", [1, 2]],
    ["Epoch\tAverageEpRet\tTotalEnvInteracts", "0\t1.5\t4000\n1\t2\t8000\n", [4000, 8000]],
    ["total/epochs,total/steps,rollout/return", "1,2000,-3\n1,4000,-2\n", [2000, 4000]],
  ];
  for (const [header, rows, steps] of tables) {
    const log = await readText("progress.csv", `${header}\n${rows}`);
    assertEquals([...log.steps], steps, header);
    assertEquals(log.issues, [], header);
  }
});

Deno.test("readRun() takes a further header for what it is, and the lines of Excel and of people above one", async () => {
  const resumed = await readText("a.csv", "step,loss\n0,1\nstep,loss,acc\n1,2,3\n");
  assertEquals([series(resumed, "loss"), series(resumed, "acc")], [[[0, 1], [1, 2]], [[1, 3]]]);
  const two = await readText("a.csv", "epoch,loss\n0,1\n1,2\n\nepoch,acc\n0,3\n1,nan\n");
  assertEquals([series(two, "loss"), series(two, "acc")], [[[0, 1], [1, 2]], [[0, 3], [1, NaN]]]);
  for (const above of ["sep=;\n", "Training results, run 7\n\n"]) {
    const log = await readText("a.csv", `${above}epoch;loss\n3;1\n4;2\n`);
    assertEquals(series(log, "loss"), [[3, 1], [4, 2]]);
  }
});

Deno.test("readRun() takes the index of pandas for the steps of rows that have none", async () => {
  const log = await readText("a.csv", ",loss\n0,1\n10,2\n");
  assertEquals([series(log, "loss"), log.issues], [[[0, 1], [10, 2]], []]);
  // It starts again after a concat: then it is a value.
  const again = await readText("a.csv", ",loss\n0,1\n1,2\n0,3\n");
  assertEquals(series(again, "index"), [[0, 0], [1, 1], [2, 0]]);
});

Deno.test("readRun() keeps extremes of the W&B interface where they are not the value", async () => {
  const log = await readText(
    "a.csv",
    '"Step","a - x","a - x__MIN","a - x__MAX"\n"0","2","2","2"\n"1","3","2.5","4"\n',
  );
  const found = ["x", "x__MIN", "x__MAX"].map((name) => series(log, name));
  assertEquals(found, [[[0, 2], [1, 3]], [[1, 2.5]], [[1, 4]]]);
});

Deno.test("readRun() reads truths, deviations, fractions and other texts of several numbers", async () => {
  const cases: readonly [cell: string, values: number[]][] = [
    ["50.1 ± 2.5", [50.1, 2.5]],
    ["0.5 +/- 1e-3", [0.5, 0.001]],
    ["50/100", [50, 100]],
    ['"0.5 [0.25, 0.75]"', [0.5, 0.25, 0.75]],
    ["(2.5-0.5j)", [2.5, -0.5]],
    ["$2.50", [2.5]],
    ["True", [1]],
    ["false", [0]],
    ["2024/01/15", []],
    ["01/15/2024", []],
    ["20240115-103000", []],
    ["1.13.0+cu117", []],
    ["10.0.0.1", []],
  ];
  for (const [cell, values] of cases) {
    const log = await readText("a.csv", `step,a,b\n0,${cell},1\n`);
    const found = [...log.columns].filter(([name]) => name !== "b").map(([, c]) => c.values[0]);
    assertEquals(found, values, cell);
  }
  const split = await readText(
    "a.csv",
    "step,training,loss\n0,True,1\n0,False,2\n1,True,3\n1,False,4\n",
  );
  assertEquals([...split.columns.keys()], ["training=True/loss", "training=False/loss"]);
});

Deno.test("readRun() keeps numbers under names that mean something else as text", async () => {
  const names = [
    "task",
    "mode",
    "host",
    "run",
    "key",
    "tag",
    "value",
    "v",
    "seed",
    "version",
    "loss",
  ];
  const row = (step: number) => names.map((_, i) => step + i + 0.5).join(",");
  const log = await readText("a.csv", `step,${names.join()}\n0,${row(0)}\n1,${row(1)}\n`);
  for (const [i, name] of names.entries()) {
    assertEquals(series(log, name), [[0, i + 0.5], [1, i + 1.5]], name);
  }
  assertEquals([seeds(log), log.metadata], [[], { stepKey: "step" }]);
});

Deno.test("readRun() refuses CSV without a header", async () => {
  await assertRejects(
    () => readText("a.csv", "1,2,3\n4,5,6\n"),
    TrainingLogError,
    "its first line names no columns",
  );
});

Deno.test("readRun() gives back what was written as CSV, whatever the text and numbers", async () => {
  const quote = (text: string) => `"${text.replaceAll('"', '""')}"`;
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.double({ noNaN: true }), fc.string({ unit: "grapheme" })), {
        minLength: 1,
        maxLength: 15,
      }),
      fc.constantFrom("\n", "\r\n"),
      async (rows, end) => {
        const lines = rows.map(([value, note], step) => `${step},${quote(note)},${value}`);
        const log = await readText("a.csv", ["step,note,value", ...lines, ""].join(end));
        assertEquals(series(log, "value"), rows.map(([value], step) => [step, value + 0]));
      },
    ),
    { numRuns: 60 },
  );
});

Deno.test("readRun() takes steps from columns whose names begin with a capital", async () => {
  for (const name of ["Episode", "Timesteps", "Iter", "Epoch"]) {
    const log = await readText("log.csv", `${name},TotalReward\n1,-1\n360,0\n363,-1\n`);
    assertEquals(series(log, "TotalReward"), [[1, -1], [360, 0], [363, -1]]);
    assertEquals(issue(log, "implied_steps"), undefined);
  }
});
