import { assert, assertEquals, assertRejects } from "@std/assert";
import { exitCodeOf } from "../../../src/cli/exit_codes.ts";
import { baseline } from "../../../src/training/verbs/baseline.ts";
import { replay } from "../../../src/training/verbs/replay.ts";
import type { ReplayReport } from "../../../src/training/findings/replay_report.ts";
import { PYTHON, withFolder } from "../support.ts";

/** Loss depends on the seed, the file `rate` and the number of threads. */
const TRAIN = `
seed=0; while [ $# -gt 0 ]; do case "$1" in --seed) seed=$2; shift;; esac; shift; done
echo "{\\"step\\": 0, \\"seed\\": $seed, \\"loss\\": $seed$(cat rate)$OMP_NUM_THREADS}" >> "$RLDK_METRICS_PATH"
`;

async function git(cwd: string, ...args: string[]): Promise<void> {
  const identity = ["-c", "user.name=a", "-c", "user.email=a@b", "-c", "commit.gpgsign=false"];
  const { success, stderr } = await new Deno.Command("git", { args: [...identity, ...args], cwd })
    .output();
  assert(success, new TextDecoder().decode(stderr));
}

/** A repository with the script, and a baseline of it outside. */
async function withBaseline(
  body: (folder: string, again: (options?: object) => Promise<ReplayReport>) => Promise<void>,
): Promise<void> {
  await withFolder(async (folder) => {
    const code = `${folder}/code`;
    await Deno.mkdir(code);
    await Deno.writeTextFile(`${code}/train.sh`, TRAIN);
    await Deno.writeTextFile(`${code}/rate`, "1");
    await git(code, "init", "-q");
    await git(code, "add", ".");
    await git(code, "commit", "-qm", "first");
    const kept = await baseline({
      command: "sh train.sh",
      seed: 7,
      cwd: code,
      outputDir: `${folder}/base`,
    });
    assertEquals(kept.verdict, "kept", kept.reasons.join());
    assertEquals(exitCodeOf(kept), 0);
    await body(folder, (options = {}) =>
      replay({
        run: `${folder}/base`,
        outputDir: `${folder}/out`,
        tolerance: 0,
        diagnose: false,
        renderPage: false,
        ...options,
      }));
  });
}

Deno.test("replay() of a baseline knows command, seed and folder, and finds nothing changed", async () => {
  await withBaseline(async (_, again) => {
    const report = await again({ tolerance: 0 });
    assertEquals(report.verdict, "passed", report.reasons.join());
    assertEquals(report.changes, []);
    assertEquals(report.replayCommand, "sh train.sh --seed 7");
    assertEquals(report.metricsCompared, ["loss"]);
  });
});

Deno.test("replay() of a baseline names a changed thread count, commit or file first", async () => {
  await withBaseline(async (folder, again) => {
    const threads = await again({ command: "OMP_NUM_THREADS=4 sh train.sh" });
    assertEquals(threads.verdict, "failed");
    assertEquals(threads.changes?.[0]?.text, "variable OMP_NUM_THREADS: 1 -> 4");
    assertEquals(threads.changes?.length, 1);
    assert(
      threads.reasons.includes("changed since the baseline: variable OMP_NUM_THREADS: 1 -> 4"),
    );

    const code = `${folder}/code`;
    await Deno.writeTextFile(`${code}/rate`, "2");
    const edited = await again();
    assertEquals(edited.changes?.map(({ name }) => name), ["uncommitted rate"]);

    await git(code, "commit", "-qam", "another rate");
    const committed = await again();
    assertEquals(committed.verdict, "failed");
    assertEquals(committed.changes?.map(({ name }) => name), ["commit"]);

    const words = await again({ command: "sh train.sh --fast" });
    assertEquals(words.changes?.map(({ name }) => name), ["command", "commit"]);
  });
});

