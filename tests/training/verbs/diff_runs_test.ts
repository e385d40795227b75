import { assert, assertEquals, assertRejects } from "@std/assert";
import type { DiffReport } from "../../../src/training/findings/diff_report.ts";
import { diff, diffLogs } from "../../../src/training/verbs/diff_runs.ts";
import { TrainingLogError } from "../../../src/training/log/errors.ts";
import { parseMetrics } from "../../../src/training/compare/metric_selection.ts";
import { exitCodeOf } from "../../../src/cli/exit_codes.ts";
import { diffLines } from "../../../src/cli/training_text.ts";
import { createUniformSource } from "../../../src/training/statistics/uniform_source.ts";
import { renderDiffPage } from "../../../src/training/report/diff_page.ts";
import { makeLog, normalSource, withFolder, writeRows } from "../support.ts";

function compare(
  a: readonly (number | undefined)[],
  b: readonly (number | undefined)[],
  options: Parameters<typeof diffLogs>[3] & { tolerance?: number } = {},
): DiffReport {
  const steps = (values: readonly unknown[]): number[] => values.map((_, step) => step);
  return diffLogs(
    makeLog(steps(a), { loss: a }),
    makeLog(steps(b), { loss: b }),
    parseMetrics(["loss"], { tolerance: options.tolerance ?? 0 }),
    options,
  );
}

Deno.test("diffLogs() matches equal logs and names the first step that differs", () => {
  assertEquals(compare([1, 2], [1, 2]).verdict, "match");
  const report = compare([1, 2, 3], [1, 2, 3.5]);
  assertEquals(report.verdict, "differs");
  assertEquals(exitCodeOf(report), 1);
  assertEquals(report.firstDivergence, { step: 2, signal: "loss" });
  const signal = report.signals[0]!;
  assertEquals(signal.maxDelta, 0.5);
  assertEquals(signal.minDelta, 0);
  assertEquals(signal.medianDelta, 0);
  assertEquals(compare([1, 2, 3], [1, 2, 3.5], { tolerance: 0.2 }).verdict, "match");
});

// rldk says "match" to each of these three.
Deno.test("diffLogs() calls an infinite difference a difference", () => {
  const report = compare([1, 2], [1, Infinity]);
  assertEquals(report.verdict, "differs");
  assertEquals(report.signals[0]!.maxAbsDelta, Infinity);
  assertEquals(compare([-Infinity], [Infinity]).verdict, "differs");
});

Deno.test("diffLogs() without common steps compares nothing", () => {
  const report = diffLogs(
    makeLog([0, 1], { loss: [1, 2] }),
    makeLog([5, 6], { loss: [1, 2] }),
    parseMetrics(["loss"], { tolerance: 0 }),
  );
  assertEquals(report.verdict, "nothing_compared");
  assertEquals(exitCodeOf(report), 3);
  assertEquals(report.signals[0]!.status, "no_overlap");
});

Deno.test("diffLogs() calls steps on one side a difference", () => {
  assertEquals(compare([1, 2, 3], [1, 2]).verdict, "differs");
});

Deno.test("diffLogs() in drift mode says match to two seeds of one process, and finds a shift at its step", () => {
  const normal = normalSource(createUniformSource(21));
  const series = (): number[] => Array.from({ length: 300 }, () => 5 + normal());
  const [a, b] = [series(), series()];
  const same = compare(a, b, { mode: "drift" });
  assertEquals(same.verdict, "match");
  assertEquals(compare(a, b).verdict, "differs");
  const shifted = compare(a, b.map((value, step) => step >= 100 ? value + 5 : value), {
    mode: "drift",
  });
  assertEquals(shifted.verdict, "differs");
  assertEquals(shifted.signals[0]!.events[0]!.kind, "level_shift");
  assert(Math.abs(shifted.firstDivergence!.step - 100) <= 2);
  assert(diffLines(shifted)[1]!.includes("loss shifts its level from step"));
});

Deno.test("diffLogs() in drift mode does not call a short log a match", () => {
  const report = compare([1, 2, 3], [2, 1, 3], { mode: "drift" });
  assertEquals(report.verdict, "nothing_compared");
  assert(report.notes[0]!.includes("not computable"));
});

