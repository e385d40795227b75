import { assert, assertEquals, assertRejects } from "@std/assert";
import { TrainingCommandError } from "../../../src/training/command/errors.ts";
import { CHILD_OUTPUT_BYTES_MAX } from "../../../src/training/limits.ts";
import { TrainingLogError } from "../../../src/training/log/errors.ts";
import { replay } from "../../../src/training/verbs/replay.ts";
import type { ReplayOptions } from "../../../src/training/verbs/replay_options.ts";
import type { ReplayReport } from "../../../src/training/findings/replay_report.ts";
import { exitCodeOf } from "../../../src/cli/exit_codes.ts";
import { replayLines } from "../../../src/cli/training_text.ts";
import { isRunning, withFolder, writeRows } from "../support.ts";

/** A loop in the shell's own arithmetic: loss depends on the seed and the step alone. */
const TRAIN = `
seed=0; extra=0
while [ $# -gt 0 ]; do
  case "$1" in
    --seed) seed=$2; shift;;
    --extra) extra=$2; shift;;
  esac; shift
done
x=$seed; i=0
while [ $i -lt 10 ]; do
  x=$(( (x * 1103515245 + 12345 + (i >= 6 ? extra : 0)) % 2147483648 ))
  echo "{\\"step\\": $i, \\"seed\\": $seed, \\"loss\\": $x, \\"kl\\": 0.$i}" >> "$RLDK_METRICS_PATH"
  i=$((i + 1))
done
`;

/** The rows that TRAIN writes. */
function rows(seed: number, extra = 0): { step: number; seed: number; loss: number; kl: number }[] {
  let x = BigInt(seed);
  return Array.from({ length: 10 }, (_, step) => {
    x = (x * 1103515245n + 12345n + BigInt(step >= 6 ? extra : 0)) % 2147483648n;
    return { step, seed, loss: Number(x), kl: Number(`0.${step}`) };
  });
}

/** A folder with the script and the log of a run with seed 7; `run` replays it there. */
async function withRun(
  body: (
    folder: string,
    run: (options?: Partial<ReplayOptions>) => Promise<ReplayReport>,
  ) => Promise<void>,
): Promise<void> {
  await withFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/train.sh`, TRAIN);
    const log = await writeRows(`${folder}/run.jsonl`, rows(7));
    await body(folder, (options = {}) =>
      replay({
        run: log,
        command: "sh train.sh",
        metrics: ["loss", "kl"],
        cwd: folder,
        outputDir: `${folder}/out`,
        inject: false,
        ...options,
      }));
  });
}

async function readJson(path: string): Promise<Record<string, unknown>> {
  return JSON.parse(await Deno.readTextFile(path));
}

Deno.test("replay() takes the seed from the log and passes a run that reproduces, bit for bit", async () => {
  await withRun(async (folder, run) => {
    const report = await run({ tolerance: 0 });
    assertEquals(report.verdict, "passed");
    assertEquals(report.originalSeed, 7n);
    assertEquals(report.replayCommand, "sh train.sh --seed 7");
    assertEquals(report.compared, 20);
    assertEquals(exitCodeOf(report), 0);
    assert(replayLines(report)[0]!.startsWith("REPRODUCES: 20 values of loss, kl, seed 7"));
    const comparison = await readJson(`${folder}/out/replay_comparison.json`);
    const {
      passed,
      original_seed,
      replay_seed,
      metrics_compared,
      tolerance,
      tolerance_violations,
    } = comparison;
    assertEquals(
      { passed, original_seed, replay_seed, metrics_compared, tolerance, tolerance_violations },
      {
        passed: true,
        original_seed: 7,
        replay_seed: 7,
        metrics_compared: ["loss", "kl"],
        tolerance: 0,
        tolerance_violations: 0,
      },
    );
    assertEquals(typeof comparison.replay_duration, "number");
    assertEquals(comparison.replay_command, "sh train.sh --seed 7");
    const metrics = (await Deno.readTextFile(`${folder}/out/replay_metrics.jsonl`)).trim().split(
      "\n",
    );
    assertEquals(JSON.parse(metrics[3]!), { step: 3, seed: 7, loss: rows(7)[3]!.loss, kl: 0.3 });
    await assertRejects(
      () => Deno.stat(`${folder}/out/replay_mismatches.json`),
      Deno.errors.NotFound,
    );
  });
});

Deno.test("replay() fails a run that does not reproduce, and names metric, step and size", async () => {
  await withRun(async (folder, run) => {
    const report = await run({ command: "sh train.sh --extra 1000000000" });
    assertEquals(report.verdict, "failed");
    assertEquals(exitCodeOf(report), 1);
    assertEquals(report.firstMismatch?.step, 6);
    assertEquals(report.firstMismatch?.metric, "loss");
    assertEquals(report.comparisonStats.kl?.toleranceViolations, 0);
    const mismatches = await readJson(`${folder}/out/replay_mismatches.json`) as unknown as Record<
      string,
      unknown
    >[];
    assertEquals(mismatches.length, report.toleranceViolations);
    const first = mismatches[0]!;
    const original = rows(7)[6]!.loss;
    const other = rows(7, 1e9)[6]!.loss;
    assertEquals(first.step, 6);
    assertEquals(first.original, original);
    assertEquals(first.replay, other);
    assertEquals(first.absolute_diff, Math.abs(other - original));
    assertEquals(first.relative_diff, Math.abs(other - original) / original);
    assertEquals(first.tolerance, 0.01);
    // A later replay that passes must not leave the old list lying there.
    await run();
    await assertRejects(
      () => Deno.stat(`${folder}/out/replay_mismatches.json`),
      Deno.errors.NotFound,
    );
  });
});

// rldk passes a replay that turns NaN; its files hold bare NaN, which is no JSON.
Deno.test("replay() fails a replay that turns NaN, and writes valid JSON of it", async () => {
  await withRun(async (folder, run) => {
    const command = `sh -c 'i=0; while [ $i -lt 10 ]; do v=1; [ $i -gt 1 ] && v=NaN; ` +
      `echo "{\\"step\\": $i, \\"kl\\": $v}" >> $RLDK_METRICS_PATH; i=$((i+1)); done' --seed 1`;
    const log = await writeRows(
      `${folder}/ones.jsonl`,
      rows(7).map(({ step, seed }) => ({ step, seed, kl: 1 })),
    );
    const report = await run({ run: log, command, metrics: "kl" });
    assertEquals(report.verdict, "failed");
    assertEquals(report.firstMismatch?.step, 2);
    assertEquals(report.firstMismatch?.kind, "non_finite");
    const [first] = await readJson(`${folder}/out/replay_mismatches.json`) as unknown as {
      replay: unknown;
    }[];
    assertEquals(first!.replay, "NaN");
    const third = (await Deno.readTextFile(`${folder}/out/replay_metrics.jsonl`)).split("\n")[2]!;
    assertEquals(JSON.parse(third).kl, "NaN");
  });
});

