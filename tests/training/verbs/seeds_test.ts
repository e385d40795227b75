import { assert, assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { exitCodeOf } from "../../../src/cli/exit_codes.ts";
import { seedsLines } from "../../../src/cli/seeds_text.ts";
import { TrainingLogError } from "../../../src/training/log/errors.ts";
import { seeds, type SeedsOptions } from "../../../src/training/verbs/seeds.ts";
import { event, eventFile, scalar } from "../log/event_writer.ts";
import { withFolder, writeRows } from "../support.ts";

/** Value of a run at its step. */
type Curve = (seed: number, step: number) => number;

/** Writes `count` runs of 4 steps as folders. */
async function writeGroup(
  folder: string,
  curve: Curve,
  { count = 6, row = (seed: number): object => ({ seed }) } = {},
): Promise<string> {
  for (let seed = 0; seed < count; seed++) {
    await Deno.mkdir(`${folder}/run_${seed}`, { recursive: true });
    await writeRows(
      `${folder}/run_${seed}/metrics.jsonl`,
      [0, 1, 2, 3].map((step) => ({ step, ...row(seed), loss: curve(seed, step) })),
    );
  }
  return folder;
}

/** What a seed does to a run, the same in both groups, and some noise. */
const base: Curve = (seed, step) =>
  1 / (1 + step) + Math.sin(7 * seed) + 0.01 * Math.cos(seed * step);
const lower: Curve = (seed, step) => base(seed, step) - 0.1 + 0.01 * Math.cos(5 * seed);

async function withGroups(
  body: (
    run: (options?: Partial<SeedsOptions>) => ReturnType<typeof seeds>,
    folder: string,
  ) => Promise<void>,
  [a, b]: [Curve, Curve] = [base, lower],
): Promise<void> {
  await withFolder(async (folder) => {
    await writeGroup(`${folder}/a`, a);
    await writeGroup(`${folder}/b`, b);
    await body(
      (options = {}) => seeds({ a: `${folder}/a`, b: `${folder}/b`, metrics: "loss", ...options }),
      folder,
    );
  });
}

Deno.test("seeds() pairs runs of one seed, which shows what independent runs would hide", async () => {
  await withGroups(async (run) => {
    const report = await run();
    assertEquals(report.verdict, "better", report.reasons.join());
    assertEquals(exitCodeOf(report), 0);
    const { comparison, groups, needed } = report.metrics[0]!;
    assertEquals(comparison?.pairs, 6);
    assertEquals(comparison?.better, "lower");
    assert(comparison!.pairingGain! > 100);
    assert(needed! <= 6);
    assertEquals(comparison?.improvement.value, 1);
    assertAlmostEquals(groups[0]!.values[2]!.value, base(2, 3), 1e-12);
    // Below 10 seeds the interval is that of the median.
    assert(groups[0]!.medianInterval !== undefined && groups[0]!.iqmInterval === undefined);
    assert(seedsLines(report)[0]!.startsWith("B IS BETTER THAN A: loss"));
    const apart = await run({ pairing: false });
    assertEquals(apart.verdict, "not_shown");
    assertEquals(exitCodeOf(apart), 1);
    const turned = await run({ better: "higher" });
    assertEquals(turned.verdict, "worse");
    assertEquals(exitCodeOf(turned), 1);
  });
});

Deno.test("seeds() says that the seed has no effect where runs log the same", async () => {
  await withGroups(async (run) => {
    const report = await run();
    assertEquals(report.verdict, "no_effect");
    assertEquals(exitCodeOf(report), 1);
    assert(report.reasons[0]!.includes("run_0 and run_1"), report.reasons[0]);
  }, [base, (_, step) => 1 / (1 + step)]);
});

Deno.test("seeds() refuses two runs of one seed, and takes the place that tells runs apart", async () => {
  await withFolder(async (folder) => {
    const same = await writeGroup(`${folder}/same`, base, { row: () => ({ seed: 42 }) });
    const error = await assertRejects(() => seeds({ a: same, metrics: "loss" }), TrainingLogError);
    assert(error.message.includes("all have seed 42"), error.message);
    const each = await seeds({ a: same, metrics: "loss", seedKey: "none" });
    assertEquals(each.verdict, "described");
    const row = (seed: number) => ({ seed: 42, data_seed: seed });
    const apart = await writeGroup(`${folder}/apart`, base, { row });
    const report = await seeds({ a: apart, metrics: "loss" });
    assertEquals(report.metrics[0]!.groups[0]!.values.map(({ seed }) => seed), [
      0n,
      1n,
      2n,
      3n,
      4n,
      5n,
    ]);
    assert(report.notes.some((note) => note.includes("data_seed")));
  });
});

Deno.test("seeds() compares nothing where runs end early or in NaN, unless that is allowed", async () => {
  await withGroups(async (run, folder) => {
    await writeRows(`${folder}/b/run_3/metrics.jsonl`, [{ step: 0, seed: 3, loss: 1 }]);
    const short = await run();
    assertEquals(short.verdict, "nothing_compared");
    assertEquals(exitCodeOf(short), 3);
    assert(short.reasons[0]!.includes("ends at step 0 in run_3"), short.reasons[0]);
    const cut = await run({ allowMissing: true });
    assertEquals(cut.metrics[0]!.lastStep, 0);
    assert(cut.warnings.length > 0);
    assertEquals((await run({ maxSteps: 0 })).metrics[0]!.lastStep, 0);
    await Deno.writeTextFile(
      `${folder}/b/run_3/metrics.jsonl`,
      '{"step": 0, "seed": 3, "loss": 1}\n{"step": 3, "seed": 3, "loss": NaN}\n',
    );
    const nan = await run();
    assertEquals(nan.verdict, "nothing_compared");
    assert(nan.reasons[0]!.includes("would leave out the worst"), nan.reasons[0]);
  });
});

Deno.test("seeds() needs two seeds, a known direction, and tells what it did not read", async () => {
  await withFolder(async (folder) => {
    const one = await writeGroup(`${folder}/one`, base, { count: 1 });
    const few = await seeds({ a: one, b: one, metrics: "loss" });
    assertEquals(few.verdict, "too_few");
    assertEquals(exitCodeOf(few), 3);
    const many = await writeGroup(`${folder}/many`, base);
    await Deno.writeTextFile(`${many}/notes.txt`, "");
    const report = await seeds({ a: many, metrics: "loss" });
    assertEquals(report.verdict, "described");
    assert(report.warnings[0]!.startsWith("notes.txt of "), report.warnings[0]);
    await assertRejects(() => seeds({ a: many, metrics: "los" }), TrainingLogError, "did you mean");
    const odd = await writeGroup(`${folder}/odd`, base, { row: (seed) => ({ seed, foo: seed }) });
    await assertRejects(() => seeds({ a: odd, b: odd, metrics: "foo" }), RangeError);
  });
});

Deno.test("seeds() of all metrics leaves out none that the first run lacks", async () => {
  await withGroups(async (run, folder) => {
    for (const group of ["a", "b"]) {
      for (let seed = 0; seed < 6; seed++) {
        const isFirst = group === "a" && seed === 0;
        const accuracy = (group === "a" ? 0.9 : 0.5) + 0.01 * Math.sin(3 * seed);
        await writeRows(`${folder}/${group}/run_${seed}/metrics.jsonl`, [{
          step: 3,
          seed,
          loss: (group === "a" ? base : lower)(seed, 3),
          ...(isFirst ? {} : { accuracy }),
        }]);
      }
    }
    assertEquals((await run()).verdict, "better");
    const all = await run({ metrics: "all" });
    assertEquals(all.verdict, "nothing_compared");
    assert(all.reasons[0]!.includes("has no value of accuracy"), all.reasons[0]);
    assertEquals((await run({ metrics: "all", allowMissing: true })).verdict, "mixed");
  });
});

Deno.test("seeds() of all metrics compares those whose direction is known beside a reward", async () => {
  await withGroups(async (run, folder) => {
    for (const group of ["a", "b"]) {
      for (let seed = 0; seed < 6; seed++) {
        const reward = (group === "a" ? 1 : 2) + 0.01 * Math.sin(3 * seed);
        await writeRows(`${folder}/${group}/run_${seed}/metrics.jsonl`, [
          { step: 3, seed, loss: base(seed, 3), reward },
        ]);
      }
    }
    const all = await run({ metrics: "all" });
    assertEquals(all.metrics.map(({ metric }) => metric), ["reward"]);
    assertEquals(all.verdict, "better");
  });
});

Deno.test("seeds() compares nothing where a run cannot be read, unless that is allowed", async () => {
  await withGroups(async (run, folder) => {
    await Deno.writeTextFile(`${folder}/b/run_3/metrics.jsonl`, '{"step": 3, "loss": 9}{{{\n');
    const lost = await run();
    assertEquals(lost.verdict, "nothing_compared");
    assertEquals(exitCodeOf(lost), 3);
    assert(lost.reasons[0]!.startsWith("run_3 of "), lost.reasons[0]);
    const allowed = await run({ allowMissing: true });
    assertEquals(allowed.verdict, "better");
    assert(allowed.warnings[0]!.startsWith("run_3 of "), allowed.warnings[0]);
    await Deno.writeTextFile(`${folder}/b/run_3/metrics.jsonl`, "");
    assertEquals((await run()).verdict, "nothing_compared");
  });
});

Deno.test("seeds() takes each TensorBoard run of a folder for one, and the parts of a run for none", async () => {
  await withFolder(async (folder) => {
    for (const [group, gain] of [["a", 0], ["b", 0.5]] as const) {
      for (let seed = 0; seed < 4; seed++) {
        for (const part of ["train", "validation"]) {
          const place = `${folder}/${group}/run_seed${seed}/${part}`;
          await Deno.mkdir(place, { recursive: true });
          const losses = [1, 1 - gain + 0.01 * Math.sin(5 * seed + gain)];
          await Deno.writeFile(
            `${place}/events.out.tfevents.1`,
            eventFile(losses.map((loss, step) => event(step, scalar("loss", loss)))),
          );
        }
      }
    }
    const metrics = "validation/loss";
    const report = await seeds({ a: `${folder}/a`, b: `${folder}/b`, metrics });
    assertEquals(report.verdict, "better", report.reasons.join());
    assertEquals(report.metrics[0]!.comparison?.pairs, 4);
    assert(report.warnings.some((text) => text.includes("too few seeds for an interval")));
    const [one, other] = [`${folder}/a/run_seed0`, `${folder}/b/run_seed0`];
    assertEquals((await seeds({ a: one, b: other, metrics })).verdict, "too_few");
  });
});

Deno.test("seeds() claims no certainty where the values of a side are all equal", async () => {
  const steps: Curve = (seed, step) => step === 3 ? 0 : seed + step;
  const ones: Curve = (seed, step) => step === 3 ? 1 : seed * 2 + step;
  await withGroups(async (run) => {
    const { comparison } = (await run({ better: "higher" })).metrics[0]!;
    // Six pairs of the same sign: 2 in 64.
    assertAlmostEquals(comparison!.difference.p, 2 / 64, 1e-12);
  }, [steps, ones]);
});

Deno.test("seeds() reads the runs of a table that holds several", async () => {
  await withFolder(async (folder) => {
    const rows = [0, 1, 2].map((step) => `${step},${1 - step / 10},${2 - step / 7}`);
    await Deno.writeTextFile(
      `${folder}/export.csv`,
      ["Step,run a (1) - loss,run b - loss", ...rows].join("\n"),
    );
    const report = await seeds({ a: `${folder}/export.csv`, metrics: "loss" });
    assertEquals(report.metrics[0]!.groups[0]!.values.map(({ value }) => value), [0.8, 2 - 2 / 7]);
    assert(report.notes[0]!.includes("a seed of its own"));
  });
});
