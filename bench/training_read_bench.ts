/**
 * Rows per second of the log readers, against JSON.parse of the same lines. Each bench checks a sum of
 * its result, so that a faster reader with another answer does not win.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { readRun } from "../src/training/read_run.ts";
import type { RunLog } from "../src/training/run_log.ts";

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
