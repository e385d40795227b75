import { assert, assertEquals, assertRejects } from "@std/assert";
import { FileError } from "../../src/errors.ts";
import { inspect, load } from "../../src/artifact/load.ts";
import { record } from "../../src/artifact/run.ts";
import type { PythonRandom } from "../../src/rng/python/python_random.ts";

function walk(x: number, rng: PythonRandom): number {
  return x + (rng.random() < 0.5 ? 1 : -1);
}

async function names(folder: string): Promise<string[]> {
  return (await Array.fromAsync(Deno.readDir(folder))).map((entry) => entry.name).sort();
}

Deno.test("save() and load() go through a file, by path and by URL", async () => {
  const folder = await Deno.makeTempDir();
  const run = record(walk, { init: 0, steps: 1000, seed: 42 });
  const path = `${folder}/run.replay`;
  await run.save(path);
  assertEquals(await Deno.readFile(path), await run.toBytes());
  const loaded = await load(new URL(`file://${path}`), { step: walk });
  assertEquals(loaded.get(777), run.get(777));
  assertEquals((await inspect(path)).contentHash, await run.contentHash());
  await assertRejects(() => run.branch(5).save(path), FileError, "it exists");
  assertEquals(await Deno.readFile(path), await run.toBytes());
  await run.branch(5).save(path, { overwrite: true });
  assertEquals((await inspect(path)).branchPoint, 5);
  assertEquals(await names(folder), ["run.replay"]);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("load() of a missing file names it, of a file that changes names the place", async () => {
  const folder = await Deno.makeTempDir();
  const path = `${folder}/run.replay`;
  await assertRejects(() => load(path, { step: walk }), Error, path);
  const step = (state: Float64Array) => state;
  await record(step, { init: new Float64Array(20_000).fill(0.1), steps: 100, seed: 1 }).save(path);
  const run = await load(path, { step });
  assert(run.get(0).length === 20_000);
  await Deno.truncate(path, 100);
  await assertRejects(
    () => Promise.resolve().then(() => run.get(55)),
    Error,
    "changed while it was read",
  );
  await Deno.remove(folder, { recursive: true });
});
