import { assert } from "@std/assert";
import fc from "fast-check";
import { TrainingLogError } from "../../../src/training/log/errors.ts";
import { readRun } from "../../../src/training/log/read_run.ts";
import { LOG_FORMATS, type LogFormat } from "../../../src/training/log/formats/list.ts";
import { golden, readText, withFiles } from "./helpers.ts";

/** A small valid log of each format that is one file, to start from. */
const STARTS: readonly (readonly [LogFormat, string, string])[] = [
  ["jsonl", "a.jsonl", "rldk/stream.jsonl"],
  ["verl", "a.jsonl", "verl/exp.jsonl"],
  ["hf", "trainer_state.json", "trl/trainer_state.json"],
  ["json", "a.json", "trl/trainer_state.json"],
  ["csv", "a.csv", "wandb_export/one_run.csv"],
  ["lightning", "metrics.csv", "lightning/version_0/metrics.csv"],
  ["wandb", "a.wandb", "wandb_v1/run-k3x9.wandb"],
  ["tensorboard", "a.tfevents.1", "tensorboard/events.out.tfevents.1700000900.host.2.0"],
  ["trackio", "a.db", "trackio/walks.db"],
  ["text", "a.log", "text/train.log"],
];

async function readsOrRefuses(name: string, content: Uint8Array, format?: LogFormat) {
  try {
    const log = await readText(name, content, format === undefined ? {} : { format });
    for (const column of log.columns.values()) {
      assert(
        column.values.length === log.steps.length && column.present.length === log.steps.length,
      );
    }
    for (let row = 1; row < log.steps.length; row++) assert(log.steps[row - 1]! < log.steps[row]!);
  } catch (error) {
    if (!(error instanceof TrainingLogError)) throw error;
  }
}

Deno.test("readRun() reads or refuses logs with any bytes changed, cut or put in", async () => {
  for (const [format, name, path] of STARTS) {
    const bytes = await Deno.readFile(golden(path));
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.integer({ min: 0, max: 255 })), {
          minLength: 1,
          maxLength: 8,
        }),
        fc.nat(bytes.length),
        fc.uint8Array({ maxLength: 12 }),
        async (changes, at, inserted) => {
          const changed = bytes.slice();
          for (const [place, byte] of changes) changed[place] = byte;
          await readsOrRefuses(name, changed, format);
          const longer = new Uint8Array([...changed.subarray(0, at), ...inserted]);
          await readsOrRefuses(name, longer);
        },
      ),
      { numRuns: 12 },
    );
  }
});

Deno.test("readRun() reads or refuses any text as any format", async () => {
  const text = fc.string({ unit: fc.constantFrom(...'{}[]":,\n\\ "step"1.5eE-+\'aN\r;\t\u0000é') });
  const formats = LOG_FORMATS.filter((format) => format !== "mlflow");
  await fc.assert(
    fc.asyncProperty(text, fc.constantFrom(...formats), async (content, format) => {
      await readsOrRefuses("a", new TextEncoder().encode(content), format);
    }),
    { numRuns: 150 },
  );
});

Deno.test("readRun() refuses nesting bombs and rows of a hostile width quickly", async () => {
  const deep = '{"step":1,"loss":1}\n' + '{"a":'.repeat(100_000) + "\n";
  await readsOrRefuses("a.jsonl", new TextEncoder().encode(deep));
  const lists = '{"step":1,"loss":1,"x":' + "[".repeat(100_000) + "}\n";
  await readsOrRefuses("a.jsonl", new TextEncoder().encode(lists));
  const wide = "{" + Array.from({ length: 100_001 }, (_, i) => `"k${i}":${i}`).join(",") + "}\n";
  await withFiles({ "a.jsonl": wide }, async (directory) => {
    let refused = false;
    await readRun(`${directory}/a.jsonl`).catch((error) =>
      refused = error instanceof TrainingLogError
    );
    assert(refused);
  });
});
