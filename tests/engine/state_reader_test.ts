import { assertEquals } from "@std/assert";
import { record } from "../../src/artifact/run.ts";
import { NumberCache } from "../../src/engine/state_reader.ts";
import { NUMBER_CACHE_STATES } from "../../src/limits.ts";
import { createRng } from "../../src/rng/backends.ts";
import type { PythonRandom } from "../../src/rng/python/python_random.ts";

Deno.test("NumberCache asks for a block at its second visit and forgets the oldest", () => {
  const cache = new NumberCache(NUMBER_CACHE_STATES / 2);
  assertEquals([cache.visit(7), cache.visit(7)], [false, true]);
  const values = Float64Array.of(1);
  cache.keep(7, values);
  assertEquals(cache.valuesOf(7), values);
  cache.visit(8);
  assertEquals(cache.valuesOf(7), values);
  cache.visit(9);
  assertEquals(cache.valuesOf(7), undefined);
  assertEquals(cache.visit(8), true);
});

Deno.test("NumberCache keeps nothing of blocks that are larger than it", () => {
  const cache = new NumberCache(NUMBER_CACHE_STATES + 1);
  assertEquals([cache.visit(1), cache.visit(1)], [false, false]);
});

Deno.test("get() gives the same numbers whether a block was kept, evicted or walked", () => {
  const step = (x: number, rng: PythonRandom): number => x + rng.random() - 0.5;
  const run = record(step, { init: 0, steps: 3000, seed: 1, blockSize: 100 });
  const states = [...run.states()];
  const order = createRng("sfc32", 2);
  for (let i = 0; i < 3000; i++) {
    const t = order.randrange(3000) as number;
    // A jump, a few steps on from it, and one back.
    for (const at of [t, t + 1, t + 2, t - 1]) {
      if (at >= 0 && at < 3000) assertEquals(run.get(at), states[at]);
    }
  }
});
