import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import fc from "fast-check";
import { TrainingLogError } from "../../../src/training/log/errors.ts";
import { readRun } from "../../../src/training/log/read_run.ts";
import { LOG_FORMATS, type LogFormat } from "../../../src/training/log/formats/list.ts";
import { readText, withFiles } from "./helpers.ts";

const ROOT = new URL("../../../", import.meta.url).pathname;

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

/** Mutated logs of each kind: few in every run of the tests, many in the slow one. */
const IS_SLOW = Deno.env.get("REWIND_SLOW") === "1";
const MUTATED_LOGS = IS_SLOW ? 10_000 : 200;

/** What reading one log may take: in milliseconds of processor time, and in MB with the runtime. */
const READING_MS = 2_000;
const MEMORY_MB = 512;

const KINDS = ["wandb", "tensorboard", "trackio", "mlflow", "gzip", "text"];

// Starting a process takes longer than reading a few logs: then one reads all kinds.
for (const kinds of IS_SLOW ? KINDS.map((kind) => [kind]) : [KINDS]) {
  Deno.test(`readRun() reads or refuses ${MUTATED_LOGS} mutated logs of ${kinds} in bounded time and memory`, async (test) => {
    const seed = IS_SLOW ? Math.floor(Math.random() * 2 ** 32) : 7;
    const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [
        ...["run", "-A", "--quiet", "--no-check", `--import-map=${ROOT}npm.import_map.json`],
        ...[`--lock=${ROOT}npm.deno.lock`, `${ROOT}tests/training/log/fuzz_child.ts`],
        ...[kinds.join(), `${MUTATED_LOGS}`, `${seed}`],
      ],
      // One that never ends is one that takes too long.
      signal: AbortSignal.timeout(READING_MS * MUTATED_LOGS * kinds.length),
    }).output();
    const decoder = new TextDecoder();
    const lines = decoder.decode(stdout).trim().split("\n");
    for (const [i, kind] of kinds.entries()) {
      await test.step(kind, () => {
        assert((lines[i] ?? "") !== "", `no end, seed ${seed}: ${decoder.decode(stderr)}`);
        const { slowest, memory, faults } = JSON.parse(lines[i]!);
        assertEquals(faults, []);
        assert(slowest < READING_MS, `${slowest} ms, seed ${seed}`);
        assert(memory === null || memory < MEMORY_MB, `${memory} MB, seed ${seed}`);
      });
    }
  });
}

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

Deno.test("readRun() makes no table of which nearly all cells are empty", async () => {
  const rows = (key: (i: number) => string) =>
    Array.from({ length: 4_200 }, (_, i) => `{"step":${i},"${key(i)}":${i}}\n`).join("");
  const reading = (content: string) => readText("a.jsonl", new TextEncoder().encode(content));
  let why = "";
  await reading(rows((i) => `k${i}`)).catch((error) => why = error.message);
  assertStringIncludes(why, "cells, most of them empty");
  // Columns that begin late, or have a value now and then, are as they were.
  const log = await reading(rows((i) => i % 100 === 0 ? "rare" : i > 4_000 ? "late" : "loss"));
  const rare = log.columns.get("rare")!;
  assertEquals(rare.count, 42);
  assertEquals(log.columns.get("late")!.count, 198);
  log.steps.forEach((step, row) => assertEquals(rare.present[row], step % 100 === 0 ? 1 : 0));
  assertEquals(rare.values[4_100], 4_100);
});