Deno.test("replay() finds a misspelt metric before the command runs", async () => {
  await withRun(async (folder, run) => {
    const error = await assertRejects(() => run({ metrics: "los" }), TrainingLogError);
    assert((error as Error).message.includes('did you mean "loss"'));
    await assertRejects(() => Deno.stat(`${folder}/out`), Deno.errors.NotFound);
  });
});

// rldk warns of a missing metric, compares nothing, and passes.
Deno.test("replay() fails if the replay lacks a requested metric, unless that is allowed", async () => {
  await withRun(async (folder, run) => {
    const log = await writeRows(
      `${folder}/more.jsonl`,
      rows(7).map((row) => ({ ...row, entropy: 1 })),
    );
    const report = await run({ run: log, metrics: "loss,entropy" });
    assertEquals(report.verdict, "failed");
    assert(report.reasons[0]!.includes("entropy was not compared"));
    assertEquals(report.skipped.map((item) => item.metric), ["entropy"]);
    const allowed = await run({ run: log, metrics: "loss,entropy", allowMissing: true });
    assertEquals(allowed.verdict, "passed");
    assert(allowed.warnings.some((warning) => warning.includes("entropy")));
    assertEquals(
      (await run({ run: log, metrics: "entropy", allowMissing: true })).verdict,
      "nothing_compared",
    );
  });
});

Deno.test("replay() stops the command after maxSteps and cuts both sides", async () => {
  await withRun(async (_folder, run) => {
    // It would sleep for ten minutes and more.
    const time = `${600 + Math.floor(Math.random() * 1e6)}.5`;
    const command = `sh -c '. ./train.sh; sleep ${time}' x --seed {seed}`;
    const report = await run({ command, maxSteps: 5 });
    assertEquals(report.verdict, "passed", report.reasons.join());
    assertEquals(report.compared, 12);
    assert(!isRunning(`sleep ${time}`));
  });
});

Deno.test("replay() with failFast stops the command at the first violation", async () => {
  await withRun(async (_folder, run) => {
    const time = `${600 + Math.floor(Math.random() * 1e6)}.5`;
    const command = `sh -c '. ./train.sh; sleep ${time}' x --seed {seed} --extra 1000000000`;
    const report = await run({ command, failFast: true });
    assertEquals(report.verdict, "failed");
    assertEquals(report.firstMismatch?.step, 6);
    assert(report.notes.some((note) => note.includes("first violation")));
    assert(!isRunning(`sleep ${time}`));
  });
});

