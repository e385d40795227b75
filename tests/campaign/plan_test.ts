import { assertEquals, assertThrows } from "@std/assert";
import { TrialPlan } from "../../src/campaign/plan.ts";
import { SeedList } from "../../src/campaign/seed_list.ts";

Deno.test("TrialPlan numbers trials seed by seed, so that an early stop has all sets equally often", () => {
  const plan = new TrialPlan(SeedList.parse("10..12"), [{ a: 1 }, { a: 2 }]);
  assertEquals(plan.count, 6);
  assertEquals(
    Array.from({ length: 6 }, (_, i) => plan.at(i)).map(({ set, seed }) => [set, Number(seed)]),
    [[0, 10], [1, 10], [0, 11], [1, 11], [0, 12], [1, 12]],
  );
});

Deno.test("shards take every trial once, and sets and seeds evenly", () => {
  const sets = [{}, {}, {}, {}];
  const plan = new TrialPlan(SeedList.parse("0..11"), sets);
  for (const count of [1, 2, 3, 4, 16]) {
    const shares = Array.from({ length: count }, (_, index) => [
      ...plan.numbers(0, plan.count, { index, count }),
    ]);
    assertEquals(shares.flat().sort((a, b) => a - b), Array.from({ length: 48 }, (_, i) => i));
    for (const share of shares) {
      const bySet = sets.map((_, set) => share.filter((trial) => trial % 4 === set).length);
      assertEquals(Math.max(...bySet) - Math.min(...bySet) <= 1, true, `${count}: ${bySet}`);
    }
  }
});

Deno.test("TrialPlan refuses more trials than can be kept", () => {
  const sets = Array.from({ length: 5 }, () => ({}));
  assertThrows(() => new TrialPlan(SeedList.parse("0..999999"), sets), RangeError, "trials");
});
