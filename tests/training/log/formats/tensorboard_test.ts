import { assert, assertEquals, assertRejects } from "@std/assert";
import { crc32c, maskedCrc32c } from "../../../../src/bytes/checksums.ts";
import { TrainingLogError } from "../../../../src/training/log/errors.ts";
import { readRun } from "../../../../src/training/log/read_run.ts";
import { column } from "../../../../src/training/log/run_log.ts";
import { golden, goldenLoss, issue, readText, seeds, series, withFiles } from "../helpers.ts";

const FIRST = golden("tensorboard/events.out.tfevents.1700000000.host.1.0");

Deno.test("crc32c() of the check string is that of the standard", () => {
  const bytes = new TextEncoder().encode("123456789");
  assertEquals(crc32c(bytes), 0xe3069283);
  assertEquals(maskedCrc32c(new Uint8Array(0)), 0xa282ead8);
});

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

Deno.test("readRun() asks which run of a log directory is meant", async () => {
  const bytes = await Deno.readFile(FIRST);
  const name = "events.out.tfevents.1.host";
  await withFiles({ [`train/${name}`]: bytes, [`eval/${name}`]: bytes }, async (directory) => {
    await assertRejects(() => readRun(directory), TrainingLogError, "name one of eval, train");
    assertEquals((await readRun(directory, { run: "eval" })).steps.length, 22);
  });
  await withFiles({ [`runs/Jun01_host/${name}`]: bytes }, async (directory) => {
    assertEquals((await readRun(directory)).steps.length, 22);
  });
  await withFiles({ [name]: bytes, [`eval/${name}`]: bytes }, async (directory) => {
    assertEquals(issue(await readRun(directory), "note")?.count, 1);
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
