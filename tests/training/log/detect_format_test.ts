import { assertEquals, assertRejects } from "@std/assert";
import { TrainingLogError } from "../../../src/training/log/errors.ts";
import { byName } from "../../../src/training/log/file_source.ts";
import { readRun } from "../../../src/training/log/read_run.ts";
import { detect, golden, issue, readText, series, withFiles } from "./helpers.ts";

Deno.test("detectFormat() knows every format from its content or layout", async () => {
  const expected: [string, string][] = [
    ["rldk/flat.jsonl", "jsonl"],
    ["rldk/stream.jsonl", "jsonl"],
    ["verl/exp.jsonl", "verl"],
    ["trl/trainer_state.json", "hf"],
    ["trainer", "hf"],
    ["lightning", "lightning"],
    ["lightning/version_0/metrics.csv", "lightning"],
    ["wandb_export/one_run.csv", "csv"],
    ["wandb", "wandb"],
    ["wandb_old", "wandb"],
    ["mlflow", "mlflow"],
    ["tensorboard", "tensorboard"],
    ["trackio", "trackio"],
    ["text/train.log", "text"],
  ];
  for (const [path, format] of expected) {
    assertEquals((await detect(golden(path))).format, format, path);
  }
});

Deno.test("detectFormat() goes by content where the name misleads", async () => {
  const files = {
    "a.log": '{"step":1,"loss":1}\n',
    "b.json": '{"step":1,"loss":1}\n{"step":2,"loss":1}\n',
    "c.txt": "step,loss\n1,2\n",
    "d.bin": await Deno.readFile(golden("wandb_v1/run-k3x9.wandb")),
    "e.bin": await Deno.readFile(golden("tensorboard/events.out.tfevents.1700000900.host.2.0")),
    "f.bin": await Deno.readFile(golden("trackio/walks.db")),
    "g": '[{"step":1,"loss":1}]',
    "h.txt": "{'step': 1, 'loss': 2}\n",
  };
  await withFiles(files, async (directory) => {
    const formats = [];
    for (const name of Object.keys(files)) {
      formats.push((await detect(`${directory}/${name}`)).format);
    }
    assertEquals(formats, [
      "jsonl",
      "jsonl",
      "csv",
      "wandb",
      "tensorboard",
      "trackio",
      "json",
      "text",
    ]);
  });
});

Deno.test("detectFormat() finds the one log of a directory and never guesses among several", async () => {
  const row = '{"step":1,"loss":1}\n';
  await withFiles({ "a.jsonl": row, "README.md": "x", "out.log": "x" }, async (directory) => {
    assertEquals((await detect(directory)).path, `${directory}/a.jsonl`);
  });
  for (const other of ["a.jsonl", "eval.csv", "history.db"]) {
    await withFiles({ [other]: row, "metrics.jsonl": row }, async (directory) => {
      await assertRejects(() => detect(directory), TrainingLogError, "metrics.jsonl");
      await assertRejects(() => detect(directory), TrainingLogError, other);
      const { path } = await detect(directory, { run: "metrics" });
      assertEquals(path, `${directory}/metrics.jsonl`);
    });
  }
  await withFiles({ "x/y.txt": "z" }, async (directory) => {
    await assertRejects(() => detect(directory), TrainingLogError, "holds no training log");
  });
});

Deno.test("detectFormat() knows the tools that write one run into several files", async () => {
  const events = await Deno.readFile(golden("tensorboard/events.out.tfevents.1700000900.host.2.0"));
  const row = '{"training_iteration":1,"loss":1}\n';
  const table = "training_iteration,loss\n1,1\n";
  const layouts: [main: string, files: Record<string, string | Uint8Array>][] = [
    ["result.json", { "result.json": row, "progress.csv": table, "events.out.tfevents.1": events }],
    ["progress.csv", { "progress.json": row, "progress.csv": table, "log.txt": "| a | 1 |\n" }],
    ["trainer_state.json", {
      "trainer_state.json": '{"log_history": [{"step": 1, "loss": 1}]}',
      "runs/Aug01_host/events.out.tfevents.1": events,
      "trainer_log.jsonl": row,
    }],
  ];
  for (const [main, files] of layouts) {
    await withFiles(files, async (directory) => {
      const log = await readRun(directory);
      assertEquals(log.source, `${directory}/${main}`);
      assertEquals(
        issue(log, "note")?.count,
        Object.keys(files).filter((n) => n !== "log.txt").length - 1,
      );
      await withFiles({ ...files, "other.csv": table }, async (crowded) => {
        await assertRejects(() => readRun(crowded), TrainingLogError, "other.csv");
      });
    });
  }
});