Deno.test("replay() with failFast judges as it would at the end: by steps that are complete", async () => {
  await withRun(async (folder, run) => {
    // Two rows per step, in the original too: after the first one a step is not complete.
    const script = (after: string): string =>
      `sh -c 'i=0; while [ $i -lt 8 ]; do for v in 9 1; do ` +
      `echo "{\\"step\\": $i, \\"loss\\": $v}" >> $RLDK_METRICS_PATH; sleep 0.04; done; ` +
      `i=$((i+1)); done; ${after}' {seed}`;
    const log = await writeRows(
      `${folder}/ones.jsonl`,
      Array.from({ length: 16 }, (_, i) => ({ step: i >> 1, seed: 7, loss: i % 2 === 0 ? 9 : 1 })),
    );
    const options = { run: log, metrics: "loss", failFast: true };
    const whole = await run({ ...options, command: script("") });
    assertEquals(whole.verdict, "passed", whole.reasons.join());
    assertEquals(whole.compared, 16);
    // Rows that put it right come after the command was found to differ: it was stopped, and stays so.
    const time = `${600 + Math.floor(Math.random() * 1e6)}.5`;
    const mended = `sh -c 'for v in 2 1; do i=0; while [ $i -lt 8 ]; do ` +
      `echo "{\\"step\\": $i, \\"loss\\": $v}" >> $RLDK_METRICS_PATH; i=$((i+1)); done; ` +
      `trap "" TERM; sleep 0.4; done; sleep ${time}' {seed}`;
    const stopped = await run({ ...options, command: mended });
    assertEquals(stopped.verdict, "failed");
    assertEquals(stopped.firstMismatch?.step, 0);
    assert(!isRunning(`sleep ${time}`));
  });
});

Deno.test("replay() stops at the first violation in a log of any format, and of what is printed", async () => {
  await withRun(async (folder, run) => {
    const time = `${600 + Math.floor(Math.random() * 1e6)}.5`;
    const log = await writeRows(
      `${folder}/ones.jsonl`,
      Array.from({ length: 8 }, (_, step) => ({ step, seed: 7, loss: 1 })),
    );
    const csv =
      `sh -c '(echo step,loss; for i in 0 1 2 3; do echo $i,$((i / 2 + 1)); done) > own.csv; ` +
      `sleep ${time}' {seed}`;
    const printed =
      `sh -c 'for i in 0 1 2 3; do echo "{\\"step\\": $i, \\"loss\\": $((i / 2 + 1))}"; ` +
      `done; sleep ${time}' {seed}`;
    for (const options of [{ command: csv, metricsFile: "own.csv" }, { command: printed }]) {
      const report = await run({ run: log, metrics: "loss", failFast: true, ...options });
      assertEquals(report.verdict, "failed");
      assertEquals(report.firstMismatch?.step, 2);
      assert(!isRunning(`sleep ${time}`));
    }
  });
});

Deno.test("replay() fails where the two logs do not have the same metrics, and names them first", async () => {
  await withRun(async (folder, run) => {
    const log = await writeRows(
      `${folder}/more.jsonl`,
      rows(7).map(({ kl, ...row }) => ({ ...row, KL: kl, reward: 1 })),
    );
    const report = await run({ run: log, metrics: "all" });
    assertEquals(report.verdict, "failed");
    assert(report.reasons[0]!.startsWith("only in the original"), report.reasons[0]);
    assert(report.reasons[0]!.endsWith(": KL (is it kl there?), reward"), report.reasons[0]);
    const allowed = await run({ run: log, metrics: "all", allowMissing: true });
    assertEquals(allowed.verdict, "passed");
    assert(replayLines(allowed)[1]!.includes("warning: only in the original"));
    // What comes after the last step to compare is not missing.
    const late = await writeRows(
      `${folder}/late.jsonl`,
      rows(7).map((row) => row.step === 9 ? { ...row, final: 1 } : row),
    );
    assertEquals((await run({ run: late, metrics: "all", maxSteps: 5 })).verdict, "passed");
    assertEquals((await run({ run: late, metrics: "all" })).verdict, "failed");
  });
});

Deno.test("replay() tells that the run's own log names another seed than the one asked for", async () => {
  await withRun(async (folder, run) => {
    const command = "sh -c 'set -- --seed 7; . ./train.sh' {seed}";
    const report = await run({ command, seed: 8 });
    assertEquals(report.verdict, "passed");
    assert(report.warnings[0]!.includes("seed 8 was asked for"), report.warnings.join());
    assertEquals(report.replicas[0]!.ownSeed, 7n);
    const first = (await Deno.readTextFile(`${folder}/out/replay_metrics.jsonl`)).split("\n")[0]!;
    assertEquals(JSON.parse(first).seed, 7);
    assertEquals((await run()).warnings, []);
  });
});

