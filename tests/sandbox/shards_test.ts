import { assert, assertEquals, assertRejects } from "@std/assert";
import { mergeShards } from "../../src/artifact/merge_shards.ts";
import { record } from "../../src/artifact/run.ts";
import { encodeState } from "../../src/codec/encode_state.ts";
import { SandboxError } from "../../src/errors.ts";
import type { PythonRandom } from "../../src/rng/python/python_random.ts";
import { openSandboxed } from "../../src/sandbox/host/open_sandboxed.ts";
import { statsSandboxed } from "../../src/sandbox/host/stats_sandboxed.ts";

const SOURCE = `
  export const init = 0;
  export const step = (x, rng) => x + rng.random() - 0.5;
  export const observe = { pair: (x) => [x, -x] };`;

function recorded(steps: number, blockSize?: number) {
  return record((x: number, rng: PythonRandom) => x + rng.random() - 0.5, {
    init: 0,
    steps,
    seed: 42,
    source: SOURCE,
    ...(blockSize === undefined ? {} : { blockSize }),
  });
}

Deno.test("statsSandboxed() gives in two children that share a run the bits of this process", async () => {
  const run = recorded(1_000_000);
  // Slow enough for a second child to come.
  const observable = {
    expression:
      "(x) => { let y = x; for (let i = 0; i < 700; i++) y += i & 1 ? x : -x; return y; }",
  };
  const options = { source: SOURCE, math: run.record.math, observable };
  let last = 0;
  const shared = await statsSandboxed(run.record, {
    ...options,
    childrenMax: 2,
    onProgress: (units) => last = units,
  });
  assertEquals(last, 32);
  // One child gives these too: every verb of a sandboxed run is held against the run in this process.
  assertEquals(encodeState(shared.moments.result()), encodeState(run.stats()));
});

Deno.test("shards of a sandboxed run merge to what it says as a whole, and so do those of this process", async () => {
  const run = recorded(1000, 400);
  await using there = await openSandboxed(await run.toBytes());
  const observables = [{ name: "pair" }, { expression: "(x) => 1 / x" }] as const;
  for (const observable of observables) {
    const parts = [];
    for (const index of [1, 0]) {
      parts.push(await there.statsShard({ index, count: 2 }, observable));
    }
    const merged = mergeShards(parts);
    assertEquals(merged.kind === "stats" && merged.stats, await there.stats(observable));
  }
  const verified = [];
  // More shards than blocks: some have nothing to do.
  for (let index = 0; index < 4; index++) {
    verified.push(await there.verifyShard({ index, count: 4 }));
  }
  const merged = mergeShards(verified);
  assertEquals(merged.kind === "verify" && merged.report, await there.verify({ full: true }));
  const shard = { index: 1, count: 3 };
  const [here, sandboxed] = [await run.statsShard(shard), await there.statsShard(shard)];
  assertEquals(here.partial, sandboxed.partial);
  assertEquals({ ...here, run: { ...here.run, sourceHash: sandboxed.run.sourceHash } }, sandboxed);
});

Deno.test("a shard whose step fails is told: in the part of a verification, by an error of statistics", async () => {
  const run = recorded(1000, 100);
  const source = 'export const step = (x) => { throw new Error("no \\x1b[31m"); };';
  await using there = await openSandboxed(await run.toBytes(), { source });
  const { badBlocks, checked } = await there.verifyShard({ index: 0, count: 2 });
  assertEquals([badBlocks.length, checked], [5, 5]);
  assert(badBlocks.every(({ error }) => error!.includes("no \\x1b[31m")));
  const error = await assertRejects(() => there.statsShard({ index: 1, count: 2 }));
  assert(error instanceof Error && error.message.includes("Cannot make state 501"), `${error}`);
  await using slow = await openSandboxed(await run.toBytes(), {
    source: "export const step = () => { for (;;); };",
    timeoutMs: 300,
  });
  for (
    const start of [
      () => slow.verifyShard({ index: 0, count: 2 }),
      () => slow.statsShard({ index: 0, count: 2 }),
    ]
  ) {
    await assertRejects(start, SandboxError, "limit for time");
  }
});
