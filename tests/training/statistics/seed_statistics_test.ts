/** Intervals over seeds are simulated: what is claimed has to hold. */

import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import {
  improvementShare,
  interquartileMean,
  iqmEstimate,
  seedsNeeded,
  separationP,
  studentPower,
  studentQuantile,
  visibleEffect,
  winInterval,
} from "../../../src/training/statistics/seed_statistics.ts";
import { createUniformSource } from "../../../src/training/statistics/uniform_source.ts";
import { normalSource } from "../support.ts";

const SLOW = Deno.env.get("REWIND_SLOW") === "1";
const LEVEL = 0.95;
const TRIALS = 1000;
/** Of 1,000 intervals so many have to hold the truth. */
const COVERED_MIN = 930;

function covered(truth: number, interval: () => readonly [number, number]): number {
  let count = 0;
  for (let trial = 0; trial < TRIALS; trial++) {
    const [low, high] = interval();
    if (low <= truth && truth <= high) count++;
  }
  return count;
}

function sample(n: number, draw: () => number): number[] {
  return Array.from({ length: n }, draw);
}

Deno.test("interquartileMean() leaves out a quarter, rounded down, at either end", () => {
  assertEquals(interquartileMean([100, 1, 2, 3, -50]), 2);
  assertEquals(interquartileMean([8, 1, 2, 3, 4, 5, 6, 7]), 4.5);
  assertAlmostEquals(interquartileMean([7, 1, 2]), 10 / 3, 1e-12);
});

// Values of R: qt(), power.t.test().
Deno.test("studentQuantile(), studentPower() and seedsNeeded() are those of R", () => {
  assertAlmostEquals(studentQuantile(0.05, 4), 2.776445105197793, 1e-9);
  assertAlmostEquals(studentQuantile(0.05, 9), 2.262157162740992, 1e-9);
  assertAlmostEquals(studentPower(0.5 / Math.sqrt(2 / 64), 126, 0.05), 0.8014596, 1e-6);
  const alpha = 0.05;
  assertEquals(seedsNeeded({ effect: 1, deviations: [1, 1], alpha }), 17);
  assertEquals(seedsNeeded({ effect: 0.5, deviations: [1, 1], alpha }), 64);
  assertEquals(seedsNeeded({ effect: 1, deviations: [1], alpha }), 10);
  assertEquals(seedsNeeded({ effect: 0, deviations: [1], alpha }), undefined);
  assertAlmostEquals(visibleEffect(64, { deviations: [1, 1], alpha }), 0.499, 1e-3);
});

Deno.test("iqmEstimate() gives no interval for fewer than 10 seeds, as none covers", () => {
  const random = createUniformSource(1);
  assertThrows(() => iqmEstimate(sample(9, random), { random, level: LEVEL }), RangeError);
});

for (const n of [5, 10, 20]) {
  Deno.test(`intervals over ${n} seeds cover at least 930 of 1,000`, () => {
    const random = createUniformSource(n);
    const normal = normalSource(random);
    const exponential = (): number => -Math.log(1 - random());
    const found: [string, number][] = [
      // P(N(1, 1) > N(0, 1)), and a chance of 0.9.
      [
        "share",
        covered(0.7602499389, () => {
          const share = improvementShare(sample(n, normal), sample(n, () => 1 + normal()));
          return winInterval(share * n, n, LEVEL);
        }),
      ],
      [
        "wins",
        covered(0.9, () => {
          const wins = sample(n, random).filter((x) => x < 0.9).length;
          return winInterval(wins, n, LEVEL);
        }),
      ],
    ];
    if (n >= 10) {
      const resamples = SLOW ? 2000 : 200;
      const iqm = (draw: () => number) => () =>
        iqmEstimate(sample(n, draw), { random, level: LEVEL, resamples }).interval;
      found.push(["interquartile mean", covered(0, iqm(normal))]);
      // The mean of the middle half of an exponential variable: 1 + 2 integrals of -log.
      const truth = 2 * (0.75 - 0.75 * Math.log(0.75) - 0.25 + 0.25 * Math.log(0.25));
      found.push(["interquartile mean, skewed", covered(truth, iqm(exponential))]);
    }
    for (const [what, count] of found) {
      assert(count >= COVERED_MIN, `${what} at n = ${n}: ${count} of ${TRIALS}`);
    }
  });
}

Deno.test("separationP() is the share of one arrangement and its mirror image", () => {
  assertAlmostEquals(separationP(5, 5, false), 2 / 252, 1e-12);
  assertAlmostEquals(separationP(5, 5, true), 2 / 32, 1e-12);
  assertAlmostEquals(separationP(1, 1, false), 1, 1e-12);
});
