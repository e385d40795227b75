import { assertEquals, assertRejects } from "@std/assert";
import { TrainingLogError } from "../../../src/training/log/errors.ts";
import { diffFolder } from "../../../src/training/verbs/diff_folder.ts";
import { event, eventFile, scalar } from "../log/event_writer.ts";

/** Runs as TensorBoard has them: a folder for each. */
async function withRuns(
  runs: Readonly<Record<string, readonly number[]>>,
  work: (folder: string) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    for (const [name, losses] of Object.entries(runs)) {
      await Deno.mkdir(`${folder}/${name}`, { recursive: true });
      await Deno.writeFile(
        `${folder}/${name}/events.out.tfevents.1`,
        eventFile(losses.map((loss, step) => event(step, scalar("loss", loss)))),
      );
    }
    await work(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("every two TensorBoard runs of a folder are compared, each by its own folder's name", () =>
  withRuns({ a: [3, 2, 1], b: [3, 2, 1], c: [3, 2, 0.5] }, async (folder) => {
    await Deno.mkdir(`${folder}/notes`);
    await Deno.writeTextFile(`${folder}/README.txt`, "step 1 loss 7");
    const report = await diffFolder({ folder });
    assertEquals(report.verdict, "differs");
    assertEquals(
      report.pairs.map(({ a, b, report }) => [a, b, report.verdict, report.firstDivergence?.step]),
      [["a", "b", "match", undefined], ["a", "c", "differs", 2], ["b", "c", "differs", 2]],
    );
    assertEquals(report.skipped.map(({ name }) => name), ["notes"]);
    assertEquals((await diffFolder({ folder, maxSteps: 1 })).verdict, "match");
  }));

Deno.test("a run that cannot be read may be the one that differs: no match, unless that is allowed", () =>
  withRuns({ a: [3, 2], b: [3, 2] }, async (folder) => {
    await Deno.mkdir(`${folder}/c`);
    await Deno.writeTextFile(`${folder}/c/metrics.jsonl`, '{"step": 0, "loss": 9}{{{\n');
    const report = await diffFolder({ folder });
    assertEquals(report.passed, false);
    assertEquals(report.verdict, "nothing_compared");
    assertEquals(report.pairs.map(({ report }) => report.verdict), ["match"]);
    assertEquals(report.skipped.map(({ name }) => name), ["c"]);
    assertEquals((await diffFolder({ folder, allowMissing: true })).verdict, "match");
  }));

Deno.test("a folder with fewer than two runs, or too many, is refused", () =>
  withRuns({ a: [1] }, async (folder) => {
    await assertRejects(() => diffFolder({ folder }), TrainingLogError, "one run, a");
    for (let i = 0; i < 20; i++) await Deno.mkdir(`${folder}/${i}`);
    await assertRejects(() => diffFolder({ folder }), TrainingLogError, "at most 20");
  }));
