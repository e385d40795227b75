import { assert, assertEquals, assertRejects } from "@std/assert";
import { checkDeterminism } from "../../../src/training/verbs/check_determinism.ts";
import type { DeterminismOptions } from "../../../src/training/verbs/determinism_options.ts";
import type { DeterminismReport } from "../../../src/training/findings/determinism_report.ts";
import { exitCodeOf } from "../../../src/cli/exit_codes.ts";
import { determinismLines } from "../../../src/cli/training_text.ts";
import { hasProgram, PYTHON, withFolder } from "../support.ts";

async function check(
  command: string,
  options: Partial<DeterminismOptions> = {},
): Promise<{ report: DeterminismReport; card: Record<string, unknown> }> {
  let result: { report: DeterminismReport; card: Record<string, unknown> } | undefined;
  await withFolder(async (folder) => {
    const report = await checkDeterminism({
      command,
      replicas: 2,
      outputDir: folder,
      spreadMs: 0,
      ...options,
    });
    const card = JSON.parse(await Deno.readTextFile(`${folder}/determinism_card.json`));
    result = { report, card };
  });
  return result!;
}

/** `sh` that writes ten rows whose value from step 4 on is `expression`. */
function shell(expression: string): string {
  return `sh -c 'i=0; while [ $i -lt 10 ]; do v=1; [ $i -ge 4 ] && v=${expression}; ` +
    `echo "{\\"step\\": $i, \\"loss\\": $v}" >> $RLDK_METRICS_PATH; i=$((i+1)); done'`;
}

Deno.test("checkDeterminism() passes a command that repeats itself, with a spread of exactly 0", async () => {
  const { report, card } = await check(shell("2"), { replicas: 3 });
  assertEquals(report.verdict, "deterministic");
  assertEquals(exitCodeOf(report), 0);
  assertEquals(report.compared, 20);
  // rldk pools the variance over steps, so that it is never 0.
  assertEquals(card.replica_variance, { loss: 0 });
  assertEquals(card.passed, true);
  assertEquals(card.dataloader_notes, []);
  assertEquals((card.rng_map as Record<string, string>).PYTHONHASHSEED, "42");
});

Deno.test("checkDeterminism() gives its verdict even if its files cannot be written", async () => {
  await withFolder(async (folder) => {
    // A folder in the place of the file: as on a full disk, nothing can be put there.
    await Deno.mkdir(`${folder}/determinism_card.json/x`, { recursive: true });
    const report = await checkDeterminism({
      command: shell("2"),
      replicas: 2,
      outputDir: folder,
      spreadMs: 0,
    });
    assertEquals(report.verdict, "deterministic");
    assertEquals(report.files, [`${folder}/determinism_report.html`]);
    const lines = determinismLines(report);
    assert(lines.some((line) => line.startsWith("  warning: Cannot write")), lines.join("\n"));
    assert(!lines.some((line) => line.startsWith("  wrote")), lines.join("\n"));
  });
});

// rldk exits 0 on a nondeterministic run without --gate, and always 2 with it.
Deno.test("checkDeterminism() names the first metric and step at which runs part", async () => {
  const { report, card } = await check(shell("$$"));
  assertEquals(report.verdict, "nondeterministic");
  assertEquals(exitCodeOf(report), 1);
  assertEquals(report.firstMismatch?.metric, "loss");
  assertEquals(report.firstMismatch?.step, 4);
  assertEquals(report.firstMismatch?.replica, 1);
  const [first] = card.mismatches as Record<string, unknown>[];
  assertEquals([first!.replica, first!.step, first!.metric, first!.issue], [1, 4, "loss", "value"]);
  assert(determinismLines(report)[0]!.startsWith("NONDETERMINISTIC"));
});

// rldk passes each of these four.
Deno.test("checkDeterminism() does not pass a command that fails", async () => {
  const { report } = await check("false");
  assertEquals(report.verdict, "command_failed");
  assertEquals(exitCodeOf(report), 1);
  const late = await check(shell("2").slice(0, -1) + "; exit 5'");
  assertEquals(late.report.verdict, "command_failed");
  assert(late.report.reasons[0]!.includes("code 5"));
});

Deno.test("checkDeterminism() does not pass a command without metrics", async () => {
  const { report } = await check("true");
  assertEquals(report.verdict, "nothing_compared");
  assertEquals(exitCodeOf(report), 3);
});

Deno.test("checkDeterminism() does not pass an unknown metric, and compares metrics of any name", async () => {
  const { report } = await check(shell("2"), { metrics: "no_such_metric" });
  assertEquals(report.verdict, "nothing_compared");
  const own = await check(shell("$$").replaceAll("loss", "my_own/metric"), {
    metrics: "my_own/metric",
  });
  assertEquals(own.report.verdict, "nondeterministic");
});

