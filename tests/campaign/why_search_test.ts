import { assert, assertEquals } from "@std/assert";
import { searchWhy, type WhyFound, type WhyRange } from "../../src/campaign/why_search.ts";
import { createRng } from "../../src/rng/backends.ts";

/** Searches a run whose chance is known at every t. */
async function search(
  chance: (t: number) => number,
  { seed = 1, ...range }: Partial<WhyRange> & { seed?: number } = {},
): Promise<WhyFound> {
  const rng = createRng("sfc32", seed);
  return await searchWhy(
    { from: 0, to: 1000, outcome: 1, forksMax: 4000, ...range },
    (t, _first, count) => {
      let hits = 0;
      for (let i = 0; i < count; i++) if (rng.random() < chance(t)) hits++;
      return Promise.resolve(hits);
    },
  );
}

/** Two fair coins at steps 300 and 700 that both show heads. */
const twoCoins = (t: number) => t < 300 ? 0.25 : t < 700 ? 0.5 : 1;

Deno.test("two coins are named, the larger change first, with 25, 50 and 100% in their bands", async () => {
  const { jumps, curve, forks, isCut } = await search(twoCoins);
  assertEquals(jumps.map(({ t }) => t), [700, 300]);
  const [second, first] = jumps as [typeof jumps[0], typeof jumps[0]];
  for (
    const [point, p] of [[first.before, 0.25], [first.after, 0.5], [second.before, 0.5]] as const
  ) {
    assert(point.low <= p && p <= point.high, `${point.t}: ${point.low} to ${point.high}`);
  }
  assertEquals([second.after.p, isCut], [1, false]);
  assert(forks < 3000, `${forks} forks`);
  assertEquals(curve.at(-1), { t: 1000, forks: 0, hits: 0, p: 1, low: 1, high: 1 });
});

Deno.test("two coins are named with nearly every seed", async () => {
  let named = 0;
  for (let seed = 0; seed < 100; seed++) {
    const { jumps } = await search(twoCoins, { seed });
    assertEquals(jumps[0]?.t, 700, `${seed}`);
    if (jumps.length === 2 && jumps[1]!.t === 300) named++;
  }
  assert(named >= 85, `${named} of 100`);
});

Deno.test("what was certain from the start has no jump, and a start that says so", async () => {
  const { jumps, curve } = await search(() => 1);
  assertEquals([jumps, curve[0]!.p], [[], 1]);
  assert(curve[0]!.low > 0.97);
});

Deno.test("a chance that melts away in small steps has no jump", async () => {
  for (const seed of [1, 2, 3]) {
    const found = await search((t) => 0.5 + t / 2000, { seed });
    assertEquals(found.jumps, [], `${seed}`);
  }
});

Deno.test("the step that ruled the event out is named where it did not happen", async () => {
  const { jumps } = await search((t) => t < 123 ? 0.6 : 0, { outcome: 0 });
  assertEquals(jumps.map(({ t }) => t), [123]);
});

Deno.test("the last step may decide, and a run of one step has one candidate", async () => {
  assertEquals((await search(() => 0.3)).jumps.map(({ t }) => t), [1000]);
  assertEquals((await search(() => 0.3, { to: 1 })).jumps.map(({ t }) => t), [1]);
  assertEquals((await search(() => 0.3, { to: 0 })).curve.length, 1);
});

Deno.test("bands cover what they say, although it depends on chance where forks are spent", async () => {
  const isSlow = Deno.env.get("REWIND_SLOW") === "1";
  let held = 0;
  let points = 0;
  for (let seed = 0; points < (isSlow ? 20_000 : 1000); seed++) {
    for (const { t, low, high, forks } of (await search(twoCoins, { seed })).curve) {
      if (forks === 0) continue;
      points++;
      const p = twoCoins(t);
      if (low <= p && p <= high) held++;
    }
  }
  assert(held / points >= 0.93, `${held} of ${points}`);
});

Deno.test("the forks allowed are a bound", async () => {
  const { forks, isCut, curve } = await search(twoCoins, { forksMax: 150 });
  assertEquals(curve.map(({ forks }) => forks), [48, 48, 48, 6, 0]);
  assertEquals([forks, isCut], [150, true]);
});
