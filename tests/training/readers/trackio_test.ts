import { assertEquals, assertRejects } from "@std/assert";
import { TrainingLogError } from "../../../src/training/errors.ts";
import { readRun } from "../../../src/training/read_run.ts";
import { golden, readText, seeds, series, withFiles } from "./helpers.ts";

Deno.test("readRun() reads a run of a trackio project with its seed", async () => {
  for (const path of ["trackio", "trackio/walks.db"]) {
    const log = await readRun(golden(path), { run: "bold-ant-1" });
    assertEquals(log.format, "trackio");
    assertEquals([...log.steps], [0, 1, 2, 3, 4, 5]);
    assertEquals(series(log, "loss")[4], [4, NaN]);
    assertEquals(series(log, "loss")[0], [0, 3]);
    assertEquals(series(log, "nested.lr")[1], [1, 0.001]);
    assertEquals(series(log, "epoch")[5], [5, 2]);
    assertEquals(seeds(log), [`${2n ** 64n + 1n}@configs.seed`]);
    assertEquals(log.metadata, { runId: "bold-ant-1", project: "walks", stepKey: "_step" });
  }
});

Deno.test("readRun() asks which trackio run is meant", async () => {
  await assertRejects(
    () => readRun(golden("trackio/walks.db")),
    TrainingLogError,
    "name one of bold-ant-1, dainty-sun-0",
  );
});

Deno.test("readRun() refuses an SQLite file that is damaged or no trackio project", async () => {
  const bytes = await Deno.readFile(golden("trackio/walks.db"));
  for (const cut of [100, 4096, 9000]) {
    await assertRejects(
      () => readText("a.db", bytes.subarray(0, cut), { run: "bold-ant-1" }),
      TrainingLogError,
      "Cannot ",
    );
  }
  const { DatabaseSync } = await import("node:sqlite");
  await withFiles({}, async (directory) => {
    const database = new DatabaseSync(`${directory}/a.db`);
    database.exec("CREATE TABLE other (x)");
    database.close();
    await assertRejects(() => readRun(`${directory}/a.db`), TrainingLogError, 'no table "metrics"');
  });
});
