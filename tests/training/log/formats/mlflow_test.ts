import { assert, assertEquals, assertRejects } from "@std/assert";
import { TrainingLogError } from "../../../../src/training/log/errors.ts";
import { readRun } from "../../../../src/training/log/read_run.ts";
import { golden, goldenLoss, issue, seeds, series, withFiles } from "../helpers.ts";

Deno.test("readRun() reads an MLflow store, an experiment and a run alike", async () => {
  for (const path of ["mlflow", "mlflow/mlruns", "mlflow/mlruns/0", "mlflow/mlruns/0/5f1c0de"]) {
    const log = await readRun(golden(path));
    assertEquals(log.format, "mlflow");
    for (const [step, value] of series(log, "loss")) {
      assert(Math.abs(value - goldenLoss(step)) < 1e-14);
    }
    assertEquals(series(log, "loss").length, 12);
    assertEquals(series(log, "eval/accuracy"), [[5, 0.6931471805599453], [11, NaN]]);
    assertEquals(series(log, "train/nested/kl"), [[0, 1e-5], [1, Infinity]]);
    assertEquals(series(log, "old"), [[0, 0.5]]);
    assertEquals(series(log, "new"), [[3, 0.75]]);
    assertEquals(seeds(log), ["1234@params/seed"]);
    assertEquals(log.metadata, {
      runId: "5f1c0de",
      project: "Default",
      gitSha: "0123456789abcdef0123456789abcdef01234567",
      command: ["train.py"],
      stepKey: "step",
    });
    assertEquals(log.issues, []);
  }
});

const RUN = { "meta.yaml": "run_id: x\n", "metrics/loss": "1 0.5 0\n1 0.25 1\n" };

function runAt(directory: string, files: Record<string, string> = RUN): Record<string, string> {
  return Object.fromEntries(
    Object.entries(files).map(([name, text]) => [`${directory}/${name}`, text]),
  );
}

Deno.test("readRun() asks which MLflow run is meant, by id or name", async () => {
  const files = {
    "0/meta.yaml": "",
    ...runAt("0/aaa"),
    ...runAt("0/bbb", { ...RUN, "metrics/loss": "1 9 0\n", "tags/mlflow.runName": "bold-ant" }),
  };
  await withFiles(files, async (directory) => {
    await assertRejects(
      () => readRun(directory),
      TrainingLogError,
      "name one of aaa, bbb (bold-ant)",
    );
    for (const run of ["bbb", "bold-ant"]) {
      assertEquals(series(await readRun(directory, { run }), "loss"), [[0, 9]]);
    }
    await assertRejects(() => readRun(directory, { run: "ccc" }), TrainingLogError, "name one of");
  });
});

Deno.test("readRun() names damaged lines of an MLflow metric and leaves a cut one out", async () => {
  const text = "1 0.5 0\nrubbish\n1 0.25\u00001\n1 0.125 1\n1 0.75 12";
  await withFiles(runAt("run", { ...RUN, "metrics/loss": text }), async (directory) => {
    const log = await readRun(`${directory}/run`);
    assertEquals(series(log, "loss"), [[0, 0.5], [1, 0.125]]);
    assertEquals(issue(log, "damaged")?.examples.map(({ line }) => line), [2, 3]);
    assertEquals(issue(log, "truncated")?.examples[0]?.line, 5);
  });
});

Deno.test("readRun() reports a repeated and an earlier step within one MLflow metric only", async () => {
  const files = { "metrics/loss": "1 1 0\n1 2 1\n1 2 1\n1 3 2\n1 9 1\n", "metrics/kl": "1 1 0\n" };
  await withFiles(runAt("run", { ...RUN, ...files }), async (directory) => {
    const log = await readRun(`${directory}/run`);
    assertEquals(series(log, "loss"), [[0, 1], [1, 9], [2, 3]]);
    assertEquals(issue(log, "duplicate")?.count, 1);
    assertEquals(series(log, "loss#1"), [[1, 2]]);
    assertEquals(series(log, "loss#2"), [[1, 2]]);
    assertEquals(issue(log, "conflict")?.count, 2);
    assertEquals(issue(log, "out_of_order")?.count, 1);
  });
});

Deno.test("readRun() reads MLflow's SQLite store: NaN and infinities as it keeps them", async () => {
  const { DatabaseSync } = await import("node:sqlite");
  await withFiles({}, async (directory) => {
    const path = `${directory}/mlflow.db`;
    const database = new DatabaseSync(path);
    database.exec(`
      CREATE TABLE experiments (experiment_id INTEGER NOT NULL, name VARCHAR(256) NOT NULL);
      CREATE TABLE runs (run_uuid VARCHAR(32) NOT NULL, name VARCHAR(250), start_time BIGINT,
        lifecycle_stage VARCHAR(20), experiment_id INTEGER);
      CREATE TABLE metrics ("key" VARCHAR(250) NOT NULL, value FLOAT NOT NULL,
        timestamp BIGINT NOT NULL, run_uuid VARCHAR(32) NOT NULL, step BIGINT DEFAULT '0' NOT NULL,
        is_nan BOOLEAN DEFAULT '0' NOT NULL,
        CONSTRAINT metric_pk PRIMARY KEY ("key", timestamp, step, run_uuid, value, is_nan));
      CREATE TABLE params ("key" VARCHAR(250) NOT NULL, value VARCHAR(8000) NOT NULL,
        run_uuid VARCHAR(32) NOT NULL);
      CREATE TABLE tags ("key" VARCHAR(250) NOT NULL, value VARCHAR(8000), run_uuid VARCHAR(32));
      INSERT INTO experiments VALUES (0, 'Default'), (1, 'cats');
      INSERT INTO runs VALUES ('aaa', 'calm-owl-1', 2, 'active', 1), ('bbb', '', 1, 'active', 1),
        ('ccc', 'gone', 3, 'deleted', 1), ('ddd', 'bare', 4, 'active', 1);
      INSERT INTO metrics VALUES ('loss', 0.1, 10, 'aaa', 0, 0), ('loss', 0, 11, 'aaa', 5, 1),
        ('val/acc', 0.75, 11, 'aaa', 5, 0), ('loss', 1.7976931348623157e308, 12, 'aaa', 10, 0),
        ('loss', -1.7976931348623157e308, 13, 'aaa', 15, 0),
        ('loss', 2, 10, 'bbb', 0, 0), ('loss', 3, 10, 'ccc', 0, 0);
      INSERT INTO params VALUES ('seed', '42', 'aaa'), ('lr', '0.1', 'aaa'), ('seed', '7', 'bbb');
      INSERT INTO tags VALUES ('mlflow.source.git.commit', 'abc', 'aaa'),
        ('mlflow.runName', 'bold-ant', 'bbb');`);
    database.close();
    for (const run of ["aaa", "calm-owl-1"]) {
      const log = await readRun(directory, { run });
      assertEquals(log.format, "mlflow");
      assertEquals(series(log, "loss"), [[0, 0.1], [5, NaN], [10, Infinity], [15, -Infinity]]);
      assertEquals(series(log, "val/acc"), [[5, 0.75]]);
      assertEquals(seeds(log), ["42@params/seed"]);
      assertEquals(log.metadata, {
        runId: "aaa",
        project: "cats",
        gitSha: "abc",
        stepKey: "step",
      });
      assertEquals(log.issues, []);
    }
    assertEquals(series(await readRun(path, { run: "bold-ant" }), "loss"), [[0, 2]]);
    await assertRejects(
      () => readRun(path),
      TrainingLogError,
      "name one of bbb (bold-ant), aaa (calm-owl-1)",
    );
  });
});
