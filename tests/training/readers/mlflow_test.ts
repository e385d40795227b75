import { assert, assertEquals, assertRejects } from "@std/assert";
import { TrainingLogError } from "../../../src/training/errors.ts";
import { readRun } from "../../../src/training/read_run.ts";
import { golden, goldenLoss, issue, seeds, series, withFiles } from "./helpers.ts";

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
      project: "0",
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
    assertEquals(issue(log, "conflict")?.count, 1);
    assertEquals(issue(log, "out_of_order")?.count, 1);
  });
});
