/** What is said to be needed is what it takes: the whole decision over two groups is simulated. */

import { assert, assertEquals } from "@std/assert";
import {
  compareGroups,
  isShown,
  seedMetric,
  type SeedSample,
  type SeedSettings,
} from "../../../src/training/findings/seed_findings.ts";
import { createUniformSource } from "../../../src/training/statistics/uniform_source.ts";
import { normalSource } from "../support.ts";

const SLOW = Deno.env.get("REWIND_SLOW") === "1";
const normal = normalSource(createUniformSource(7));
const SETTINGS: SeedSettings & { better: "higher" } = {
  alpha: 0.05,
  better: "higher",
  effect: undefined,
  pairing: true,
  random: () => 0.5,
};

/** A group over the seeds 0 to n - 1. */
function sample(n: number, draw: () => number): SeedSample {
  const seeds = Array.from({ length: n }, (_, i) => i);
  return {
    path: "runs",
    values: seeds.map((i) => ({ run: `${i}`, seed: BigInt(i), value: draw() })),
  };
}

function shown(
  n: number,
  [a, b]: readonly [() => number, () => number],
  pairing: boolean,
): boolean {
  return isShown(compareGroups(sample(n, a), sample(n, b), { ...SETTINGS, pairing })!);
}

/** Deviations of the values of A and of B, and whether they are pairs: then A is 0 and B is the difference. */
const DESIGNS = [
  { effect: 1, deviations: [1, 1], pairing: false },
  { effect: 1.2, deviations: [0.5, 1.5], pairing: false },
  { effect: 1, deviations: [0, 1], pairing: true },
] as const;

Deno.test("the seeds that are needed are within 20% of a simulation of the decision", () => {
  const trials = SLOW ? 10_000 : 400;
  for (const { effect, deviations: [x, y], pairing } of DESIGNS) {
    const draws = [() => x * normal(), () => effect + y * normal()] as const;
    const share = (n: number): number => {
      let seen = 0;
      for (let trial = 0; trial < trials; trial++) {
        if (shown(n, draws, pairing)) seen++;
      }
      return seen / trials;
    };
    // Exact spread: -1 and 1 in turn, at a deviation of 1 whatever n is.
    const exact = (deviation: number, shift: number) => {
      let turn = 0;
      return () => shift + deviation * (turn++ % 2 === 0 ? 1 : -1) * Math.sqrt(19 / 20);
    };
    const samples = [sample(20, exact(x, 0)), sample(20, exact(y, effect))];
    const { needed } = seedMetric({ metric: "m", lastStep: 0, samples }, {
      ...SETTINGS,
      pairing,
      effect,
    });
    assert(share(Math.ceil(1.2 * needed!)) > 0.8, `${needed} are too few`);
    assert(share(Math.floor(needed! / 1.2)) < 0.8, `${needed} are too many`);
  }
});

Deno.test("a difference is shown only if the interval of the typical difference shows it too", () => {
  const compare = (values: readonly number[]) => {
    const b = { ...sample(0, normal), values: values.map((value, i) => ({ ...seed(i), value })) };
    return compareGroups(sample(values.length, () => 0), b, SETTINGS)!;
  };
  const seed = (i: number) => ({ run: `${i}`, seed: BigInt(i) });
  const clear = compare([1, 1.1, 1.2, 1.3, 1.1, 1.2, 1.4, 1.3, 1.2, 3]);
  assertEquals(isShown(clear), true);
  // The mean of the pairs is beyond chance by t, but three of ten went the other way.
  const mixed = compare([-2, -1, -1, 1, 2, 6, 6, 6, 7, 7]);
  assert(mixed.difference.p < 0.05, `${mixed.difference.p}`);
  assertEquals(mixed.typical.interval![0], 0);
  assertEquals(isShown(mixed), false);
});