Deno.test("checkDeterminism() does not pass if only the first run writes metrics", async () => {
  await withFolder(async (folder) => {
    const command = shell("2").replace("sh -c '", "sh -c 'mkdir once || exit 0; ");
    const { report } = await check(command, { cwd: folder, jobs: 1 });
    assertEquals(report.verdict, "nothing_compared");
  });
});

Deno.test("checkDeterminism() gives every run the same seed", async () => {
  const { report } = await check(`${shell("$2")} x --seed 1`, { seed: 5, replicas: 3 });
  assertEquals(report.verdict, "deterministic");
  assertEquals(report.logs.map((log) => log!.columns.get("loss")!.values[9]), [5, 5, 5]);
});

Deno.test("checkDeterminism() stops after the given steps", async () => {
  const { report } = await check(shell("2"), { steps: 3 });
  assertEquals(report.verdict, "deterministic");
});

Deno.test("checkDeterminism() names threads and working directory as the culprit", async () => {
  const threads = await check(shell("$OMP_NUM_THREADS"), { perturb: ["cwd", "threads"] });
  assertEquals(threads.report.verdict, "depends_on_environment");
  assertEquals(threads.report.culprit, "threads");
  assertEquals(exitCodeOf(threads.report), 1);
  assertEquals(threads.report.perturbations.map((result) => result.matters), [false, true]);
  assertEquals(threads.report.perturbations[1]!.firstMismatch?.step, 4);
  assert(threads.report.fixes[0]!.includes("OMP_NUM_THREADS"));
  const cwd = await check(shell("${#PWD}"), { perturb: ["threads", "cwd"] });
  assertEquals(cwd.report.culprit, "cwd");
});

Deno.test({
  name: "checkDeterminism() names the hash seed as the culprit (needs python3)",
  ignore: !PYTHON,
  async fn() {
    await withFolder(async (folder) => {
      await Deno.writeTextFile(
        `${folder}/t.py`,
        `import json, os
with open(os.environ["RLDK_METRICS_PATH"], "w") as log:
    for step in range(6):
        names = {"alpha", "beta", "gamma", "delta", "epsilon"}
        order = sorted(names) if step < 2 else names
        value = sum((k + 1) * len(name) for k, name in enumerate(order))
        log.write(json.dumps({"step": step, "loss": value}) + "\\n")
`,
      );
      const { report } = await check("python3 t.py", {
        cwd: folder,
        perturb: ["threads", "hashseed", "cwd"],
      });
      assertEquals(report.culprit, "hashseed", report.reasons.join());
      assert((report.perturbations[1]!.firstMismatch?.step ?? 0) >= 2);
    });
  },
});

Deno.test({
  name: "checkDeterminism() names the generator that nobody seeded (needs python3)",
  ignore: !PYTHON,
  async fn() {
    await withFolder(async (folder) => {
      await Deno.writeTextFile(
        `${folder}/t.py`,
        `import json, os, random
with open(os.environ["RLDK_METRICS_PATH"], "w") as log:
    for step in range(6):
        value = 1 if step < 3 else random.random()
        log.write(json.dumps({"step": step, "loss": value}) + "\\n")
`,
      );
      const { report, card } = await check("python3 t.py", { cwd: folder });
      assertEquals(report.verdict, "nondeterministic");
      assertEquals(report.firstMismatch?.step, 3);
      assertEquals(report.culprit, "unseeded random");
      assertEquals(card.culprit, "unseeded random");
    });
  },
});

Deno.test("checkDeterminism() quotes what a library says of itself", async () => {
  const { report } = await check(
    shell("$$").slice(0, -1) +
      `; echo "warning: scatter_add does not have a deterministic implementation" >&2'`,
  );
  assert(report.hints[0]!.includes("scatter_add"));
});

Deno.test("checkDeterminism() refuses what it cannot do", async () => {
  await assertRejects(() => check("true", { replicas: 1 }), RangeError, "from 2");
  await assertRejects(
    () => check("true", { perturb: ["moon" as "cwd"] }),
    TypeError,
    "threads, hashseed, cwd",
  );
});

Deno.test("checkDeterminism() does not take one log that all runs share for agreement", async () => {
  await withFolder(async (folder) => {
    // The first run writes; the others leave what they find.
    const command = shell("$$").replaceAll("$RLDK_METRICS_PATH", "own.jsonl");
    const options = { cwd: folder, metricsFile: "own.jsonl", replicas: 3 };
    assertEquals((await check(command, options)).report.verdict, "nondeterministic");
    await Deno.writeTextFile(`${folder}/own.jsonl`, '{"step": 0, "loss": 1}\n');
    const { report } = await check("true", options);
    assertEquals(report.verdict, "nothing_compared");
    await assertRejects(() => check(command, { ...options, jobs: 2 }), TypeError, "at once");
  });
});