Deno.test("readRun() refuses data that is no text by its name", async () => {
  const random = new Uint8Array(4096);
  crypto.getRandomValues(random);
  random[0] = 0x07;
  const files: [content: Uint8Array, what: string][] = [
    [random, "binary data"],
    [new Uint8Array([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0, 0, 13]), "a PNG image"],
    [new TextEncoder().encode("PAR1\u0015\u0004"), "a Parquet table"],
    [new Uint8Array([0x28, 0xb5, 0x2f, 0xfd, 4, 0, 0x80, 1, 2]), "unpack it with zstd"],
    [new Uint8Array([0x93, 78, 85, 77, 80, 89, 1, 0, 0x76]), "a NumPy array"],
    [new Uint8Array([0x80, 4, 0x95, 0x10]), "a Python pickle"],
  ];
  for (const [content, what] of files) {
    for (const name of ["a.jsonl", "a.log", "a.csv", "a"]) {
      await assertRejects(() => readText(name, content), TrainingLogError, what);
    }
  }
  const damaged = new TextEncoder().encode('{"step":1,"loss":1}\n'.repeat(100) + "\0".repeat(9000));
  assertEquals(series(await readText("a.jsonl", damaged), "loss"), [[1, 1]]);
});

Deno.test("detectFormat() takes the last checkpoint and asks for a Lightning version", async () => {
  const state = '{"log_history": [{"step": 1, "loss": 1}]}';
  const csv = "step,loss\n1,2\n";
  await withFiles({
    "checkpoint-9/trainer_state.json": state,
    "checkpoint-10/trainer_state.json": state,
  }, async (directory) => {
    const { path } = await detect(directory);
    assertEquals(path, `${directory}/checkpoint-10/trainer_state.json`);
  });
  await withFiles({
    "lightning_logs/version_0/metrics.csv": csv,
    "lightning_logs/version_1/metrics.csv": csv,
  }, async (directory) => {
    await assertRejects(() => detect(directory), TrainingLogError, "version_0, version_1");
    const { path } = await detect(directory, { run: "version_1" });
    assertEquals(path, `${directory}/lightning_logs/version_1/metrics.csv`);
  });
});

Deno.test("readRun() follows a forced format into a directory that holds several", async () => {
  await withFiles(
    { "run.jsonl": '{"step":1,"loss":1}\n', "metrics.csv": "step,loss\n1,2\n" },
    async (directory) => {
      const loss = async (format: "jsonl" | "csv") =>
        series(await readRun(directory, { format }), "loss");
      assertEquals([await loss("jsonl"), await loss("csv")], [[[1, 1]], [[1, 2]]]);
      await assertRejects(
        () => readRun(directory, { format: "wandb" }),
        TrainingLogError,
        "holds no wandb log",
      );
    },
  );
});

Deno.test("readRun() takes the run's name after a # in the path, unless a file is called that", async () => {
  const log = await readRun(golden("trackio/walks.db") + "#bold-ant-1");
  assertEquals(log.metadata.runId, "bold-ant-1");
  await withFiles({ "a#b.jsonl": '{"step":1,"loss":1}\n' }, async (directory) => {
    assertEquals(series(await readRun(`${directory}/a#b.jsonl`), "loss"), [[1, 1]]);
  });
});

Deno.test({
  name: "readRun() leaves no file open, whether it reads, looks or refuses",
  ignore: Deno.build.os !== "linux",
  fn: async () => {
    const run = await Deno.readFile(golden("wandb_v1/run-k3x9.wandb"));
    const files = {
      "a/run-k3x9.wandb": run,
      "b/wandb/offline-run-20260801_100000-k3x9/run-k3x9.wandb": run,
      "train.log": "loss: 1\n",
    };
    await withFiles(files, async (directory) => {
      for (let i = 0; i < 5; i++) {
        await readRun(`${directory}/a`);
        await readRun(`${directory}/b`);
        await assertRejects(
          () => readRun(`${directory}/train.log`, { format: "hf" }),
          TrainingLogError,
        );
      }
      assertEquals(openFilesIn(directory), []);
      using file = await Deno.open(`${directory}/train.log`);
      assertEquals(openFilesIn(directory), [`${directory}/train.log`], `${file} is seen`);
    });
  },
});