Deno.test("replay() reports a command that fails, with its exit code and last words, and keeps what it wrote", async () => {
  await withRun(async (folder, run) => {
    const command = `sh -c '. ./train.sh; echo boom >&2; exit 4' x --seed {seed}`;
    const report = await run({ command });
    assertEquals(report.verdict, "command_failed");
    assertEquals(exitCodeOf(report), 1);
    assert(report.reasons[0]!.includes("code 4") && report.reasons[0]!.includes("boom"));
    assertEquals(report.compared, 20);
    assertEquals(await Deno.readTextFile(`${folder}/out/replica_0/stderr.log`), "boom\n");
    assertEquals(
      (await readJson(`${folder}/out/replay_comparison.json`)).verdict,
      "command_failed",
    );
  });
});

Deno.test("replay() kills the tree at its time limit and leaves a report that says so", async () => {
  await withRun(async (folder, run) => {
    const time = `${600 + Math.floor(Math.random() * 1e6)}.5`;
    const report = await run({
      command: `sh -c 'sleep ${time} & sleep ${time}' {seed}`,
      timeoutMs: 200,
    });
    assertEquals(report.verdict, "command_failed");
    assert(report.reasons[0]!.includes("0.2 s"));
    assert(!isRunning(`sleep ${time}`));
    assertEquals((await readJson(`${folder}/out/replay_comparison.json`)).passed, false);
  });
});

Deno.test("replay() that is interrupted kills the command and says so", async () => {
  await withRun(async (_folder, run) => {
    const time = `${600 + Math.floor(Math.random() * 1e6)}.5`;
    const controller = new AbortController();
    const report = await run({
      command: `sh -c '. ./train.sh; sleep ${time}' x --seed {seed}`,
      signal: controller.signal,
      onProgress: ({ step }) => step === 9 && controller.abort(),
    });
    assertEquals(report.verdict, "interrupted");
    assertEquals(exitCodeOf(report), 130);
    assert(!isRunning(`sleep ${time}`));
  });
});

Deno.test("replay() of a command that writes no metrics, or garbage, compares nothing", async () => {
  await withRun(async (_folder, run) => {
    const silent = await run({ command: "true" });
    assertEquals(silent.verdict, "nothing_compared");
    assertEquals(exitCodeOf(silent), 3);
    assert(silent.reasons[0]!.includes("RLDK_METRICS_PATH"));
    const garbage = await run({ command: `sh -c 'echo "%&!" > $RLDK_METRICS_PATH' {seed}` });
    assertEquals(garbage.verdict, "nothing_compared");
    assert(garbage.reasons[0]!.startsWith("no metrics"));
  });
});

Deno.test("replay() refuses a command that cannot be started", async () => {
  await withRun(async (_folder, run) => {
    await assertRejects(
      () => run({ command: "no-such-trainer" }),
      TrainingCommandError,
      "no such program",
    );
    await assertRejects(
      () => run({ command: "./run.jsonl" }),
      TrainingCommandError,
      "not executable",
    );
  });
});

Deno.test("replay() reads the log that is called as the original's before what is printed", async () => {
  await withRun(async (_folder, run) => {
    for (const failFast of [false, true]) {
      const report = await run({
        command:
          `sh -c 'RLDK_METRICS_PATH={output}/run.jsonl; echo "{\\"step\\":0,\\"loss\\":9}"; ` +
          `echo "{\\"step\\":1,\\"loss\\":9}"; . ./train.sh' x --seed {seed}`,
        failFast,
      });
      assertEquals(report.verdict, "passed", report.reasons.join());
      assert(report.notes.some((note) => note.includes("called as the original's log")));
    }
  });
});

Deno.test("replay() reads metrics from standard output if no file was written", async () => {
  await withRun(async (_folder, run) => {
    const report = await run({
      command: `sh -c 'RLDK_METRICS_PATH=/dev/stdout; echo hello; . ./train.sh' x --seed {seed}`,
    });
    assertEquals(report.verdict, "passed", report.reasons.join());
    assert(report.notes.some((note) => note.includes("standard output")));
  });
});

