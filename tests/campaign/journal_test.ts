import { assertEquals, assertThrows } from "@std/assert";
import { CampaignError } from "../../src/campaign/campaign_error.ts";
import { Journal } from "../../src/campaign/journal.ts";
import { TrialPlan } from "../../src/campaign/plan.ts";
import { SeedList } from "../../src/campaign/seed_list.ts";
import { type TrialRow, trialShape } from "../../src/campaign/trial_row.ts";
import { systemDisk } from "../../src/disk/system_disk.ts";
import { FileError } from "../../src/errors.ts";
import { TempFolder } from "../cli/run_cli.ts";
import { SimulatedDisk } from "../disk/simulated_disk.ts";

const SHAPE = trialShape(new TrialPlan(SeedList.parse("0..4"), [{}]));

function row(trial: number, error?: string): TrialRow {
  return {
    ...{ trial, set: 0, seed: trial, params: {}, steps: 1, first: null, final: null },
    outcome: error === undefined ? "complete" : "failed",
    failure: error === undefined ? null : { kind: "step", t: 1, error },
    ...{ observed: {}, points: {}, exact: {}, hash: null },
  };
}

Deno.test("a journal keeps what was written before a crash, and orders it in the end", async () => {
  await using folder = new TempFolder();
  const path = folder.file("results.jsonl");
  const disk = systemDisk();
  const ordered = (trial: number, error?: string) =>
    `${JSON.stringify(inOrder(row(trial, error)))}\n`;
  const journal = Journal.open(disk, path, SHAPE);
  for (const trial of [3, 0]) journal.append(inOrder(row(trial)));
  journal.append(inOrder(row(1, "bad")));
  assertEquals([journal.count, journal.failed, journal.has(2)], [3, 1, false]);
  journal.close();

  Deno.writeTextFileSync(path, ordered(2).slice(0, 20), { append: true });
  const again = Journal.open(disk, path, SHAPE);
  assertEquals([again.count, again.failed], [3, 1]);
  again.append(inOrder(row(1)));
  again.append(inOrder(row(2)));
  assertEquals([again.count, again.failed], [4, 0]);
  again.writeOrdered();
  assertEquals(again.row(3)?.trial, 3);
  again.close();
  assertEquals(Deno.readTextFileSync(path), [0, 1, 2, 3].map((trial) => ordered(trial)).join(""));
});

Deno.test("a journal refuses lines that are none of its campaign", async () => {
  await using folder = new TempFolder();
  const bad = [
    "{}\n",
    "no json\n",
    `${JSON.stringify(inOrder(row(7)))}\n`,
    `${JSON.stringify({ ...inOrder(row(1)), more: 1 })}\n`,
    `${JSON.stringify({ ...inOrder(row(1)), set: 1 })}\n`,
    `${JSON.stringify({ ...inOrder(row(1)), seed: 2 })}\n`,
  ];
  for (const [i, text] of bad.entries()) {
    const path = folder.write(`results${i}.jsonl`, text);
    assertThrows(() => Journal.open(systemDisk(), path, SHAPE), CampaignError, "byte 0");
    assertEquals(Deno.readTextFileSync(path), text, "it is left as it is");
  }
});

Deno.test("a journal that cannot be written says which file, and keeps what it has", () => {
  const disk = new SimulatedDisk();
  const journal = Journal.open(disk, "/results.jsonl", SHAPE);
  journal.append(inOrder(row(0)));
  disk.fault = { at: disk.operations, code: "ENOSPC", stays: true };
  assertThrows(() => journal.append(inOrder(row(1))), FileError, "Cannot write '/results.jsonl'");
  disk.fault = undefined;
  journal.close();
  assertEquals(Journal.open(disk, "/results.jsonl", SHAPE).count, 1);
});

/** A row with its fields in the order of the file. */
function inOrder(
  { trial, set, seed, params, outcome, steps, failure, first, final, ...rest }: TrialRow,
) {
  const { observed, points, exact, hash } = rest;
  return {
    trial,
    set,
    seed,
    params,
    outcome,
    steps,
    failure,
    first,
    final,
    observed,
    points,
    exact,
    hash,
  };
}
