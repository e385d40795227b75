import { assert, assertEquals, assertRejects } from "@std/assert";
import { rare } from "../../src/campaign/rare.ts";
import {
  beginRare,
  mergeRepeats,
  type RareDefinition,
  rareDefinitionIn,
  type RareRunOptions,
  resultOfRows,
  runRepeats,
} from "../../src/campaign/rare_campaign.ts";
import { recordLineage } from "../../src/campaign/rare_lineage.ts";
import type { RareRow } from "../../src/campaign/rare_row.ts";
import { openSandboxed } from "../../src/sandbox/host/open_sandboxed.ts";
import type { PythonRandom } from "../../src/rng/python/python_random.ts";
import { TempFolder } from "../cli/run_cli.ts";

const SOURCE = `export const init = { x: 1 };
export const step = (s, rng) => ({ x: s.x + (rng.random() < 1 / 3 ? 1 : -1) });`;

function definition(options: Partial<RareDefinition> = {}): RareDefinition {
  return {
    module: { source: SOURCE, sourceMap: undefined, stepId: "ruin.js", shims: undefined },
    ...{ path: "ruin.js", steps: 300, seed: 5n, rng: undefined, paramChanges: [] },
    ...{ score: "(s) => s.x", until: "(s) => s.x === 0", level: 7 },
    ...{ particles: 20, kill: 1, repeats: 4, guards: true },
    ...options,
  };
}

async function rowsOf(defined: RareDefinition, options: RareRunOptions = {}): Promise<RareRow[]> {
  const rows = await Array.fromAsync(runRepeats(defined, options));
  return rows.sort((a, b) => a.trial - b.trial);
}

Deno.test("repeats in children are those of this process, on any number of them, in shards, and gone on with", async () => {
  await using temp = new TempFolder();
  const defined = definition();
  const begin = (name: string) => beginRare(temp.file(name), defined);
  const one = await rowsOf(defined, { children: 1, folder: begin("one") });
  const result = resultOfRows(defined, one);
  const here = rare((s: { x: number }, rng: PythonRandom) => ({
    x: s.x + (rng.random() < 1 / 3 ? 1 : -1),
  }), {
    ...{ init: { x: 1 }, steps: 300, seed: 5n, level: 7, particles: 20, repeats: 4 },
    ...{ score: (s) => s.x, until: (s) => s.x === 0 },
  });
  assertEquals(result, here);
  assert(result.low < 1 / 127 && 1 / 127 < result.high);

  const text = Deno.readTextFileSync(temp.file("one/results.jsonl"));
  const [first] = text.split("\n") as [string];
  const shards = begin("shards");
  for (const index of [1, 0]) {
    await rowsOf(defined, { children: 2, folder: shards, shard: { index, count: 2 } });
  }
  assertEquals(mergeRepeats([shards], shards), one);
  assertEquals(Deno.readTextFileSync(temp.file("shards/results.jsonl")), text);

  const stopped = begin("stopped");
  Deno.writeTextFileSync(stopped.of("results.jsonl"), `${first}\n`);
  assertEquals(await rowsOf(rareDefinitionIn(stopped), { children: 2, folder: stopped }), one);
  assertEquals(Deno.readTextFileSync(stopped.of("results.jsonl")), text);

  // The lineage verifies from its files alone, and gets there.
  const files = await recordLineage(defined, result.lineage!);
  assertEquals(files.length, result.lineage!.runs.length);
  for (const [i, bytes] of files.entries()) {
    await using run = await openSandboxed(bytes);
    assertEquals((await run.verify({ full: true })).ok, true);
    if (i < files.length - 1) continue;
    const { origin } = result.lineage!.runs.at(-1)!;
    const reached = result.lineage!.reachedAt - origin;
    assert(reached > 0, "the last run gets there by itself");
    assertEquals([await run.find("(s) => s.x === 7"), run.steps], [reached, reached + 1]);
  }
});

Deno.test("a score or a step that cannot be used ends a splitting with the reason", async () => {
  const attempt = (options: Partial<RareDefinition>) =>
    rowsOf(definition({ repeats: 1, ...options }), { children: 1 });
  await assertRejects(() => attempt({ score: "(s) => s.y" }), Error, "at t=0: it is undefined");
  await assertRejects(() => attempt({ score: "(s) => { s.x += 1; return 0; }" }), Error, "score");
  const throwing = SOURCE.replace("=> ({", "=> { if (s.x > 3) throw new Error('boom'); return {")
    .replace("});", "}; }");
  const module = { ...definition().module, source: throwing };
  await assertRejects(() => attempt({ module }), Error, "boom");
});