// A gigabyte in the place of these megabytes differs in nothing but time.
for (const name of ["one endless line", "lines"]) {
  Deno.test(`replay() takes metrics before and after a flood of ${name}, and says what of it is kept`, async () => {
    await withRun(async (_folder, run) => {
      const megabytes = CHILD_OUTPUT_BYTES_MAX / 2 ** 20 + 20;
      const endless = name === "lines" ? `yes ${"x".repeat(63)}` : `tr "\\\\0" x < /dev/zero`;
      const flood = `${endless} | head -c ${megabytes * 2 ** 20}`;
      const report = await run({
        command: "sh -c 'RLDK_METRICS_PATH=/dev/stdout; . ./train.sh; " +
          `${flood}; ${flood} >&2; echo; . ./train.sh; exit 3' x --seed {seed}`,
      });
      assertEquals(report.verdict, "command_failed");
      const replica = report.replicas[0]!;
      // The second time no argument is left, so the seed is another and its loss stands apart.
      assertEquals(replica.log?.recordCount, 20);
      assertEquals(replica.log?.sharing.splitBy, ["seed"]);
      assertEquals(report.compared, 10);
      for (const [stream, file] of [["output", "stdout"], ["error", "stderr"]] as const) {
        const kept = replica.files[file];
        assertEquals((await Deno.stat(kept)).size, CHILD_OUTPUT_BYTES_MAX);
        const note =
          `it wrote 84 MiB to standard ${stream}, of which the first 64 MiB are kept in ${kept}`;
        assert(report.notes.includes(note), report.notes.join("\n"));
      }
      assert(report.reasons.join().length < 1000);
    });
  });
}

Deno.test("replay() reads the log that the command writes itself, but not an old one", async () => {
  await withRun(async (_folder, run) => {
    const command =
      `sh -c 'RLDK_METRICS_PATH={output}/own.jsonl; rm -f {output}/own.jsonl; . ./train.sh' x --seed {seed}`;
    assertEquals((await run({ command, metricsFile: "{output}/own.jsonl" })).verdict, "passed");
  });
  await withRun(async (folder, run) => {
    const before = await Deno.readTextFile(`${folder}/run.jsonl`);
    for (const command of ["true", `sh -c 'echo >> run.jsonl' {seed}`]) {
      const stale = await run({ command, metricsFile: "run.jsonl" });
      assertEquals(stale.verdict, "nothing_compared");
      assertEquals(exitCodeOf(stale), 3);
      assertEquals(await Deno.readTextFile(`${folder}/run.jsonl`), before);
    }
  });
});

/** Writes to a path of its own, what the shell's `$$` makes different in each run. */
const OWN_LOG = `sh -c 'i=0; while [ $i -lt 5 ]; do sleep 0.02; ` +
  `echo "{\\"step\\": $i, \\"seed\\": 7, \\"loss\\": $$}" >> app.jsonl; i=$((i+1)); done' {seed}`;

Deno.test("replay() runs replicas that share a log one after the other, and puts back what stood there", async () => {
  await withRun(async (folder, run) => {
    const old = '{"step": 0, "seed": 7, "loss": 1}\n';
    await Deno.writeTextFile(`${folder}/app.jsonl`, old);
    const log = await writeRows(
      `${folder}/five.jsonl`,
      [0, 1, 2, 3, 4].map((step) => ({ step, seed: 7, loss: 1 })),
    );
    const options = { run: log, command: OWN_LOG, metrics: "loss", metricsFile: "app.jsonl" };
    const report = await run({ ...options, replicas: 3 });
    assertEquals(report.verdict, "failed");
    // Each has its five rows, none of the others' and none of those before.
    assertEquals(report.replicas.map((replica) => replica.log!.recordCount), [5, 5, 5]);
    const seen = report.replicas.map((replica) => [...replica.log!.columns.get("loss")!.values]);
    assert(seen.every((values) => values.every((value) => value === values[0])));
    assertEquals(new Set(seen.flat()).size, 3);
    assert(report.notes[0]!.includes("one after the other"));
    assertEquals(await Deno.readTextFile(`${folder}/app.jsonl`), old);
    assertEquals([...Deno.readDirSync(folder)].filter(({ name }) => name.includes("aside")), []);
    assert((await Deno.readTextFile(report.replicas[2]!.files.metrics)).startsWith('{"step": 0'));
    await assertRejects(() => run({ ...options, replicas: 2, jobs: 2 }), TypeError, "at once");
  });
});