Deno.test("replay() of a baseline that fails with nothing changed says so", async () => {
  await withBaseline(async (folder, again) => {
    // What the command reads and nobody named: the log itself is made to differ.
    await Deno.writeTextFile(`${folder}/base/metrics.jsonl`, '{"step": 0, "seed": 7, "loss": 1}\n');
    const report = await again();
    assertEquals(report.verdict, "failed");
    assert(report.reasons.some((reason) => reason.startsWith("nothing that the baseline knows")));
  });
});

Deno.test({
  name: "replay() of a baseline names a changed package version first",
  ignore: !PYTHON,
  async fn() {
    await withFolder(async (folder) => {
      const install = async (version: string): Promise<string> => {
        const place = `${folder}/v${version}`;
        await Deno.mkdir(`${place}/numpy-${version}.dist-info`, { recursive: true });
        await Deno.mkdir(`${place}/numpy`);
        await Deno.writeTextFile(`${place}/numpy/__init__.py`, `loss = ${version}`);
        return place;
      };
      await Deno.writeTextFile(
        `${folder}/train.py`,
        "import os, sys, numpy\n" +
          'open(os.environ["RLDK_METRICS_PATH"], "w").write(\'{"step": 0, "loss": %r}\\n\' % numpy.loss)\n',
      );
      const [old, now] = [await install("1.5"), await install("2.5")];
      const options = { cwd: folder, inject: false };
      const kept = await baseline({
        ...options,
        command: `PYTHONPATH=${old} python3 train.py`,
        outputDir: `${folder}/base`,
      });
      assertEquals(kept.verdict, "kept", kept.reasons.join());
      assert(kept.baseline!.surroundings.imported.includes("numpy"));
      const report = await replay({
        ...options,
        run: `${folder}/base`,
        command: `PYTHONPATH=${now} python3 train.py {seed}`,
        outputDir: `${folder}/out`,
        renderPage: false,
      });
      assertEquals(report.verdict, "failed");
      const changes = report.changes!.filter(({ name }) => name !== "command");
      assertEquals(changes.map(({ text }) => text), ["package numpy: 1.5 -> 2.5"]);
    });
  },
});

Deno.test("baseline() keeps no secret, says what it left out, and does not run without it", async () => {
  await withFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/train.sh`, TRAIN);
    await Deno.writeTextFile(`${folder}/rate`, "1");
    const command = "MY_API_KEY=hush1 sh train.sh --token hush2 --db-password=hush3 " +
      "--store s3://me:hush4@host/x --pad-token '<pad>' --max-tokens 5 hf_hush5hush5hush5hush5";
    const kept = await baseline({ command, cwd: folder, outputDir: `${folder}/base` });
    assertEquals(kept.verdict, "kept", kept.reasons.join());
    const text = await Deno.readTextFile(`${folder}/base/baseline.json`);
    assert(!/hush/.test(text), text);
    assert(text.includes('"<pad>"') && text.includes('"5"'));
    assertEquals(kept.baseline!.leftOut.length, 5);
    await assertRejects(
      () => replay({ run: `${folder}/base`, outputDir: `${folder}/out` }),
      TypeError,
      "--token",
    );
  });
});

Deno.test("baseline() refuses to replace another one, and keeps none of a command that fails", async () => {
  await withBaseline(async (folder) => {
    const again = { command: "sh -c 'exit 3'", outputDir: `${folder}/base` };
    await assertRejects(() => baseline(again), TypeError, "as it holds one");
    const failed = await baseline({ ...again, outputDir: `${folder}/other` });
    assertEquals(failed.verdict, "command_failed");
    assertEquals(exitCodeOf(failed), 1);
    const silent = await baseline({ command: "true", outputDir: `${folder}/silent` });
    assertEquals(silent.verdict, "nothing_compared");
    assertEquals(exitCodeOf(silent), 3);
    await assertRejects(() => Deno.stat(`${folder}/silent/baseline.json`), Deno.errors.NotFound);
    await assertRejects(() => replay({ run: `${folder}/silent` }), TypeError, "no command");
  });
});
