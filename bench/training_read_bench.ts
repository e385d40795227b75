/**
 * Rows per second of the log readers, against JSON.parse of the same lines. Each bench checks a sum of
 * its result, so that a faster reader with another answer does not win.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { readRun } from "../src/training/log/read_run.ts";
import { readRuns } from "../src/training/log/read_runs.ts";
import type { RunLog } from "../src/training/log/run_log.ts";

const ROWS = 100_000;
const directory = await Deno.makeTempDir();
addEventListener("unload", () => Deno.removeSync(directory, { recursive: true }));

const rows = Array.from({ length: ROWS }, (_, step) => ({
  step,
  loss: Math.exp(-step / ROWS) + 0.01 * Math.sin(step),
  reward: Math.sin(step / 7),
  kl: 1e-3 * Math.cos(step) ** 2,
  lr: 1e-5 * (1 - step / ROWS),
}));
const text = rows.map((row) => JSON.stringify(row) + "\n").join("");
const jsonl = `${directory}/flat.jsonl`;
const csv = `${directory}/flat.csv`;
const events = `${directory}/events.jsonl`;
await Deno.writeTextFile(jsonl, text);
await Deno.writeTextFile(
  csv,
  "step,loss,reward,kl,lr\n" + rows.map((row) => Object.values(row).join(",") + "\n").join(""),
);
await Deno.writeTextFile(
  events,
  rows.flatMap(({ step, ...metrics }) =>
    Object.entries(metrics).map(([name, value]) => JSON.stringify({ step, name, value }) + "\n")
  ).join(""),
);
const expected = rows.reduce((sum, { loss, kl }) => sum + (loss + kl), 0);

function sum(log: RunLog): number {
  const loss = log.columns.get("loss")!.values;
  const kl = log.columns.get("kl")!.values;
  let total = 0;
  for (let row = 0; row < loss.length; row++) total += loss[row]! + kl[row]!;
  return total;
}

Deno.bench({
  name: "JSON.parse of every line (no table)",
  group: `${ROWS} rows x 4 metrics`,
  baseline: true,
  fn: async () => {
    let total = 0;
    for (const line of (await Deno.readTextFile(jsonl)).trimEnd().split("\n")) {
      const { loss, kl } = JSON.parse(line);
      total += loss + kl;
    }
    assertEquals(total, expected);
  },
});

for (
  const [name, path] of [["JSON Lines", jsonl], ["CSV", csv], ["event stream", events]] as const
) {
  Deno.bench({
    name: `readRun, ${name}`,
    group: `${ROWS} rows x 4 metrics`,
    fn: async () => assertEquals(sum(await readRun(path)), expected),
  });
}

// Two logs of 10^6 rows: what `rewind diff` spends nearly all of its time on.
const LARGE_ROWS = 10 * ROWS;
const large = [`${directory}/large_a.jsonl`, `${directory}/large_b.jsonl`];
let expectedLarge = 0;
{
  const writers = large.map((path) => Deno.openSync(path, { write: true, create: true }));
  const encoder = new TextEncoder();
  for (let from = 0; from < LARGE_ROWS; from += ROWS) {
    // Repeated numbers, at steps of their own.
    const block = encoder.encode(
      rows.map((row) => JSON.stringify({ ...row, step: from + row.step }) + "\n").join(""),
    );
    for (const writer of writers) {
      for (let at = 0; at < block.length;) at += writer.writeSync(block.subarray(at));
    }
    for (const { loss, kl } of rows) expectedLarge += loss + kl;
  }
  for (const writer of writers) writer.close();
}

for (
  const [name, workerBytesMin] of [["one after the other", Infinity], ["side by side", 0]] as const
) {
  Deno.bench({
    name: `readRuns, ${name}`,
    group: `two logs of ${LARGE_ROWS} rows x 4 metrics`,
    baseline: workerBytesMin === Infinity,
    n: 5,
    warmup: 1,
    fn: async () => {
      for (const log of await readRuns(large, { workerBytesMin })) {
        assertEquals(sum(log), expectedLarge);
      }
    },
  });
}