Deno.test("replay() takes a folder of logs from what the run wrote into it", async () => {
  await withRun(async (folder, run) => {
    const command =
      `sh -c 'mkdir -p logs; RLDK_METRICS_PATH=logs/metrics.jsonl; . ./train.sh' x --seed {seed}`;
    await Deno.mkdir(`${folder}/logs`);
    await writeRows(`${folder}/logs/metrics.jsonl`, rows(3));
    const report = await run({ command, metricsFile: "logs" });
    assertEquals(report.verdict, "passed", report.reasons.join());
    assertEquals((await run({ command: "true", metricsFile: "logs" })).verdict, "nothing_compared");
    assert((await Deno.readTextFile(`${folder}/logs/metrics.jsonl`)).includes('"seed":3'));
    await assertRejects(
      () => run({ command, metricsFile: "." }),
      TrainingCommandError,
      "name the log itself",
    );
  });
});

Deno.test("replay() gives each run an empty folder, and refuses one that is somebody else's", async () => {
  await withRun(async (folder, run) => {
    // Logs nothing where a checkpoint of the run before stands.
    const command =
      `sh -c 'test -e {output}/done && exit 0; touch {output}/done; . ./train.sh' x --seed {seed}`;
    assertEquals((await run({ command })).verdict, "passed");
    const again = await run({ command, metrics: "all" });
    assertEquals(again.verdict, "passed");
    assertEquals(again.compared, 20);
    await assertRejects(
      () => run({ run: `${folder}/out/replay_metrics.jsonl` }),
      TypeError,
      "would replace the log",
    );
    assertEquals((await run({ command: "true" })).verdict, "nothing_compared");
    await Deno.mkdir(`${folder}/mine/replica_0`, { recursive: true });
    await Deno.writeTextFile(`${folder}/mine/replica_0/thesis.txt`, "");
    await assertRejects(
      () => run({ outputDir: `${folder}/mine` }),
      TrainingCommandError,
      "holds no earlier run",
    );
  });
});

Deno.test("replay() does not compare rows of an earlier replay in the same folder", async () => {
  await withRun(async (_folder, run) => {
    await run({ command: "sh train.sh --extra 5" });
    assertEquals((await run({ tolerance: 0 })).verdict, "passed");
  });
});

Deno.test("replay() gives the command rldk's environment, its own variables first", async () => {
  await withRun(async (folder, run) => {
    const report = await run({
      command: `OMP_NUM_THREADS=3 sh -c 'env > env.txt; . ./train.sh' x --seed {seed}`,
      device: "cpu",
    });
    assertEquals(report.verdict, "passed", report.reasons.join());
    const env = new Map(
      (await Deno.readTextFile(`${folder}/env.txt`)).split("\n").map((line) => {
        const at = line.indexOf("=");
        return [line.slice(0, at), line.slice(at + 1)];
      }),
    );
    assertEquals(env.get("OMP_NUM_THREADS"), "3");
    assertEquals(env.get("MKL_NUM_THREADS"), "1");
    assertEquals(env.get("PYTHONHASHSEED"), "42");
    assertEquals(env.get("PYTHONUNBUFFERED"), "1");
    assertEquals(env.get("CUDA_VISIBLE_DEVICES"), "");
    assertEquals(env.get("REWIND_METRICS_PATH"), env.get("RLDK_METRICS_PATH"));
  });
});

Deno.test("replay() in a dry run shows argv and environment, and runs nothing", async () => {
  await withRun(async (folder, run) => {
    const report = await run({
      dryRun: true,
      command: `sh -c 'touch ran' x "a b"`,
      device: "cuda",
    });
    assertEquals(report.verdict, "dry_run");
    assert(!report.passed);
    assertEquals(report.argv.slice(0, 2), ["sh", "-c"]);
    assertEquals(report.environment.CUBLAS_WORKSPACE_CONFIG, ":4096:8");
    assert(replayLines(report).includes('  argv[4] = "a b"'));
    await assertRejects(() => Deno.stat(`${folder}/ran`), Deno.errors.NotFound);
    await assertRejects(() => Deno.stat(`${folder}/out`), Deno.errors.NotFound);
  });
});

Deno.test("replay() needs a seed, takes one that is given, and shows all that it found", async () => {
  await withRun(async (folder, run) => {
    const bare = await writeRows(
      `${folder}/bare.jsonl`,
      rows(7).map(({ step, loss, kl }) => ({ step, loss, kl })),
    );
    await assertRejects(() => run({ run: bare }), TrainingLogError, "no seed was found");
    assertEquals((await run({ run: bare, seed: 7 })).verdict, "passed");
    assertEquals((await run({ run: bare, seed: 8n })).verdict, "failed");
    const two = await writeRows(
      `${folder}/two.jsonl`,
      rows(7).map((row) => ({ ...row, data_seed: 3 })),
    );
    const report = await run({ run: two });
    assertEquals(report.originalSeed, 7n);
    assertEquals(report.seeds.map((seed) => seed.value).sort(), [3n, 7n]);
    assert(report.notes[0]!.includes("2 different ones"));
  });
});