/** Files of a directory that this process has open; other tests of the process open their own. */
function openFilesIn(directory: string): string[] {
  return [...Deno.readDirSync("/proc/self/fd")].flatMap(({ name }) => {
    try {
      const target = Deno.readLinkSync(`/proc/self/fd/${name}`);
      return target.startsWith(`${directory}/`) ? [target] : [];
    } catch {
      // It was closed meanwhile.
      return [];
    }
  });
}

Deno.test("byName() sorts numbers in names by value", () => {
  assertEquals(["a10", "a9", "a", "b1", "a9b"].sort(byName), ["a", "a9", "a9b", "a10", "b1"]);
});

Deno.test("detectFormat() names a pointer of Git LFS for what it is", async () => {
  const pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:0a\nsize 12\n";
  await withFiles({ "events.out.tfevents.1.host": pointer }, async (directory) => {
    await assertRejects(
      () => readRun(`${directory}/events.out.tfevents.1.host`),
      TrainingLogError,
      "run git lfs pull",
    );
  });
});

Deno.test("detectFormat() reads JSON Lines that end with the Trainer's state as lines", async () => {
  const text = '{"loss": 2.5, "global_step/max_steps": "1/2"}\n' +
    '{"loss": 1.5, "global_step/max_steps": "2/2"}\n' +
    '{"global_step": 2, "log_history": [{"loss": 2.5, "step": 1}], "memory": 22.46}\n';
  await withFiles({ "logging.jsonl": text }, async (directory) => {
    const log = await readRun(directory);
    assertEquals(log.format, "jsonl");
    assertEquals(series(log, "loss"), [[1, 2.5], [2, 1.5]]);
  });
  await withFiles({ "state.json": '{"log_history": [{"loss": 2.5, "step": 1}]}' }, async (at) => {
    assertEquals((await detect(`${at}/state.json`)).format, "hf");
  });
});

Deno.test("detectFormat() finds the history that W&B before 0.10 wrote, and its seed", async () => {
  const events = '{"system.cpu": 51.2, "_wandb": true, "_timestamp": 1585011758, "_runtime": 44}\n';
  const files = {
    "wandb/dryrun-20200324_020146-94w65e4d/wandb-history.jsonl":
      '{"Loss": 0.5, "_runtime": 12.1, "_timestamp": 1585011710.3, "_step": 0}\n' +
      '{"Loss": 0.25, "_runtime": 14.2, "_timestamp": 1585011712.4, "_step": 1}\n',
    "wandb/dryrun-20200324_020146-94w65e4d/wandb-events.jsonl": events,
    "wandb/dryrun-20200324_020146-94w65e4d/config.yaml":
      "wandb_version: 1\n\nseed:\n  desc: null\n  value: 543\n",
  };
  await withFiles(files, async (directory) => {
    for (const path of ["", "wandb", "wandb/dryrun-20200324_020146-94w65e4d"]) {
      const log = await readRun(`${directory}/${path}`);
      assertEquals(log.format, "jsonl");
      assertEquals(series(log, "Loss"), [[0, 0.5], [1, 0.25]]);
      assertEquals(log.seeds.map(({ value }) => value), [543n]);
    }
  });
});

Deno.test("streams of fingerprints lie beside a log, and are none", async () => {
  const folder = await Deno.makeTempDir();
  const stream = `${folder}/fingerprints.rank1.jsonl`;
  await Deno.writeTextFile(stream, '{"rewind": "fingerprints", "version": 1}\n');
  await Deno.writeTextFile(`${folder}/metrics.jsonl`, '{"step": 0, "loss": 0.5}\n');
  const log = await readRun(folder);
  await assertRejects(() => readRun(stream), TrainingLogError, "it holds fingerprints of steps");
  await Deno.remove(folder, { recursive: true });
  assertEquals([...log.columns.keys()], ["loss"]);
});
