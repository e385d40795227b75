import { assertEquals } from "@std/assert";
import { load } from "../../src/artifact/load.ts";
import { record } from "../../src/artifact/run.ts";
import { createRng } from "../../src/rng/backends.ts";
import { hashText } from "../../src/rng/derive_seed.ts";
import type { Rng } from "../../src/rng/rng.ts";

/** A state that says which t its step was told. */
function told(_state: number, _rng: Rng, _params: unknown, t: number): number {
  return t;
}

Deno.test("step is given the index of its state, in get(), states(), find(), stats() and trace()", () => {
  const run = record(told, { init: -1, steps: 100, seed: 1, blockSize: 7 });
  const expected = Array.from({ length: 100 }, (_, t) => t - 1);
  assertEquals([...run.states()], expected);
  for (const t of [99, 0, 7, 6, 8, 50]) assertEquals(run.get(t), t - 1);
  assertEquals(run.find((x) => x === 41), 42);
  const draws = record((_x: number, rng, _params, t: number) => t + rng.randrange(t + 1) * 0, {
    init: 0,
    steps: 20,
    seed: 1,
  });
  assertEquals(draws.trace(12)[0]!.args, [12]);
  run.verify({ full: true });
});

Deno.test("a branch, also of a branch and from a file, tells its step global time", async () => {
  const run = record(told, { init: -1, steps: 100, seed: 1 });
  const branch = run.branch(30, { mutate: () => -5 });
  assertEquals([branch.origin, branch.get(0), branch.get(1), branch.get(69)], [30, -5, 30, 98]);
  const twig = branch.branch(-10, { steps: 25 });
  assertEquals([twig.origin, twig.get(0), twig.get(1), twig.get(24)], [90, 89, 90, 113]);
  const again = await load(await twig.toBytes(), { step: told });
  assertEquals([again.origin, again.get(-1)], [90, 113]);
  again.verify({ full: true });
});

Deno.test("init draws from a generator of its own, seeded with BLAKE2b-64 of init:<seed>", () => {
  for (const rng of ["python", "numpy", "sfc32"] as const) {
    const run = record((x: number) => x, {
      init: (params: { scale: number }, random: Rng) => params.scale * random.random(),
      params: { scale: 10 },
      steps: 2,
      seed: -7,
      rng,
    });
    assertEquals(run.get(0), 10 * createRng(rng, hashText("init:-7")).random());
  }
});
