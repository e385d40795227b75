/** Intervals by ranks are simulated over distributions of many shapes: what is claimed has to hold for each. */

import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import {
  independentShift,
  type Interval,
  medianInterval,
  pairedShift,
} from "../../../src/training/statistics/rank_intervals.ts";
import { median } from "../../../src/training/statistics/summary.ts";
import { createUniformSource } from "../../../src/training/statistics/uniform_source.ts";
import { normalSource } from "../support.ts";

const SLOW = Deno.env.get("REWIND_SLOW") === "1";
const LEVEL = 0.95;
const TRIALS = SLOW ? 20_000 : 1000;
/** Of 1,000 intervals so many have to hold the truth. */
const COVERED_MIN = 930;

const random = createUniformSource(20);
const normal = normalSource(random);
type Draw = () => number;
/** What a metric over seeds may look like: skewed, with heavy tails, or with seeds that collapse. */
const SHAPES: Readonly<Record<string, Draw>> = {
  normal,
  exponential: () => -Math.log(1 - random()),
  lognormal: () => Math.exp(normal()),
  cauchy: () => normal() / normal(),
  "a third collapses": () => normal() - (random() < 0.35 ? 10 : 0),
  ...(SLOW
    ? {
      uniform: random,
      "lognormal, wide": () => Math.exp(2 * normal()),
      arcsine: () => Math.sin(Math.PI / 2 * random()) ** 2,
      pareto: () => (1 - random()) ** -0.4,
      "a fifth collapses": () => normal() - (random() < 0.2 ? 10 : 0),
      "a tenth soars": () => normal() + (random() < 0.1 ? 10 : 0),
    }
    : {}),
};

function sample(n: number, draw: Draw): number[] {
  return Array.from({ length: n }, draw);
}

function assertCovers(what: string, truth: number, interval: () => Interval | undefined): void {
  let count = 0;
  for (let trial = 0; trial < TRIALS; trial++) {
    const [low, high] = interval() ?? [NaN, NaN];
    if (low <= truth && truth <= high) count++;
  }
  const covered = Math.round(1000 * count / TRIALS);
  assert(covered >= COVERED_MIN, `${what}: ${covered} of 1000`);
}

const POPULATION = 100_001;

for (const [shape, draw] of Object.entries(SHAPES)) {
  Deno.test(`medianInterval() and pairedShift() cover at least 930 of 1,000: ${shape}`, () => {
    const population = sample(POPULATION, draw);
    const middle = median(population);
    const ofTwo = median(population.map((x, i) => (x + population[(i + 1) % POPULATION]!) / 2));
    for (const n of [5, 7, 9]) {
      assertCovers(`median of ${n}`, middle, () => medianInterval(sample(n, draw), LEVEL));
    }
    assertEquals(pairedShift([4, 0, 100, 1, 3], LEVEL).value, 3);
    for (const n of [10, 20]) {
      assertCovers(`${n} pairs`, ofTwo, () => pairedShift(sample(n, draw), LEVEL).interval);
    }
  });
}

for (
  const [shape, other, scale] of [
    ["normal", "normal", 3],
    ["lognormal", "lognormal", 2],
    ["exponential", "exponential", 3],
    ["a third collapses", "normal", 1],
    ...(SLOW ? [["arcsine", "arcsine", 3] as const] : []),
  ] as const
) {
  Deno.test(`independentShift() covers at least 930 of 1,000: ${shape}, ${other} times ${scale}`, () => {
    const a = SHAPES[shape]!;
    const b = (): number => scale * SHAPES[other]!();
    const truth = median(sample(POPULATION, () => b() - a()));
    const sizes = [[5, 5], [10, 10], [20, 5], ...(SLOW ? [[20, 20], [5, 20], [10, 20]] : [])];
    for (const [n, m] of sizes as [number, number][]) {
      assertCovers(
        `${n} and ${m}`,
        truth,
        () => independentShift(sample(n, a), sample(m, b), LEVEL).interval,
      );
    }
  });
}

Deno.test("medianInterval() claims nothing with too few values, and order statistics with enough", () => {
  assertEquals(medianInterval([1, 2, 3, 4], LEVEL), undefined);
  assertEquals(medianInterval([1, 2, 3, 4, 5], 0.99), undefined);
  const five = medianInterval([5, 1, 3, 2, 4], LEVEL)!;
  assertAlmostEquals(five[0], 0.8, 1e-12);
  assertAlmostEquals(five[1], 5.2, 1e-12);
  // The signs of 9 values: rank 2 leaves out 2 * 10 / 512 = 3.9%, within the 4% that are spent.
  const [low, high] = medianInterval([1, 2, 3, 4, 5, 6, 7, 8, 9], LEVEL)!;
  assert(low >= 2 && low < 2.05 && high <= 8 && high > 7.95, `${low} ${high}`);
});

Deno.test("pairedShift() and independentShift() take the ranks of the exact tests", () => {
  // Signed ranks of 10: P(W <= 7) = 1.86%, P(W <= 8) = 2.44%: the interval starts at the 8th average of 55.
  const values = [3, 17, 41, 60, 88, 105, 137, 150, 199, 260];
  const averages = values.flatMap((x, i) => values.slice(i).map((y) => (x + y) / 2));
  averages.sort((x, y) => x - y);
  assertEquals(pairedShift(values, LEVEL).interval, [averages[7], averages.at(-8)]);
  // Rank sums of 5 and 5: P(U <= 2) = 1.59%, P(U <= 3) = 2.78%: the interval starts at the 3rd difference of 25.
  const [a, b] = [values.slice(0, 5), values.slice(5)];
  const differences = a.flatMap((x) => b.map((y) => y - x)).sort((x, y) => x - y);
  assertEquals(independentShift(a, b, LEVEL), {
    value: median(differences),
    interval: [differences[2]!, differences.at(-3)!],
  });
  assertEquals(independentShift([1, 2, 3], [7, 8, 9], LEVEL).interval, undefined);
});

Deno.test("the normal approximation of many values meets the exact ranks of a few", () => {
  const shift = (n: number): Interval =>
    independentShift(sample(n, random), sample(n, random), LEVEL).interval!;
  const width = ([low, high]: Interval): number => high - low;
  const mean = (n: number): number => {
    const widths = Array.from({ length: 100 }, () => width(shift(n)));
    return widths.reduce((sum, x) => sum + x) / widths.length;
  };
  assertAlmostEquals(mean(25) / mean(26), Math.sqrt(26 / 25), 0.08);
});
