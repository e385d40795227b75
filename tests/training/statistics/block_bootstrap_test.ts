import { assert, assertEquals, assertThrows } from "@std/assert";
import { blockBootstrap } from "../../../src/training/statistics/block_bootstrap.ts";
import { createUniformSource } from "../../../src/training/statistics/uniform_source.ts";
import { normalSource } from "../support.ts";

Deno.test("blockBootstrap() covers the mean of a correlated series about as often as it says", () => {
  const normal = normalSource(createUniformSource(5));
  const random = createUniformSource(6);
  let covered = 0;
  for (let run = 0; run < 100; run++) {
    let x = 0;
    const series = Float64Array.from({ length: 400 }, () => x = 0.6 * x + normal());
    const { interval } = blockBootstrap(series, { random, resamples: 300 });
    if (interval[0] <= 0 && interval[1] >= 0) covered++;
  }
  assert(covered >= 84 && covered <= 100, `covered ${covered} of 100`);
});

Deno.test("blockBootstrap() gives the same interval for the same source and refuses tiny samples", () => {
  const values = Array.from({ length: 50 }, (_, i) => (i * 37) % 11);
  const run = (): readonly number[] =>
    blockBootstrap(values, { random: createUniformSource(1) }).interval;
  assertEquals(run(), run());
  assertThrows(
    () => blockBootstrap([1, 2], { random: createUniformSource(1) }),
    RangeError,
    "at least 8",
  );
});
