import { assert, assertEquals, assertRejects } from "@std/assert";
import { TrainingLogError } from "../../../../src/training/log/errors.ts";
import { readRun } from "../../../../src/training/log/read_run.ts";
import { column } from "../../../../src/training/log/run_log.ts";
import { event, eventFile, histogram, scalar, start, tensor } from "../event_writer.ts";
import { golden, goldenLoss, issue, readText, seeds, series, withFiles } from "../helpers.ts";

const FIRST = golden("tensorboard/events.out.tfevents.1700000000.host.1.0");

Deno.test("readRun() reads scalars of TensorBoard 1 and 2 as float32, doubles as float64", async () => {
  const log = await readRun(FIRST);
  assertEquals(log.format, "tensorboard");
  assertEquals(log.issues, []);
  for (const [step, value] of series(log, "train/loss").slice(0, 20)) {
    assert(Math.abs(value - goldenLoss(step)) < 2e-7 && value === Math.fround(value));
  }
  assertEquals(series(log, "train/loss")[20], [20, NaN]);
  assertEquals(series(log, "train/reward")[7], [7, 1]);
  assertEquals(series(log, "train/kl")[3], [3, Math.fround(0.003)]);
  assertEquals(series(log, "eval/accuracy"), [4, 9, 14, 19].map((s) => [s, 1 / (s + 3)]));
  assertEquals(series(log, "negative"), [[-1, 1.5]]);
  assertEquals(column(log, "loss")?.float32, true);
  assertEquals(column(log, "eval/accuracy")?.float32, false);
});

Deno.test("readRun() finds seeds in the text and hparams of TensorBoard", async () => {
  assertEquals(seeds(await readRun(FIRST)), [
    "77@args/text_summary.seed",
    "9@_hparams_/session_start_info.seed",
  ]);
});

Deno.test("readRun() reads the files of a resumed run as one, the later values count", async () => {
  const log = await readRun(golden("tensorboard"));
  assertEquals(
    series(log, "train/loss").map(([step]) => step),
    Array.from({ length: 25 }, (_, i) => i),
  );
  assertEquals(issue(log, "duplicate")?.count, 2);
  assertEquals(issue(log, "conflict")?.count, 1);
  assertEquals(issue(log, "out_of_order")?.count, 1);
});

Deno.test("readRun() reads all runs below a directory, or the one that is named", async () => {
  const bytes = await Deno.readFile(FIRST);
  const name = "events.out.tfevents.1.host";
  const tags = [...(await readRun(FIRST)).columns.keys()];
  await withFiles({ [`train/${name}`]: bytes, [`eval/${name}`]: bytes }, async (directory) => {
    const log = await readRun(directory);
    assertEquals(
      [...log.columns.keys()],
      ["eval", "train"].flatMap((run) => tags.map((tag) => `${run}/${tag}`)),
    );
    assertEquals([...(await readRun(directory, { run: "eval" })).columns.keys()], tags);
    await assertRejects(
      () => readRun(directory, { run: "test" }),
      TrainingLogError,
      "it has eval, train",
    );
  });
  await withFiles({ [`runs/Jun01_host/${name}`]: bytes }, async (directory) => {
    assertEquals([...(await readRun(directory)).columns.keys()], tags);
  });
  // The directories in which all lie, and the time in the name of one that `add_hparams` made, do not count.
  const files = {
    [`runs/Jun01_host/${name}`]: bytes,
    [`runs/Jun01_host/loss_val/${name}`]: eventFile([event(1, scalar("loss", 0.5))]),
    [`runs/Jun01_host/1700000000.123/${name}`]: eventFile([event(1, scalar("accuracy", 0.5))]),
  };
  await withFiles(files, async (directory) => {
    const log = await readRun(directory);
    assertEquals(series(log, "hparams/accuracy"), [[1, 0.5]]);
    assertEquals(series(log, "loss_val/loss"), [[1, 0.5]]);
    assertEquals(log.columns.size, tags.length + 2);
    const root = await readRun(directory, { run: "runs/Jun01_host" });
    assertEquals([...root.columns.keys()], tags);
  });
});

Deno.test({
  name: "readRun() ends where the directories of a log lead in circles",
  ignore: Deno.build.os === "windows",
  fn: async () => {
    const file = eventFile([event(1, scalar("loss", 0.5))]);
    await withFiles({ "a/b/events.out.tfevents.1": file }, async (directory) => {
      for (const name of ["x", "y", "z", "a/x", "a/y", "a/b/x", "a/b/y"]) {
        await Deno.symlink(directory, `${directory}/${name}`);
      }
      assertEquals(series(await readRun(directory), "loss"), [[1, 0.5]]);
    });
  },
});