Deno.test("checkDeterminism() compares named steps only, and says so of one that is not there", async () => {
  const { report } = await check(shell("$$"), { steps: [1, 3] });
  assertEquals(report.verdict, "deterministic");
  assertEquals(report.compared, 2);
  assertEquals((await check(shell("$$"), { steps: [1, 5] })).report.firstMismatch?.step, 5);
  const absent = await check(shell("1"), { steps: [3, 77] });
  assertEquals(absent.report.verdict, "nondeterministic");
  assert(
    absent.report.reasons[0]!.includes("neither log has step 77"),
    absent.report.reasons.join(),
  );
});

Deno.test("checkDeterminism() calls a metric that one run lacks nondeterminism", async () => {
  const command = `sh -c 'case {output} in *_1) more=",\\"reward\\": 1";; esac; ` +
    `echo "{\\"step\\": 0, \\"loss\\": 1$more}" > $RLDK_METRICS_PATH'`;
  const { report } = await check(command, { replicas: 3, diagnose: false });
  assertEquals(report.verdict, "nondeterministic");
  assert(report.reasons[0]!.startsWith("run 1: only in the other run"));
});

Deno.test("checkDeterminism() tells what it left out, and passes no log that it hardly understood", async () => {
  const row = (i: number, value: string): string =>
    `echo "{\\"step\\": ${i}, \\"loss\\": ${value}}"`;
  const rows = Array.from({ length: 20 }, (_, i) => row(i, "1")).join("; ");
  const one = await check(`sh -c '(${rows}; ${row(20, "nope")}) > $RLDK_METRICS_PATH'`);
  assertEquals(one.report.verdict, "deterministic");
  assert(
    one.report.warnings[0]!.startsWith("in the log of every run: 1 x"),
    one.report.warnings[0],
  );
  const many = `sh -c '(${row(0, "1")}; ${row(1, "f($$)")}) > $RLDK_METRICS_PATH'`;
  const { report } = await check(many);
  assertEquals(report.verdict, "nothing_compared");
  assert(report.reasons[0]!.includes("1 of 2 numbers"), report.reasons[0]);
});

Deno.test("checkDeterminism() says what its number of runs can show", async () => {
  const { report } = await check(shell("2"), { replicas: 2 });
  assert(
    report.power!.startsWith("2 runs that agree can miss a fault that shows in fewer than 78%"),
  );
  assert(determinismLines(report)[1]!.includes("--replicas 14"));
});

/** A script that logs `value` at each of six steps. */
const LOGGING = `import json, os
def log_all(value):
    with open(os.environ["RLDK_METRICS_PATH"], "w") as log:
        for step in range(6):
            log.write(json.dumps({"step": step, "loss": value()}) + "\\n")
`;

const CULPRITS = {
  "one of two generators": [
    "import random, numpy\nnumpy.random.seed(1)\nlog_all(lambda: random.random() + numpy.random.rand())",
    "unseeded random",
  ],
  "both of two generators": [
    "import random, numpy\nlog_all(lambda: random.random() + numpy.random.rand())",
    "unseeded random, unseeded numpy.random",
  ],
  "NumPy's new generator": [
    "import random, numpy\nrandom.seed(1)\nlog_all(numpy.random.default_rng().random)",
    "unseeded numpy.random",
  ],
  "a seed from the clock": [
    "import random, time\nrandom.seed(time.time_ns())\nlog_all(random.random)",
    "the clock",
  ],
  "a seed from the system": [
    "import random, os\nrandom.seed(os.urandom(8))\nlog_all(random.random)",
    "the system's entropy",
  ],
} as const;

const HAS_NUMPY = PYTHON && hasProgram("python3", ["-c", "import numpy"]);

for (const [name, [script, culprit]] of Object.entries(CULPRITS)) {
  Deno.test({
    name: `checkDeterminism() finds ${name} (needs python3)`,
    ignore: script.includes("numpy") ? !HAS_NUMPY : !PYTHON,
    async fn() {
      await withFolder(async (folder) => {
        await Deno.writeTextFile(`${folder}/t.py`, LOGGING + script);
        const { report } = await check("python3 t.py", { cwd: folder });
        assertEquals(report.verdict, "nondeterministic");
        assertEquals(report.culprit, culprit);
        assert(report.fixes.length > 0);
      });
    },
  });
}

Deno.test({
  name:
    "checkDeterminism() that finds no culprit says what was ruled out and what is left (needs python3)",
  ignore: !PYTHON,
  async fn() {
    await withFolder(async (folder) => {
      await Deno.writeTextFile(`${folder}/t.py`, `${LOGGING}log_all(os.getpid)\n`);
      const { report } = await check("python3 t.py", { cwd: folder });
      assertEquals(report.culprit, undefined);
      assert(report.search!.ruledOut.some((line) => line.includes("PYTHONHASHSEED")));
      assert(
        determinismLines(report).some((line) => line.startsWith("  may be: a generator that")),
      );
    });
  },
});
