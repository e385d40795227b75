import { assert, assertEquals, assertRejects } from "@std/assert";
import { TrainingLogError } from "../../../src/training/log/errors.ts";
import { readRun } from "../../../src/training/log/read_run.ts";
import { readRuns } from "../../../src/training/log/read_runs.ts";
import { withFolder, writeRows } from "../support.ts";

const ROOT = new URL("../../../", import.meta.url).pathname;

/** Runs `body` and gives back what the workers that it started answered. */
async function watchWorkers(body: () => Promise<void>): Promise<boolean[]> {
  const answers: boolean[] = [];
  const Real = globalThis.Worker;
  globalThis.Worker = class extends Real {
    constructor(...args: ConstructorParameters<typeof Worker>) {
      super(...args);
      this.addEventListener("message", ({ data }) => answers.push(data.log !== undefined));
    }
  };
  try {
    await body();
  } finally {
    globalThis.Worker = Real;
  }
  return answers;
}

async function writeLogs(folder: string): Promise<[string, string, string]> {
  const write = (name: string, offset: number): Promise<string> =>
    writeRows(
      `${folder}/${name}.jsonl`,
      Array.from({ length: 2000 }, (_, k) => ({
        step: 1999 - k,
        seed: 2 ** 53 - 1,
        loss: offset + Math.sin(k),
        ...(k % 3 === 0 ? { kl: k } : {}),
        ...(k === 7 ? { note: "text" } : {}),
      })),
    );
  return [await write("a", 0), await write("b", 1 / 3), await write("c", -0)];
}

Deno.test("readRuns() reads all but the first large log in workers, to the same tables", async () => {
  await withFolder(async (folder) => {
    const paths = await writeLogs(folder);
    const small = await writeRows(`${folder}/small.jsonl`, [{ step: 0, loss: 1 }]);
    const all = [small, ...paths];
    const answers = await watchWorkers(async () => {
      const logs = await readRuns(all, { workerBytesMin: 1000, metrics: ["loss"] });
      for (const [index, path] of all.entries()) {
        assertEquals(logs[index], await readRun(path, { metrics: ["loss"] }));
      }
    });
    assertEquals(answers, [true, true]);
    assertEquals(await watchWorkers(async () => void await readRuns(all)), []);
  });
});

Deno.test("readRuns() counts what lies in the directory of a log", async () => {
  await withFolder(async (folder) => {
    const [, b] = await writeLogs(folder);
    await Deno.mkdir(`${folder}/run`);
    await Deno.rename(`${folder}/a.jsonl`, `${folder}/run/metrics.jsonl`);
    const answers = await watchWorkers(async () => {
      const logs = await readRuns([b, `${folder}/run`], { workerBytesMin: 10_000 });
      assertEquals(logs[1]!.steps.length, 2000);
    });
    assertEquals(answers, [true]);
  });
});

Deno.test("readRuns() fails as readRun() does, whichever thread found out", async () => {
  await withFolder(async (folder) => {
    const [a, b] = await writeLogs(folder);
    const damaged = `${folder}/damaged.jsonl`;
    await Deno.writeTextFile(damaged, `${await Deno.readTextFile(b)}{"step": 1,, }\n{"step":9}\n`);
    const options = { strict: true, workerBytesMin: 0 };
    const expected = await assertRejects(() => readRun(damaged, options), TrainingLogError);
    const answers = await watchWorkers(async () => {
      const error = await assertRejects(() => readRuns([a, damaged], options), TrainingLogError);
      assertEquals(error.message, expected.message);
      assertEquals([error.path, error.line], [damaged, 2001]);
    });
    assertEquals(answers, [false]);
    const missing = `${folder}/missing.jsonl`;
    const first = await assertRejects(() => readRuns([missing, damaged], options));
    assert((first as Error).message.includes(missing));
    await assertRejects(
      () => readRuns([a, b], { workerBytesMin: 0, preset: "unknown" }),
      RangeError,
    );
    // Functions cannot be sent to a worker.
    const fieldMap = { step: "step", odd: (() => {}) as unknown as string };
    await assertRejects(() => readRuns([a, b], { workerBytesMin: 0, fieldMap }));
  });
});

Deno.test("readRuns() ends its workers when it is aborted", async () => {
  await withFolder(async (folder) => {
    const [a, b] = await writeLogs(folder);
    const stopper = new AbortController();
    // A named pipe that nobody writes to: the worker would wait for ever.
    const pipe = `${folder}/pipe.jsonl`;
    assert((await new Deno.Command("mkfifo", { args: [pipe] }).output()).success);
    setTimeout(() => stopper.abort(new Error("enough")), 100);
    await assertRejects(
      () => readRuns([a, b, pipe], { workerBytesMin: 0, format: "jsonl", signal: stopper.signal }),
      Error,
      "enough",
    );
    (await Deno.open(pipe, { read: true, write: true })).close();
  });
});

Deno.test("readRuns() reads here where there are no workers", async () => {
  await withFolder(async (folder) => {
    const [a, b] = await writeLogs(folder);
    const Real = globalThis.Worker;
    try {
      Reflect.deleteProperty(globalThis, "Worker");
      const logs = await readRuns([a, b], { workerBytesMin: 0 });
      assertEquals(logs.map((log) => log.steps.length), [2000, 2000]);
    } finally {
      globalThis.Worker = Real;
    }
  });
});

Deno.test("readRuns() asks for no permission to start a worker", async () => {
  await withFolder(async (folder) => {
    const [a, b] = await writeLogs(folder);
    const script = `${folder}/script.ts`;
    await Deno.writeTextFile(
      script,
      `import { readRuns } from ${JSON.stringify(`${ROOT}src/training/log/read_runs.ts`)};
      const logs = await readRuns(${JSON.stringify([a, b])}, { workerBytesMin: 0 });
      console.log(logs.map((log) => log.steps.length).join());`,
    );
    const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [
        "run",
        "--no-check",
        "--no-lock",
        `--allow-read=${folder}`,
        `--import-map=${ROOT}npm.import_map.json`,
        script,
      ],
      env: { NO_COLOR: "1" },
    }).output();
    const decoder = new TextDecoder();
    assertEquals(decoder.decode(stderr), "");
    assertEquals(decoder.decode(stdout), "2000,2000\n");
  });
});