Deno.test("readRun() takes away what a run logged from the step on at which it starts again", async () => {
  const before = [0, 1, 2, 3, 4].map((step) => event(step, scalar("loss", 10 + step)));
  const after = [3, 4].map((step) => event(step, scalar("loss", 20 + step)));
  const expected = [[0, 10], [1, 11], [2, 12], [3, 23], [4, 24]];
  const one = eventFile([start(0), ...before, event(9, scalar("late", 1)), start(3), ...after]);
  const log = await readText("events.out.tfevents.1", one);
  assertEquals(series(log, "loss"), expected as [number, number][]);
  assertEquals([...log.steps], [0, 1, 2, 3, 4]);
  assertEquals(log.columns.has("late"), false);
  assertEquals(
    issue(log, "note")?.examples[0]?.detail,
    "3 values from step 3 on, from where the run started again",
  );
  assertEquals(issue(log, "conflict"), undefined);
  assertEquals(issue(log, "out_of_order"), undefined);
  // Another file of the same directory is the same run, one of another directory is not.
  const files = {
    "events.out.tfevents.1": eventFile(before),
    "events.out.tfevents.2": eventFile([start(3), ...after]),
    "other/events.out.tfevents.3": eventFile(before),
  };
  await withFiles(files, async (directory) => {
    const both = await readRun(directory);
    assertEquals(series(both, "loss"), expected as [number, number][]);
    assertEquals(series(both, "other/loss").length, 5);
  });
  // Without a restart nothing is taken away, and nothing overwritten.
  const plain = await readText("events.out.tfevents.1", eventFile([...before, ...after]));
  assertEquals(series(plain, "loss#1"), [[3, 13], [4, 14]]);
});

Deno.test("readRun() sums histograms up and counts other tensors as missed", async () => {
  const log = await readText(
    "events.out.tfevents.1",
    eventFile([
      event(1, histogram("weights", [-1, 2, 100, 5.5, 30]), scalar("loss", 0.5)),
      event(
        2,
        tensor("dense", [-2, -1, 3, -1, 4, 5], "histograms"),
        tensor("lr", [0.25], "scalars"),
      ),
      event(3, tensor("curve", [1, 2, 3], "pr_curves")),
    ]),
  );
  const names = ["min", "max", "num", "sum", "sum_squares"];
  assertEquals(names.map((name) => series(log, `weights.${name}`)[0]), [
    [1, -1],
    [1, 2],
    [1, 100],
    [1, 5.5],
    [1, 30],
  ]);
  assertEquals([series(log, "dense.min"), series(log, "dense.max"), series(log, "dense.num")], [
    [[2, -2]],
    [[2, 4]],
    [[2, 8]],
  ]);
  assertEquals(series(log, "lr"), [[2, 0.25]]);
  assertEquals(log.numbers, {
    understood: 10,
    missed: 3,
    firstMissed: { line: 4, step: 3, detail: "curve holds 3 numbers at step 3" },
  });
});

Deno.test("readRun() reads an event file that is cut short at any byte", async () => {
  const bytes = await Deno.readFile(FIRST);
  const whole = new Map(series(await readRun(FIRST), "train/loss"));
  let steps = 0;
  for (let cut = 1000; cut < bytes.length; cut += 29) {
    const log = await readText("events.out.tfevents.1.host", bytes.subarray(0, cut));
    const loss = series(log, "train/loss");
    assert(loss.length >= steps, `cut at ${cut}`);
    steps = loss.length;
    for (const [step, value] of loss) assert(Object.is(value, whole.get(step)));
    assertEquals(issue(log, "damaged"), undefined, `cut at ${cut}`);
  }
});

Deno.test("readRun() leaves out a damaged event, and all after a damaged length", async () => {
  const bytes = await Deno.readFile(FIRST);
  const log = await readText("events.out.tfevents.1.host", damage(bytes, 1500));
  assertEquals(issue(log, "damaged")?.count, 1);
  assert(log.steps.length >= 20);
  const data = new DataView(bytes.buffer);
  // The second frame's length.
  const second = 16 + data.getUint32(0, true);
  await assertRejects(
    () => readText("events.out.tfevents.1.host", damage(bytes, second)),
    TrainingLogError,
    "the length of a record is damaged",
  );
  await assertRejects(
    () => readText("events.out.tfevents.1.host", damage(bytes, 1500), { strict: true }),
    TrainingLogError,
    "Cannot read",
  );
});

function damage(bytes: Uint8Array, at: number): Uint8Array {
  const damaged = bytes.slice();
  damaged[at] = damaged[at]! ^ 0x10;
  return damaged;
}