// rldk makes `--seed 42.0` of a seed that stands in some rows only.
Deno.test("replay() takes a seed that stands in some rows only, at any size", async () => {
  await withRun(async (folder, run) => {
    const big = 2n ** 63n + 11n;
    const lines = rows(7).map((row, index) =>
      JSON.stringify({ ...row, seed: undefined }).replace(
        "}",
        index === 4 ? `,"seed":${big}}` : "}",
      )
    );
    await Deno.writeTextFile(`${folder}/big.jsonl`, lines.join("\n"));
    const report = await run({ run: `${folder}/big.jsonl`, command: "sh train.sh", dryRun: true });
    assertEquals(report.argv.at(-1), big.toString());
  });
});

Deno.test("replay() with replicas says whether they agree among themselves", async () => {
  await withRun(async (_folder, run) => {
    const same = await run({ replicas: 3, jobs: 2, tolerance: 0 });
    assertEquals(same.verdict, "passed");
    assertEquals(same.replicas.length, 3);
    // One base for all counts: that of one run.
    assertEquals(same.compared, 20);
    assert(replayLines(same)[0]!.includes("20 values of loss, kl, seed 7, each of 3 runs"));
    assertEquals(same.spread.map((spread) => spread.maxSpread), [0, 0]);
    const changed = await run({ replicas: 2, command: "sh train.sh --extra 9", tolerance: 0 });
    assertEquals(changed.verdict, "failed");
    assert(changed.reasons.some((reason) => reason.includes("replicas agree with each other")));
    const random = await run({
      replicas: 2,
      command:
        `sh -c '. ./train.sh; echo "{\\"step\\": 10, \\"loss\\": $$}" >> $RLDK_METRICS_PATH' x --seed {seed}`,
      allowMissing: true,
    });
    assertEquals(random.spread[0]!.firstUnequalStep, 10);
    const fewer = await run();
    assertEquals(fewer.replicas.length, 1);
  });
});

Deno.test("replay() with varied seeds tests the original against the others, with n and alpha", async () => {
  await withRun(async (_folder, run) => {
    const report = await run({ replicas: 4, replicaSeeds: "vary", metrics: "loss", tolerance: 0 });
    assertEquals(report.verdict, "passed");
    assertEquals(report.replicas.map((replica) => replica.seed), [7n, 8n, 9n, 10n]);
    const [test] = report.significance;
    assertEquals(test!.welch.n, [10, 40]);
    assert(test!.text.includes("at alpha 0.025") && test!.text.includes("n = 10"));
  });
});

Deno.test("replay() with varied seeds fails if the seed has no effect", async () => {
  await withRun(async (_folder, run) => {
    const command = "sh -c 'set -- --seed 7; . ./train.sh' {seed}";
    const report = await run({ command, replicas: 3, replicaSeeds: "vary" });
    assertEquals(report.verdict, "failed");
    assertEquals(exitCodeOf(report), 1);
    assert(report.reasons[0]!.startsWith("the seed has no effect: runs with seeds 7, 8, 9"));
  });
});

/** Writes a loss that depends on what rewind changes about the surroundings. */
function surroundings(value: string, before = ""): string {
  return `sh -c '${before}echo "{\\"step\\": 0, \\"seed\\": 7, \\"loss\\": ${value}}" ` +
    `> $RLDK_METRICS_PATH' {seed}`;
}

Deno.test("replay() that fails names what rewind itself changed, and only what matters", async () => {
  await withRun(async (folder, run) => {
    const log = await writeRows(`${folder}/one.jsonl`, [{ step: 0, seed: 7, loss: 1.00001 }]);
    const options = { run: log, metrics: "loss", tolerance: 0 };
    const mended = await run({
      ...options,
      command: surroundings("${VECLIB_MAXIMUM_THREADS:-1.00001}"),
    });
    assertEquals(mended.verdict, "failed");
    assert(
      mended.reasons.at(-1)!.startsWith("rewind's own hand: without one thread for each library"),
      mended.reasons.join("\n"),
    );
    assertEquals(
      mended.ownHand.filter((trial) => trial.effect === "mends").map((trial) =>
        trial.without.length
      ),
      [4, 1],
    );
    const left = await run({
      ...options,
      command: surroundings("${VECLIB_MAXIMUM_THREADS:-1.00001}"),
      without: ["threads"],
    });
    assertEquals(left.verdict, "passed", left.reasons.join());
    const innocent = await run({ ...options, command: surroundings("1.00002") });
    assertEquals(innocent.ownHand.map((trial) => trial.effect), ["none"]);
    assert(innocent.reasons.at(-1)!.startsWith("nothing that rewind changes"));
    // A command that is another each time is no matter of what rewind changes, whatever is left out.
    const restless = await run({ ...options, command: surroundings("1.0000$$") });
    assertEquals(restless.ownHand.map((trial) => [trial.without.length, trial.effect]), [
      [4, "changes"],
      [0, "changes"],
    ]);
    assert(restless.reasons.at(-1)!.startsWith("nondeterministic: the same command"));
    // A difference that begins large is no matter of rounding: it is not looked for.
    const large = await run({ ...options, command: surroundings("2"), tolerance: 0.01 });
    assertEquals(large.ownHand, []);
  });
});