// rldk: "run A contains no metrics" of the commonest log there is.
Deno.test("diff() reads flat JSON lines, writes rldk's files and names what differs between the runs", async () => {
  await withFolder(async (folder) => {
    const rows = Array.from(
      { length: 40 },
      (_, step) => ({ step, seed: 1, loss: 1 / (step + 1), lr: 0.1 }),
    );
    const a = await writeRows(`${folder}/a.jsonl`, rows);
    const b = await writeRows(
      `${folder}/b.jsonl`,
      rows.map((row) => ({
        ...row,
        seed: 2,
        loss: row.step >= 30 ? row.loss + 1 : row.loss,
        lr: row.step >= 20 ? 0.05 : 0.1,
      })),
    );
    const report = await diff({ a, b, signals: "loss", outputDir: `${folder}/out` });
    assertEquals(report.verdict, "differs");
    assertEquals(report.firstDivergence, { step: 30, signal: "loss" });
    assertEquals(report.causes, [
      "the seeds differ: 1 and 2",
      "the learning rates differ from step 20 on",
    ]);
    const json = JSON.parse(await Deno.readTextFile(`${folder}/out/diff_report.json`));
    assertEquals(json.summary.verdict, "differs");
    assertEquals(json.summary.signals_with_differences, 1);
    assertEquals(json.summary.max_abs_delta, json.signals[0].max_delta);
    assertEquals(json.signals[0].steps_compared, 40);
    const divergence = JSON.parse(await Deno.readTextFile(`${folder}/out/divergence_report.json`));
    assertEquals(divergence.suspected_causes.length, 2);
    const csv = await Deno.readTextFile(`${folder}/out/divergence_events.csv`);
    assertEquals(csv.split("\n")[0], "signal,step,z_score,type,consecutive_count");
    await assertRejects(() => diff({ a, b, signals: "lossy" }), TrainingLogError, "did you mean");
  });
});

Deno.test("diff() compares a CSV with JSON lines", async () => {
  await withFolder(async (folder) => {
    const a = await writeRows(`${folder}/a.jsonl`, [{ step: 0, loss: 0.5 }, {
      step: 1,
      loss: 0.25,
    }]);
    await Deno.writeTextFile(`${folder}/b.csv`, "step,loss\n0,0.5\n1,0.25\n");
    assertEquals((await diff({ a, b: `${folder}/b.csv` })).verdict, "match");
  });
});

Deno.test("diffLogs() counts values that one log lacks apart, and says so once", () => {
  const a = Array.from({ length: 40 }, (_, step) => step / 8);
  const b = a.map((value, step) => step % 2 === 0 ? value : undefined);
  for (const mode of ["exact", "drift"] as const) {
    const report = compare(a, b, { mode });
    const [signal] = report.signals;
    assertEquals([signal!.stepsCompared, signal!.violations, signal!.oneSided], [20, 20, 20]);
    assertEquals(signal!.events.map(({ kind, step, count }) => [kind, step, count]), [[
      "missing",
      1,
      20,
    ]]);
    assertEquals(report.verdict, "differs");
  }
  const page = renderDiffPage(compare(a, b)).replace(/\s+/g, " ");
  assert(page.includes("20 on one side only, 0 of 20 values of loss differ"), page.slice(0, 3000));
  assertEquals(compare(a, b, { mode: "drift", allowMissing: true }).signals[0]!.events, []);
});

Deno.test("diffLogs() in drift mode tells unequal lengths and metrics that one log lacks", () => {
  const values = (count: number): number[] =>
    Array.from({ length: count }, (_, k) => Math.sin(k * k) + 2);
  const steps = (count: number): number[] => Array.from({ length: count }, (_, k) => k);
  const long = makeLog(steps(300), { loss: values(300) });
  const short = makeLog(steps(100), { loss: values(100) });
  const all = parseMetrics(["all"], {});
  const report = diffLogs(long, short, all, { mode: "drift" });
  assertEquals(report.verdict, "differs");
  assert(report.reasons[0]!.includes("200 steps (100 to 299) only in the first log"));
  const allowed = diffLogs(long, short, all, { mode: "drift", allowMissing: true });
  assertEquals(allowed.verdict, "match");
  assert(diffLines(allowed)[1]!.includes("warning: 200 steps"));
  const more = makeLog(steps(300), { loss: values(300), reward: values(300) });
  assert(diffLogs(long, more, all, { mode: "drift" }).reasons[0]!.endsWith(": reward"));
});

Deno.test("diff() says that a log is compared with itself, by whatever path", async () => {
  await withFolder(async (folder) => {
    const a = await writeRows(`${folder}/a.jsonl`, [{ step: 0, loss: 1 }, { step: 1, loss: 0.5 }]);
    await Deno.symlink(a, `${folder}/b.jsonl`);
    await Deno.copyFile(a, `${folder}/c.jsonl`);
    const warningsWith = async (b: string) => (await diff({ a, b: `${folder}/${b}` })).warnings;
    assertEquals(await warningsWith("a.jsonl"), [`${a} is compared with itself`]);
    assertEquals(await warningsWith("b.jsonl"), [
      `${a} and ${folder}/b.jsonl are one and the same file`,
    ]);
    assertEquals(await warningsWith("c.jsonl"), []);
  });
});

Deno.test("diff() gives its verdict even if its files cannot be written", async () => {
  await withFolder(async (folder) => {
    const a = await writeRows(`${folder}/a.jsonl`, [{ step: 0, loss: 1 }]);
    const b = await writeRows(`${folder}/b.jsonl`, [{ step: 0, loss: 2 }]);
    // A folder in the place of the file: as on a full disk, nothing can be put there.
    await Deno.mkdir(`${folder}/out/diff_report.json/x`, { recursive: true });
    const report = await diff({ a, b, outputDir: `${folder}/out` });
    assertEquals(report.verdict, "differs");
    assertEquals(Object.keys(report.files), ["divergence", "events", "page"]);
    assert(diffLines(report).some((line) => line.startsWith("  warning: Cannot write")));
  });
});
