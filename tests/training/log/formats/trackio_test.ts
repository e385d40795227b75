import { assertEquals, assertRejects } from "@std/assert";
import { TrainingLogError } from "../../../../src/training/log/errors.ts";
import { readRun } from "../../../../src/training/log/read_run.ts";
import { golden, readText, seeds, series, withFiles } from "../helpers.ts";

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

Deno.test("readRun() reads what trackio 0.23 and later write: JSON as BLOB, runs that share a name", async () => {
  const { DatabaseSync } = await import("node:sqlite");
  const blob = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
  await withFiles({}, async (directory) => {
    const path = `${directory}/walks.db`;
    const database = new DatabaseSync(path);
    database.exec(`
      CREATE TABLE metrics (id INTEGER PRIMARY KEY AUTOINCREMENT, run_id TEXT NOT NULL,
        timestamp TEXT NOT NULL, run_name TEXT NOT NULL, step INTEGER NOT NULL,
        metrics TEXT NOT NULL, log_id TEXT, space_id TEXT);
      CREATE TABLE configs (id INTEGER PRIMARY KEY AUTOINCREMENT, run_id TEXT NOT NULL,
        run_name TEXT NOT NULL, config TEXT NOT NULL, created_at TEXT NOT NULL, UNIQUE(run_id));`);
    const row = database.prepare(
      "INSERT INTO metrics (run_id, timestamp, run_name, step, metrics) VALUES (?, 't', ?, ?, ?)",
    );
    const config = database.prepare(
      "INSERT INTO configs (run_id, run_name, config, created_at) VALUES (?, ?, ?, 't')",
    );
    for (
      const [id, name, seed] of [["a1", "calm", 7], ["b2", "calm", 8], ["c3", "bold", 9]] as const
    ) {
      for (const [step, loss] of [[0, 1.5], [10, "NaN"], [20, "-Infinity"]] as const) {
        row.run(id, name, step, blob({ loss, seconds: seed }));
      }
      config.run(id, name, blob({ seed }));
    }
    database.close();
    for (const [run, seed] of [["a1", 7], ["b2", 8], ["c3", 9], ["bold", 9]] as const) {
      const log = await readRun(path, { run });
      assertEquals(series(log, "loss"), [[0, 1.5], [10, NaN], [20, -Infinity]]);
      assertEquals(series(log, "seconds")[0], [0, seed]);
      assertEquals(seeds(log), [`${seed}@configs.seed`]);
      assertEquals(log.issues, []);
    }
    await assertRejects(
      () => readRun(path, { run: "calm" }),
      TrainingLogError,
      "name one of a1 (calm), b2 (calm)",
    );
  });
});

Deno.test("readRun() counts the rows of trackio's first version, which has no steps", async () => {
  const { DatabaseSync } = await import("node:sqlite");
  await withFiles({}, async (directory) => {
    const database = new DatabaseSync(`${directory}/trackio.db`);
    database.exec(`
      CREATE TABLE metrics (id INTEGER PRIMARY KEY AUTOINCREMENT,
        timestamp DATETIME DEFAULT CURRENT_TIMESTAMP, project_name TEXT NOT NULL,
        run_name TEXT NOT NULL, step INTEGER, epoch INTEGER, batch INTEGER, metrics TEXT NOT NULL);
      INSERT INTO metrics (project_name, run_name, metrics) VALUES
        ('p', 'r', '{"loss": 2}'), ('p', 'r', '{"loss": 1}');`);
    database.close();
    const log = await readRun(directory);
    assertEquals(series(log, "loss"), [[0, 2], [1, 1]]);
  });
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