Deno.test("replay() of a command that fails because of rewind says so", async () => {
  await withRun(async (_folder, run) => {
    const command =
      `sh -c 'test -z "$CUDA_LAUNCH_BLOCKING" || exit 3; . ./train.sh' x --seed {seed}`;
    const report = await run({ command });
    assertEquals(report.verdict, "command_failed");
    assert(report.reasons.at(-1)!.includes("without CUDA_LAUNCH_BLOCKING"), report.reasons.join());
    assertEquals((await run({ command, without: ["cuda"] })).verdict, "passed");
    assertEquals((await run({ command, diagnose: false })).ownHand, []);
  });
});

Deno.test("replay() refuses options that are out of range", async () => {
  await withRun(async (_folder, run) => {
    await assertRejects(() => run({ replicas: 0 }), RangeError, "replicas");
    await assertRejects(() => run({ timeoutMs: -1 }), RangeError, "timeoutMs");
    await assertRejects(() => run({ device: "tpu" as "cpu" }), TypeError, "auto, cpu, cuda, mps");
    await assertRejects(() => run({ tolerance: -1 }), RangeError, "tolerance");
  });
});

Deno.test("replay() gives its verdict even if its files cannot be written", async () => {
  await withRun(async (folder, run) => {
    // A folder in the place of the file: as on a full disk, nothing can be put there.
    await Deno.mkdir(`${folder}/out/replay_comparison.json/x`, { recursive: true });
    await Deno.writeTextFile(`${folder}/out/replay_mismatches.json`, "old");
    const report = await run();
    assertEquals(report.verdict, "passed");
    assert(report.warnings[0]!.startsWith("Cannot write"), report.warnings.join());
    assertEquals(Object.keys(report.files), ["metrics", "page"]);
    const names = [...Deno.readDirSync(`${folder}/out`)].map(({ name }) => name).sort();
    assertEquals(names, [
      "replay_comparison.json",
      "replay_metrics.jsonl",
      "replay_report.html",
      "replica_0",
    ]);
  });
});

Deno.test("replay() says first that a log has no steps of its own", async () => {
  await withRun(async (folder, run) => {
    const log = await writeRows(`${folder}/bare.jsonl`, [0.5, 0.4].map((loss) => ({ loss })));
    const report = await run({
      run: log,
      seed: 1,
      metrics: "loss",
      command:
        `sh -c 'for x in 0.5 0.4; do echo "{\\"loss\\": $x}"; done > $RLDK_METRICS_PATH' {seed}`,
    });
    assertEquals(report.verdict, "passed");
    assertEquals(report.warnings, [
      "the original log has no steps: its rows are counted from 0",
      "the run's log has no steps: its rows are counted from 0",
    ]);
  });
});

Deno.test("replay() of a metric by name compares every part that the log tells apart", async () => {
  await withRun(async (folder, run) => {
    const lines = (evaluation: string): string =>
      "for i in 0 1 2; do " +
      `echo "{\\"step\\": $i, \\"seed\\": 1, \\"phase\\": \\"train\\", \\"loss\\": $i}"; ` +
      `echo "{\\"step\\": $i, \\"phase\\": \\"eval\\", \\"loss\\": ${evaluation}}"; done > $RLDK_METRICS_PATH`;
    const log = await writeRows(
      `${folder}/two.jsonl`,
      [0, 1, 2].flatMap((step) => [
        { step, seed: 1, phase: "train", loss: step },
        { step, phase: "eval", loss: 7 },
      ]),
    );
    const options = { run: log, metrics: "loss" };
    const same = await run({ ...options, command: `sh -c '${lines("7")}' {seed}` });
    assertEquals([same.verdict, same.compared], ["passed", 6]);
    const other = await run({ ...options, command: `sh -c '${lines("8")}' {seed}` });
    assertEquals(other.verdict, "failed");
    assertEquals(other.firstMismatch?.metric, "eval/loss");
    assertEquals(other.comparisonStats["train/loss"]?.toleranceViolations, 0);
  });
});
